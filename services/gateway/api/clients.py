"""The API's operations on clients: enterprises, whose need one is, and what their contacts have agreed to."""

from typing import Any

from marshmallow import fields, validate

from services.gateway.api.operations import Who, operation
from services.gateway.api.requests import owner_of, reader_of
from services.gateway.api.schemas import _MESSAGES, _PAGE, LINE_LIMIT, Input, _text
from services.gateway.visit import Visit, idempotency_key
from shared.contracts.intake import (
    SHARE_CONTACT,
    ClientPage,
    ClientView,
    ConsentList,
    ConsentView,
    GetClient,
    GetRequest,
    IdentifyClient,
    ListClients,
    ListConsents,
    ListOwnRequests,
    OwnRequests,
    RecordConsent,
    RequestView,
    WithdrawConsent,
)


class OwnQuery(Input):
    after = _text("What `next` of the last page said.", required=False, most=LINE_LIMIT)
    limit = fields.Int(load_default=50, validate=validate.Range(1, 200, error=_PAGE), error_messages=_MESSAGES)


class ClientQuery(OwnQuery):
    search = _text("Words of the name, or of the code.", required=False)


class IdentifyIn(Input):
    credit_code = _text("The enterprise's unified social credit code.", most=40)
    name = _text("Its name; as stated, if empty.", required=False)


class ConsentIn(Input):
    purpose = fields.Str(
        load_default=SHARE_CONTACT,
        error_messages=_MESSAGES,
        metadata={
            "description": "share_contact: name, telephone and e-mail may be told to the organization; follow_up."
        },
    )
    organization = _text("Whom they may be told; any that serves the request, if empty.", required=False)
    organization_name = _text("How people call it.", required=False)
    note = _text("How the consent was given; staff must say.", required=False, most=1000)


class WithdrawalIn(Input):
    reason = _text("Why.", required=False, most=1000)


@operation(
    "GET", "/clients", "Enterprises with requests in your parks.", who=Who.STAFF, query=ClientQuery, gives=ClientPage
)
async def list_clients(visit: Visit, **query: Any) -> ClientPage:
    return await visit.ask(ListClients(**query), (await visit.staff()).account.actor())


@operation(
    "GET",
    "/clients/{credit_code}",
    "An enterprise with its requests, contacts and consents, as far as your parks go.",
    who=Who.STAFF,
    gives=ClientView,
)
async def get_client(visit: Visit, credit_code: str) -> ClientView:
    return await visit.ask(GetClient(credit_code=credit_code), (await visit.staff()).account.actor())


@operation(
    "POST",
    "/requests/{number}/client",
    "Say which enterprise a request is of.",
    who=Who.STAFF,
    takes=IdentifyIn,
    gives=RequestView,
)
async def identify_client(visit: Visit, number: str, **given: Any) -> RequestView:
    actor = (await visit.staff()).account.actor()
    request: RequestView = await visit.ask(GetRequest(number=number), actor)
    command = IdentifyClient(request_id=request.request_id, **given)
    return await visit.tell(command, actor, idempotency_key(visit.request))


@operation(
    "GET",
    "/own/requests",
    "The requests of the enterprise whose account is signed in.",
    who=Who.STAFF,
    query=OwnQuery,
    gives=OwnRequests,
)
async def list_own_requests(visit: Visit, **query: Any) -> OwnRequests:
    return await visit.ask(ListOwnRequests(**query), (await visit.staff()).account.actor())


@operation(
    "GET",
    "/requests/{number}/consents",
    "What the contact of a request has agreed to.",
    who=Who.OWNER,
    gives=ConsentList,
)
async def list_consents(visit: Visit, number: str) -> ConsentList:
    actor = await reader_of(visit, number)
    request: RequestView = await visit.ask(GetRequest(number=number), actor)
    return await visit.ask(ListConsents(request_id=request.request_id), actor)


@operation(
    "POST",
    "/requests/{number}/consents",
    "The contact agrees; by itself with the code, or told to staff.",
    who=Who.OWNER,
    takes=ConsentIn,
    gives=ConsentView,
)
async def record_consent(visit: Visit, number: str, **given: Any) -> ConsentView:
    actor = await owner_of(visit, number)
    request: RequestView = await visit.ask(GetRequest(number=number), actor)
    command = RecordConsent(request_id=request.request_id, **given)
    return await visit.tell(command, actor, idempotency_key(visit.request))


@operation(
    "POST",
    "/requests/{number}/consents/{consent_id}/withdraw",
    "The contact agrees no longer.",
    who=Who.OWNER,
    takes=WithdrawalIn,
    gives=ConsentView,
)
async def withdraw_consent(visit: Visit, number: str, consent_id: str, reason: str) -> ConsentView:
    actor = await owner_of(visit, number)
    command = WithdrawConsent(consent_id=consent_id, reason=reason)
    return await visit.tell(command, actor, idempotency_key(visit.request))
