"""Pages of clocks: the board of all that run, why a deadline is when it is, and letting a clock stand still."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote, urlencode

from starlette.responses import Response

from services.gateway import words
from services.gateway.accounts.domain import Session
from services.gateway.pages.frame import page, render, see, signed_in
from services.gateway.pages.item import may_handle
from services.gateway.pages.queue import desk, stations_of
from services.gateway.pages.steps import take
from services.gateway.reckoning import reckoned
from services.gateway.targets import names
from services.gateway.visit import Visit
from shared.contracts.dispatch import (
    ClockPage,
    GetClocks,
    GetItem,
    ItemClocks,
    ItemView,
    ListClocks,
    PauseItem,
    ResumeItem,
)
from shared.contracts.station import StationView
from shared.errors import Invalid, NotFound, Unavailable

PAGE = 50
FOR_STAFF = frozenset(words.CLOCKS)


@dataclass(frozen=True, kw_only=True)
class Board:
    """The clocks that run, as the address asks for them."""

    page: ClockPage
    stations: Mapping[str, StationView]
    titles: Mapping[str, str]  # by item: what it is, where that is known
    filters: Mapping[str, str]
    total: int

    def link(self, **changes: str) -> str:
        pairs = {**self.filters, **changes}
        return urlencode({name: value for name, value in pairs.items() if value})


@page("/desk/clocks")
async def board(visit: Visit) -> Response:
    session = await signed_in(visit)
    query = visit.request.query_params
    filters = {name: query.get(name, "").strip()[:60] for name in ("park", "clock", "mine", "told", "after")}
    if filters["clock"] not in words.CLOCKS:
        filters["clock"] = ""
    account = session.account
    asked = ListClocks(
        park=filters["park"], clock=filters["clock"], owner_id=account.id if filters["mine"] else "",
        told=bool(filters["told"]), after=filters["after"], limit=PAGE,
    )  # fmt: skip
    found: ClockPage = await visit.ask(asked, account.actor())
    stations = {one.park: one for one in await stations_of(visit, session)}
    known = await names(visit)
    shown = Board(
        page=found, stations=stations, titles={one.item_id: known.item(one.item, one.title) for one in found.items},
        filters={name: value for name, value in filters.items() if name != "after"},
        total=sum(found.by_clock.values()),
    )  # fmt: skip
    handled = {park for park in {one.park for one in found.items} if may_handle(session, park)}
    return desk(visit, session, "clocks.html", board=shown, handled=handled)


@page("/desk/items/{item_id}/clock")
async def why(visit: Visit, item_id: str) -> Response:
    """How this item's deadlines were worked out, for staff."""
    session = await signed_in(visit)
    actor = session.account.actor()
    item: ItemView = await visit.ask(GetItem(item_id=item_id), actor)
    told: ItemClocks = await visit.ask(GetClocks(item_id=item_id), actor)
    runs = reckoned(told, item.due, visit.say, visit.clock, only=FOR_STAFF)
    return desk(visit, session, "clock.html", item=item, runs=runs, back=f"/desk/items/{item_id}")


@page("/r/{number}/clock/{item_id}")
async def why_for_client(visit: Visit, number: str, item_id: str) -> Response:
    grant = visit.grants.get(number)
    if grant is None:
        return see(f"/track?number={quote(number)}")
    item: ItemView = await visit.ask(GetItem(item_id=item_id), grant.actor())
    told: ItemClocks = await visit.ask(GetClocks(item_id=item_id), grant.actor())
    try:
        station = await visit.gateway.known.station(grant.park)
    except (NotFound, Unavailable):
        station = None
    return render(
        visit, "own_clock.html", station=station, item=item, back=f"/r/{quote(number, safe='')}",
        runs=reckoned(told, item.due, visit.say, visit.clock, only=words.FOR_CLIENTS),
    )  # fmt: skip


@page("/desk/items/{item_id}/pause", "GET", "POST")
async def pause(visit: Visit, item_id: str) -> Response:
    """A page of its own: the reason is asked for, and the client will read it."""
    session = await signed_in(visit)
    wrong: dict[str, str] = {}
    if visit.request.method == "POST":
        try:
            return await take(visit, session, item_id, "pause", PauseItem(item_id=item_id, reason=visit.form["reason"]))
        except Invalid as error:
            wrong = {path: visit.say(text) for path, text in error.fields.items()}
    return await _asked(visit, session, item_id, wrong)


async def _asked(visit: Visit, session: Session, item_id: str, wrong: Mapping[str, str]) -> Response:
    item: ItemView = await visit.ask(GetItem(item_id=item_id), session.account.actor())
    data: dict[str, Any] = {"item": item, "reason": visit.form["reason"], "wrong": wrong}
    return desk(visit, session, "pause.html", 422 if wrong else 200, **data)


@page("/desk/items/{item_id}/resume", "POST")
async def resume(visit: Visit, item_id: str) -> Response:
    session = await signed_in(visit)
    return await take(visit, session, item_id, "resume", ResumeItem(item_id=item_id, reason=visit.form["reason"]))
