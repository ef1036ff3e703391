"""The self-service terminal (4.4.1): say a need by a few taps, look how it goes, leave nothing behind.

No page here sets a cookie or opens anything for the browser, for the next person uses the same one.
"""

import functools
import re
import uuid
from collections.abc import Mapping
from typing import Any
from urllib.parse import quote

from starlette.responses import Response

from services.gateway.errors import retry_after, status_of
from services.gateway.opening import Opened, proven_by_code, with_parts
from services.gateway.pages.frame import PageFunction, page, render
from services.gateway.pages.landing import on_the_page
from services.gateway.pages.slip import slip_of, track_code
from services.gateway.qr import qr
from services.gateway.targets import names
from services.gateway.visit import Visit
from shared.contracts.intake import NeedSubmitted, SubmitNeed
from shared.contracts.station import StationView
from shared.errors import Invalid, KeyReused, NotFound, ServiceError, Unavailable

IDLE, GRACE = 60, 15  # seconds without touch until it asks, and until it starts afresh
READ, WRITE = IDLE + GRACE, 180  # seconds a page without scripts stays, to read and to fill in
_MOBILE = re.compile(r"1[3-9]\d{9}")


def terminal(path: str, *methods: str) -> Any:
    """A page of the terminal; what goes wrong is said on a page that returns to the start as well."""

    def register(function: PageFunction) -> PageFunction:
        @page(f"/kiosk/{{park}}{path}", *methods)
        @functools.wraps(function)
        async def shown(visit: Visit, park: str, **given: Any) -> Response:
            try:
                return await function(visit, park, **given)
            except ServiceError as error:
                text = visit.say.error(error) if status_of(error) != 500 else ""
                response = _page(visit, "kiosk_error.html", park, None, status_of(error), text=text)
                if (wait := retry_after(error)) is not None:
                    response.headers["retry-after"] = str(wait)
                return response

        return shown

    return register


def _page(
    visit: Visit,
    template: str,
    park: str,
    station: StationView | None,
    status: int = 200,
    stay: int = READ,
    **data: Any,
) -> Response:
    start = f"/kiosk/{quote(park, safe='')}"
    return render(
        visit,
        template,
        status,
        station=station,
        start=start,
        afresh=f"{start}?lang=zh-CN&large=0",  # the next person may read another language
        idle=IDLE,
        grace=GRACE,
        stay=stay,
        **data,
    )


@terminal("")
async def start(visit: Visit, park: str) -> Response:
    station = await visit.gateway.known.station(park)
    try:
        categories = await visit.gateway.known.categories()
    except Unavailable:
        categories = []
    return _page(
        visit,
        "kiosk.html",
        station.park,
        station,
        categories=categories,
        code=qr(f"{visit.request.base_url}{quote(park)}"),
    )


@terminal("/items/{category}")
async def choose(visit: Visit, park: str, category: str) -> Response:
    """The items of one category, each a door."""
    station = await visit.gateway.known.station(park)
    found = next((one for one in await visit.gateway.known.categories() if one["code"] == category), None)
    if found is None:
        raise NotFound("没有 {code} 这个服务事项类别", code=category)
    return _page(visit, "kiosk_items.html", station.park, station, category=found)


@terminal("/say", "GET", "POST")
async def say(visit: Visit, park: str) -> Response:
    station = await visit.gateway.known.station(park)
    typed = visit.form.texts()
    about = await _about(visit, typed.get("item", "") or visit.request.query_params.get("item", ""))
    if visit.request.method == "GET":
        return _form(visit, station, about, {})
    try:
        need = _need(visit, park, about)
        taken: NeedSubmitted = await visit.tell(need, key=visit.form["key"])
    except Invalid as error:
        return _form(visit, station, about, typed, on_the_page(visit, error, {"phone": "phone"}))
    except KeyReused:
        note = visit.say("刚才已经提交过一次，内容和现在的不一样。要作为另一件事再提交，请再点一次“提交需求”")
        return _form(visit, station, about, {**typed, "key": uuid.uuid4().hex}, note=note)
    code, slip = track_code(visit, taken.number), slip_of(need.text, taken)
    return _page(
        visit, "kiosk_sent.html", station.park, station, 201, slip=slip, at=taken.received_at, qr=code, code=code
    )  # fmt: skip


About = tuple[Mapping[str, Any], Mapping[str, Any]] | None


async def _about(visit: Visit, item: str) -> About:
    """The category and the item that were chosen; None when staff are to judge."""
    if not item:
        return None
    try:
        return await visit.gateway.known.item(item)
    except (NotFound, Unavailable):
        return None


def _need(visit: Visit, park: str, about: About) -> SubmitNeed:
    """What was tapped and typed; raises Invalid for what only this page asks."""
    form = visit.form
    text, phone = form["text"], form["phone"].replace(" ", "")
    if about and not text:
        text = visit.say("想办：{title}", title=visit.say.own(about[1], "title"))
    wrong = {}
    if not text:
        wrong["text"] = "请写下您的需求"
    if not form["company"]:
        wrong["company"] = "请填写企业名称"
    if not phone:
        wrong["phone"] = "请留手机号，办到哪一步好告诉您"
    elif phone.isdecimal() and phone.startswith("1") and not _MOBILE.fullmatch(phone):
        wrong["phone"] = "手机号是 11 位数字，请检查"
    if wrong:
        raise Invalid("请检查填写的内容", fields=wrong)
    return SubmitNeed(
        park=park,
        text=text,
        company=form["company"],
        phone=phone,
        channel="kiosk",
        category=str(about[0]["code"]) if about else "",
        item=form["item"] if about else "",
    )


def _form(
    visit: Visit,
    station: StationView,
    about: About,
    typed: Mapping[str, str],
    wrong: Mapping[str, str] | None = None,
    note: str = "",
) -> Response:
    item = typed.get("item", "") or visit.request.query_params.get("item", "")
    return _page(
        visit,
        "kiosk_say.html",
        station.park,
        station,
        422 if wrong or note else 200,
        WRITE,
        about=about,
        typed={"text": "", "company": "", "phone": "", "key": uuid.uuid4().hex, **typed, "item": item},
        wrong=wrong or {},
        note=note,
    )


@terminal("/track", "GET", "POST")
async def track(visit: Visit, park: str) -> Response:
    """How a request goes, by number and code; once the page is left, it takes the code again."""
    station = await visit.gateway.known.station(park)
    number, given = visit.form["number"].replace(" ", ""), visit.form["code"].replace(" ", "")
    wrong: dict[str, str] = {}
    if visit.request.method == "POST":
        try:
            request, grant = await proven_by_code(visit, number, given)
            found = await with_parts(visit, request, grant.actor())
        except NotFound:
            wrong = {"code": visit.say("编号和查询码对不上，请再核对一下")}
        else:
            return await _progress(visit, station, found)
    number = number or f"{station.short}{visit.clock.year}-"
    return _page(
        visit, "kiosk_track.html", station.park, station, 422 if wrong else 200, WRITE, number=number, wrong=wrong
    )


async def _progress(visit: Visit, station: StationView, found: Opened) -> Response:
    known = await names(visit)
    items = [(known.item(one.item, one.title), one) for one in found.items]
    follow = track_code(visit, found.request.number)
    return _page(visit, "kiosk_progress.html", station.park, station, request=found.request, items=items, code=follow)
