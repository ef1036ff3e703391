"""One request with all that belongs to it, gathered from the services that own the parts."""

import asyncio
from collections.abc import Awaitable
from dataclasses import dataclass
from typing import Any

from services.gateway.elsewhere import Elsewhere, elsewhere
from services.gateway.grants import Grant
from services.gateway.visit import Visit
from shared.access import Actor
from shared.contracts.archive import Entry, GetTimeline
from shared.contracts.base import Answer, Query
from shared.contracts.dispatch import ItemView, ListItems
from shared.contracts.feedback import ListNotices, NoticeView, SurveyView
from shared.contracts.intake import FileView, GetOwnRequest, GetRequest, ListFiles, RequestView
from shared.errors import Unavailable


@dataclass(frozen=True, kw_only=True)
class Opened(Answer):
    """`missing` names the parts that cannot be shown now, because their service is away.

    `elsewhere` says of each merged item how it goes on where it is handled.
    """

    request: RequestView
    items: tuple[ItemView, ...] = ()
    timeline: tuple[Entry, ...] = ()
    notices: tuple[NoticeView, ...] = ()
    surveys: tuple[SurveyView, ...] = ()
    files: tuple[FileView, ...] = ()
    elsewhere: tuple[Elsewhere, ...] = ()
    missing: tuple[str, ...] = ()


async def proven_by_code(visit: Visit, number: str, code: str) -> tuple[RequestView, Grant]:
    """The request, and what the right number and code let a client see of it; raises NotFound or TooMany."""

    async def open_it() -> RequestView:
        return await visit.ask(GetOwnRequest(number=number, code=code))

    request = await visit.gateway.people.with_code(number, visit.address, open_it)
    return request, visit.grants.with_request(request.number, request.request_id, request.park).held[0]


async def opened(visit: Visit, number: str, actor: Actor) -> Opened:
    """The request as this actor may see it; raises NotFound, Forbidden, or Unavailable if it cannot be had at all."""
    return await with_parts(visit, await visit.ask(GetRequest(number=number), actor), actor)


async def with_parts(visit: Visit, request: RequestView, actor: Actor) -> Opened:
    """A request that this actor may see, with all that belongs to it."""
    missing: list[str] = []

    async def part(name: str, query: Query) -> Any:
        try:
            return await visit.ask(query, actor)
        except Unavailable:
            missing.append(name)
            return None

    parts: list[Awaitable[Any]] = [
        part("items", ListItems(request_id=request.request_id, limit=200)),
        part("timeline", GetTimeline(request_id=request.request_id, park=request.park)),
        part("notices", ListNotices(request_id=request.request_id, park=request.park)),
        part("files", ListFiles(request_id=request.request_id)),
    ]
    items, timeline, inbox, files = await asyncio.gather(*parts)
    own = [one for one in reversed(items.items) if one.stage != "rejoined"] if items else []
    merged = [elsewhere(visit, one) for one in own if one.stage == "merged" and one.into_id]
    return Opened(
        request=request,
        items=tuple(own),
        elsewhere=tuple(one for one in await asyncio.gather(*merged) if one),
        timeline=timeline.entries if timeline else (),
        notices=inbox.notices if inbox else (),
        surveys=inbox.surveys if inbox else (),
        files=files.files if files else (),
        missing=tuple(sorted(missing)),
    )
