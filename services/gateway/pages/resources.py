"""Pages where staff keep what can be booked at their station: people, rooms and instruments."""

import uuid
from collections.abc import Mapping, Sequence
from itertools import groupby
from typing import Any

from starlette.responses import Response

from services.gateway.accounts.domain import Session
from services.gateway.language import N_, Speech
from services.gateway.pages.calendar import park_of
from services.gateway.pages.frame import page, see, signed_in
from services.gateway.pages.item import may_handle
from services.gateway.pages.planning import KINDS
from services.gateway.pages.queue import desk, stations_of
from services.gateway.visit import Visit
from shared.contracts.dispatch import ListResources, PutResource, ResourceSaved, ResourceView
from shared.errors import Forbidden, Invalid, NotFound

WEEKDAYS = (N_("周一"), N_("周二"), N_("周三"), N_("周四"), N_("周五"), N_("周六"), N_("周日"))
USUAL = "09:00-12:00 14:00-17:00"


@page("/desk/resources")
async def show(visit: Visit) -> Response:
    session = await signed_in(visit)
    stations = [one for one in await stations_of(visit, session) if may_handle(session, one.park)]
    park = park_of(visit, session, stations)
    found = await visit.ask(ListResources(park=park), session.account.actor())
    return desk(
        visit,
        session,
        "resources.html",
        resources=found.resources,
        stations=stations,
        park=park,
        kinds=KINDS,
        open_on={one.code: open_on(one.week, visit.say) for one in found.resources},
        saved=visit.request.query_params.get("saved", ""),
    )


def open_on(week: Sequence[str], say: Speech) -> list[str]:
    """The hours of a week, days with the same ones in a row as one line."""
    lines = []
    for hours, days in groupby(range(7), key=lambda n: week[n]):
        first, *rest = days
        if hours:
            between = {"first": say(WEEKDAYS[first]), "last": say(WEEKDAYS[(rest or [first])[-1]])}
            lines.append(f"{say('{first}至{last}', **between) if rest else between['first']} {hours}")
    return lines


@page("/desk/resources/new", "GET", "POST")
async def add(visit: Visit) -> Response:
    session = await signed_in(visit)
    return await _form(visit, session, visit.request.query_params.get("park", ""), None)


@page("/desk/resources/{park}/{code}", "GET", "POST")
async def change(visit: Visit, park: str, code: str) -> Response:
    session = await signed_in(visit)
    found = await visit.ask(ListResources(park=park), session.account.actor())
    known = next((one for one in found.resources if one.code == code), None)
    if known is None:
        raise NotFound("没有这个人员、房间或仪器")
    return await _form(visit, session, park, known)


async def _form(visit: Visit, session: Session, park: str, known: ResourceView | None) -> Response:
    if not may_handle(session, park):
        raise Forbidden("您没有权限做这件事，请联系服务站负责人")
    station = await visit.gateway.known.station(park)
    wrong: Mapping[str, str] = {}
    saved: ResourceSaved | None = None
    typed = _typed(visit, known)
    if visit.request.method == "POST":
        try:
            saved = await visit.tell(_command(park, typed), session.account.actor(), visit.form["key"])
        except Invalid as error:
            wrong = {path: visit.say(text) for path, text in error.fields.items()} or {"name": visit.say.error(error)}
        if saved and not saved.displaced:
            return see(f"/desk/resources?park={park}&saved={saved.resource.code}")
    return desk(
        visit,
        session,
        "resource.html",
        422 if wrong else 200,
        at=station,
        known=known,
        typed=typed,
        wrong=wrong,
        displaced=saved.displaced if saved else (),
        kinds=KINDS,
        weekdays=WEEKDAYS,
        key=visit.form["key"] if wrong else uuid.uuid4().hex,
    )


def _typed(visit: Visit, known: ResourceView | None) -> dict[str, Any]:
    """What the form holds: as it was sent, else as the resource is, else what is usual."""
    form = visit.form
    if visit.request.method == "POST":
        return {
            "code": known.code if known else form["code"],
            **{name: form[name] for name in ("kind", "name", "capacity", "minutes", "closed")},
            "week": [form[f"week.{n}"] for n in range(7)],
            "active": "active" in form,
        }
    if known:
        return {**vars(known), "closed": "\n".join(known.closed)}
    week = [USUAL] * 5 + ["", ""]
    return {
        "code": "", "kind": "post", "name": "", "capacity": "1", "minutes": "30", "closed": "", "week": week,
        "active": True,
    }  # fmt: skip


def _command(park: str, typed: Mapping[str, Any]) -> PutResource:
    return PutResource(
        park=park, code=typed["code"], kind=typed["kind"], name=typed["name"],
        capacity=_number(typed["capacity"]), minutes=_number(typed["minutes"]),
        week=tuple(typed["week"]), closed=tuple(typed["closed"].split()), active=typed["active"],
    )  # fmt: skip


def _number(text: str) -> int:
    """What is no number becomes one that the station refuses."""
    return int(text) if text.isdecimal() and len(text) < 6 else 0
