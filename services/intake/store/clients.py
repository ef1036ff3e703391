"""Clients in the database."""

import sqlalchemy as sa

from services.intake.domain.clients import Client
from services.intake.store.requests import requests
from services.intake.store.tables import metadata
from shared import store
from shared.access import EVERYWHERE
from shared.contracts.intake import ClientLine
from shared.store import Moment

clients = sa.Table(
    "clients",
    metadata,
    sa.Column("credit_code", sa.Text, primary_key=True),
    sa.Column("name", sa.Text, nullable=False),
    sa.Column("known_since", Moment, nullable=False),
)


class Clients:
    def __init__(self, connection: sa.Connection) -> None:
        self._connection = connection

    def meet(self, client: Client) -> None:
        self._connection.execute(
            store.insert(clients, self._connection).values(**vars(client)).on_conflict_do_nothing()
        )

    def rename(self, credit_code: str, name: str) -> None:
        self._connection.execute(clients.update().where(clients.c.credit_code == credit_code).values(name=name))

    def get(self, credit_code: str) -> Client | None:
        row = self._connection.execute(clients.select().where(clients.c.credit_code == credit_code)).first()
        return Client(**row._asdict()) if row else None

    def page(self, search: str, parks: tuple[str, ...], after: str, limit: int) -> list[ClientLine]:
        query = (
            sa.select(
                clients.c.credit_code, clients.c.name,
                sa.func.count().label("requests"), sa.func.max(requests.c.received_at).label("last_at"),
            )
            .join(requests, requests.c.credit_code == clients.c.credit_code)
            .where(clients.c.credit_code > after)
            .group_by(clients.c.credit_code, clients.c.name)
            .order_by(clients.c.credit_code)
            .limit(limit)
        )  # fmt: skip
        if EVERYWHERE not in parks:
            query = query.where(requests.c.park.in_(parks))
        if search:
            wanted = (clients.c.name, clients.c.credit_code, requests.c.company)
            query = query.where(sa.or_(*(column.icontains(search, autoescape=True) for column in wanted)))
        return [ClientLine(**row._asdict()) for row in self._connection.execute(query)]
