"""Service items in the database."""

from collections.abc import Sequence
from dataclasses import fields
from datetime import UTC, datetime
from typing import Any

import sqlalchemy as sa

from services.dispatch.domain.items import Item, found
from services.dispatch.domain.life import CLOCKS, ENDED, URGENCY, Stage
from services.dispatch.domain.likeness import company_key
from services.dispatch.domain.repositories import Neglected
from services.dispatch.store.tables import metadata
from shared.access import EVERYWHERE
from shared.clocks import read_mark, written
from shared.contracts.dispatch import ListClocks, ListItems
from shared.errors import NotFound
from shared.plans import Plans
from shared.readings import Figures, alarm_at
from shared.store import Moment

items = sa.Table(
    "items",
    metadata,
    sa.Column("item_id", sa.Text, primary_key=True),
    sa.Column("request_id", sa.Text, nullable=False, index=True),
    sa.Column("park", sa.Text, nullable=False),
    sa.Column("number", sa.Text, nullable=False, index=True),
    sa.Column("company", sa.Text, nullable=False),
    sa.Column("text", sa.Text, nullable=False),
    sa.Column("channel", sa.Text, nullable=False),
    sa.Column("opened_at", Moment, nullable=False),
    sa.Column("changed_at", Moment, nullable=False),
    sa.Column("stage", sa.Text, nullable=False),
    sa.Column("version", sa.Integer, nullable=False),
    sa.Column("category", sa.Text, nullable=False),
    sa.Column("item", sa.Text, nullable=False),
    sa.Column("title", sa.Text, nullable=False),
    sa.Column("details", sa.JSON, nullable=False),
    sa.Column("owner_id", sa.Text, nullable=False),
    sa.Column("owner_name", sa.Text, nullable=False),
    sa.Column("heir_id", sa.Text, nullable=False, server_default=""),
    sa.Column("heir_name", sa.Text, nullable=False, server_default=""),
    sa.Column("heir_reason", sa.Text, nullable=False, server_default=""),
    sa.Column("heir_since", Moment),
    sa.Column("part", sa.Text, nullable=False, server_default=""),
    sa.Column("split", sa.JSON, nullable=False, server_default="{}"),
    sa.Column("linked", sa.JSON, nullable=False, server_default="[]"),
    sa.Column("into_id", sa.Text, nullable=False, server_default=""),
    sa.Column("into_request", sa.Text, nullable=False, server_default=""),
    sa.Column("former_id", sa.Text, nullable=False, server_default=""),
    sa.Column("former", sa.Text, nullable=False, server_default=""),
    sa.Column("asked", sa.Integer, nullable=False, server_default="0"),
    sa.Column("company_key", sa.Text, nullable=False, server_default=""),  # by which duplicates are looked for
    sa.Column("ended_at", Moment),
    sa.Column("survey_id", sa.Text, nullable=False, server_default=""),
    sa.Column("past_surveys", sa.JSON, nullable=False, server_default="[]"),
    sa.Column("job_id", sa.Text, nullable=False),
    sa.Column("target", sa.Text, nullable=False),
    sa.Column("offer_until", Moment),
    sa.Column("note", sa.Text, nullable=False),
    sa.Column("waiting_since", Moment),
    sa.Column("declined", sa.JSON, nullable=False),
    sa.Column("evidence", sa.JSON, nullable=False),
    sa.Column("way", sa.Text, nullable=False, server_default=""),
    sa.Column("needs", sa.JSON, nullable=False, server_default="[]"),
    sa.Column("minutes", sa.Integer, nullable=False, server_default="0"),
    sa.Column("booked_for", Moment),
    sa.Column("days", sa.Integer),
    sa.Column("marks", sa.JSON, nullable=False),
    # Worked out from the marks and the plan in force whenever the item is put, to find and to sort by.
    sa.Column("clock", sa.Text, nullable=False),
    sa.Column("due_at", Moment),
    sa.Column("warn_at", Moment),
    sa.Column("alarm_at", Moment),
    sa.Column("told", sa.Text, nullable=False, server_default=""),  # who was told of the clock that runs
    sa.Column("priority", sa.Text, nullable=False, server_default=""),
    sa.Column("assessment", sa.Integer, nullable=False, server_default="0"),
    sa.Index("ix_items_park", "park", "item_id"),
    sa.Index("ix_items_company", "park", "company_key"),
    sa.Index(
        "ix_items_waiting", "category", "waiting_since",
        postgresql_where=sa.text("waiting_since IS NOT NULL"), sqlite_where=sa.text("waiting_since IS NOT NULL"),
    ),
    sa.Index(
        "ix_items_offer", "offer_until",
        postgresql_where=sa.text("offer_until IS NOT NULL"), sqlite_where=sa.text("offer_until IS NOT NULL"),
    ),
    sa.Index(
        "ix_items_alarm", "alarm_at",
        postgresql_where=sa.text("alarm_at IS NOT NULL"), sqlite_where=sa.text("alarm_at IS NOT NULL"),
    ),
)  # fmt: skip

