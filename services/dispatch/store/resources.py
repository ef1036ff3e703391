"""Resources in the database."""

from dataclasses import fields
from typing import Any

import sqlalchemy as sa

from services.dispatch.domain.resources import Kind, Resource, order
from services.dispatch.store.tables import metadata
from shared import store

resources = sa.Table(
    "resources",
    metadata,
    sa.Column("resource_id", sa.Text, primary_key=True),
    sa.Column("park", sa.Text, nullable=False),
    sa.Column("code", sa.Text, nullable=False),
    sa.Column("kind", sa.Text, nullable=False),
    sa.Column("name", sa.Text, nullable=False),
    sa.Column("capacity", sa.Integer, nullable=False),
    sa.Column("minutes", sa.Integer, nullable=False),
    sa.Column("week", sa.JSON, nullable=False),
    sa.Column("closed", sa.JSON, nullable=False),
    sa.Column("active", sa.Boolean, nullable=False),
    sa.UniqueConstraint("park", "code"),
)

NAMES = [f.name for f in fields(Resource)]


class Resources:
    def __init__(self, connection: sa.Connection, lock: bool) -> None:
        self._connection, self._lock = connection, lock

    def get(self, park: str, code: str) -> Resource | None:
        query = resources.select().where(resources.c.park == park, resources.c.code == code)
        row = self._connection.execute(query.with_for_update() if self._lock else query).first()
        return _entity(row) if row else None

    def put(self, resource: Resource) -> None:
        values = {name: getattr(resource, name) for name in NAMES}
        self._connection.execute(
            store.insert(resources, self._connection)
            .values(values)
            .on_conflict_do_update(index_elements=["park", "code"], set_=values)
        )

    def of_park(self, park: str, lock: bool = False) -> list[Resource]:
        # Locked in one order everywhere, so that two bookings never wait for each other.
        query = resources.select().where(resources.c.park == park).order_by(resources.c.resource_id)
        found = [_entity(row) for row in self._connection.execute(query.with_for_update() if lock else query)]
        return sorted(found, key=order)


def _entity(row: sa.Row[Any]) -> Resource:
    return Resource(**{**row._asdict(), "kind": Kind(row.kind)})
