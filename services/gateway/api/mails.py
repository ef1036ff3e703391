"""The API's operations on mail: what staff must look at, and what is written to and from a client."""

from typing import Any

from marshmallow import fields, validate

from services.gateway.api.operations import Who, operation
from services.gateway.api.requests import reader_of
from services.gateway.api.schemas import _MESSAGES, _PAGE, LINE_LIMIT, TEXT_LIMIT, Empty, Input, _text
from services.gateway.visit import Visit, idempotency_key
from shared.contracts.base import Command
from shared.contracts.intake import (
    AddMail,
    Correspondence,
    GetMail,
    GetRequest,
    ListMails,
    ListMessages,
    MailPage,
    MailView,
    OpenFromMail,
    RequestView,
    SettleMail,
    WriteToClient,
)


class MailQuery(Input):
    fate = _text(
        "Only mails of which this became: set_aside, bounced, automatic, need, added, loop, settled; empty for all.",
        required=False,
        most=20,
    )
    after = _text("What `next` of the last page said.", required=False, most=LINE_LIMIT)
    limit = fields.Int(load_default=50, validate=validate.Range(1, 200, error=_PAGE), error_messages=_MESSAGES)


class MailNeedIn(Input):
    park = _text("The park's code, as in /stations.", most=60)
    company = _text("The company's name.")
    text = _text("The need; the mail's own words, if empty.", required=False, most=TEXT_LIMIT)


class LetterIn(Input):
    text = _text("What the client should know.", most=TEXT_LIMIT)


class MailAddIn(Input):
    number = _text("The number of the request it is about.", most=60)


@operation(
    "GET", "/mails", "Mails that came; those set aside wait for staff.", who=Who.STAFF, query=MailQuery, gives=MailPage
)
async def list_mails(visit: Visit, **query: Any) -> MailPage:
    return await visit.ask(ListMails(**query), (await visit.staff()).account.actor())


@operation("GET", "/mails/{mail_id}", "One mail.", who=Who.STAFF, gives=MailView)
async def get_mail(visit: Visit, mail_id: str) -> MailView:
    return await visit.ask(GetMail(mail_id=mail_id), (await visit.staff()).account.actor())


async def _tell(visit: Visit, command: Command) -> MailView:
    return await visit.tell(command, (await visit.staff()).account.actor(), idempotency_key(visit.request))


@operation(
    "POST", "/mails/{mail_id}/need", "Make a need of a mail set aside.", who=Who.STAFF, takes=MailNeedIn, gives=MailView
)
async def open_from_mail(visit: Visit, **given: Any) -> MailView:
    return await _tell(visit, OpenFromMail(**given))


@operation(
    "POST", "/mails/{mail_id}/add", "Add a mail set aside to a request.", who=Who.STAFF, takes=MailAddIn, gives=MailView
)
async def add_mail(visit: Visit, **given: Any) -> MailView:
    return await _tell(visit, AddMail(**given))


@operation(
    "POST", "/mails/{mail_id}/settle", "Nothing comes of a mail set aside.", who=Who.STAFF, takes=Empty, gives=MailView
)
async def settle_mail(visit: Visit, mail_id: str) -> MailView:
    return await _tell(visit, SettleMail(mail_id=mail_id))


@operation(
    "GET",
    "/requests/{number}/messages",
    "What was written by mail about a request; for its client and its station's staff.",
    who=Who.OWNER,
    gives=Correspondence,
)
async def list_messages(visit: Visit, number: str) -> Correspondence:
    actor = await reader_of(visit, number)
    request: RequestView = await visit.ask(GetRequest(number=number), actor)
    return await visit.ask(ListMessages(request_id=request.request_id), actor)


@operation(
    "POST",
    "/requests/{number}/messages",
    "Write a mail to the contact of a request.",
    who=Who.STAFF,
    takes=LetterIn,
    gives=Correspondence,
)
async def write_to_client(visit: Visit, number: str, text: str) -> Correspondence:
    actor = (await visit.staff()).account.actor()
    request: RequestView = await visit.ask(GetRequest(number=number), actor)
    command = WriteToClient(request_id=request.request_id, text=text)
    return await visit.tell(command, actor, idempotency_key(visit.request))
