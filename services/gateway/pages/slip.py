"""The slip of a need just stated: number and code, kept for an hour in a signed cookie of that browser."""

from typing import Any

from starlette.responses import Response

from services.gateway.visit import Visit
from shared.contracts.intake import NeedSubmitted

COOKIE = "nqi_sent"
SECONDS = 3600
EXCERPT = 120  # characters


def slip_of(text: str, taken: NeedSubmitted) -> dict[str, str]:
    return {
        "number": taken.number,
        "code": taken.code,
        "text": text[:EXCERPT],
        "at": taken.received_at.isoformat(),
    }


def remember(visit: Visit, response: Response, text: str, taken: NeedSubmitted) -> None:
    response.set_cookie(
        COOKIE,
        visit.gateway.seals.seal("sent", slip_of(text, taken), SECONDS),
        max_age=SECONDS,
        httponly=True,
        samesite="lax",
        secure=visit.secure,
    )


def remembered(visit: Visit) -> Any:
    """The last slip, or None."""
    return visit.gateway.seals.open("sent", visit.request.cookies.get(COOKIE, ""))
