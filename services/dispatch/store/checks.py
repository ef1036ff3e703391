"""Checks of service quality in the database."""

from dataclasses import fields
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from services.dispatch.domain.checks import Check, found
from services.dispatch.store.tables import metadata
from shared.access import EVERYWHERE
from shared.contracts.dispatch import ListChecks
from shared.store import Moment

MOST = 100

checks = sa.Table(
    "checks",
    metadata,
    sa.Column("check_id", sa.Text, primary_key=True),
    sa.Column("item_id", sa.Text, nullable=False, index=True),
    sa.Column("park", sa.Text, nullable=False),
    sa.Column("number", sa.Text, nullable=False),
    sa.Column("title", sa.Text, nullable=False),
    sa.Column("sampled", sa.Boolean, nullable=False),
    sa.Column("reason", sa.Text, nullable=False),
    sa.Column("ordered_at", Moment, nullable=False),
    sa.Column("not_by", sa.JSON, nullable=False),
    sa.Column("outcome", sa.Text, nullable=False),
    sa.Column("note", sa.Text, nullable=False),
    sa.Column("checked_at", Moment),
    sa.Column("by_id", sa.Text, nullable=False),
    sa.Column("by_name", sa.Text, nullable=False),
    sa.Index("ix_checks_park", "park", "ordered_at"),
)

NAMES = [f.name for f in fields(Check)]


class Checks:
    def __init__(self, connection: sa.Connection, lock: bool) -> None:
        self._connection, self._lock = connection, lock

    def add(self, check: Check) -> None:
        self._connection.execute(checks.insert(), {name: getattr(check, name) for name in NAMES})

    def put(self, check: Check) -> None:
        values = {name: getattr(check, name) for name in NAMES}
        self._connection.execute(checks.update().where(checks.c.check_id == check.check_id).values(values))

    def get(self, check_id: str) -> Check:
        query = checks.select().where(checks.c.check_id == check_id)
        row = self._connection.execute(query.with_for_update() if self._lock else query).first()
        return found(Check(**row._asdict()) if row else None)

    def page(self, query: ListChecks, parks: tuple[str, ...]) -> list[Check]:
        chosen = checks.select().where(checks.c.outcome == "", *_conditions(query, parks))
        rows = self._connection.execute(chosen.order_by(checks.c.ordered_at, checks.c.check_id).limit(MOST))
        return [Check(**row._asdict()) for row in rows]

    def counts(self, query: ListChecks, parks: tuple[str, ...], since: datetime) -> dict[str, int]:
        rows = self._connection.execute(
            sa.select(checks.c.outcome, sa.func.count())
            .where(sa.or_(checks.c.outcome == "", checks.c.ordered_at >= since), *_conditions(query, parks))
            .group_by(checks.c.outcome)
        )
        return {str(outcome) or "open": int(count) for outcome, count in rows}


def _conditions(query: ListChecks, parks: tuple[str, ...]) -> list[Any]:
    found = [] if EVERYWHERE in parks else [checks.c.park.in_(parks)]
    return found + ([checks.c.park == query.park] if query.park else [])
