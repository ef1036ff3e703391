"""One HTTP request as our code sees it: the reader's language, who it is, and how to ask the services."""

import asyncio
import hmac
import time
import uuid
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cached_property
from typing import Any

from starlette.requests import Request

from services.gateway.accounts.domain import Session
from services.gateway.accounts.doors import Doors
from services.gateway.accounts.people import People
from services.gateway.assets import Assets
from services.gateway.bodies import SLACK, Form
from services.gateway.errors import Garbled, SignedOut
from services.gateway.grants import Grants
from services.gateway.known import PUBLIC, Known
from services.gateway.language import Speech, negotiate, speech
from services.gateway.live import Live
from services.gateway.seals import Seals
from services.gateway.shell import Figures
from services.gateway.spool import Spool
from services.gateway.when import Clock
from shared.access import Actor
from shared.client import Bus
from shared.config import Settings
from shared.contracts.base import Command, Query
from shared.errors import Forbidden, Interrupted, TimedOut, Unavailable

SESSION_COOKIE = "nqi_session"
LANG_COOKIE = "nqi_lang"
LARGE_COOKIE = "nqi_large"
PARK_COOKIE = "nqi_park"

PATIENCE = {Command: 4.0, Query: 1.0}  # seconds: a service may just be starting again
PAUSE = 0.2
_COMMAND_IDS = uuid.UUID("6c1f1c5e-3c5b-5f0e-9a43-2f6a3f0f7a10")


@dataclass(frozen=True, kw_only=True)
class Gateway:
    """What every request needs, made once at the start."""

    settings: Settings
    bus: Bus
    people: People
    doors: Doors
    spool: Spool
    seals: Seals
    known: Known
    live: Live
    assets: Assets
    figures: Figures

    @property
    def upload_limit(self) -> int:
        """Bytes of a form with files."""
        return self.settings.request_mb * 1024 * 1024 + SLACK


class Visit:
    """One request. `session` and `grants` are looked at only when somebody asks for them."""

    def __init__(self, request: Request) -> None:
        self.request = request
        self.gateway: Gateway = request.app.state.gateway
        self.form = Form([])
        self._session: Session | None = None
        self._looked = False

    # --- the reader

    @cached_property
    def say(self) -> Speech:
        asked = self.request.headers.get("accept-language", "")
        return speech(negotiate(self.request.cookies.get(LANG_COOKIE, ""), asked))

    @cached_property
    def clock(self) -> Clock:
        return Clock(self.say, self.gateway.settings.timezone, datetime.now(UTC))

    @property
    def path(self) -> str:
        return self.request.url.path

    @property
    def address(self) -> str:
        return self.request.client.host if self.request.client else ""

    @property
    def secure(self) -> bool:
        return self.request.url.scheme == "https"

    # --- who it is

    @property
    def _bearer(self) -> str:
        scheme, _, token = self.request.headers.get("authorization", "").partition(" ")
        return token.strip() if scheme.lower() == "bearer" else ""

    @property
    def token(self) -> str:
        """The session's token, from the header or the cookie."""
        return self._bearer or self.request.cookies.get(SESSION_COOKIE, "")

    @property
    def by_cookie(self) -> bool:
        return not self._bearer

    async def session(self) -> Session | None:
        if not self._looked and self.token:
            self._session = await self.gateway.people.find(self.token)
        self._looked = True
        return self._session

    async def staff(self) -> Session:
        """Whoever is signed in; raises SignedOut."""
        if session := await self.session():
            return session
        raise SignedOut("请先登录")

    @cached_property
    def grants(self) -> Grants:
        return Grants.read(self.request.cookies, self.gateway.seals)

    def check_token(self, given: str, wanted: str) -> None:
        """Against forged forms: raises Forbidden unless our own page sent this."""
        if not given or not wanted or not _same(given, wanted):
            raise Forbidden("这个页面放得太久了，请刷新后再试一次")

    # --- the services

    async def ask(self, message: Query, actor: Actor = PUBLIC) -> Any:
        return await self._ask(message, actor, "")

    async def tell(self, message: Command, actor: Actor = PUBLIC, key: str = "") -> Any:
        """Have a command take effect once, however often the same `key` is used on this address."""
        return await self.tell_as(message, actor, self.command_id(actor, key or uuid.uuid4().hex))

    def command_id(self, actor: Actor, key: str) -> str:
        """The same for the same actor, address and key."""
        return str(uuid.uuid5(_COMMAND_IDS, f"{actor.id}\n{self.request.method} {self.path}\n{key}"))

    async def tell_as(self, message: Command, actor: Actor, command_id: str) -> Any:
        """Have a command take effect once, however often it is told under this id."""
        return await self._ask(message, actor, command_id)

    async def _ask(self, message: Any, actor: Actor, command_id: str) -> Any:
        kind = Command if isinstance(message, Command) else Query
        until = time.monotonic() + PATIENCE[kind]
        unknown = 0
        while True:
            try:
                return await self.gateway.bus.ask(message, actor=actor, command_id=command_id)
            except (TimedOut, Interrupted):
                unknown += 1  # it may have taken effect; with the same id it does so only once
                if unknown > 1 or kind is Query:
                    raise
            except Unavailable:
                if time.monotonic() > until:
                    raise
                await asyncio.sleep(PAUSE)


def idempotency_key(request: Request) -> str:
    """The caller's key; raises Garbled for one that cannot be used."""
    key = request.headers.get("idempotency-key", "")
    if len(key) > 200 or not all("!" <= character <= "~" for character in key):
        raise Garbled("幂等键要用 1 到 200 个看得见的 ASCII 字符")
    return key


def _same(one: str, other: str) -> bool:
    return hmac.compare_digest(one.encode("utf-8", "replace"), other.encode("utf-8", "replace"))
