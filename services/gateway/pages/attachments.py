"""Pages' own ways with files: added to a request later, and opened by who may read it."""

import uuid
from urllib.parse import quote

from starlette.responses import Response

from services.gateway import uploads
from services.gateway.pages.frame import owner, page, render, see, signed_in
from services.gateway.pages.queue import desk
from services.gateway.visit import Visit
from shared.access import Actor
from shared.contracts.dispatch import GetItem, ItemView
from shared.contracts.intake import AddAttachments, GetFile
from shared.errors import Invalid


@page("/r/{number}/files", "GET", "POST", uploads=True)
async def add(visit: Visit, number: str) -> Response:
    grant = owner(visit, number)
    if grant is None:
        return see(f"/track?number={quote(number)}")
    wrong, held = await _added(visit, grant.request_id, grant.actor())
    if visit.request.method == "POST" and not wrong:
        return see(f"/r/{quote(number, safe='')}#files")
    return render(
        visit,
        "attach.html",
        422 if wrong else 200,
        station=visit.gateway.known.seen(grant.park),
        number=number,
        wrong=wrong,
        held=held,
        key=visit.form["key"] or uuid.uuid4().hex,
        csrf=visit.grants.csrf(visit.gateway.seals),
    )


@page("/desk/attach/{item_id}", "GET", "POST", uploads=True)
async def add_by_staff(visit: Visit, item_id: str) -> Response:
    session = await signed_in(visit)
    actor = session.account.actor()
    item: ItemView = await visit.ask(GetItem(item_id=item_id), actor)
    wrong, held = await _added(visit, item.request_id, actor)
    if visit.request.method == "POST" and not wrong:
        return see(f"/desk/items/{item_id}#files")
    key = visit.form["key"] or uuid.uuid4().hex
    status = 422 if wrong else 200
    return desk(visit, session, "attach_desk.html", status, item=item, wrong=wrong, held=held, key=key)


async def _added(visit: Visit, request_id: str, actor: Actor) -> tuple[dict[str, str], list[uploads.Attached]]:
    """What is wrong with the files sent, and those that came all the same; nothing wrong: they are added."""
    if visit.request.method != "POST":
        return {}, []
    held, trouble = await uploads.attached(visit, actor)
    if trouble:
        return {"file": trouble}, held
    try:
        command = AddAttachments(request_id=request_id, files=uploads.ids(held))
        await visit.tell(command, actor, visit.form["key"])
    except Invalid as error:
        return {"file": visit.say(error.fields.get("files", error.text))}, held
    return {}, held


@page("/r/{number}/files/{file_id}")
async def open_own(visit: Visit, number: str, file_id: str) -> Response:
    grant = visit.grants.get(number)
    if grant is None:
        return see(f"/track?number={quote(number)}")
    return await uploads.download(await visit.ask(GetFile(file_id=file_id), grant.actor()))


@page("/desk/files/{file_id}")
async def open_as_staff(visit: Visit, file_id: str) -> Response:
    session = await signed_in(visit)
    return await uploads.download(await visit.ask(GetFile(file_id=file_id), session.account.actor()))
