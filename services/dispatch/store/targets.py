"""Targets in the database."""

from dataclasses import fields

import sqlalchemy as sa

from services.dispatch.domain.targets import Target
from services.dispatch.store.tables import metadata
from shared import store
from shared.store import Moment

targets = sa.Table(
    "targets",
    metadata,
    sa.Column("target", sa.Text, primary_key=True),
    sa.Column("manifest", sa.JSON, nullable=False),
    sa.Column("lease_until", Moment, nullable=False),
    sa.Column("seen_at", Moment, nullable=False),
)

GET_TARGET = targets.select().where(targets.c.target == sa.bindparam("wanted"))


class Targets:
    def __init__(self, connection: sa.Connection) -> None:
        self._connection = connection

    def get(self, target: str) -> Target | None:
        row = self._connection.execute(GET_TARGET, {"wanted": target}).first()
        return Target(**row._asdict()) if row else None

    def put(self, target: Target) -> None:
        values = {f.name: getattr(target, f.name) for f in fields(Target)}
        self._connection.execute(
            store.insert(targets, self._connection)
            .values(values)
            .on_conflict_do_update(index_elements=["target"], set_=values)
        )

    def all(self) -> list[Target]:
        return [
            Target(**row._asdict()) for row in self._connection.execute(targets.select().order_by(targets.c.target))
        ]
