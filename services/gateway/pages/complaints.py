"""Pages where somebody complains and follows it: by name or without, by number and code, until it is settled."""

import uuid
from collections.abc import Mapping
from urllib.parse import quote

from starlette.responses import Response

from services.gateway import complaining
from services.gateway.grants import Grant
from services.gateway.known import PUBLIC
from services.gateway.pages.frame import owner, page, render, see
from services.gateway.pages.landing import on_the_page, split_contact
from services.gateway.visit import Visit
from shared.access import Actor
from shared.contracts.base import Command
from shared.contracts.dispatch import ItemPage, ListItems
from shared.contracts.feedback import (
    AcceptDecision,
    AppealDecision,
    ComplaintFiled,
    ComplaintView,
    FileComplaint,
    GetComplaint,
    GetOwnComplaint,
    WithdrawComplaint,
)
from shared.errors import IllegalMove, Invalid, Unavailable

COOKIE = "nqi_complained"
SECONDS = 3600
_CONTACT = {"phone": "contact", "email": "contact"}
_FIELDS = ("about", "text", "wish", "contact", "anonymous", "item_id", "key")


async def proven(visit: Visit, number: str, code: str) -> tuple[ComplaintView, Grant]:
    """The complaint, and what the right number and code let somebody do with it; raises NotFound or TooMany."""

    async def open_it() -> ComplaintView:
        return await visit.ask(GetOwnComplaint(number=number, code=code))

    one = await visit.gateway.people.with_code(number, visit.address, open_it)
    return one, visit.grants.with_request(one.number, one.complaint_id, one.park).held[0]


@page("/{park}/complain", "GET", "POST")
async def complain(visit: Visit, park: str) -> Response:
    """About anything, with no account and no name."""
    station = await visit.gateway.known.station(park)
    return await _complain(visit, station.park, PUBLIC)


@page("/r/{number}/complain", "GET", "POST")
async def complain_of(visit: Visit, number: str) -> Response:
    """About a request, by its owner."""
    grant = owner(visit, number)
    if grant is None:
        return see(f"/track?number={quote(number)}")
    return await _complain(visit, grant.park, grant.actor(), grant)


async def _complain(visit: Visit, park: str, actor: Actor, grant: Grant | None = None) -> Response:
    typed = {name: visit.form[name] for name in _FIELDS}
    wrong: Mapping[str, str] = {}
    if visit.request.method == "POST":
        try:
            filed: ComplaintFiled = await visit.tell(_command(typed, park, grant), actor, typed["key"])
            return _filed(visit, filed)
        except Invalid as error:
            wrong = on_the_page(visit, error, _CONTACT)
    items = await _items(visit, grant) if grant else []
    return render(
        visit,
        "complain.html",
        422 if wrong else 200,
        station=await visit.gateway.known.station(park),
        grant=grant,
        items=items,
        typed={**typed, "key": typed["key"] or uuid.uuid4().hex},
        wrong=wrong,
        about=_named(visit, complaining.ABOUT),
        csrf=visit.grants.csrf(visit.gateway.seals),
    )


def _command(typed: Mapping[str, str], park: str, grant: Grant | None) -> FileComplaint:
    anonymous = bool(typed["anonymous"]) and grant is None
    phone, email = split_contact(typed["contact"].strip()) if typed["contact"].strip() and not anonymous else ("", "")
    return FileComplaint(
        park=park, about=typed["about"], text=typed["text"], wish=typed["wish"], anonymous=anonymous, phone=phone,
        email=email, request_id=grant.request_id if grant else "", item_id=typed["item_id"] if grant else "",
    )  # fmt: skip


async def _items(visit: Visit, grant: Grant) -> list[tuple[str, str]]:
    """What the request's items are called, where there are several to choose from."""
    try:
        found: ItemPage = await visit.ask(ListItems(request_id=grant.request_id), grant.actor())
    except Unavailable:
        return []
    return [(one.item_id, one.title or one.text[:60]) for one in reversed(found.items)]


def _named(visit: Visit, options: complaining.Options) -> dict[str, str]:
    return {name: complaining.named(options, name, visit.say) for name in options}


def _filed(visit: Visit, filed: ComplaintFiled) -> Response:
    response = see(_address(filed.number))
    seals = visit.gateway.seals
    grants = visit.grants.with_request(filed.number, filed.complaint_id, filed.park)
    grants.write(response, seals, secure=visit.secure)
    response.set_cookie(
        COOKIE, seals.seal("complained", [filed.number, filed.code], SECONDS), max_age=SECONDS, httponly=True,
        samesite="lax", secure=visit.secure,
    )  # fmt: skip
    return response


def _address(number: str) -> str:
    return f"/c/{quote(number, safe='')}"


@page("/c/{number}", "GET", "POST")
async def follow(visit: Visit, number: str) -> Response:
    grant = owner(visit, number)
    if grant is None:
        if await visit.session():
            return see(f"/desk/complaints/by-number/{quote(number)}")
        return see(f"/track?number={quote(number)}")
    wrong: Mapping[str, str] = {}
    if visit.request.method == "POST":
        command = _answer(visit, grant.request_id)
        try:
            if command:
                await visit.tell(command, grant.actor(), visit.form["key"])
            return see(_address(number))
        except IllegalMove:  # it moved on meanwhile: the page says how it stands
            return see(_address(number))
        except Invalid as error:
            wrong = {path: visit.say(text) for path, text in error.fields.items()}
    one: ComplaintView = await visit.ask(GetComplaint(complaint_id=grant.request_id), grant.actor())
    known = visit.gateway.seals.open("complained", visit.request.cookies.get(COOKIE, ""))
    return render(
        visit,
        "complaint_own.html",
        422 if wrong else 200,
        station=await visit.gateway.known.station(one.park),
        one=one,
        stage=complaining.STAGES[one.stage],
        next=complaining.next_of(one, visit.say, visit.clock),
        told=complaining.story(one.steps, visit.say, visit.clock, to_client=True),
        about=complaining.named(complaining.ABOUT, one.about, visit.say),
        outcome=complaining.named(complaining.OUTCOMES, one.outcome, visit.say),
        response=complaining.named(complaining.RESPONSES, one.response, visit.say),
        code=known[1] if known and known[0] == one.number else "",
        text=visit.form["text"],
        wrong=wrong,
        csrf=visit.grants.csrf(visit.gateway.seals),
    )


def _answer(visit: Visit, complaint_id: str) -> Command | None:
    match visit.form["do"]:
        case "accept":
            return AcceptDecision(complaint_id=complaint_id)
        case "appeal":
            return AppealDecision(complaint_id=complaint_id, text=visit.form["text"])
        case "withdraw":
            return WithdrawComplaint(complaint_id=complaint_id)
    return None
