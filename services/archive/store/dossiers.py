"""The register of dossiers in the database."""

import json
from collections.abc import Iterator
from dataclasses import fields
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
    sa.Index(
        "ix_dossiers_due", "closed_at",
        postgresql_where=sa.text("sealed_at IS NULL"), sqlite_where=sa.text("sealed_at IS NULL"),
    ),
)  # fmt: skip

WALK = sa.select(*as_text(dossiers, "evidence", "closed_at", "sealed_at")).order_by(dossiers.c.item_id)


class Dossiers:
    def __init__(self, connection: sa.Connection, lock: bool) -> None:
        self._connection = connection
        self._chains = Chains(connection, "dossiers", lock)

    def add(self, dossier: Dossier) -> None:
        self._connection.execute(
            store.insert(dossiers, self._connection)
            .values({f.name: getattr(dossier, f.name) for f in fields(Dossier)})
            .on_conflict_do_nothing()
        )

    def due(self, most: int) -> list[Dossier]:
        query = (
            dossiers.select()
            .where(dossiers.c.sealed_at.is_(None))
            .order_by(dossiers.c.closed_at)
            .limit(most)
            .with_for_update(skip_locked=True)
        )
        return self._some(query)

    def head(self, park: str) -> Head:
        return self._chains.get([park])[park]

    def seal(self, dossier: Dossier) -> None:
        changed = {name: getattr(dossier, name) for name in ("sequence", "digest", "previous", "path", "sealed_at")}
        self._connection.execute(dossiers.update().where(dossiers.c.item_id == dossier.item_id).values(changed))
        self._chains.put({dossier.park: Head(sequence=dossier.sequence, hash=dossier.digest)})

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
            yield Dossier(
                **{
                    **row._asdict(),
                    "evidence": _listed(row.evidence),
                    "closed_at": moment(row.closed_at),
                    "sealed_at": None if row.sealed_at is None else moment(row.sealed_at),
                }
            )

    def _some(self, query: sa.Select[Any]) -> list[Dossier]:
        return [Dossier(**row._asdict()) for row in self._connection.execute(query)]


def _listed(text: str) -> list[str]:
    """Ids as the register holds them; none if that is no list."""
    try:
        found = json.loads(text)
    except ValueError:
        return []
    return found if isinstance(found, list) else []
