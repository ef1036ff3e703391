"""The queue of the workbench: which items, in which groups, and how many there are."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlencode

from starlette.responses import Response

from services.gateway import words
from services.gateway.accounts.domain import Session
from services.gateway.accounts.filters import SavedFilter, plain
from services.gateway.language import N_
from services.gateway.pages.frame import page, render, signed_in
from services.gateway.targets import channels
from services.gateway.visit import Visit
from shared.access import EVERYWHERE, parks_of
from shared.contracts.dispatch import ItemPage, ItemView, ListClocks, ListItems
from shared.contracts.intake import ListMails
from shared.contracts.station import StationView
from shared.errors import Forbidden, Unavailable

PAGE = 50
_LONG_AGO = datetime(1970, 1, 1, tzinfo=UTC)
MINE, WAITING, ALL = "mine", "waiting", "all"
_GROUPS = (
    N_("没有机构能接，请处理"),
    N_("已超时"),
    N_("快到时间"),
    N_("轮到我们"),
    N_("等别人"),
    N_("时限暂停中"),
    N_("已了结"),
)
_BY_CLOCK = {"late": 1, "soon": 2, "paused": 5}


@dataclass(frozen=True, kw_only=True)
class Queue:
    """What the queue shows, and the filters it was asked with."""

    view: str
    groups: Sequence[tuple[str, Sequence[ItemView]]]
    counts: Mapping[str, int]  # by view
    ours: int  # items of all views where it is the station's turn
    filters: Mapping[str, str]
    stations: Sequence[StationView]
    more: str
    urgent: bool  # the most urgent first; else the newest
    changed: datetime  # the last change of what is shown
    unmatched: int = 0  # items for which no organization is left
    handed: int = 0  # items somebody would hand over to the reader
    saved: Sequence[SavedFilter] = ()

    def is_current(self, one: SavedFilter) -> bool:
        return plain(self.link()) == one.query

    def savable(self) -> bool:
        """Whether there is a filter that is not kept yet."""
        narrowed = any(self.filters.values())
        return narrowed and not any(self.is_current(one) for one in self.saved)

    mails: int = 0  # that wait for somebody to look at them
    told: int = 0  # clocks that the reader was warned or told of

    def link(self, **changes: str) -> str:
        """The queue's query with some of it changed, for links that keep the rest."""
        pairs = {"view": self.view, **self.filters, **changes}
        return urlencode({name: value for name, value in pairs.items() if value})


def _filters(visit: Visit) -> dict[str, str]:
    query = visit.request.query_params
    found = {name: query.get(name, "").strip()[:100] for name in ("park", "stage", "search", "after")}
    if found["stage"] not in words.STAGES:
        found["stage"] = ""
    return found


async def queue(visit: Visit, session: Session) -> Queue:
    """The queue as the address asks for it."""
    filters, actor = _filters(visit), session.account.actor()
    asked = ListItems(
        park=filters["park"],
        stage=filters["stage"],
        search=filters["search"],
        after=filters["after"],
        open=filters["stage"] not in words.ENDED and not filters["search"],
        limit=PAGE,
    )
    if asked.open:
        asked = replace(asked, order="urgency")
    views = {
        MINE: replace(asked, owner_id=actor.id),
        WAITING: replace(asked, stage="received"),
        ALL: asked,
    }
    await channels(visit)  # so that they are known when the page is drawn
    pages: list[ItemPage] = await asyncio.gather(*(visit.ask(query, actor) for query in views.values()))
    handed, told, mails = await asyncio.gather(
        visit.ask(ListItems(heir_id=actor.id, open=True, limit=1), actor),
        visit.ask(ListClocks(told=True, limit=1), actor),
        _mails(visit, session),
    )
    found = dict(zip(views, pages, strict=True))
    counts = {
        MINE: _sum(found[MINE].counts, filters["stage"]),
        WAITING: found[ALL].counts.get("received", 0),
        ALL: _sum(found[ALL].counts, filters["stage"]),
    }
    view = visit.request.query_params.get("view", "")
    if view not in views:
        view = next((name for name in (MINE, WAITING) if counts[name]), ALL)
    if filters["search"] and not counts[view]:
        view = ALL  # who looks for a number wants to find it, wherever it is
    items = found[view].items
    return Queue(
        view=view,
        groups=_grouped(items),
        counts=counts,
        ours=sum(n for name, n in found[ALL].counts.items() if words.STAGES[name].turn == words.STATION),
        filters={name: value for name, value in filters.items() if name != "after"},
        stations=await stations_of(visit, session),
        more=found[view].next,
        urgent=bool(asked.order),
        changed=max((item.changed_at for item in items), default=_LONG_AGO),
        unmatched=found[ALL].counts.get("unmatched", 0),
        handed=sum(handed.counts.values()),
        saved=await visit.gateway.people.filters(session.account.id),
        mails=mails,
        told=sum(told.by_clock.values()),
    )


async def _mails(visit: Visit, session: Session) -> int:
    try:
        return int((await visit.ask(ListMails(limit=1), session.account.actor())).waiting)
    except (Unavailable, Forbidden):  # away, or not for this role
        return 0


def _sum(counts: Mapping[str, int], stage: str) -> int:
    return counts.get(stage, 0) if stage else sum(counts.values())


def _grouped(items: Sequence[ItemView]) -> list[tuple[str, Sequence[ItemView]]]:
    """What presses first, whoever's turn it is; then by whose turn it is."""
    groups = [(head, [item for item in items if _group(item) == n]) for n, head in enumerate(_GROUPS)]
    return [(head, found) for head, found in groups if found]


def _group(item: ItemView) -> int:
    if item.stage == "unmatched":
        return 0
    if item.due and item.due.state in _BY_CLOCK:
        return _BY_CLOCK[item.due.state]
    stage = words.stage_of(item)
    if stage.turn == words.STATION:
        return 3
    return 6 if stage.turn == words.NOBODY and stage is not words.WAITING else 4


async def stations_of(visit: Visit, session: Session) -> list[StationView]:
    """The stations of the reader's parks."""
    parks = parks_of(session.account.actor(), "list_items")
    try:
        stations = await visit.gateway.known.stations()
    except Unavailable:
        return []
    return [station for station in stations if EVERYWHERE in parks or station.park in parks]


def desk(visit: Visit, session: Session, template: str, status: int = 200, **data: Any) -> Response:
    """Render a page of the workbench."""
    return render(visit, template, status, account=session.account, csrf=session.csrf, **data)


@page("/desk")
async def show(visit: Visit) -> Response:
    session = await signed_in(visit)
    return desk(visit, session, "desk.html", queue=await queue(visit, session), current="")


@page("/desk/news")
async def news(visit: Visit) -> Response:
    """How many of the items shown changed since the page was made: a quiet line, or nothing."""
    found = await queue(visit, await signed_in(visit))
    try:
        since = datetime.fromisoformat(visit.request.query_params.get("since", ""))
        count = sum(item.changed_at > since for _, items in found.groups for item in items)
    except (ValueError, TypeError):
        count = 0
    return render(visit, "news.html", count=count, address=f"/desk?{found.link()}")
