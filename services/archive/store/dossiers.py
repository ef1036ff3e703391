"""The register of dossiers in the database."""

import json
from collections.abc import Iterator
from dataclasses import fields, replace
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from services.archive.domain.dossiers import Dossier
from services.archive.domain.ledger import Head
from services.archive.store.tables import Chains, as_text, metadata, moment
from shared import store
from shared.access import EVERYWHERE
from shared.store import Moment

dossiers = sa.Table(
    "dossiers",
    metadata,
    sa.Column("item_id", sa.Text, primary_key=True),
    sa.Column("request_id", sa.Text, nullable=False, index=True),
    sa.Column("park", sa.Text, nullable=False),
    sa.Column("number", sa.Text, nullable=False),
    sa.Column("evidence", sa.JSON, nullable=False),
    sa.Column("closed_at", Moment, nullable=False),
    sa.Column("sequence", sa.Integer, nullable=False),
    sa.Column("digest", sa.Text, nullable=False),
    sa.Column("previous", sa.Text, nullable=False),
    sa.Column("path", sa.Text, nullable=False),
    sa.Column("sealed_at", Moment),
    sa.Column("look_at", Moment),
    sa.Column("lacking", sa.JSON, nullable=False, server_default="[]"),
    sa.Column("file_number", sa.Text, nullable=False, server_default=""),
    sa.Column("checked_at", Moment),
    sa.Column("flaws", sa.JSON, nullable=False, server_default="[]"),
    sa.Column("print_sha256", sa.Text, nullable=False, server_default=""),
    sa.Index(
        "ix_dossiers_look", "look_at",
        postgresql_where=sa.text("sealed_at IS NULL"), sqlite_where=sa.text("sealed_at IS NULL"),
    ),
    sa.Column("listed", sa.Boolean, nullable=False, server_default=sa.false()),
    sa.Index("ix_dossiers_checked", "checked_at"),
    sa.Index(
        "ix_dossiers_unlisted", "sealed_at",
        postgresql_where=sa.text("NOT listed AND sealed_at IS NOT NULL"),
        sqlite_where=sa.text("NOT listed AND sealed_at IS NOT NULL"),
    ),
)  # fmt: skip

WALK = sa.select(
    *as_text(dossiers, "evidence", "closed_at", "sealed_at", "look_at", "lacking", "checked_at", "flaws")
).order_by(dossiers.c.item_id)
SEALED = ("file_number", "sequence", "digest", "previous", "path", "sealed_at", "checked_at", "lacking", "listed")
KEPT = ("look_at", "lacking", "checked_at", "flaws", "print_sha256", "listed")


class Dossiers:
    def __init__(self, connection: sa.Connection, lock: bool) -> None:
        self._connection, self._lock = connection, lock
        self._chains = Chains(connection, "dossiers", lock)

    def add(self, dossier: Dossier) -> None:
        self._connection.execute(
            store.insert(dossiers, self._connection)
            .values({f.name: getattr(dossier, f.name) for f in fields(Dossier)})
            .on_conflict_do_nothing()
        )

    def find(self, item_id: str) -> Dossier | None:
        wanted = dossiers.select().where(dossiers.c.item_id == item_id)
        return next(iter(self._some(wanted.with_for_update() if self._lock else wanted)), None)

    def due(self, now: datetime, most: int) -> list[Dossier]:
        return self._some(
            dossiers.select()
            .where(dossiers.c.sealed_at.is_(None), dossiers.c.look_at <= now)
            .order_by(dossiers.c.look_at)
            .limit(most)
            .with_for_update(skip_locked=True)
        )

    def unchecked(self, before: datetime, most: int) -> list[Dossier]:
        return self._some(
            dossiers.select()
            .where(dossiers.c.checked_at <= before)
            .order_by(dossiers.c.checked_at)
            .limit(most)
            .with_for_update(skip_locked=True)
        )

    def unlisted(self, most: int) -> list[Dossier]:
        return self._some(
            dossiers.select()
            .where(dossiers.c.sealed_at.is_not(None), sa.not_(dossiers.c.listed))
            .order_by(dossiers.c.sealed_at)
            .limit(most)
            .with_for_update(skip_locked=True)
        )

    def head(self, park: str) -> Head:
        return self._chains.get([park])[park]

    def seal(self, dossier: Dossier, end: Head) -> None:
        self._change(dossier, SEALED)
        self._chains.put({dossier.park: replace(end, hash=dossier.digest)})

    def put(self, dossier: Dossier) -> None:
        self._change(dossier, KEPT)

    def look_again(self, item_id: str, now: datetime) -> None:
        self._connection.execute(dossiers.update().where(dossiers.c.item_id == item_id).values(look_at=now))

    def _change(self, dossier: Dossier, names: tuple[str, ...]) -> None:
        changed = {name: getattr(dossier, name) for name in names}
        self._connection.execute(dossiers.update().where(dossiers.c.item_id == dossier.item_id).values(changed))

    def page(
        self, park: str, request_id: str, parks: tuple[str, ...], after: str, limit: int
    ) -> tuple[list[Dossier], int]:
        conditions: list[sa.ColumnElement[bool]] = [dossiers.c.sealed_at.is_not(None)]
        if EVERYWHERE not in parks:
            conditions.append(dossiers.c.park.in_(parks))
        if park:
            conditions.append(dossiers.c.park == park)
        if request_id:
            conditions.append(dossiers.c.request_id == request_id)
        total = self._connection.execute(
            sa.select(sa.func.count()).select_from(dossiers).where(*conditions)
        ).scalar_one()
        if after:
            conditions.append(dossiers.c.item_id < after)
        return self._some(dossiers.select().where(*conditions).order_by(dossiers.c.item_id.desc()).limit(limit)), total

    def walk(self) -> Iterator[Dossier]:
        for row in self._connection.execute(WALK):
            moments = {
                name: None if getattr(row, name) is None else moment(getattr(row, name))
                for name in ("closed_at", "sealed_at", "look_at", "checked_at")
            }
            lists = {name: _listed(getattr(row, name)) for name in ("evidence", "lacking", "flaws")}
            yield Dossier(**{**row._asdict(), **moments, **lists})

    def _some(self, query: sa.Select[Any]) -> list[Dossier]:
        return [Dossier(**row._asdict()) for row in self._connection.execute(query)]


def _listed(text: str) -> list[str]:
    """Ids as the register holds them; none if that is no list."""
    try:
        found = json.loads(text)
    except ValueError:
        return []
    return found if isinstance(found, list) else []
