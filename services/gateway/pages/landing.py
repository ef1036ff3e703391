"""Pages where a need is stated: choose a station, say what it is about, get number and code."""

import re
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import groupby
from typing import Any

from starlette.responses import Response

from services.gateway import uploads
from services.gateway.facts import Reply, answered
from services.gateway.language import N_
from services.gateway.owning import known_of, stating
from services.gateway.pages.frame import YEAR, page, render, see
from services.gateway.pages.slip import remember, remembered, slip_of, track_code
from services.gateway.visit import PARK_COOKIE, Visit
from shared.contracts.dispatch import Guess, Guesses, SuggestCategory
from shared.contracts.intake import NeedSubmitted, SubmitNeed
from shared.contracts.station import StationView
from shared.errors import Invalid, KeyReused, NotFound, Unavailable

_UNSURE = "unsure"  # the client leaves it to the staff
_MOBILE_SHORT = re.compile(r"1[3-9]\d{8}")
_REACH = N_("请留手机号或邮箱，办到哪一步好告诉您")
_ONE_SHORT = N_("手机号少了 1 位，请补全")
_CONTACT = {"phone": "contact", "email": "contact", "files": "file"}  # one field of the page stands for both
_ASKED = {"text": N_("请写下您的需求"), "company": N_("请填写企业名称")}


@dataclass(frozen=True)
class Look:
    """What the text looks like: items to choose from, or a question that the station's facts answer."""

    items: Sequence["Suggestion"] = ()
    question: Reply | None = None


@dataclass(frozen=True)
class Suggestion:
    """One item the need may be about, in the reader's language."""

    item: str
    title: str
    words: tuple[str, ...]


@page("/")
async def choose(visit: Visit) -> Response:
    stations = await visit.gateway.known.stations()
    query = visit.request.query_params
    last = visit.request.cookies.get(PARK_COOKIE, "")
    if "choose" not in query and "q" not in query:
        if len(stations) == 1:
            return see(f"/{stations[0].park}")
        if any(station.park == last for station in stations):
            return see(f"/{last}")
    wanted = query.get("q", "").strip()[:60]
    found = [s for s in stations if wanted.lower() in f"{s.official_name} {s.short} {' '.join(s.industries)}".lower()]
    groups = [(name, list(group)) for name, group in groupby(sorted(found, key=_place), lambda s: s.district)]
    return render(visit, "choose.html", station=None, groups=groups, wanted=wanted, count=len(found), last=last)


def _place(station: StationView) -> tuple[str, str]:
    return station.district, station.park


@page("/{park}", "GET", "POST", uploads=True)
async def landing(visit: Visit, park: str) -> Response:
    station = await visit.gateway.known.station(park)
    if visit.request.method == "GET":
        return await _landing(visit, station, await known_of(visit))
    typed, actor = visit.form.texts(), await stating(visit)
    held, trouble = await uploads.attached(visit, actor)
    if visit.form["look"]:
        return await _landing(visit, station, typed, held=held)
    try:
        need = replace(await _need(visit, park), files=uploads.ids(held))
        if trouble:
            raise Invalid("请检查填写的内容", fields={"file": trouble})
        taken = await visit.tell(need, actor, visit.form["key"])
    except Invalid as error:
        return await _landing(visit, station, typed, on_the_page(visit, error), held=held)
    except KeyReused:
        again = {**typed, "key": uuid.uuid4().hex}
        note = visit.say("刚才已经提交过一次，内容和现在的不一样。要作为另一件事再提交，请再点一次“提交需求”")
        return await _landing(visit, station, again, {}, note, held)
    return taken_page(visit, station, need, taken)


async def _landing(
    visit: Visit,
    station: StationView,
    typed: Mapping[str, str],
    wrong: Mapping[str, str] | None = None,
    note: str = "",
    held: Sequence[uploads.Attached] = (),
) -> Response:
    response = render(
        visit,
        "landing.html",
        status=422 if wrong or note else 200,
        station=station,
        typed={"text": "", "company": "", "contact": "", "credit_code": "", "key": uuid.uuid4().hex, **typed},
        held=held,
        wrong=wrong or {},
        note=note,
        look=await _look(visit, station, typed.get("text", "")),
        categories=await _categories(visit),
    )
    response.set_cookie(PARK_COOKIE, station.park, max_age=YEAR, httponly=True, samesite="lax", secure=visit.secure)
    response.headers["cache-control"] = "private, no-cache"  # so that Back shows what was typed
    return response


