"""Pages of an enterprise: its requests (signed in), and what its contact agrees to."""

import uuid
from contextlib import suppress
from urllib.parse import quote

from starlette.responses import Response

from services.gateway.owning import is_client
from services.gateway.pages.frame import owner, page, render, see
from services.gateway.visit import Visit
from shared.contracts.intake import (
    ConsentList,
    ListConsents,
    ListOwnRequests,
    OwnRequests,
    RecordConsent,
    WithdrawConsent,
)
from shared.errors import Forbidden, IllegalMove


@page("/own")
async def own(visit: Visit) -> Response:
    session = await visit.staff()
    if not is_client(session):
        raise Forbidden("这个页面给企业账号用，工作人员请看待办")
    after = visit.request.query_params.get("after", "")[:60]
    found: OwnRequests = await visit.ask(ListOwnRequests(after=after), session.account.actor())
    return render(visit, "own.html", station=None, account=session.account, found=found, csrf=session.csrf)


@page("/r/{number}/consents", "GET", "POST")
async def consents(visit: Visit, number: str) -> Response:
    """Whom the contact's name and number may be told."""
    grant = owner(visit, number)
    if grant is None:
        return see(f"/track?number={quote(number)}")
    at = f"/r/{quote(number, safe='')}/consents"
    if visit.request.method == "POST":
        await visit.tell(RecordConsent(request_id=grant.request_id), grant.actor(), visit.form["key"])
        return see(at)
    found: ConsentList = await visit.ask(ListConsents(request_id=grant.request_id), grant.actor())
    return render(
        visit,
        "own_consents.html",
        station=visit.gateway.known.seen(grant.park),
        number=number,
        consents=found.consents,
        given=any(not one.withdrawn_at and not one.organization for one in found.consents),
        key=uuid.uuid4().hex,
        csrf=visit.grants.csrf(visit.gateway.seals),
    )


@page("/r/{number}/consents/{consent_id}/withdraw", "POST")
async def withdraw(visit: Visit, number: str, consent_id: str) -> Response:
    grant = owner(visit, number)
    if grant is None:
        return see(f"/track?number={quote(number)}")
    with suppress(IllegalMove):  # it was withdrawn meanwhile
        await visit.tell(WithdrawConsent(consent_id=consent_id), grant.actor(), visit.form["key"])
    return see(f"/r/{quote(number, safe='')}/consents")
