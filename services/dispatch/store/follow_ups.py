"""Follow-up tasks, delays and the district's plan in the database."""

from dataclasses import asdict, fields
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa

from services.dispatch.domain.follow_ups import Delay, FollowPlan, FollowUp, Kind, Status, found
from services.dispatch.domain.following import OVER
from services.dispatch.domain.life import Stage
from services.dispatch.store.following import contact_logs
from services.dispatch.store.items import items
from services.dispatch.store.tables import metadata
from shared import store
from shared.access import EVERYWHERE
from shared.contracts.dispatch import ListFollowUps
from shared.store import Moment

LATELY = timedelta(days=30)

follow_ups = sa.Table(
    "follow_ups",
    metadata,
    sa.Column("follow_up_id", sa.Text, primary_key=True),
    sa.Column("item_id", sa.Text, nullable=False),
    sa.Column("job_id", sa.Text, nullable=False),
    sa.Column("kind", sa.Text, nullable=False),
    sa.Column("nth", sa.Integer, nullable=False),
    sa.Column("due_at", Moment, nullable=False),
    sa.Column("made_at", Moment, nullable=False),
    sa.Column("status", sa.Text, nullable=False),
    sa.Column("said_at", Moment),
    sa.Column("done_at", Moment),
    sa.Column("contact_id", sa.Text, nullable=False),
    sa.Column("reason", sa.Text, nullable=False),
    sa.Column("by_id", sa.Text, nullable=False),
    sa.Column("by_name", sa.Text, nullable=False),
    sa.UniqueConstraint("item_id", "job_id", "kind", "nth"),
    sa.Index(
        "ix_follow_ups_open", "due_at",
        postgresql_where=sa.text("status = 'open'"), sqlite_where=sa.text("status = 'open'"),
    ),
)  # fmt: skip

delays = sa.Table(
    "delays",
    metadata,
    sa.Column("delay_id", sa.Text, primary_key=True),
    sa.Column("item_id", sa.Text, nullable=False, index=True),
    sa.Column("job_id", sa.Text, nullable=False),
    sa.Column("park", sa.Text, nullable=False),
    sa.Column("expected_on", sa.Text, nullable=False),
    sa.Column("reason", sa.Text, nullable=False),
    sa.Column("announced_at", Moment, nullable=False),
    sa.Column("by_name", sa.Text, nullable=False),
    sa.Column("due_at", Moment),
)

# One row: the district's.
follow_plans = sa.Table(
    "follow_plans",
    metadata,
    sa.Column("name", sa.Text, primary_key=True),
    sa.Column("first_share", sa.Integer, nullable=False),
    sa.Column("every_days", sa.Integer, nullable=False),
    sa.Column("before_days", sa.Integer, nullable=False),
    sa.Column("check_share", sa.Integer, nullable=False, server_default="10"),
)

sa.Index(
    "ix_items_serving", items.c.job_id,
    postgresql_where=sa.text("stage = 'serving'"), sqlite_where=sa.text("stage = 'serving'"),
)  # fmt: skip

NAMES = [f.name for f in fields(FollowUp)]
OPEN = follow_ups.c.status == Status.OPEN
WITH_ITEMS = sa.select(follow_ups).join(items, items.c.item_id == follow_ups.c.item_id)
OVERTAKEN = sa.or_(
    items.c.stage.in_(sorted(OVER)),
    sa.and_(
        follow_ups.c.kind != Kind.AGREED,
        sa.or_(items.c.stage != Stage.SERVING, items.c.job_id != follow_ups.c.job_id),
    ),
)