NEVER = datetime(9999, 1, 1, tzinfo=UTC)
NAMES = [f.name for f in fields(Item)]
FIXED = {"item_id", "request_id", "park", "number", "company", "channel", "opened_at"}
ADD_ITEM = items.insert()
GET_ITEM = items.select().where(items.c.item_id == sa.bindparam("id"))
LOCK_ITEM = GET_ITEM.with_for_update()
PUT_ITEM = items.update().where(items.c.item_id == sa.bindparam("id"))
OF_REQUEST = items.select().where(items.c.request_id == sa.bindparam("wanted")).order_by(items.c.item_id)
NAMED = (
    items.select()
    .where(
        items.c.park == sa.bindparam("wanted_park"),
        items.c.stage != Stage.REJOINED,
        sa.or_(
            items.c.number == sa.bindparam("wanted"),
            sa.and_(items.c.part != "", items.c.number + items.c.part == sa.bindparam("wanted")),
        ),
    )
    .order_by(items.c.item_id)
)


class Items:
    def __init__(self, connection: sa.Connection, lock: bool, plans: Plans, now: datetime) -> None:
        self._connection, self._lock, self._plans, self._now = connection, lock, plans, now

    def add(self, item: Item) -> None:
        values = {**_values(item), **self._derived(item), "company_key": company_key(item.company)}
        self._connection.execute(ADD_ITEM, values)

    def get(self, item_id: str) -> Item:
        row = self._connection.execute(LOCK_ITEM if self._lock else GET_ITEM, {"id": item_id}).first()
        return found(_entity(row) if row else None)

    def glance(self, item_id: str) -> Item:
        row = self._connection.execute(GET_ITEM, {"id": item_id}).first()
        return found(_entity(row) if row else None)

    def of_request(self, request_id: str) -> list[Item]:
        query = OF_REQUEST.with_for_update() if self._lock else OF_REQUEST
        return [_entity(row) for row in self._connection.execute(query, {"wanted": request_id})]

    def named(self, park: str, name: str) -> list[Item]:
        return [_entity(row) for row in self._connection.execute(NAMED, {"wanted_park": park, "wanted": name})]

    def near(
        self, park: str, company: str, requests: Sequence[str], since: datetime, until: datetime, most: int
    ) -> list[Item]:
        same = items.c.company_key == company_key(company)
        return self._some(
            items.select()
            .where(
                items.c.park == park,
                sa.or_(same, items.c.request_id.in_(requests)) if requests else same,
                items.c.opened_at.between(since, until),
            )
            .order_by(items.c.item_id.desc())
            .limit(most)
        )

    def put(self, item: Item) -> None:
        changed = {name: value for name, value in _values(item).items() if name not in FIXED}
        self._connection.execute(PUT_ITEM, {"id": item.item_id, **changed, **self._derived(item)})

    def _derived(self, item: Item) -> dict[str, Any]:
        plan = self._plans.of(item.park)
        reading = item.reading(plan, self._now)
        return {
            "clock": reading.run.clock if reading else "",
            "due_at": reading.due_at if reading else None,
            "warn_at": reading.warn_at if reading else None,
            "alarm_at": alarm_at(reading, plan, self._now) if reading else None,
            "told": _names(reading.run.told) if reading else "",
        }

    def waiting_for(self, targets: list[str], most: int) -> list[Item]:
        return self._some(
            items.select()
            .where(
                items.c.category.in_(targets),
                items.c.waiting_since.is_not(None),
                sa.cast(items.c.declined, sa.Text) == "[]",
            )
            .order_by(items.c.waiting_since)
            .limit(most)
            .with_for_update(skip_locked=True)
        )

    def overdue_offers(self, now: datetime, most: int) -> list[Item]:
        return self._some(items.select().where(items.c.offer_until < now).limit(most).with_for_update(skip_locked=True))

    def unmatched(self, wanted: tuple[str, ...] | None, most: int) -> list[Item]:
        kinds = [] if wanted is None else [items.c.item.in_(wanted)]
        return self._some(
            items.select()
            .where(items.c.stage == str(Stage.UNMATCHED), *kinds)
            .order_by(items.c.item_id)
            .limit(most)
            .with_for_update(skip_locked=True)
        )

    def page(self, query: ListItems, parks: tuple[str, ...]) -> tuple[list[Item], dict[str, int]]:
        conditions = list(conditions_of(query, parks))
        counted = self._connection.execute(
            sa.select(items.c.stage, sa.func.count()).where(*conditions).group_by(items.c.stage)
        )
        counts = {str(stage): int(count) for stage, count in counted}
        if query.stage:
            conditions.append(items.c.stage == query.stage)
        if query.order == URGENCY:
            return self._urgent(conditions, query.after, query.limit), counts
        if query.after:
            conditions.append(items.c.item_id < query.after)
        rows = self._some(items.select().where(*conditions).order_by(items.c.item_id.desc()).limit(query.limit))
        return rows, counts

    def alarms(self, now: datetime, most: int) -> list[Item]:
        due = items.select().where(items.c.alarm_at <= now).order_by(items.c.alarm_at)
        return self._some(due.limit(most).with_for_update(skip_locked=True))

    def neglected(self) -> tuple[int, list[Neglected]]:
        open_ = items.c.stage.not_in(sorted(ENDED))
        lost = items.c.stage.not_in(sorted(CLOCKS))
        unowned = sa.and_(items.c.stage != Stage.RECEIVED, items.c.owner_id == "")
        lacks = sa.case((lost, "no way to an ending"), (unowned, "no owner"), else_="no clock")
        columns = items.c.item_id, items.c.number, items.c.stage, lacks.label("lacks")
        found = sa.select(*columns).where(open_, sa.or_(lost, unowned, items.c.clock == ""))
        count = self._connection.execute(sa.select(sa.func.count()).where(open_)).scalar_one()
        rows = self._connection.execute(found.order_by(items.c.item_id))
        return count, [Neglected(**row._asdict()) for row in rows]

    def look_again(self, park: str, now: datetime) -> None:
        running = [items.c.clock != "", *([items.c.park == park] if park else [])]
        self._connection.execute(items.update().where(*running).values(alarm_at=now))

    def with_clocks(
        self, query: ListClocks, parks: tuple[str, ...], now: datetime, told: Sequence[str] = ()
    ) -> tuple[list[Item], Figures]:
        clock = [items.c.clock == query.clock] if query.clock else [items.c.clock != ""]
        park = [items.c.park == query.park] if query.park else []
        rest = [*visible(parks), *([items.c.owner_id == query.owner_id] if query.owner_id else [])]
        if told:
            rest.append(sa.or_(*(items.c.told.contains(_names([one]), autoescape=True) for one in told)))
        found = [*rest, *park, *clock]
        late = sa.func.coalesce(sa.func.sum(sa.case((items.c.due_at < now, 1), else_=0)), 0)
        paused = sa.func.coalesce(sa.func.sum(sa.case((items.c.due_at.is_(None), 1), else_=0)), 0)
        counts = self._connection.execute(sa.select(late, paused).where(*found)).one()
        figures = Figures(
            by_clock=self._counted(items.c.clock, [*rest, *park, items.c.clock != ""]),
            by_park=self._counted(items.c.park, [*rest, *clock]), late=int(counts[0]), paused=int(counts[1]),
        )  # fmt: skip
        return self._urgent(found, query.after, query.limit), figures

    def _counted(self, column: sa.Column[str], conditions: list[Any]) -> dict[str, int]:
        rows = self._connection.execute(sa.select(column, sa.func.count()).where(*conditions).group_by(column))
        return {str(name): int(count) for name, count in rows}

    def _urgent(self, conditions: list[Any], after: str, limit: int) -> list[Item]:
        """Late, in the last third, then by deadline; what stands still or has ended comes last, by number."""
        rank = sa.case(
            (items.c.due_at < self._now, 0), (items.c.warn_at <= self._now, 1), (items.c.due_at.is_not(None), 2),
            (items.c.clock != "", 3), else_=4,
        )  # fmt: skip
        place = [rank, sa.func.coalesce(items.c.due_at, sa.literal(NEVER, Moment), type_=Moment), items.c.item_id]
        chosen = items.select().where(*conditions)
        if after:
            last = self._connection.execute(sa.select(*place).where(items.c.item_id == after)).first()
            if last is None:
                raise NotFound("没有这个服务事项")
            bounds = [sa.literal(value, column.type) for value, column in zip(last, place, strict=True)]
            chosen = chosen.where(sa.tuple_(*place) > sa.tuple_(*bounds))
        return self._some(chosen.order_by(*place).limit(limit))

    def _some(self, query: sa.Select[Any]) -> list[Item]:
        return [_entity(row) for row in self._connection.execute(query)]


def _names(told: Sequence[str]) -> str:
    """As words with a blank on both sides, so that one is found and no other that begins or ends like it."""
    return f" {' '.join(told)} " if told else ""


def visible(parks: tuple[str, ...]) -> list[Any]:
    return [] if EVERYWHERE in parks else [items.c.park.in_(parks)]


def conditions_of(query: ListItems, parks: tuple[str, ...]) -> Any:
    yield from visible(parks)
    for name in ("park", "request_id", "owner_id", "heir_id"):
        if wanted := getattr(query, name):
            yield items.c[name] == wanted
    if query.open:
        yield items.c.stage.not_in(sorted(ENDED))
    if query.search:
        yield sa.or_(*(items.c[name].contains(query.search, autoescape=True) for name in ("number", "company", "text")))


def _values(item: Item) -> dict[str, Any]:
    return {**{name: getattr(item, name) for name in NAMES}, "marks": [written(mark) for mark in item.marks]}


def _entity(row: sa.Row[Any]) -> Item:
    values = {name: value for name, value in row._asdict().items() if name in NAMES}
    return Item(**{**values, "stage": Stage(row.stage), "marks": [read_mark(one) for one in row.marks]})