@page("/{park}/guess", "POST")
async def guess(visit: Visit, park: str) -> Response:
    """The part of the landing page that htmx renews while the need is typed."""
    typed = visit.form.texts()
    station = await visit.gateway.known.station(park)
    return render(visit, "guess.html", typed=typed, look=await _look(visit, station, typed.get("text", "")))


async def _look(visit: Visit, station: StationView, text: str) -> Look:
    """Nothing while the need is too short, or when the service that knows is away: a need may go without."""
    if len(text.strip()) < 4:
        return Look()
    try:
        found: Guesses = await visit.ask(SuggestCategory(text=text[:5000], park=station.park))
        items = [Suggestion(g.item, await _title(visit, g), g.words) for g in found.guesses]
    except Unavailable:
        return Look()
    return Look(items, answered(found.question, station, visit.say) if found.question else None)


async def _title(visit: Visit, guess: Guess) -> str:
    try:
        category, item = await visit.gateway.known.item(guess.item)
    except NotFound:
        return guess.title
    return f"{visit.say.own(category, 'title')} · {visit.say.own(item, 'title')}"


async def _categories(visit: Visit) -> list[Mapping[str, Any]]:
    try:
        return await visit.gateway.known.categories()
    except Unavailable:
        return []


async def _need(visit: Visit, park: str) -> SubmitNeed:
    """What the form says; raises Invalid for what only this page asks."""
    form = visit.form
    try:
        phone, email = split_contact(form["contact"])
    except Invalid as error:
        empty = {name: text for name, text in _ASKED.items() if not form[name].strip()}
        raise Invalid(error.text, fields={**empty, **error.fields}) from error
    item = "" if form["item"] == _UNSURE else form["item"]
    category = ""
    if item:
        try:
            category = str((await visit.gateway.known.item(item))[0]["code"])
        except (NotFound, Unavailable):
            item = ""  # staff will judge
    return SubmitNeed(
        park=park,
        text=form["text"],
        company=form["company"],
        phone=phone,
        email=email,
        category=category,
        item=item,
        credit_code=form["credit_code"],
    )


def split_contact(contact: str) -> tuple[str, str]:
    """Telephone and e-mail from one field; raises Invalid when it holds neither."""
    if not contact:
        raise Invalid("请检查填写的内容", fields={"contact": _REACH})
    if "@" in contact:
        return "", contact
    if _MOBILE_SHORT.fullmatch(contact):
        raise Invalid("请检查填写的内容", fields={"contact": _ONE_SHORT})
    return contact, ""


def on_the_page(visit: Visit, error: Invalid, names: Mapping[str, str] = _CONTACT) -> dict[str, str]:
    """The wrong fields under the names they have on the page."""
    fields = error.fields or {"text": error.text}
    return {names.get(path, path): visit.say(text) for path, text in fields.items()}


def taken_page(visit: Visit, station: StationView, need: SubmitNeed, taken: NeedSubmitted) -> Response:
    if PARK_COOKIE in visit.request.cookies:
        response: Response = see(f"/{station.park}/sent")
    else:  # a browser that keeps no cookies could not show the next page
        response = _sent(visit, station, slip_of(need.text, taken), 201)
    remember(visit, response, need.text, taken)
    grants = visit.grants.with_request(taken.number, taken.request_id, taken.park)
    grants.write(response, visit.gateway.seals, secure=visit.secure)
    return response


@page("/{park}/sent")
async def sent(visit: Visit, park: str) -> Response:
    slip = remembered(visit)
    if slip is None:
        return see("/track")
    return _sent(visit, await visit.gateway.known.station(park), slip)


def _sent(visit: Visit, station: StationView, slip: Mapping[str, str], status: int = 200) -> Response:
    at = datetime.fromisoformat(slip["at"])
    return render(visit, "sent.html", status, station=station, slip=slip, at=at, qr=track_code(visit, slip["number"]))