class FollowUps:
    def __init__(self, connection: sa.Connection) -> None:
        self._connection = connection

    def plan(self) -> FollowPlan:
        row = self._connection.execute(follow_plans.select()).first()
        return FollowPlan(**{n: v for n, v in row._asdict().items() if n != "name"}) if row else FollowPlan()

    def set_plan(self, plan: FollowPlan) -> None:
        values = {"name": "district", **asdict(plan)}
        self._connection.execute(
            store.insert(follow_plans, self._connection)
            .values(values)
            .on_conflict_do_update(index_elements=["name"], set_=values)
        )

    def add(self, follow_up: FollowUp) -> bool:
        made = store.insert(follow_ups, self._connection).values(_values(follow_up)).on_conflict_do_nothing()
        return bool(self._connection.execute(made).rowcount)

    def put(self, follow_up: FollowUp) -> None:
        mine = follow_ups.c.follow_up_id == follow_up.follow_up_id
        self._connection.execute(follow_ups.update().where(mine).values(_values(follow_up)))

    def get(self, follow_up_id: str) -> FollowUp:
        query = follow_ups.select().where(follow_ups.c.follow_up_id == follow_up_id)
        return found(next(iter(self._some(query)), None))

    def of_item(self, item_id: str) -> list[FollowUp]:
        query = follow_ups.select().where(follow_ups.c.item_id == item_id)
        return self._some(query.order_by(follow_ups.c.due_at, follow_ups.c.follow_up_id))

    def unplanned(self, most: int) -> list[str]:
        planned = sa.exists().where(
            follow_ups.c.item_id == items.c.item_id, follow_ups.c.job_id == items.c.job_id,
            follow_ups.c.kind == Kind.FIRST,
        )  # fmt: skip
        query = (
            sa.select(items.c.item_id)
            .where(items.c.stage == Stage.SERVING, items.c.job_id != "", ~planned)
            .limit(most)
            .with_for_update(skip_locked=True)
        )
        return [str(row.item_id) for row in self._connection.execute(query)]

    def obsolete(self, most: int) -> list[FollowUp]:
        return self._some(WITH_ITEMS.where(OPEN, OVERTAKEN).limit(most).with_for_update(skip_locked=True))

    def unsaid(self, now: datetime, most: int) -> list[FollowUp]:
        due = WITH_ITEMS.where(OPEN, follow_ups.c.due_at <= now, follow_ups.c.said_at.is_(None), ~OVERTAKEN)
        return self._some(due.order_by(follow_ups.c.due_at).limit(most).with_for_update(skip_locked=True))

    def page(self, query: ListFollowUps, parks: tuple[str, ...], now: datetime) -> list[FollowUp]:
        chosen = WITH_ITEMS.where(OPEN, *_conditions(query, parks))
        if query.after:
            last = self.get(query.after)
            place = sa.tuple_(follow_ups.c.due_at, follow_ups.c.follow_up_id)
            bound = sa.tuple_(sa.literal(last.due_at, Moment), sa.literal(last.follow_up_id))
            chosen = chosen.where(place > bound)
        return self._some(chosen.order_by(follow_ups.c.due_at, follow_ups.c.follow_up_id).limit(query.limit))

    def counts(self, query: ListFollowUps, parks: tuple[str, ...], now: datetime) -> dict[str, int]:
        since = now - LATELY
        tasks = sa.select(sa.func.count()).select_from(follow_ups.join(items, items.c.item_id == follow_ups.c.item_id))
        mine = _conditions(query, parks)
        of_items = lambda table, at: (  # noqa: E731
            sa.select(sa.func.count())
            .select_from(table.join(items, items.c.item_id == table.c.item_id))
            .where(table.c[at] >= since, *mine)
        )
        asked = {
            "due": tasks.where(OPEN, follow_ups.c.due_at <= now, *mine),
            "later": tasks.where(OPEN, follow_ups.c.due_at > now, *mine),
            "done": tasks.where(follow_ups.c.status == Status.DONE, follow_ups.c.done_at >= since, *mine),
            "skipped": tasks.where(follow_ups.c.status == Status.SKIPPED, follow_ups.c.done_at >= since, *mine),
            "contacts": of_items(contact_logs, "logged_at"),
            "delays": of_items(delays, "announced_at"),
        }
        row = self._connection.execute(sa.select(*(one.scalar_subquery().label(n) for n, one in asked.items()))).one()
        return {name: int(value) for name, value in row._asdict().items()}

    def add_delay(self, delay: Delay) -> None:
        self._connection.execute(delays.insert(), asdict(delay))

    def delays(self, item_id: str) -> list[Delay]:
        query = delays.select().where(delays.c.item_id == item_id)
        rows = self._connection.execute(query.order_by(delays.c.announced_at, delays.c.delay_id))
        return [Delay(**row._asdict()) for row in rows]

    def _some(self, query: sa.Select[Any]) -> list[FollowUp]:
        return [_entity(row) for row in self._connection.execute(query)]


def _conditions(query: ListFollowUps, parks: tuple[str, ...]) -> list[Any]:
    found = [] if EVERYWHERE in parks else [items.c.park.in_(parks)]
    return found + [items.c[name] == wanted for name in ("park", "owner_id") if (wanted := getattr(query, name))]


def _values(follow_up: FollowUp) -> dict[str, Any]:
    return {name: getattr(follow_up, name) for name in NAMES}


def _entity(row: sa.Row[Any]) -> FollowUp:
    return FollowUp(**{**row._asdict(), "kind": Kind(row.kind), "status": Status(row.status)})
