"""Service items in the database."""

from dataclasses import fields
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from services.dispatch.domain.items import ENDED, Item, Stage, found
from services.dispatch.store.tables import metadata
from shared.access import EVERYWHERE
from shared.contracts.dispatch import ListItems
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
    sa.Index("ix_items_park", "park", "item_id"),
    sa.Index(
        "ix_items_waiting", "category", "waiting_since",
        postgresql_where=sa.text("waiting_since IS NOT NULL"), sqlite_where=sa.text("waiting_since IS NOT NULL"),
    ),
    sa.Index(
        "ix_items_offer", "offer_until",
        postgresql_where=sa.text("offer_until IS NOT NULL"), sqlite_where=sa.text("offer_until IS NOT NULL"),
    ),
)  # fmt: skip

NAMES = [f.name for f in fields(Item)]
FIXED = {"item_id", "request_id", "park", "number", "company", "text", "channel", "opened_at"}
ADD_ITEM = items.insert()
GET_ITEM = items.select().where(items.c.item_id == sa.bindparam("id"))
LOCK_ITEM = GET_ITEM.with_for_update()
PUT_ITEM = items.update().where(items.c.item_id == sa.bindparam("id"))


class Items:
    def __init__(self, connection: sa.Connection, lock: bool) -> None:
        self._connection, self._lock = connection, lock

    def add(self, item: Item) -> None:
        self._connection.execute(ADD_ITEM, _values(item))

    def get(self, item_id: str) -> Item:
        row = self._connection.execute(LOCK_ITEM if self._lock else GET_ITEM, {"id": item_id}).first()
        return found(_entity(row) if row else None)

    def put(self, item: Item) -> None:
        changed = {name: value for name, value in _values(item).items() if name not in FIXED}
        self._connection.execute(PUT_ITEM, {"id": item.item_id, **changed})

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

    def page(self, query: ListItems, parks: tuple[str, ...]) -> tuple[list[Item], dict[str, int]]:
        conditions = list(_conditions(query, parks))
        counted = self._connection.execute(
            sa.select(items.c.stage, sa.func.count()).where(*conditions).group_by(items.c.stage)
        )
        counts = {str(stage): int(count) for stage, count in counted}
        if query.stage:
            conditions.append(items.c.stage == query.stage)
        if query.after:
            conditions.append(items.c.item_id < query.after)
        rows = self._some(items.select().where(*conditions).order_by(items.c.item_id.desc()).limit(query.limit))
        return rows, counts

    def _some(self, query: sa.Select[Any]) -> list[Item]:
        return [_entity(row) for row in self._connection.execute(query)]


def _conditions(query: ListItems, parks: tuple[str, ...]) -> Any:
    if EVERYWHERE not in parks:
        yield items.c.park.in_(parks)
    for name in ("park", "request_id", "owner_id"):
        if wanted := getattr(query, name):
            yield items.c[name] == wanted
    if query.open:
        yield items.c.stage.not_in(sorted(ENDED))
    if query.search:
        yield sa.or_(*(items.c[name].contains(query.search, autoescape=True) for name in ("number", "company", "text")))


def _values(item: Item) -> dict[str, Any]:
    return {name: getattr(item, name) for name in NAMES}


def _entity(row: sa.Row[Any]) -> Item:
    return Item(**{**row._asdict(), "stage": Stage(row.stage)})
