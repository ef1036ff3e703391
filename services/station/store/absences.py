"""Absences in the database."""

from dataclasses import asdict
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from services.station.domain.absences import Absence
from services.station.store.tables import metadata
from shared.store import Moment

absences = sa.Table(
    "absences",
    metadata,
    sa.Column("absence_id", sa.Text, primary_key=True),
    sa.Column("account", sa.Text, nullable=False),
    sa.Column("name", sa.Text, nullable=False),
    sa.Column("parks", sa.JSON, nullable=False),
    sa.Column("since", Moment, nullable=False),
    sa.Column("until", Moment, nullable=False, index=True),
    sa.Column("reason", sa.Text, nullable=False),
    sa.Column("noted_by", sa.Text, nullable=False),
    sa.Column("ended_at", Moment),
)


class Absences:
    def __init__(self, connection: sa.Connection, lock: bool) -> None:
        self._connection, self._lock = connection, lock

    def add(self, absence: Absence) -> None:
        self._connection.execute(absences.insert().values(_values(absence)))

    def get(self, absence_id: str) -> Absence | None:
        this = absences.select().where(absences.c.absence_id == absence_id)
        row = self._connection.execute(this.with_for_update() if self._lock else this).first()
        return _entity(row) if row else None

    def put(self, absence: Absence) -> None:
        this = absences.c.absence_id == absence.absence_id
        self._connection.execute(absences.update().where(this).values(_values(absence)))

    def ahead(self, now: datetime) -> list[Absence]:
        rows = self._connection.execute(
            absences.select()
            .where(absences.c.until > now, absences.c.ended_at.is_(None))
            .order_by(absences.c.since, absences.c.absence_id)
        )
        return [_entity(row) for row in rows]


def _values(absence: Absence) -> dict[str, Any]:
    return {**asdict(absence), "parks": list(absence.parks)}


def _entity(row: sa.Row[Any]) -> Absence:
    return Absence(**{**row._asdict(), "parks": tuple(row.parks)})
