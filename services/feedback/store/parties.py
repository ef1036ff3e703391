"""Who had a hand in each service item, in the database."""

from dataclasses import asdict
from typing import Any

import sqlalchemy as sa

from services.feedback.domain.parties import Party
from services.feedback.store.tables import metadata
from shared import store

parties = sa.Table(
    "parties",
    metadata,
    sa.Column("item_id", sa.Text, primary_key=True),
    sa.Column("request_id", sa.Text, nullable=False),
    sa.Column("park", sa.Text, nullable=False),
    sa.Column("number", sa.Text, nullable=False),
    sa.Column("title", sa.Text, nullable=False),
    sa.Column("category", sa.Text, nullable=False),
    sa.Column("item", sa.Text, nullable=False),
    sa.Column("owner_id", sa.Text, nullable=False),
    sa.Column("owner_name", sa.Text, nullable=False),
    sa.Column("target", sa.Text, nullable=False),
    sa.Column("hands", sa.JSON, nullable=False),
    sa.Column("version", sa.Integer, nullable=False),
)


class Parties:
    def __init__(self, connection: sa.Connection) -> None:
        self._connection = connection

    def get(self, item_id: str) -> Party | None:
        row = self._connection.execute(parties.select().where(parties.c.item_id == item_id)).first()
        return _entity(row) if row else None

    def hold(self, party: Party) -> Party:
        new = store.insert(parties, self._connection).values(_values(party))
        self._connection.execute(new.on_conflict_do_nothing())
        query = parties.select().where(parties.c.item_id == party.item_id).with_for_update()
        return _entity(self._connection.execute(query).one())

    def put(self, party: Party) -> None:
        change = parties.update().where(parties.c.item_id == party.item_id)
        self._connection.execute(change.values(_values(party)))


def _values(party: Party) -> dict[str, Any]:
    return {**asdict(party), "hands": list(party.hands)}


def _entity(row: sa.Row[Any]) -> Party:
    return Party(**{**row._asdict(), "hands": tuple(row.hands)})
