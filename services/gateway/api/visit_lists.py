"""The API's operations on lists of needs collected on visits."""

import uuid
from typing import Any

from starlette.responses import Response

from services.gateway.api.operations import Who, operation
from services.gateway.api.schemas import Empty, ParkQuery, VisitQuery
from services.gateway.bodies import SLACK, Form, is_multipart, read_multipart
from services.gateway.errors import NotJson
from services.gateway.visit import Visit, idempotency_key
from services.gateway.visit_lists import importing
from services.gateway.visit_lists.files import mending, xlsx
from services.gateway.visit_lists.reading import FILE_LIMIT
from services.gateway.visit_lists.writing import TYPE, template
from shared.contracts.base import Command, Query
from shared.contracts.intake import (
    ConfirmVisits,
    DropVisits,
    GetVisits,
    ListVisitLists,
    VisitList,
    VisitLists,
    VisitPage,
)
from shared.errors import Invalid


@operation("GET", "/visit-lists/template", "An empty XLSX table of visits, to fill in.", who=Who.STAFF, media=TYPE)
async def get_visit_template(visit: Visit) -> Response:
    return xlsx(template(await visit.gateway.known.categories(), visit.say), visit.say("走访记录"))


@operation(
    "POST",
    "/visit-lists",
    "Read a table of visits (XLSX) of one park: it is looked over, and nothing is taken in before it is confirmed.",
    who=Who.STAFF,
    query=ParkQuery,
    uploads=True,
    gives=VisitList,
    status=201,
)
async def add_visit_list(visit: Visit, park: str) -> VisitList:
    if not is_multipart(visit.request):
        raise NotJson("请用 multipart/form-data 发送文件")
    form = Form(*await read_multipart(visit.request, FILE_LIMIT + SLACK))
    try:
        if len(form.files) != 1:
            raise Invalid("请检查填写的内容", fields={"file": "请发一个文件"})
        actor = (await visit.staff()).account.actor()
        key = idempotency_key(visit.request) or uuid.uuid4().hex
        return await importing.take(visit, form.files[0], park, actor, key)
    finally:
        await form.close()


@operation("GET", "/visit-lists", "The latest lists of your parks.", who=Who.STAFF, gives=VisitLists)
async def list_visit_lists(visit: Visit) -> VisitLists:
    return await _ask(visit, ListVisitLists())


@operation(
    "GET",
    "/visit-lists/{list_id}",
    "One list and its lines: what is wrong by column, and the numbers of those taken in.",
    who=Who.STAFF,
    query=VisitQuery,
    gives=VisitPage,
)
async def get_visit_list(visit: Visit, **given: Any) -> VisitPage:
    return await _ask(visit, GetVisits(**given))


@operation(
    "POST",
    "/visit-lists/{list_id}/confirm",
    "Take in the good lines; ask for the list to see how far it is.",
    who=Who.STAFF,
    takes=Empty,
    gives=VisitList,
)
async def confirm_visit_list(visit: Visit, list_id: str) -> VisitList:
    return await _tell(visit, ConfirmVisits(list_id=list_id))


@operation(
    "POST",
    "/visit-lists/{list_id}/drop",
    "Forget a list that was not confirmed.",
    who=Who.STAFF,
    takes=Empty,
    gives=VisitList,
)
async def drop_visit_list(visit: Visit, list_id: str) -> VisitList:
    return await _tell(visit, DropVisits(list_id=list_id))


@operation(
    "GET",
    "/visit-lists/{list_id}/mend",
    "The wrong lines as XLSX, each wrong cell marked with what to do.",
    who=Who.STAFF,
    media=TYPE,
)
async def get_visit_mending(visit: Visit, list_id: str) -> Response:
    return await mending(visit, list_id)


async def _ask(visit: Visit, query: Query) -> Any:
    return await visit.ask(query, (await visit.staff()).account.actor())


async def _tell(visit: Visit, command: Command) -> Any:
    return await visit.tell(command, (await visit.staff()).account.actor(), idempotency_key(visit.request))
