"""Revisits and who is called, in the database."""

from dataclasses import asdict, fields
from typing import Any

import sqlalchemy as sa

from services.feedback.domain.revisits import DEFAULT, Revisit, RevisitPlan, Status
from services.feedback.store.tables import metadata
from services.feedback.store.told import surveys
from shared import store
from shared.access import EVERYWHERE
from shared.contracts.feedback import ListRevisits
from shared.errors import NotFound
from shared.store import Moment

revisits = sa.Table(
    "revisits",
    metadata,
    sa.Column("revisit_id", sa.Text, primary_key=True),
    sa.Column("item_id", sa.Text, nullable=False, unique=True),
    *(
        sa.Column(name, sa.Text, nullable=False)
        for name in ("request_id", "park", "number", "title", "organization", "reason", "status", "solved", "text")
    ),
    sa.Column("complaint", sa.Text, nullable=False),
    sa.Column("by", sa.Text, nullable=False),
    sa.Column("mark", sa.Integer),
    sa.Column("score", sa.Integer),
    sa.Column("tried", sa.Integer, nullable=False),
    sa.Column("reopen", sa.Boolean, nullable=False),
    sa.Column("planned_at", Moment, nullable=False),
    sa.Column("done_at", Moment),
    sa.Index("ix_revisits_status", "status", "park"),
)
plans = sa.Table(
    "revisit_plans",
    metadata,
    sa.Column("version", sa.Integer, primary_key=True),
    *(sa.Column(name, sa.Integer, nullable=False) for name in ("share", "low_below", "new_organization")),
    sa.Column("set_at", Moment, nullable=False),
    sa.Column("set_by", sa.Text, nullable=False),
)


class Revisits:
    def __init__(self, connection: sa.Connection, lock: bool) -> None:
        self._connection, self._lock = connection, lock

    def add(self, revisit: Revisit) -> bool:
        new = store.insert(revisits, self._connection).values(_values(revisit)).on_conflict_do_nothing()
        return bool(self._connection.execute(new).rowcount)

    def get(self, revisit_id: str) -> Revisit:
        query = revisits.select().where(revisits.c.revisit_id == revisit_id)
        row = self._connection.execute(query.with_for_update() if self._lock else query).first()
        if row is None:
            raise NotFound("没有这次回访")
        return _entity(row)

    def put(self, revisit: Revisit) -> None:
        change = revisits.update().where(revisits.c.revisit_id == revisit.revisit_id)
        self._connection.execute(change.values(_values(revisit)))

    def page(self, query: ListRevisits, parks: tuple[str, ...]) -> tuple[list[Revisit], dict[str, int]]:
        own: list[sa.ColumnElement[bool]] = [] if EVERYWHERE in parks else [revisits.c.park.in_(parks)]
        if query.park:
            own.append(revisits.c.park == query.park)
        grouped = sa.select(revisits.c.status, sa.func.count().label("found")).where(*own).group_by(revisits.c.status)
        counts = {row.status: row.found for row in self._connection.execute(grouped)}
        if query.status:
            own.append(revisits.c.status == query.status)
        if query.after:
            own.append(revisits.c.revisit_id > query.after)
        found = revisits.select().where(*own).order_by(revisits.c.revisit_id).limit(query.limit)
        return [_entity(row) for row in self._connection.execute(found)], counts

    def served_before(self, organization: str, item_id: str) -> int:
        served = surveys.c.organization == organization, surveys.c.item_id != item_id
        count = sa.select(sa.func.count(surveys.c.item_id.distinct())).where(*served)
        return int(self._connection.execute(count).scalar_one())

    def plan(self) -> RevisitPlan:
        row = self._connection.execute(plans.select().order_by(plans.c.version.desc()).limit(1)).first()
        return RevisitPlan(**row._asdict()) if row else DEFAULT

    def add_plan(self, plan: RevisitPlan) -> None:
        self._connection.execute(plans.insert(), asdict(plan))


def _values(revisit: Revisit) -> dict[str, Any]:
    return {one.name: getattr(revisit, one.name) for one in fields(Revisit)}


def _entity(row: sa.Row[Any]) -> Revisit:
    return Revisit(**{**row._asdict(), "status": Status(row.status)})
