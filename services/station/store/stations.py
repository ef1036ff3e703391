"""Stations in the database."""

from dataclasses import asdict
from typing import Any

import sqlalchemy as sa

from services.station.domain.stations import Station
from services.station.store.tables import metadata
from shared import store

stations = sa.Table(
    "stations",
    metadata,
    sa.Column("park", sa.Text, primary_key=True),
    sa.Column("park_name", sa.Text, nullable=False),
    sa.Column("short", sa.Text, nullable=False, unique=True),
    sa.Column("district", sa.Text, nullable=False),
    sa.Column("authority", sa.Text, nullable=False),
    sa.Column("industries", sa.JSON, nullable=False),
    sa.Column("window", sa.Boolean, nullable=False),
    sa.Column("phone", sa.Text, nullable=False),
    sa.Column("address", sa.Text, nullable=False),
    sa.Column("hours", sa.Text, nullable=False),
    sa.Column("email", sa.Text, nullable=False),
)


class Stations:
    def __init__(self, connection: sa.Connection) -> None:
        self._connection = connection

    def get(self, park: str) -> Station | None:
        row = self._connection.execute(stations.select().where(stations.c.park == park)).first()
        return _entity(row) if row else None

    def put(self, station: Station) -> None:
        values = {**asdict(station), "industries": list(station.industries)}
        self._connection.execute(
            store.insert(stations, self._connection)
            .values(values)
            .on_conflict_do_update(index_elements=["park"], set_=values)
        )

    def all(self) -> list[Station]:
        rows = self._connection.execute(stations.select().order_by(stations.c.park))
        return [_entity(row) for row in rows]


def _entity(row: sa.Row[Any]) -> Station:
    return Station(**{**row._asdict(), "industries": tuple(row.industries)})
