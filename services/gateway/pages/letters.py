"""The page where staff read what was written about an item by mail, and write to the client."""

import uuid
from collections.abc import Mapping

from starlette.responses import Response

from services.gateway.language import N_
from services.gateway.pages.frame import page, see, signed_in
from services.gateway.pages.item import may_handle
from services.gateway.pages.queue import desk
from services.gateway.visit import Visit
from shared.contracts.dispatch import GetItem, ItemView
from shared.contracts.intake import Correspondence, ListMessages, WriteToClient
from shared.errors import Invalid

WAYS = {
    "waiting": N_("等着发出"),
    "sending": N_("正在发出"),
    "sent": N_("已发出"),
    "failed": N_("没有发出去"),
    "returned": N_("被退回来了"),
}


@page("/desk/letters/{item_id}", "GET", "POST")
async def letters(visit: Visit, item_id: str) -> Response:
    session = await signed_in(visit)
    actor = session.account.actor()
    item: ItemView = await visit.ask(GetItem(item_id=item_id), actor)
    wrong: Mapping[str, str] = {}
    if visit.request.method == "POST":
        try:
            command = WriteToClient(request_id=item.request_id, text=visit.form["text"])
            await visit.tell(command, actor, visit.form["key"])
            return see(f"/desk/letters/{item_id}?said=1")
        except Invalid as error:
            wrong = {"text": visit.say(error.fields.get("text", error.text))}
    found: Correspondence = await visit.ask(ListMessages(request_id=item.request_id), actor)
    return desk(
        visit,
        session,
        "letters.html",
        422 if wrong else 200,
        item=item,
        found=found,
        ways=WAYS,
        handles=may_handle(session, item.park),
        typed=visit.form["text"],
        wrong=wrong,
        said=bool(visit.request.query_params.get("said")),
        key=visit.form["key"] or uuid.uuid4().hex,
    )
