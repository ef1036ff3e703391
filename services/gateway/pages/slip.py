"""The slip to hand over: number, code, QR. The code is known for an hour, in a signed cookie of that browser."""

from typing import Any
from urllib.parse import quote

from markupsafe import Markup
from starlette.responses import Response

from services.gateway import words
from services.gateway.pages.frame import page, render, signed_in
from services.gateway.qr import qr
from services.gateway.visit import Visit
from shared.contracts.dispatch import GetItem, ItemView
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


def track_code(visit: Visit, number: str) -> Markup:
    """Leads to the page that asks for the code."""
    return qr(f"{visit.request.base_url}track?number={quote(number)}")


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


@page("/desk/slips/{item_id}")
async def print_slip(visit: Visit, item_id: str) -> Response:
    """To print for somebody at the window."""
    session = await signed_in(visit)
    item: ItemView = await visit.ask(GetItem(item_id=item_id), session.account.actor())
    slip = remembered(visit)
    if not slip or slip["number"] != item.number:
        slip = {"number": item.number, "code": "", "text": item.text[:EXCERPT]}
    return render(
        visit,
        "print.html",
        station=await visit.gateway.known.station(item.park),
        slip=slip,
        item=item,
        at=item.opened_at,
        stage=words.stage_of(item),
        qr=track_code(visit, item.number),
    )
