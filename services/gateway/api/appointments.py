"""The API's operations on appointments: for whoever owns the request, and for staff."""

from typing import Any

from starlette.responses import Response

from services.gateway.api.operations import Who, operation, signed_in
from services.gateway.api.requests import owner_of, reader_of
from services.gateway.api.schemas import (
    Empty,
    MissIn,
    MoveIn,
    OwnCancelIn,
    OwnItemQuery,
    OwnMoveIn,
    OwnStartIn,
    OwnTimesQuery,
    ResourceIn,
    StartIn,
    TimesQuery,
    WeekQuery,
    WithdrawIn,
)
from services.gateway.calendar_file import calendar_file
from services.gateway.visit import Visit, idempotency_key
from shared.access import Actor, Role
from shared.contracts.base import Command
from shared.contracts.dispatch import (
    AppointmentList,
    AppointmentView,
    BeginService,
    BookAppointment,
    CancelAppointment,
    FreeTimes,
    GetWeek,
    ItemView,
    ListAppointments,
    ListFreeTimes,
    ListItems,
    ListResources,
    MissAppointment,
    MoveAppointment,
    PutResource,
    ResourceList,
    ResourceSaved,
    WeekView,
)
from shared.contracts.intake import GetRequest, RequestView
from shared.errors import NotFound


@operation(
    "GET",
    "/requests/{number}/times",
    "When an item assessed by appointment can be booked. Needs X-Request-Code, or a session.",
    who=Who.OWNER,
    query=OwnTimesQuery,
    gives=FreeTimes,
)
async def list_own_times(visit: Visit, number: str, item_id: str, **given: Any) -> FreeTimes:
    actor = await reader_of(visit, number)
    item_id = await _item(visit, number, actor, item_id)
    return await visit.ask(ListFreeTimes(item_id=item_id, **given), actor)


@operation(
    "GET",
    "/requests/{number}/appointments",
    "The appointments of a request, past and cancelled ones too. Needs X-Request-Code, or a session.",
    who=Who.OWNER,
    gives=AppointmentList,
)
async def list_own_appointments(visit: Visit, number: str) -> AppointmentList:
    actor = await reader_of(visit, number)
    request: RequestView = await visit.ask(GetRequest(number=number), actor)
    return await visit.ask(ListAppointments(request_id=request.request_id, park=request.park), actor)


@operation(
    "GET",
    "/requests/{number}/appointment.ics",
    "The appointment as an iCalendar file; cancelled, it takes itself out of the calendar.",
    who=Who.OWNER,
    query=OwnItemQuery,
    media="text/calendar",
)
async def get_calendar_file(visit: Visit, number: str, item_id: str) -> Response:
    return await own_calendar_file(visit, number, await reader_of(visit, number), item_id)


async def own_calendar_file(visit: Visit, number: str, actor: Actor, item_id: str) -> Response:
    request: RequestView = await visit.ask(GetRequest(number=number), actor)
    listed = await visit.ask(ListAppointments(request_id=request.request_id, park=request.park), actor)
    mine = [one for one in listed.appointments if item_id in ("", one.item_id)]
    if not mine:
        raise NotFound("这个编号下没有预约")
    station = await visit.gateway.known.station(request.park)
    page = str(visit.request.base_url.replace(path=f"/r/{number}"))
    method, body = calendar_file(mine, station, visit.say, visit.gateway.settings.timezone, page)
    headers = {"content-disposition": 'attachment; filename="appointment.ics"'}
    return Response(body, media_type=f"text/calendar; charset=utf-8; method={method}", headers=headers)


@operation(
    "POST",
    "/requests/{number}/appointment",
    "Choose one of the free times.",
    who=Who.OWNER,
    takes=OwnStartIn,
    gives=AppointmentView,
)
async def book_own_appointment(visit: Visit, number: str, item_id: str, **given: Any) -> AppointmentView:
    actor = await owner_of(visit, number)
    item_id = await _item(visit, number, actor, item_id)
    return await _tell(visit, BookAppointment(item_id=item_id, **given), actor)


@operation(
    "POST",
    "/requests/{number}/appointment/move",
    "Choose another of the free times.",
    who=Who.OWNER,
    takes=OwnMoveIn,
    gives=AppointmentView,
)
async def move_own_appointment(visit: Visit, number: str, item_id: str, **given: Any) -> AppointmentView:
    actor = await owner_of(visit, number)
    item_id = await _item(visit, number, actor, item_id)
    return await _tell(visit, MoveAppointment(item_id=item_id, **given), actor)


