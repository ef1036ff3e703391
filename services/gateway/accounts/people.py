"""Proves who somebody is: account and password, a session's token, the code of a request."""

from collections.abc import Awaitable, Callable, Iterable
from datetime import UTC, datetime
from ipaddress import IPv6Address, ip_address, ip_network
from typing import TypeVar

import sqlalchemy as sa
from anyio import CapacityLimiter, to_thread

from services.gateway.accounts import passwords
from services.gateway.accounts.domain import Account, Session, Subject, digest, new_token
from services.gateway.accounts.filters import Filters, SavedFilter
from services.gateway.accounts.store import Accounts, Guesses, Sessions, answers
from services.gateway.errors import TooMany
from shared.access import EVERYWHERE, Role
from shared.errors import Unavailable, Unproven

T = TypeVar("T")


def _now() -> datetime:
    return datetime.now(UTC)


class People:
    """Everything that asks the gateway's database, each off the event loop."""

    def __init__(self, engine: sa.Engine, now: Callable[[], datetime] = _now) -> None:
        self._engine, self._now = engine, now
        self._accounts, self._sessions = Accounts(engine), Sessions(engine)
        self._guesses = Guesses(engine)
        self._filters = Filters(engine)
        self._hashing = CapacityLimiter(2)  # a hash takes 64 MiB and a tenth of a second of CPU

    async def sign_in(self, login: str, password: str, address: str, last: str = "") -> Session:
        """A new session in the place of the `last`; raises Unproven or TooMany."""
        account, where = Subject("account", login), Subject("address", network(address))
        await self._count([account, where])
        found = await to_thread.run_sync(self._accounts.password_of, login)
        known, kept = found or (None, None)
        if known and known.disabled_at:
            kept = None
        fits = await to_thread.run_sync(passwords.fits, password, kept, limiter=self._hashing)
        if known is None or not fits:
            raise Unproven("账号或密码不对，请再核对一下")
        await to_thread.run_sync(self._guesses.forgive, account, [where])
        token, now = new_token(), self._now()
        await to_thread.run_sync(self._sessions.open, digest(token), known.id, now, digest(last) if last else "")
        await to_thread.run_sync(self._guesses.forget, now)
        return Session(token=token, account=known)

    async def find(self, token: str) -> Session | None:
        account = await to_thread.run_sync(self._sessions.find, digest(token), self._now())
        return Session(token=token, account=account) if account else None

    async def sign_out(self, token: str) -> None:
        await to_thread.run_sync(self._sessions.close, digest(token))

    async def with_code(self, number: str, address: str, open_it: Callable[[], Awaitable[T]]) -> T:
        """Open a request by number and code, counting it as a guess unless it opens; raises TooMany."""
        request, where = Subject("number", number), Subject("address", network(address))
        await self._count([request, where])
        try:
            opened = await open_it()
        except Unavailable:  # nothing was learned about the code, so it was no guess
            await to_thread.run_sync(self._guesses.give_back, [request, where])
            raise
        await to_thread.run_sync(self._guesses.forgive, request, [where])
        return opened

    async def colleagues(self, parks: Iterable[str]) -> list[Account]:
        """Who may answer for items of all these parks, by name."""
        wanted, found = set(parks), await to_thread.run_sync(self._accounts.list)
        return sorted(
            (
                one
                for one in found
                if one.disabled_at is None
                and one.role in (Role.STAFF, Role.OPERATOR)
                and (EVERYWHERE in one.parks or wanted <= set(one.parks))
            ),
            key=lambda one: one.display_name,
        )

    async def filters(self, account_id: str) -> list[SavedFilter]:
        return await to_thread.run_sync(self._filters.of, account_id)

    async def save_filter(self, account_id: str, name: str, query: str) -> None:
        """Raises Invalid."""
        await to_thread.run_sync(self._filters.put, account_id, name, query, self._now())

    async def drop_filter(self, account_id: str, name: str) -> None:
        await to_thread.run_sync(self._filters.drop, account_id, name)

    async def count_upload(self, address: str) -> None:
        """One more file from there; raises TooMany."""
        await self._count([Subject("upload", network(address))])

    async def _count(self, subjects: Iterable[Subject]) -> None:
        wait = await to_thread.run_sync(self._guesses.count, subjects, self._now())
        if wait is not None:
            seconds = int(wait.total_seconds()) + 1
            raise TooMany("试的次数太多了，请过一会儿再试", wait=seconds)

    async def accounts(self) -> list[Account]:
        return await to_thread.run_sync(self._accounts.list)

    async def ready(self) -> bool:
        return await to_thread.run_sync(answers, self._engine)


def network(address: str) -> str:
    """What one client can easily change counts as one address: an IPv6 /64."""
    try:
        parsed = ip_address(address)
    except ValueError:
        return address
    if isinstance(parsed, IPv6Address) and not parsed.ipv4_mapped:
        return str(ip_network((parsed, 64), strict=False))
    return str(getattr(parsed, "ipv4_mapped", None) or parsed)
