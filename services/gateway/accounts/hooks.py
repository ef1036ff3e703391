"""Signed webhooks: who may call them, their secrets, and what of their messages means what."""

import base64
import os
import re
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import sqlalchemy as sa
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from services.gateway.accounts.keys import check_door
from services.gateway.accounts.store import metadata, reading
from shared.access import EVERYWHERE, Actor, Role
from shared.errors import Invalid, NotFound
from shared.store import Moment, insert, unavailable

hooks = sa.Table(
    "hooks",
    metadata,
    sa.Column("name", sa.Text, primary_key=True),
    sa.Column("secret", sa.LargeBinary, nullable=False),  # nonce + AES-256-GCM, bound to the name
    sa.Column("parks", sa.JSON, nullable=False),
    sa.Column("mapping", sa.JSON, nullable=False),
    sa.Column("created_at", Moment, nullable=False),
    sa.Column("revoked_at", Moment),
)

FIELDS = (
    "park", "text", "company", "credit_code", "contact_name", "phone", "email", "category", "item", "details",
    "reference",
)  # fmt: skip
NEEDED = ("text", "company")
CONSTANT = "="  # `=tianan`: always this value
PREFIX = "whsec_"
NONCE_BYTES, SECRET_BYTES = 12, 32
POINTER = re.compile(r"(/([^~/]|~[01])*)*")  # RFC 6901


@dataclass(frozen=True, kw_only=True)
class Hook:
    """`mapping`: a need's field -> a JSON pointer into the message, or `=` and a constant."""

    name: str
    secret: bytes
    parks: tuple[str, ...]
    mapping: Mapping[str, str]
    created_at: datetime
    revoked_at: datetime | None = None

    def actor(self) -> Actor:
        return Actor(id=f"hook:{self.name}", role=Role.SYSTEM, name=self.name, parks=self.parks)


class Hooks:
    """Every webhook; each call is one transaction. Raises Unavailable when the database cannot be used."""

    def __init__(self, engine: sa.Engine, data_key: bytes) -> None:
        self._engine, self._cipher = engine, AESGCM(data_key)

    def add(self, name: str, parks: Sequence[str], mapping: Mapping[str, str]) -> str:
        """The new secret, as its sender needs it; raises Invalid."""
        if wrong := check_door(name, parks) | _check_mapping(parks, mapping):
            raise Invalid("请检查填写的内容", fields=wrong)
        secret, nonce = secrets.token_bytes(SECRET_BYTES), os.urandom(NONCE_BYTES)
        with unavailable(), self._engine.begin() as connection:
            added = connection.execute(
                insert(hooks, connection)
                .values(
                    name=name,
                    secret=nonce + self._cipher.encrypt(nonce, secret, name.encode()),
                    parks=list(parks),
                    mapping=dict(mapping),
                    created_at=datetime.now(UTC),
                )
                .on_conflict_do_nothing()
            )
        if not added.rowcount:
            raise Invalid("请检查填写的内容", fields={"name": "这个名称已经有了"})
        return PREFIX + base64.b64encode(secret).decode()

    def find(self, name: str) -> Hook | None:
        """The webhook of this name, unless it was revoked."""
        wanted = hooks.select().where(hooks.c.name == name, hooks.c.revoked_at.is_(None))
        with unavailable(), reading(self._engine) as connection:
            row = connection.execute(wanted).one_or_none()
        return self._hook(row) if row else None

    def list(self) -> list[Hook]:
        with unavailable(), reading(self._engine) as connection:
            return [self._hook(row) for row in connection.execute(hooks.select().order_by(hooks.c.name))]

    def revoke(self, name: str) -> None:
        """It takes nothing any more; its name stays taken, for needs bear it. Raises NotFound."""
        with unavailable(), self._engine.begin() as connection:
            this = sa.and_(hooks.c.name == name, hooks.c.revoked_at.is_(None))
            if not connection.execute(hooks.update().where(this).values(revoked_at=datetime.now(UTC))).rowcount:
                raise NotFound("没有 {name} 这个回调入口", name=name)

    def _hook(self, row: sa.Row[Any]) -> Hook:
        nonce, sealed = row.secret[:NONCE_BYTES], row.secret[NONCE_BYTES:]
        return Hook(
            name=row.name,
            secret=self._cipher.decrypt(nonce, sealed, row.name.encode()),
            parks=tuple(row.parks),
            mapping=row.mapping,
            created_at=row.created_at,
            revoked_at=row.revoked_at,
        )


def _check_mapping(parks: Sequence[str], mapping: Mapping[str, str]) -> dict[str, str]:
    wrong = {}
    for field, source in mapping.items():
        if field not in FIELDS:
            wrong[field] = "没有这一项"
        elif not source.startswith(CONSTANT) and not (source and POINTER.fullmatch(source)):
            wrong[field] = "请写 JSON 指针，例如 /need/text；固定的值写成 =值"
    for field in NEEDED:
        if field not in mapping:
            wrong[field] = "请写这一项在消息里的位置"
    if "park" not in mapping and (len(parks) != 1 or EVERYWHERE in parks):
        wrong["park"] = "入口对着几个园区时，请写园区在消息里的位置"
    return wrong
