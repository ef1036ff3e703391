"""Pages where a client follows a request: open it, see whose turn it is, rate, withdraw, forget."""

from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import quote

from starlette.responses import Response

from services.gateway import complaining, words
from services.gateway.asking import Asked, asked_of
from services.gateway.grants import COOKIE, Grant
from services.gateway.opening import Opened, opened, proven_by_code
from services.gateway.owning import is_client, own_of
from services.gateway.pages import fields
from services.gateway.pages.agreeing import Deal, deal_of
from services.gateway.pages.complaints import proven
from services.gateway.pages.frame import owner, page, render, see
from services.gateway.pages.times import SAID, appointment_of
from services.gateway.progress import Delay, Progress, delay_of, progress_of
from services.gateway.story import Story, Told, this_round
from services.gateway.targets import Names, names
from services.gateway.visit import Visit
from shared.access import Actor
from shared.contracts.archive import Entry
from shared.contracts.dispatch import AppointmentView, GetItem, ItemView, WithdrawItem
from shared.contracts.feedback import SurveyView
from shared.errors import IllegalMove, NotFound, Unavailable


@dataclass(frozen=True, kw_only=True)
class Followed:
    """One service item as its client sees it."""

    item: ItemView
    title: str
    stage: words.Stage
    next: words.NextStep | None
    told: Sequence[Told]
    ahead: Sequence[tuple[str, str, str]]
    survey: SurveyView | None
    result: Sequence[fields.Shown]
    appointment: AppointmentView | None
    last: Mapping[str, Any]  # what the event that ended it says
    progress: Progress | None
    delay: Delay | None
    asked: Asked | None = None  # what the client is asked for now
    deal: Deal | None = None  # with an organization
    elsewhere: "Followed | None" = None  # where it is handled, if it was merged


@page("/track", "GET", "POST")
async def track(visit: Visit) -> Response:
    form = visit.form
    if visit.request.method == "GET":
        return render(visit, "track.html", number=visit.request.query_params.get("number", ""), wrong={})
    number, code = form["number"].replace(" ", ""), form["code"].replace(" ", "")
    wrong = {
        name: visit.say(text)
        for name, value, text in (
            ("number", number, "请填写受理编号"),
            ("code", code, "请填写查询码"),
        )
        if not value
    }
    if not wrong:
        about_complaint = number.startswith(complaining.PREFIX)
        try:
            _, grant = await (proven if about_complaint else proven_by_code)(visit, number, code)
        except NotFound:
            wrong = {"code": visit.say("编号和查询码对不上，请再核对一下")}
        else:
            response = see(f"/c/{quote(grant.number, safe='')}" if about_complaint else _address(grant.number))
            grants = visit.grants.with_request(grant.number, grant.request_id, grant.park)
            grants.write(response, visit.gateway.seals, secure=visit.secure)
            return response
    return render(visit, "track.html", 422, number=number, wrong=wrong)


def _address(number: str) -> str:
    return f"/r/{quote(number, safe='')}"


@page("/r/{number}")
async def follow(visit: Visit, number: str) -> Response:
    grant = visit.grants.get(number)
    if grant is None:
        if own := await own_of(visit, number):
            response = see(_address(number))
            grants = visit.grants.with_request(own.number, own.request_id, own.park)
            grants.write(response, visit.gateway.seals, secure=visit.secure)
            return response
        if (session := await visit.session()) and not is_client(session):
            return see(f"/desk?view=all&search={quote(number)}")
        return see(f"/track?number={quote(number)}")
    found = await opened(visit, number, grant.actor())
    followed, seen = await _followed(visit, found, grant.actor())
    return render(
        visit,
        "request.html",
        station=await _station(visit, grant),
        request=found.request,
        followed=followed,
        files=found.files,
        missing=found.missing,
        seen=seen,
        csrf=visit.grants.csrf(visit.gateway.seals),
        said=SAID.get(visit.request.query_params.get("said", ""), ""),
        over_of=lambda items: _over(visit, items),
    )


def _over(visit: Visit, followed: Sequence[Followed]) -> str:
    """How many of several items are over, and how many wait for the client."""
    over = sum(one.next is None or one.item.stage in ("told", "closed") for one in followed)
    asks = sum(one.stage.turn == words.CLIENT and one.item.stage != "told" for one in followed)
    if over in (0, len(followed)):
        said = [visit.say("都办完了") if over else visit.say("都在办")]
    else:
        said = [visit.say("{n} 件已办完", n=over)]
    if asks:
        said.append(visit.say("{n} 件等您", n=asks))
    return visit.say("，").join(said)


