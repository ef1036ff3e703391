"""Grants to open dossiers, in the database."""

from dataclasses import fields
from typing import Any

import sqlalchemy as sa

from services.archive.domain.grants import Grant
from services.archive.store.tables import metadata
from shared.access import EVERYWHERE
from shared.errors import NotFound
from shared.store import Moment

grants = sa.Table(
    "grants",
    metadata,
    sa.Column("grant_id", sa.Text, primary_key=True),
    sa.Column("item_id", sa.Text, nullable=False),
    sa.Column("park", sa.Text, nullable=False),
    sa.Column("number", sa.Text, nullable=False),
    sa.Column("file_number", sa.Text, nullable=False),
    sa.Column("by_id", sa.Text, nullable=False),
    sa.Column("by_name", sa.Text, nullable=False),
    sa.Column("why", sa.Text, nullable=False),
    sa.Column("days", sa.Integer, nullable=False),
    sa.Column("asked_at", Moment, nullable=False),
    sa.Column("granted", sa.Boolean),
    sa.Column("until", Moment),
    sa.Column("decided_by_id", sa.Text, nullable=False),
    sa.Column("decided_by", sa.Text, nullable=False),
    sa.Column("decided_at", Moment),
    sa.Column("reason", sa.Text, nullable=False),
    sa.Index("ix_grants_item", "item_id", "by_id"),
    sa.Index("ix_grants_park", "park", "grant_id"),
)
DECIDED = ("granted", "until", "decided_by_id", "decided_by", "decided_at", "reason")


class Grants:
    def __init__(self, connection: sa.Connection, lock: bool) -> None:
        self._connection, self._lock = connection, lock

    def add(self, grant: Grant) -> None:
        self._connection.execute(grants.insert(), {f.name: getattr(grant, f.name) for f in fields(Grant)})

    def get(self, grant_id: str) -> Grant:
        wanted = grants.select().where(grants.c.grant_id == grant_id)
        if found := self._some(wanted.with_for_update() if self._lock else wanted):
            return found[0]
        raise NotFound("没有这个申请")

    def put(self, grant: Grant) -> None:
        changed = {name: getattr(grant, name) for name in DECIDED}
        self._connection.execute(grants.update().where(grants.c.grant_id == grant.grant_id).values(changed))

    def latest(self, item_id: str, by_id: str) -> Grant | None:
        wanted = grants.select().where(grants.c.item_id == item_id, grants.c.by_id == by_id)
        return next(iter(self._some(wanted.order_by(grants.c.grant_id.desc()).limit(1))), None)

    def page(self, item_id: str, park: str, asked: bool, parks: tuple[str, ...], most: int) -> list[Grant]:
        wanted = grants.select().order_by(grants.c.grant_id.desc()).limit(most)
        if EVERYWHERE not in parks:
            wanted = wanted.where(grants.c.park.in_(parks))
        if item_id:
            wanted = wanted.where(grants.c.item_id == item_id)
        if park:
            wanted = wanted.where(grants.c.park == park)
        if asked:
            wanted = wanted.where(grants.c.granted.is_(None))
        return self._some(wanted)

    def _some(self, query: sa.Select[Any]) -> list[Grant]:
        return [Grant(**row._asdict()) for row in self._connection.execute(query)]
