"""The page where staff write down a need for a caller or visitor, and take it at once."""

import uuid
from typing import Any

from starlette.responses import Response

from services.gateway import words
from services.gateway.pages.frame import page, see, signed_in
from services.gateway.pages.item import may_handle, of_request
from services.gateway.pages.queue import desk, stations_of
from services.gateway.pages.slip import remember
from services.gateway.visit import Visit
from shared.contracts.dispatch import AcceptItem
from shared.contracts.intake import NeedSubmitted, SubmitNeed
from shared.errors import Forbidden, Invalid

BY_STAFF = ("phone", "visit", "window", "letter", "email", "im")
_FIELDS = ("park", "channel", "text", "company", "contact_name", "phone", "email")


@page("/desk/new", "GET", "POST")
async def register(visit: Visit) -> Response:
    session = await signed_in(visit)
    stations = [s for s in await stations_of(visit, session) if may_handle(session, s.park)]
    if not stations:
        raise Forbidden("您没有权限做这件事，请联系服务站负责人")
    typed: dict[str, Any] = {name: visit.form[name] for name in _FIELDS}
    wrong: dict[str, str] = {}
    if visit.request.method == "POST":
        try:
            actor = session.account.actor()
            taken: NeedSubmitted = await visit.tell(SubmitNeed(**typed), actor, visit.form["key"])
            item = await of_request(visit, session, taken.request_id)
            if item is None:
                return see("/desk?view=waiting")
            if "accept" in item.allowed:
                await visit.tell(AcceptItem(item_id=item.item_id), actor, f"{visit.form['key']} accept")
            response = see(f"/desk/items/{item.item_id}?said=new")
            remember(visit, response, typed["text"], taken)
            return response
        except Invalid as error:
            wrong = {path: visit.say(text) for path, text in error.fields.items()} or {"text": visit.say.error(error)}
    return desk(
        visit,
        session,
        "register.html",
        422 if wrong else 200,
        stations=stations,
        typed=typed,
        wrong=wrong,
        key=visit.form["key"] or uuid.uuid4().hex,
        channels={name: words.CHANNELS[name] for name in BY_STAFF},
    )
