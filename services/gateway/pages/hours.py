"""Pages where working hours, dates that differ and holidays are set, seeing first what moves."""

import asyncio
import hashlib
import json
from collections.abc import Mapping
from typing import Any

from starlette.responses import Response

from services.gateway.accounts.domain import Session
from services.gateway.language import N_
from services.gateway.pages.days import Unread, placed, read_lines, show_lines
from services.gateway.pages.frame import page, see, signed_in
from services.gateway.pages.queue import desk, stations_of
from services.gateway.visit import Visit
from shared import access
from shared.contracts.dispatch import ClockPreview, PreviewClocks
from shared.contracts.station import (
    CalendarView,
    GetCalendar,
    GivenDay,
    ListYears,
    PublishYear,
    SetCalendar,
    YearList,
    YearView,
)
from shared.errors import Forbidden, IllegalMove, Invalid, NotFound

DISTRICT = "district"
WEEKDAYS = (N_("周一"), N_("周二"), N_("周三"), N_("周四"), N_("周五"), N_("周六"), N_("周日"))
SAID = {"hours": N_("上班时间改好了，在走的时限正在重新算。"), "year": N_("节假日记下了，在走的时限正在重新算。")}


@page("/desk/settings")
async def settings(visit: Visit) -> Response:
    """What can be set, where."""
    session = await signed_in(visit)
    stations = [one for one in await stations_of(visit, session) if configures(session, one.park)]
    if not stations:
        raise Forbidden("您没有权限做这件事，请联系服务站负责人")
    actor = session.account.actor()
    found: YearList = await visit.ask(ListYears(), actor)
    calendars = await asyncio.gather(*(visit.ask(GetCalendar(park=one.park), actor) for one in stations))
    own = {view.park for view in calendars if view.week or view.days}
    return desk(
        visit, session, "settings.html", stations=stations, with_own=own, years=found.years,
        district=configures(session, ""), next_year=max((one.year for one in found.years), default=2026) + 1,
    )  # fmt: skip


def configures(session: Session, park: str) -> bool:
    try:
        access.check(session.account.actor(), "configure", park=park)
    except Forbidden:
        return False
    return True


def park_of(session: Session, place: str) -> str:
    """The park, or nothing for the district; raises Forbidden for who does not run it."""
    park = "" if place == DISTRICT else place
    access.check(session.account.actor(), "configure", park=park)
    return park


@page("/desk/hours/{place}", "GET", "POST")
async def hours(visit: Visit, place: str) -> Response:
    session = await signed_in(visit)
    park, actor, form = park_of(session, place), session.account.actor(), visit.form
    view: CalendarView = await visit.ask(GetCalendar(park=park), actor)
    typed = {**{f"week.{n}": text for n, text in enumerate(view.week or [""] * 7)}, "days": show_lines(view.days)}
    version, preview, note, wrong = view.version, None, "", {}
    if visit.request.method == "POST":
        typed = {name: form[name] for name in typed}
        version = _number(form["version"])
        days: tuple[GivenDay, ...] = ()
        try:
            days = read_lines(typed["days"])
            week = tuple(typed[f"week.{n}"] for n in range(7))
            if park and not any(week):
                week = ()
            if form["save"] and form["seen"] == seen_of(typed):
                await visit.tell(SetCalendar(park=park, week=week, days=days, version=version), actor, form["key"])
                return see(f"/desk/hours/{place}?said=hours")
            preview = await visit.ask(PreviewClocks(what="calendar", park=park, week=week, days=days), actor)
        except Invalid as error:
            wrong = _wrong(visit, error, days)
        except IllegalMove as error:
            note, version = visit.say.error(error), view.version
    return desk(
        visit, session, "hours.html", 422 if wrong or note else 200, place=place, view=view, typed=typed,
        version=version, preview=preview, seen=seen_of(typed), wrong=wrong, note=note, park=park,
        name=await _name(visit, park),
        weekdays=WEEKDAYS, said=SAID.get(visit.request.query_params.get("said", ""), ""),
    )  # fmt: skip


@page("/desk/years/{year}", "GET", "POST")
async def year(visit: Visit, year: str) -> Response:
    session = await signed_in(visit)
    park_of(session, DISTRICT)
    if not (year.isascii() and year.isdigit() and len(year) == 4):
        raise NotFound("没有这个页面")
    actor, form, number = session.account.actor(), visit.form, int(year)
    known: YearList = await visit.ask(ListYears(), actor)
    view: YearView | None = next((one for one in known.years if one.year == number), None)
    typed = {"days": show_lines(view.days) if view else ""}
    preview: ClockPreview | None = None
    wrong: Mapping[str, str] = {}
    if visit.request.method == "POST":
        typed = {"days": form["days"]}
        days: tuple[GivenDay, ...] = ()
        try:
            days = read_lines(form["days"])
            if form["save"] and form["seen"] == seen_of(typed):
                await visit.tell(PublishYear(year=number, days=days), actor, form["key"])
                return see(f"/desk/years/{year}?said=year")
            preview = await visit.ask(PreviewClocks(what="year", year=number, days=days), actor)
        except Invalid as error:
            wrong = _wrong(visit, error, days)
    return desk(
        visit, session, "year.html", 422 if wrong else 200, year=number, view=view, typed=typed, preview=preview,
        seen=seen_of(typed), wrong=wrong, said=SAID.get(visit.request.query_params.get("said", ""), ""),
    )  # fmt: skip


def _wrong(visit: Visit, error: Invalid, days: tuple[GivenDay, ...]) -> dict[str, str]:
    """Under the names of the page's fields; the whole week's error goes to Monday."""
    if isinstance(error, Unread):
        return {"days": visit.say("这一行看不懂：{line}", line=error.line)}
    found = placed(error.fields or {"days": error.text}, days)
    return {
        "week.0" if name == "week" else name: f"{day} {visit.say(text)}".strip() for name, (day, text) in found.items()
    }


async def _name(visit: Visit, park: str) -> str:
    return (await visit.gateway.known.station(park)).park_name if park else visit.say("全区")


def seen_of(typed: Any) -> str:
    """Names what a preview was of: only that is saved, not what was typed after it."""
    return hashlib.sha256(json.dumps(typed, sort_keys=True).encode()).hexdigest()


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 9 else 0
