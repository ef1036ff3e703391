"""The calendar of a station: one week, by resource."""

from datetime import date, timedelta

from starlette.responses import Response

from services.gateway.accounts.domain import Session
from services.gateway.pages.frame import page, signed_in
from services.gateway.pages.item import may_handle
from services.gateway.pages.queue import desk, stations_of
from services.gateway.visit import PARK_COOKIE, Visit
from shared.contracts.dispatch import GetWeek, WeekView
from shared.contracts.station import StationView
from shared.errors import Forbidden, Invalid


@page("/desk/calendar")
async def show(visit: Visit) -> Response:
    session = await signed_in(visit)
    stations = await stations_of(visit, session)
    park = park_of(visit, session, stations)
    actor = session.account.actor()
    try:
        week: WeekView = await visit.ask(GetWeek(park=park, day=visit.request.query_params.get("day", "")), actor)
    except Invalid:
        week = await visit.ask(GetWeek(park=park), actor)
    monday = date.fromisoformat(week.days[0])
    return desk(
        visit,
        session,
        "calendar.html",
        week=week,
        days=[monday + timedelta(days=n) for n in range(7)],
        before=(monday - timedelta(days=7)).isoformat(),
        after=(monday + timedelta(days=7)).isoformat(),
        stations=stations,
        park=park,
        manages=may_handle(session, park),
    )


def park_of(visit: Visit, session: Session, stations: list[StationView]) -> str:
    """The station asked for, else the one this browser was at last, else the first of the reader's."""
    mine = [station.park for station in stations]
    for park in (visit.request.query_params.get("park", ""), visit.request.cookies.get(PARK_COOKIE, "")):
        if park in mine:
            return park
    if not mine:
        raise Forbidden("您没有权限做这件事，请联系服务站负责人")
    return mine[0]
