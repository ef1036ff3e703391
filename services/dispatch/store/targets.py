"""Targets in the database."""

import hashlib
import json
from dataclasses import fields

import sqlalchemy as sa

from services.dispatch.domain.targets import Target
from services.dispatch.store.tables import metadata
from shared import store
from shared.store import Moment

targets = sa.Table(
    "targets",
    metadata,
    sa.Column("target", sa.Text, primary_key=True),
    sa.Column("manifest", sa.JSON, nullable=False),
    sa.Column("lease_until", Moment, nullable=False),
    sa.Column("seen_at", Moment, nullable=False),
    sa.Column("digest", sa.Text, nullable=False, server_default=""),  # of the manifest
)

NAMES = [f.name for f in fields(Target)]
TARGET = sa.select(*(targets.c[name] for name in NAMES))
GET_TARGET = TARGET.where(targets.c.target == sa.bindparam("wanted"))

DIGESTS = sa.select(targets.c.target, targets.c.digest).order_by(targets.c.target)


class Targets:
    def __init__(self, connection: sa.Connection) -> None:
        self._connection = connection

    def get(self, target: str) -> Target | None:
        row = self._connection.execute(GET_TARGET, {"wanted": target}).first()
        return Target(**row._asdict()) if row else None

    def put(self, target: Target) -> None:
        values = {name: getattr(target, name) for name in NAMES} | {"digest": _digest(target)}
        self._connection.execute(
            store.insert(targets, self._connection)
            .values(values)
            .on_conflict_do_update(index_elements=["target"], set_=values)
        )

    def all(self) -> list[Target]:
        return [Target(**row._asdict()) for row in self._connection.execute(TARGET.order_by(targets.c.target))]

    def digests(self) -> tuple[tuple[str, str], ...]:
        rows = self._connection.execute(DIGESTS)
        return tuple((row.target, row.digest) for row in rows)


def _digest(target: Target) -> str:
    text = json.dumps(target.manifest, ensure_ascii=False, sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()
