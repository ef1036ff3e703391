"""Requests in the database; their contacts encrypted."""

from dataclasses import asdict
from typing import Any

import sqlalchemy as sa

from services.intake.channel import OCCASION
from services.intake.domain.requests import Contact, Request
from services.intake.store.sealed import Cipher
from services.intake.store.tables import metadata
from shared.access import EVERYWHERE
from shared.contracts.intake import Occasion
from shared.store import Moment

requests = sa.Table(
    "requests",
    metadata,
    sa.Column("request_id", sa.Text, primary_key=True),
    sa.Column("park", sa.Text, nullable=False),
    sa.Column("number", sa.Text, nullable=False, unique=True),
    sa.Column("company", sa.Text, nullable=False),
    sa.Column("text", sa.Text, nullable=False),
    sa.Column("channel", sa.Text, nullable=False),
    sa.Column("received_at", Moment, nullable=False),
    sa.Column("category", sa.Text, nullable=False),
    sa.Column("item", sa.Text, nullable=False),
    sa.Column("details", sa.JSON, nullable=False),
    sa.Column("contact", sa.LargeBinary, nullable=False),  # nonce + AES-256-GCM, bound to the request
    sa.Column("taken_by", sa.Text),  # the occasion, if one is recorded
    sa.Column("taken_place", sa.Text),
    sa.Column("taken_at", Moment),
    sa.Column("on_behalf", sa.Boolean, nullable=False),
    sa.Column("reference", sa.Text, nullable=False),
    sa.Column("credit_code", sa.Text, nullable=False),
    sa.Index(None, "credit_code"),
)

ADD_REQUEST = requests.insert()


class Requests:
    def __init__(self, connection: sa.Connection, cipher: Cipher) -> None:
        self._connection, self._cipher = connection, cipher

    def add(self, request: Request) -> None:
        values = {c.name: getattr(request, c.name) for c in requests.columns if not c.name.startswith("taken_")}
        for part in OCCASION:
            values[f"taken_{part}"] = getattr(request.occasion, part, None)
        values["contact"] = self._cipher.seal(asdict(request.contact), request.request_id)
        self._connection.execute(ADD_REQUEST, values)

    def get(self, request_id: str) -> Request | None:
        return self._one(requests.c.request_id == request_id)

    def by_number(self, number: str) -> Request | None:
        return self._one(requests.c.number == number)

    def _one(self, condition: sa.ColumnElement[bool]) -> Request | None:
        row = self._connection.execute(requests.select().where(condition)).first()
        return self._request(row) if row else None

    def identify(self, request: Request) -> None:
        change = requests.update().where(requests.c.request_id == request.request_id)
        self._connection.execute(change.values(credit_code=request.credit_code, company=request.company))

    def of_client(self, credit_code: str, parks: tuple[str, ...], after: str = "", limit: int = 500) -> list[Request]:
        query = requests.select().where(requests.c.credit_code == credit_code)
        if EVERYWHERE not in parks:
            query = query.where(requests.c.park.in_(parks))
        if after:
            query = query.where(requests.c.request_id < after)
        rows = self._connection.execute(query.order_by(requests.c.request_id.desc()).limit(limit))
        return [self._request(row) for row in rows]

    def _request(self, row: sa.Row[Any]) -> Request:
        contact = Contact(**self._cipher.open(row.contact, row.request_id))
        values = row._asdict()
        taken = {part: values.pop(f"taken_{part}") for part in OCCASION}
        occasion = Occasion(**taken) if taken["by"] is not None else None
        return Request(**{**values, "contact": contact, "occasion": occasion})
