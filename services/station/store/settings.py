"""Everything set, version by version, in the database."""

from typing import Any

import sqlalchemy as sa

from services.station.domain.settings import Kind, Setting
from services.station.store.tables import metadata
from shared import store
from shared.errors import IllegalMove
from shared.store import Moment

settings = sa.Table(
    "settings",
    metadata,
    sa.Column("kind", sa.Text, primary_key=True),
    sa.Column("key", sa.Text, primary_key=True),
    sa.Column("version", sa.Integer, primary_key=True),
    sa.Column("content", sa.JSON, nullable=False),
    sa.Column("set_at", Moment, nullable=False),
    sa.Column("set_by", sa.Text, nullable=False),
)


class Settings:
    def __init__(self, connection: sa.Connection) -> None:
        self._connection = connection

    def latest(self, kind: Kind, key: str) -> Setting | None:
        this = settings.select().where(settings.c.kind == kind, settings.c.key == key)
        row = self._connection.execute(this.order_by(settings.c.version.desc()).limit(1)).first()
        return _entity(row) if row else None

    def all(self, kind: Kind) -> list[Setting]:
        rows = self._connection.execute(
            settings.select().where(settings.c.kind == kind).order_by(settings.c.key, settings.c.version)
        )
        return list({row.key: _entity(row) for row in rows}.values())

    def add(self, setting: Setting) -> None:
        values = {
            "kind": str(setting.kind), "key": setting.key, "version": setting.version, "content": setting.content,
            "set_at": setting.set_at, "set_by": setting.set_by,
        }  # fmt: skip
        added = self._connection.execute(
            store.insert(settings, self._connection).values(values).on_conflict_do_nothing()
        )
        if not added.rowcount:
            raise IllegalMove("这份设置刚被改过，请看看最新的再改")


def _entity(row: sa.Row[Any]) -> Setting:
    return Setting(**{**row._asdict(), "kind": Kind(row.kind)})