@page("/r/{number}/news")
async def news(visit: Visit, number: str) -> Response:
    """How much happened since the page was made: a quiet line, or nothing."""
    grant = visit.grants.get(number)
    if grant is None:
        raise NotFound("没有这个页面")
    _, now = await _followed(visit, await opened(visit, number, grant.actor()), grant.actor())
    seen = visit.request.query_params.get("seen", "")
    count = now - int(seen) if seen.isdecimal() else 0
    return render(visit, "news.html", count=count, address=_address(number))


async def _station(visit: Visit, grant: Grant) -> Any:
    try:
        return await visit.gateway.known.station(grant.park)
    except (NotFound, Unavailable):
        return None


async def _followed(visit: Visit, found: Opened, actor: Actor) -> tuple[list[Followed], int]:
    """Every item of the request, and how many steps others took in all."""
    known = await names(visit)
    story = Story(visit.say, known, when=visit.clock, day=visit.clock.iso)
    first = found.items[0].item_id if found.items else ""
    followed, seen = [], 0
    for item in found.items:
        entries = [e for e in found.timeline if (e.item_id or first) == item.item_id]
        told = story.tell(entries)
        seen += sum(not one.own for one in told)
        followed.append(
            Followed(
                item=item,
                title=known.item(item.item, item.title),
                stage=words.stage_of(item),
                next=words.next_of(item),
                told=told,
                ahead=words.ahead_of(item.stage),
                survey=next((s for s in reversed(found.surveys) if s.item_id == item.item_id), None),
                result=await _result(visit, item, entries),
                appointment=await appointment_of(visit, item, actor),
                last=entries[-1].data if entries else {},
                progress=progress_of(entries) if item.stage == "serving" else None,
                delay=delay_of(entries) if item.stage == "serving" else None,
                asked=await _asked(visit, item, actor),
                deal=await deal_of(visit, item, actor),
                elsewhere=await _elsewhere(visit, item, found, story, known),
            )
        )
    return followed, seen


async def _asked(visit: Visit, item: ItemView, actor: Actor) -> Asked | None:
    notice = await asked_of(visit, item, actor) if item.stage == "asked" else None
    return Asked.of(notice) if notice else None


async def _elsewhere(visit: Visit, item: ItemView, found: Opened, story: Story, known: Names) -> Followed | None:
    """How a merged item goes on where it is handled."""
    one = next((one for one in found.elsewhere if one.item_id == item.item_id), None)
    if one is None:
        return None
    other, entries = one.handled_as, one.timeline
    return Followed(
        item=other,
        title=known.item(other.item, other.title),
        stage=words.stage_of(other),
        next=words.next_of(other),
        told=story.tell(entries),
        ahead=words.ahead_of(other.stage),
        survey=None,
        result=await _result(visit, other, entries),
        appointment=None,
        last=entries[-1].data if entries else {},
        progress=progress_of(entries) if other.stage == "serving" else None,
        delay=delay_of(entries) if other.stage == "serving" else None,
    )


async def _result(visit: Visit, item: ItemView, entries: Sequence[Entry]) -> list[fields.Shown]:
    """What was delivered, under the labels of the item's result form."""
    results = [e.data.get("result") for e in this_round(entries) if e.type == "service_finished"]
    if not results or not isinstance(results[-1], Mapping):
        return []
    try:
        _, manifest = await visit.gateway.known.item(item.item)
        description = manifest["result"]
    except (NotFound, Unavailable):
        description = []
    return fields.show(description, results[-1], visit.say, visit.clock)


@page("/r/{number}/withdraw/{item_id}", "GET", "POST")
async def withdraw(visit: Visit, number: str, item_id: str) -> Response:
    grant = owner(visit, number)
    if grant is None:
        return see(f"/track?number={quote(number)}")
    if visit.request.method == "POST":
        command = WithdrawItem(item_id=item_id, reason=visit.form["reason"])
        with suppress(IllegalMove):  # it moved on meanwhile: the page says how it stands
            await visit.tell(command, grant.actor(), visit.form["key"])
        return see(_address(number))
    item = await visit.ask(GetItem(item_id=item_id), grant.actor())
    return render(
        visit,
        "withdraw.html",
        station=await _station(visit, grant),
        item=item,
        csrf=visit.grants.csrf(visit.gateway.seals),
    )


@page("/r/{number}/forget", "POST")
async def forget(visit: Visit, number: str) -> Response:
    """This browser no longer opens the request without its code."""
    owner(visit, number)
    response = see("/track")
    kept = tuple(grant for grant in visit.grants.held if grant.number != number)
    if kept:
        replace(visit.grants, held=kept).write(response, visit.gateway.seals, secure=visit.secure)
    else:
        response.delete_cookie(COOKIE)
    return response
