"""Counts over surveys and complaints: one grouped query each."""

from typing import Any

import sqlalchemy as sa

from services.feedback.domain.complaints import OUTCOMES
from services.feedback.domain.figures import SATISFIED, Counts
from services.feedback.domain.told import Status
from services.feedback.store.complaints import complaints
from services.feedback.store.told import surveys
from shared.access import EVERYWHERE


class Counting:
    def __init__(self, connection: sa.Connection) -> None:
        self._connection = connection

    def of_surveys(self, by: str, parks: tuple[str, ...], since: str, until: str) -> list[tuple[str, Counts]]:
        asked = surveys.c.asked & (surveys.c.status != Status.VOID)
        columns = {
            "told": sa.true(),
            "told_in_time": surveys.c.told_in_time.is_(True),
            "asked": asked,
            "answered": surveys.c.status == Status.ANSWERED,
            "satisfied": surveys.c.score >= SATISFIED,
            "declined": surveys.c.status == Status.DECLINED,
            "expired": asked & (surveys.c.status == Status.EXPIRED),
        }
        return self._counted(surveys, by, columns, parks, since, until)

    def of_complaints(self, by: str, parks: tuple[str, ...], since: str, until: str) -> list[tuple[str, Counts]]:
        columns = {
            "complaints": sa.true(),
            "decided": complaints.c.in_time.is_not(None),
            "in_time": complaints.c.in_time.is_(True),
            "repeated": complaints.c.repeated.is_(True),
            "confirmed": complaints.c.outcome.in_(OUTCOMES[:2]),
        }
        return self._counted(complaints, by, columns, parks, since, until)

    def reasons(self, parks: tuple[str, ...], since: str, until: str) -> dict[str, int]:
        given = surveys.c.score < SATISFIED
        query = sa.select(surveys.c.reasons).where(given, *_within(surveys, parks, since, until))
        found: dict[str, int] = {}
        for row in self._connection.execute(query):
            for reason in row.reasons:
                found[reason] = found.get(reason, 0) + 1
        return found

    def _counted(
        self, table: sa.Table, by: str, columns: dict[str, Any], parks: tuple[str, ...], since: str, until: str
    ) -> list[tuple[str, Counts]]:
        sums = [sa.func.sum(sa.case((column, 1), else_=0)).label(name) for name, column in columns.items()]
        query = sa.select(table.c[by].label("name"), *sums).where(*_within(table, parks, since, until))
        rows = self._connection.execute(query.group_by(table.c[by]))
        return [(row.name, Counts(**{name: int(getattr(row, name)) for name in columns})) for row in rows]


def _within(table: sa.Table, parks: tuple[str, ...], since: str, until: str) -> list[sa.ColumnElement[bool]]:
    own: list[sa.ColumnElement[bool]] = [] if EVERYWHERE in parks else [table.c.park.in_(parks)]
    return [table.c.month.between(since, until), *own]