@operation(
    "POST",
    "/requests/{number}/appointment/cancel",
    "Give the time back; another one can be chosen.",
    who=Who.OWNER,
    takes=OwnCancelIn,
    gives=AppointmentView,
)
async def cancel_own_appointment(visit: Visit, number: str, item_id: str, **given: Any) -> AppointmentView:
    actor = await owner_of(visit, number)
    item_id = await _item(visit, number, actor, item_id)
    return await _tell(visit, CancelAppointment(item_id=item_id, **given), actor)


@operation(
    "GET",
    "/items/{item_id}/times",
    "When an item assessed by appointment can be booked.",
    who=Who.STAFF,
    query=TimesQuery,
    gives=FreeTimes,
)
async def list_times(visit: Visit, **given: Any) -> FreeTimes:
    return await visit.ask(ListFreeTimes(**given), (await visit.staff()).account.actor())


@operation(
    "POST",
    "/items/{item_id}/appointment",
    "Book one of the free times for the client.",
    who=Who.STAFF,
    takes=StartIn,
    gives=AppointmentView,
)
async def book_appointment(visit: Visit, **given: Any) -> AppointmentView:
    return await _as_staff(visit, BookAppointment(**given))


@operation(
    "POST",
    "/items/{item_id}/appointment/move",
    "Move the appointment to another free time.",
    who=Who.STAFF,
    takes=MoveIn,
    gives=AppointmentView,
)
async def move_appointment(visit: Visit, **given: Any) -> AppointmentView:
    return await _as_staff(visit, MoveAppointment(**given))


@operation(
    "POST",
    "/items/{item_id}/appointment/cancel",
    "Give the time back; another one can be chosen.",
    who=Who.STAFF,
    takes=WithdrawIn,
    gives=AppointmentView,
)
async def cancel_appointment(visit: Visit, **given: Any) -> AppointmentView:
    return await _as_staff(visit, CancelAppointment(**given))


@operation(
    "POST",
    "/items/{item_id}/appointment/miss",
    "Record that the client did not come; another time can be chosen.",
    who=Who.STAFF,
    takes=MissIn,
    gives=AppointmentView,
)
async def miss_appointment(visit: Visit, **given: Any) -> AppointmentView:
    return await _as_staff(visit, MissAppointment(**given))


@operation(
    "POST",
    "/items/{item_id}/begin",
    "The client is here: the service begins.",
    who=Who.STAFF,
    takes=Empty,
    gives=ItemView,
)
async def begin_service(visit: Visit, item_id: str) -> ItemView:
    return await _as_staff(visit, BeginService(item_id=item_id))


@operation(
    "GET",
    "/stations/{park}/resources",
    "Staff, rooms and instruments that can be booked at a station.",
    who=Who.STAFF,
    gives=ResourceList,
)
async def list_resources(visit: Visit, park: str) -> ResourceList:
    return await visit.ask(ListResources(park=park), (await visit.staff()).account.actor())


@operation(
    "POST",
    "/stations/{park}/resources",
    "Add a resource, or change the one with this code; the answer names appointments it is no longer open for.",
    who=Who.STAFF,
    takes=ResourceIn,
    gives=ResourceSaved,
)
async def put_resource(visit: Visit, park: str, **given: Any) -> ResourceSaved:
    await visit.gateway.known.station(park)
    return await _as_staff(visit, PutResource(park=park, **given))


@operation(
    "GET",
    "/stations/{park}/calendar",
    "A station's week: each resource's hours, its free times, and what is booked.",
    who=Who.STAFF,
    query=WeekQuery,
    gives=WeekView,
)
async def get_week(visit: Visit, **given: Any) -> WeekView:
    return await visit.ask(GetWeek(**given), (await visit.staff()).account.actor())


async def _item(visit: Visit, number: str, actor: Actor, item_id: str) -> str:
    """The item of this request that is meant: the one named, else the first that is by appointment now."""
    if actor.role == Role.CLIENT:
        request_id = actor.requests[0]
    else:
        request_id = (await visit.ask(GetRequest(number=number), actor)).request_id
    items = (await visit.ask(ListItems(request_id=request_id, limit=200), actor)).items
    for item in reversed(items):
        if item_id == item.item_id or (not item_id and (item.booked_for or "book" in item.allowed)):
            return str(item.item_id)
    raise NotFound("这个编号下没有要约时间的事项")


async def _tell(visit: Visit, command: Command, actor: Actor) -> Any:
    return await visit.tell(command, actor, idempotency_key(visit.request))


async def _as_staff(visit: Visit, command: Command) -> Any:
    return await _tell(visit, command, (await signed_in(visit)).account.actor())
