"""Pages where staff see an enterprise with its requests, contacts and consents, and say whose need one is."""

import uuid
from collections.abc import Mapping
from contextlib import suppress
from typing import Any

from starlette.responses import Response

from services.gateway.pages.frame import page, see, signed_in
from services.gateway.pages.item import may_handle
from services.gateway.pages.queue import desk
from services.gateway.visit import Visit
from shared.contracts.dispatch import GetItem, ItemView
from shared.contracts.intake import (
    ClientPage,
    ConsentList,
    GetClient,
    IdentifyClient,
    ListClients,
    ListConsents,
    RecordConsent,
    WithdrawConsent,
)
from shared.errors import Forbidden, IllegalMove, Invalid


@page("/desk/clients")
async def show(visit: Visit) -> Response:
    session = await signed_in(visit)
    query = visit.request.query_params
    search = query.get("search", "").strip()[:100]
    asked = ListClients(search=search, after=query.get("after", "")[:40])
    found: ClientPage = await visit.ask(asked, session.account.actor())
    return desk(visit, session, "clients.html", found=found, search=search)


@page("/desk/clients/{credit_code}")
async def one(visit: Visit, credit_code: str) -> Response:
    session = await signed_in(visit)
    client = await visit.ask(GetClient(credit_code=credit_code), session.account.actor())
    return desk(visit, session, "client.html", client=client)


@page("/desk/identify/{item_id}", "GET", "POST")
async def identify(visit: Visit, item_id: str) -> Response:
    """Link the request of an item to the enterprise with this code."""
    session = await signed_in(visit)
    actor = session.account.actor()
    item: ItemView = await visit.ask(GetItem(item_id=item_id), actor)
    wrong: Mapping[str, str] = {}
    typed: dict[str, Any] = {"credit_code": visit.form["credit_code"], "name": visit.form["name"] or item.company}
    if visit.request.method == "POST":
        try:
            command = IdentifyClient(
                request_id=item.request_id, credit_code=visit.form["credit_code"], name=visit.form["name"]
            )
            view = await visit.tell(command, actor, visit.form["key"])
            return see(f"/desk/clients/{view.credit_code}")
        except Invalid as error:
            wrong = {path: visit.say(text) for path, text in error.fields.items()}
    key = visit.form["key"] or uuid.uuid4().hex
    status = 422 if wrong else 200
    return desk(visit, session, "identify.html", status, item=item, typed=typed, wrong=wrong, key=key)


@page("/desk/consents/{item_id}", "GET", "POST")
async def consents(visit: Visit, item_id: str) -> Response:
    """What the contact of an item's request has agreed to; what they tell staff is written down here."""
    session = await signed_in(visit)
    actor = session.account.actor()
    item: ItemView = await visit.ask(GetItem(item_id=item_id), actor)
    handles = may_handle(session, item.park)
    wrong: Mapping[str, str] = {}
    if visit.request.method == "POST":
        if not handles:
            raise Forbidden("您没有权限做这件事，请联系服务站负责人")
        name = visit.form["organization"]
        command = RecordConsent(
            request_id=item.request_id, organization=name, organization_name=name, note=visit.form["note"]
        )
        try:
            await visit.tell(command, actor, visit.form["key"])
            return see(f"/desk/consents/{item_id}")
        except Invalid as error:
            wrong = {path: visit.say(text) for path, text in error.fields.items()}
    found: ConsentList = await visit.ask(ListConsents(request_id=item.request_id), actor)
    return desk(
        visit,
        session,
        "consents.html",
        422 if wrong else 200,
        item=item,
        consents=found.consents,
        handles=handles,
        typed=visit.form,
        wrong=wrong,
        key=visit.form["key"] or uuid.uuid4().hex,
    )


@page("/desk/consents/{item_id}/{consent_id}/withdraw", "POST")
async def withdraw(visit: Visit, item_id: str, consent_id: str) -> Response:
    session = await signed_in(visit)
    with suppress(IllegalMove):  # somebody was first
        await visit.tell(WithdrawConsent(consent_id=consent_id), session.account.actor(), visit.form["key"])
    return see(f"/desk/consents/{item_id}")
