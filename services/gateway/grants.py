"""Requests this browser may look at, because somebody showed their number and code: kept in a signed cookie."""

import secrets
import time
from collections.abc import Mapping
from dataclasses import dataclass, replace

from starlette.responses import Response

from services.gateway.seals import Seals
from shared.access import Actor, Role

COOKIE = "nqi_open"
SECONDS = 7 * 86400
MOST = 12


@dataclass(frozen=True)
class Grant:
    number: str
    request_id: str
    park: str
    until: int

    def actor(self) -> Actor:
        """The client, as the owner of just this request."""
        return Actor(id=f"client:{self.number}", role=Role.CLIENT, requests=(self.request_id,))


@dataclass(frozen=True)
class Grants:
    """What one browser holds. `id` tells browsers apart, so that our forms cannot be forged."""

    id: str = ""
    held: tuple[Grant, ...] = ()

    @classmethod
    def read(cls, cookies: Mapping[str, str], seals: Seals) -> "Grants":
        value = seals.open("grants", cookies.get(COOKIE, ""))
        if value is None:
            return cls()
        known, rows = value
        now = time.time()
        return cls(known, tuple(g for g in (Grant(*row) for row in rows) if g.until > now))

    def get(self, number: str) -> Grant | None:
        return next((grant for grant in self.held if grant.number == number), None)

    def with_request(self, number: str, request_id: str, park: str) -> "Grants":
        """One more, the oldest dropped when there are too many."""
        new = Grant(number, request_id, park, int(time.time()) + SECONDS)
        others = tuple(grant for grant in self.held if grant.number != number)
        return replace(self, id=self.id or secrets.token_urlsafe(12), held=(new, *others)[:MOST])

    def csrf(self, seals: Seals) -> str:
        return seals.mark("csrf", self.id) if self.id else ""

    def write(self, response: Response, seals: Seals, *, secure: bool) -> None:
        rows = [[g.number, g.request_id, g.park, g.until] for g in self.held]
        response.set_cookie(
            COOKIE,
            seals.seal("grants", [self.id, rows], SECONDS),
            max_age=SECONDS,
            httponly=True,
            samesite="lax",
            secure=secure,
        )
