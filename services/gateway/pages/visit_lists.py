"""Pages where staff take in a table of visits: choose it, look it over, confirm, see what became of it."""

import uuid
from contextlib import suppress

from starlette.responses import Response

from services.gateway.accounts.domain import Session
from services.gateway.pages.frame import page, see, signed_in
from services.gateway.pages.item import may_handle
from services.gateway.pages.queue import desk, stations_of
from services.gateway.visit import Visit
from services.gateway.visit_lists import importing
from services.gateway.visit_lists.columns import LIST_STATES, STATES, troubles
from services.gateway.visit_lists.files import mending, xlsx
from services.gateway.visit_lists.writing import results, template
from shared.contracts.base import Command
from shared.contracts.intake import (
    ConfirmVisits,
    DropVisits,
    GetVisits,
    ListVisitLists,
    VisitLists,
    VisitPage,
)
from shared.contracts.station import StationView
from shared.errors import Forbidden, IllegalMove, Invalid

SHOWN = 50  # lines on a page
SHOWN_WRONG = 100


@page("/desk/import", "GET", "POST", uploads=True)
async def choose(visit: Visit) -> Response:
    session = await signed_in(visit)
    stations = await _stations(visit, session)
    wrong: dict[str, str] = {}
    if visit.request.method == "POST":
        try:
            if not visit.form.files:
                raise Invalid("请检查填写的内容", fields={"file": "请选一个 XLSX 文件"})
            actor = session.account.actor()
            taken = await importing.take(
                visit, visit.form.files[0], visit.form["park"], actor, visit.form["key"] or uuid.uuid4().hex
            )
            return see(f"/desk/import/{taken.list_id}")
        except Invalid as error:
            wrong = {path: visit.say(text) for path, text in error.fields.items()} or {"file": visit.say.error(error)}
    lists: VisitLists = await visit.ask(ListVisitLists(), session.account.actor())
    return desk(
        visit,
        session,
        "visit_lists.html",
        422 if wrong else 200,
        stations=stations,
        park=visit.form["park"],
        lists=lists.lists,
        states=LIST_STATES,
        names={station.park: station.short for station in stations},
        wrong=wrong,
    )


async def _stations(visit: Visit, session: Session) -> list[StationView]:
    stations = [s for s in await stations_of(visit, session) if may_handle(session, s.park)]
    if not stations:
        raise Forbidden("您没有权限做这件事，请联系服务站负责人")
    return stations


@page("/desk/import/template.xlsx")
async def empty(visit: Visit) -> Response:
    await signed_in(visit)
    return xlsx(template(await visit.gateway.known.categories(), visit.say), visit.say("走访记录"))


@page("/desk/import/{list_id}")
async def show(visit: Visit, list_id: str) -> Response:
    """Before it is confirmed, what would be taken in and what is to be mended; after it, how far it is."""
    session = await signed_in(visit)
    actor = session.account.actor()
    after = visit.request.query_params.get("after", "")
    query = GetVisits(list_id=list_id, after=int(after[:6]) if after.isdecimal() else 0, limit=SHOWN)
    found: VisitPage = await visit.ask(query, actor)
    wrong: VisitPage = await visit.ask(GetVisits(list_id=list_id, wrong=True, limit=SHOWN_WRONG), actor)
    told = [one for line in wrong.lines for one in troubles(line, found.list.columns, visit.say)]
    return desk(
        visit,
        session,
        "visit_list.html",
        found=found.list,
        lines=found.lines,
        more=found.next,
        troubles=told[:SHOWN_WRONG],
        left_out=max(0, found.list.wrong - len(wrong.lines)),
        states=STATES,
        station=await visit.gateway.known.station(found.list.park),
    )


@page("/desk/import/{list_id}/confirm", "POST")
async def confirm(visit: Visit, list_id: str) -> Response:
    return await _move(visit, ConfirmVisits(list_id=list_id), f"/desk/import/{list_id}")


@page("/desk/import/{list_id}/drop", "POST")
async def drop(visit: Visit, list_id: str) -> Response:
    return await _move(visit, DropVisits(list_id=list_id), "/desk/import")


async def _move(visit: Visit, command: Command, then: str) -> Response:
    session = await signed_in(visit)
    with suppress(IllegalMove):  # somebody was first: the page says how it stands
        await visit.tell(command, session.account.actor(), visit.form["key"])
    return see(then)


@page("/desk/import/{list_id}/mend.xlsx")
async def mend(visit: Visit, list_id: str) -> Response:
    await signed_in(visit)
    return await mending(visit, list_id)


@page("/desk/import/{list_id}/results.xlsx")
async def outcome(visit: Visit, list_id: str) -> Response:
    session = await signed_in(visit)
    actor = session.account.actor()
    found: VisitPage = await visit.ask(GetVisits(list_id=list_id, limit=1), actor)
    lines = await importing.lines(visit, list_id, actor)
    return xlsx(results(lines, found.list.columns, visit.say), visit.say("导入结果"))
