"""Pages where a client chooses when to come, chooses again, or gives the time back."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, tzinfo
from itertools import groupby
from typing import Any
from urllib.parse import quote

from starlette.responses import Response

from services.gateway.api.appointments import own_calendar_file
from services.gateway.grants import Grant
from services.gateway.language import N_
from services.gateway.pages.frame import owner, page, render, see
from services.gateway.targets import names
from services.gateway.visit import Visit
from shared.access import Actor
from shared.contracts.dispatch import (
    AppointmentView,
    BookAppointment,
    CancelAppointment,
    FreeTime,
    FreeTimes,
    GetItem,
    ItemView,
    ListAppointments,
    ListFreeTimes,
    MoveAppointment,
)
from shared.errors import IllegalMove, Invalid, NotFound, Taken, Unavailable

SAID = {
    "booked": N_("约好了，到时候见。"),
    "moved": N_("已经改到新的时间。"),
    "cancelled": N_("预约已取消，可以另选时间。"),
    "supplied": N_("收到了，谢谢。"),
    "reopened": N_("已经请服务站重新办理。"),
    "consented": N_("已记下您的同意，谢谢。"),
    "agreed": N_("约定达成，机构会按约定的日期办。"),
    "dropped": N_("已经记下没有谈成，会另找机构。"),
    "late": N_("这件事已经往前走了，下面是最新的情况。"),
}


@dataclass(frozen=True, kw_only=True)
class Times:
    """Free times by day, as a page lists them; `later` is the day the next list begins with."""

    days: Sequence[Sequence[FreeTime]]
    minutes: int
    first: str
    later: date | None
    unpublished: int


async def times_of(visit: Visit, item_id: str, actor: Actor) -> Times:
    """From the day that the address asks for."""
    day = visit.request.query_params.get("day", "")
    try:
        found: FreeTimes = await visit.ask(ListFreeTimes(item_id=item_id, day=day), actor)
    except Invalid:
        day, found = "", await visit.ask(ListFreeTimes(item_id=item_id), actor)
    zone = visit.gateway.settings.timezone
    days = [list(times) for _, times in groupby(found.times, key=lambda one: _local(one.starts_at, zone).date())]
    later = date.fromisoformat(found.next) if found.next else None
    return Times(days=days, minutes=found.minutes, first=day, later=later, unpublished=found.unpublished)


def _local(at: datetime, zone: tzinfo) -> datetime:
    return at.astimezone(zone)


async def choose_time(visit: Visit, item: ItemView, actor: Actor) -> tuple[str, Mapping[str, str]]:
    """Book, or move to, the time that the form names: what was done, or what is wrong with it."""
    try:
        starts_at = datetime.fromisoformat(visit.form["starts"])
        if starts_at.tzinfo is None:
            raise ValueError("without an offset")
    except ValueError:
        return "", {"starts": visit.say("请先选一个时间")}
    moves = item.stage == "booked"
    kind = MoveAppointment if moves else BookAppointment
    key = f"{visit.form['key']} {starts_at.isoformat()}"  # going back and choosing another time is another command
    try:
        await visit.tell(kind(item_id=item.item_id, starts_at=starts_at), actor, key)
    except Taken as error:
        return "", {"starts": visit.say.error(error)}
    except Invalid as error:
        return "", {"starts": visit.say(next(iter(error.fields.values()), error.text))}
    except IllegalMove:
        return "late", {}
    return "moved" if moves else "booked", {}


@page("/r/{number}/times/{item_id}", "GET", "POST")
async def times(visit: Visit, number: str, item_id: str) -> Response:
    grant = owner(visit, number)
    if grant is None:
        return see(f"/track?number={quote(number)}")
    actor = grant.actor()
    item: ItemView = await visit.ask(GetItem(item_id=item_id), actor)
    wrong: Mapping[str, str] = {}
    if visit.request.method == "POST":
        done, wrong = await choose_time(visit, item, actor)
        if done:
            return see(f"{_address(number)}?said={done}")
    if not may_choose(item):
        return see(f"{_address(number)}?said=late")
    return render(
        visit,
        "own_times.html",
        422 if wrong else 200,
        station=await _station(visit, grant),
        item=item,
        title=(await names(visit)).item(item.item, item.title),
        times=await times_of(visit, item_id, actor),
        wrong=wrong,
        csrf=visit.grants.csrf(visit.gateway.seals),
    )


def may_choose(item: ItemView) -> bool:
    return "book" in item.allowed or "move" in item.allowed


@page("/r/{number}/appointment/{item_id}/cancel", "GET", "POST")
async def cancel(visit: Visit, number: str, item_id: str) -> Response:
    grant = owner(visit, number)
    if grant is None:
        return see(f"/track?number={quote(number)}")
    actor = grant.actor()
    item: ItemView = await visit.ask(GetItem(item_id=item_id), actor)
    done = "late" if item.stage != "booked" else ""
    if visit.request.method == "POST" and not done:
        try:
            command = CancelAppointment(item_id=item_id, reason=visit.form["reason"])
            await visit.tell(command, actor, visit.form["key"])
            done = "cancelled"
        except IllegalMove:
            done = "late"
    if done:
        return see(f"{_address(number)}?said={done}")
    return render(
        visit,
        "cancel.html",
        station=await _station(visit, grant),
        item=item,
        csrf=visit.grants.csrf(visit.gateway.seals),
    )


@page("/r/{number}/appointment.ics")
async def calendar(visit: Visit, number: str) -> Response:
    grant = visit.grants.get(number)
    if grant is None:
        return see(f"/track?number={quote(number)}")
    return await own_calendar_file(visit, number, grant.actor(), visit.request.query_params.get("item", ""))


async def appointment_of(visit: Visit, item: ItemView, actor: Actor) -> AppointmentView | None:
    """The one that is booked, if it can be had now."""
    if item.stage != "booked":
        return None
    try:
        listed = await visit.ask(ListAppointments(request_id=item.request_id, park=item.park), actor)
    except Unavailable:
        return None
    mine = (one for one in listed.appointments if one.item_id == item.item_id and one.status == "booked")
    return next(mine, None)


def _address(number: str) -> str:
    return f"/r/{quote(number, safe='')}"


async def _station(visit: Visit, grant: Grant) -> Any:
    try:
        return await visit.gateway.known.station(grant.park)
    except (NotFound, Unavailable):
        return None
