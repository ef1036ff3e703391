"""Keys of programs that state needs: made and revoked by the system operator, kept as digests only."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import sqlalchemy as sa

from services.gateway.accounts.domain import digest, new_token
from services.gateway.accounts.store import metadata, reading
from shared.access import EVERYWHERE, Actor, Role
from shared.errors import Invalid, NotFound
from shared.store import Moment, insert, unavailable

NAME = re.compile(r"[a-z][a-z0-9._-]{1,39}")

api_keys = sa.Table(
    "api_keys",
    metadata,
    sa.Column("name", sa.Text, primary_key=True),
    sa.Column("key_hash", sa.Text, nullable=False, unique=True),
    sa.Column("parks", sa.JSON, nullable=False),
    sa.Column("created_at", Moment, nullable=False),
    sa.Column("revoked_at", Moment),
)


@dataclass(frozen=True, kw_only=True)
class ApiKey:
    """A program that may state needs of these parks."""

    name: str
    parks: tuple[str, ...]
    created_at: datetime
    revoked_at: datetime | None = None

    def actor(self) -> Actor:
        return Actor(id=f"key:{self.name}", role=Role.SYSTEM, name=self.name, parks=self.parks)

    def serves(self, park: str) -> bool:
        return bool({park, EVERYWHERE} & set(self.parks))


class ApiKeys:
    """Every key; each call is one transaction. Raises Unavailable when the database cannot be used."""

    def __init__(self, engine: sa.Engine) -> None:
        self._engine = engine

    def add(self, name: str, parks: Sequence[str]) -> str:
        """The new key, told only here; raises Invalid."""
        wrong = check_door(name, parks)
        if wrong:
            raise Invalid("请检查填写的内容", fields=wrong)
        key = new_token()
        with unavailable(), self._engine.begin() as connection:
            added = connection.execute(
                insert(api_keys, connection)
                .values(name=name, key_hash=digest(key), parks=list(parks), created_at=datetime.now(UTC))
                .on_conflict_do_nothing()
            )
        if not added.rowcount:
            raise Invalid("请检查填写的内容", fields={"name": "这个名称已经有了"})
        return key

    def find(self, key: str) -> ApiKey | None:
        """Whose key it is, unless it was revoked."""
        wanted = api_keys.select().where(api_keys.c.key_hash == digest(key), api_keys.c.revoked_at.is_(None))
        with unavailable(), reading(self._engine) as connection:
            row = connection.execute(wanted).one_or_none()
        return _key(row) if row else None

    def list(self) -> list[ApiKey]:
        with unavailable(), reading(self._engine) as connection:
            return [_key(row) for row in connection.execute(api_keys.select().order_by(api_keys.c.name))]

    def revoke(self, name: str) -> None:
        """It opens nothing any more; its name stays taken, for needs bear it. Raises NotFound."""
        with unavailable(), self._engine.begin() as connection:
            this = sa.and_(api_keys.c.name == name, api_keys.c.revoked_at.is_(None))
            if not connection.execute(api_keys.update().where(this).values(revoked_at=datetime.now(UTC))).rowcount:
                raise NotFound("没有 {name} 这个密钥", name=name)


def check_door(name: str, parks: Sequence[str]) -> dict[str, str]:
    """What is wrong with the name and the parks of a program."""
    wrong = {}
    if not NAME.fullmatch(name):
        wrong["name"] = "名称用 2 到 40 个小写字母、数字或 . _ -，以字母开头"
    if not parks or (EVERYWHERE in parks and len(parks) > 1):
        wrong["parks"] = "请写园区代码，或只写 * 表示所有园区"
    return wrong


def _key(row: sa.Row[Any]) -> ApiKey:
    return ApiKey(name=row.name, parks=tuple(row.parks), created_at=row.created_at, revoked_at=row.revoked_at)
