"""The API's operations to follow a service: reports, contacts, and what does not go as planned."""

from typing import Any

from marshmallow import fields, validate

from services.gateway.api.operations import Who, operation
from services.gateway.api.schemas import _MESSAGES, Input, _Page, _text
from services.gateway.visit import Visit, idempotency_key
from shared.contracts.base import Command
from shared.contracts.dispatch import (
    AnnounceDelay,
    CheckPage,
    CheckView,
    DeliverPart,
    FailService,
    FollowingView,
    FollowPlanView,
    FollowUpPage,
    FollowUpView,
    GetFollowing,
    GetFollowPlan,
    ItemView,
    ListChecks,
    ListFollowUps,
    LogContact,
    LoggedContact,
    OrderCheck,
    ReassignItem,
    RecordCheck,
    ReportProgress,
    ReportView,
    SetFollowPlan,
    SkipFollowUp,
)
from shared.forms import NOT_A_DATE, OUT_OF_RANGE

DAY = r"^(\d{4}-\d{2}-\d{2})?$"


def _day(description: str) -> fields.Field[Any]:
    field = _text(description, required=False, most=10)
    field.validators.append(validate.Regexp(DAY, error=NOT_A_DATE))
    return field


def _moment(description: str) -> fields.Field[Any]:
    return fields.AwareDateTime(
        format="iso", load_default=None, error_messages=_MESSAGES, metadata={"description": description}
    )


def _count(description: str, most: int) -> fields.Field[Any]:
    return fields.Int(
        required=True,
        strict=True,
        validate=validate.Range(1, most, error=OUT_OF_RANGE),
        error_messages=_MESSAGES,
        metadata={"description": description},
    )


class ReportIn(Input):
    text = _text("How far it is, in words.", most=2000)
    share = fields.Int(
        load_default=None,
        allow_none=True,
        strict=True,
        validate=validate.Range(0, 100, error=OUT_OF_RANGE),
        error_messages=_MESSAGES,
        metadata={"description": "How many per cent are done."},
    )
    next_step = _text("What comes next.", required=False, most=2000)
    expected_on = _day("When it will probably be over, such as 2026-11-30.")
    report_id = _text("An id of your own: the same again changes nothing.", required=False, most=100)
    reported_at = _moment("When it was so, where that was earlier than now.")


class ContactIn(Input):
    party = _text("Whom you spoke to: client or organization.", most=20)
    role = fields.Str(
        load_default="handler",
        error_messages=_MESSAGES,
        metadata={"description": "What that person is there: handler, head, expert or other. No name."},
    )
    how = _text("phone, visit, message or mail.", most=20)
    about = _text("What you spoke about; no telephone number, no address, no id.", most=2000)
    next_step = _text("What you agreed on for later.", required=False, most=2000)
    next_on = _day("By when, such as 2026-11-30.")
    contacted_at = _moment("When it was, where that was earlier than now.")


class DelayIn(Input):
    expected_on = _text("When it will be over instead, such as 2026-11-30.", most=10)
    reason = _text("Why; the client reads it.", most=2000)


class FollowUpQuery(_Page):
    owner_id = _text("Only of items this account is responsible for.", required=False, most=60)


class FollowPlanIn(Input):
    first_share = _count("The first task, when so many per cent of the limit are over.", 99)
    every_days = _count("Then one every so many working days.", 60)
    before_days = _count("And one so many working days before the promised end.", 20)
    check_share = fields.Int(
        load_default=10,
        strict=True,
        validate=validate.Range(0, 100, error=OUT_OF_RANGE),
        error_messages=_MESSAGES,
        metadata={"description": "So many per cent of what was served is checked."},
    )


class CheckQuery(Input):
    park = _text("Only this park.", required=False, most=60)


class CheckIn(Input):
    outcome = _text("good, minor or serious.", most=20)
    note = _text("What is not as it should be; needed unless it is good.", required=False, most=2000)


class ReasonIn(Input):
    reason = _text("Why; the client reads it.", most=2000)


class PartIn(Input):
    done = _text("What is there already.", most=2000)
    missing = _text("What is missing.", most=2000)
    next_step = _text("What comes next.", most=2000)
    over = fields.Bool(
        load_default=False,
        error_messages=_MESSAGES,
        metadata={"description": "There will be no more: the service ends with this."},
    )


@operation(
    "GET",
    "/items/{item_id}/following",
    "What was done to follow the service of an item: progress, reports, contacts.",
    who=Who.STAFF,
    gives=FollowingView,
)
async def get_following(visit: Visit, item_id: str) -> FollowingView:
    return await visit.ask(GetFollowing(item_id=item_id), (await visit.staff()).account.actor())


@operation(
    "POST",
    "/items/{item_id}/reports",
    "Say how far the service is; the client sees it. What is older than what is known is kept as a note.",
    who=Who.STAFF,
    takes=ReportIn,
    gives=ReportView,
)
async def report_progress(visit: Visit, **given: Any) -> ReportView:
    return await _tell(visit, ReportProgress(**given))


@operation(
    "POST",
    "/items/{item_id}/contacts",
    "Write down a conversation with the client or the organization.",
    who=Who.STAFF,
    takes=ContactIn,
    gives=LoggedContact,
)
async def log_contact(visit: Visit, **given: Any) -> LoggedContact:
    return await _tell(visit, LogContact(**given))


@operation(
    "POST",
    "/items/{item_id}/reassign",
    "Take the job back from whoever was offered it or serves it; the item is assessed anew.",
    who=Who.STAFF,
    takes=ReasonIn,
    gives=ItemView,
)
async def reassign_item(visit: Visit, **given: Any) -> ItemView:
    return await _tell(visit, ReassignItem(**given))


@operation(
    "POST",
    "/items/{item_id}/fail",
    "The service came to nothing: the item is assessed anew, and the client is told why.",
    who=Who.STAFF,
    takes=ReasonIn,
    gives=ItemView,
)
async def fail_service(visit: Visit, **given: Any) -> ItemView:
    return await _tell(visit, FailService(**given))


@operation(
    "POST",
    "/items/{item_id}/part",
    "Deliver part of the result and tell the client; the service goes on, or ends with it.",
    who=Who.STAFF,
    takes=PartIn,
    gives=ItemView,
)
async def deliver_part(visit: Visit, **given: Any) -> ItemView:
    return await _tell(visit, DeliverPart(**given))


@operation(
    "POST",
    "/items/{item_id}/delay",
    "Tell the client, before the end that was promised, that it will take longer.",
    who=Who.STAFF,
    takes=DelayIn,
    gives=ItemView,
)
async def announce_delay(visit: Visit, **given: Any) -> ItemView:
    return await _tell(visit, AnnounceDelay(**given))


@operation(
    "GET",
    "/follow-ups",
    "Open follow-up tasks of your parks by time, with figures of the last 30 days.",
    who=Who.STAFF,
    query=FollowUpQuery,
    gives=FollowUpPage,
)
async def list_follow_ups(visit: Visit, **given: Any) -> FollowUpPage:
    return await visit.ask(ListFollowUps(**given), (await visit.staff()).account.actor())


@operation(
    "POST",
    "/follow-ups/{follow_up_id}/skip",
    "Leave out a follow-up task, for a reason. It is done by logging a contact once it is due.",
    who=Who.STAFF,
    takes=ReasonIn,
    gives=FollowUpView,
)
async def skip_follow_up(visit: Visit, **given: Any) -> FollowUpView:
    return await _tell(visit, SkipFollowUp(**given))


@operation("GET", "/follow-plan", "When services are followed up.", who=Who.STAFF, gives=FollowPlanView)
async def get_follow_plan(visit: Visit) -> FollowPlanView:
    return await visit.ask(GetFollowPlan(), (await visit.staff()).account.actor())


@operation(
    "POST",
    "/follow-plan",
    "Set when services of the district are followed up.",
    who=Who.STAFF,
    takes=FollowPlanIn,
    gives=FollowPlanView,
)
async def set_follow_plan(visit: Visit, **given: Any) -> FollowPlanView:
    return await _tell(visit, SetFollowPlan(**given))


@operation(
    "GET",
    "/checks",
    "Quality checks that wait to be done, and how those of the last 30 days came out.",
    who=Who.STAFF,
    query=CheckQuery,
    gives=CheckPage,
)
async def list_checks(visit: Visit, **given: Any) -> CheckPage:
    return await visit.ask(ListChecks(**given), (await visit.staff()).account.actor())


@operation(
    "POST",
    "/items/{item_id}/checks",
    "Have the quality of a service checked, whatever the sample says.",
    who=Who.STAFF,
    takes=ReasonIn,
    gives=CheckView,
)
async def order_check(visit: Visit, **given: Any) -> CheckView:
    return await _tell(visit, OrderCheck(**given))


@operation(
    "POST",
    "/checks/{check_id}",
    "Record how a quality check came out; not by whoever had a part in the service.",
    who=Who.STAFF,
    takes=CheckIn,
    gives=CheckView,
)
async def record_check(visit: Visit, **given: Any) -> CheckView:
    return await _tell(visit, RecordCheck(**given))


async def _tell(visit: Visit, command: Command) -> Any:
    actor = (await visit.staff()).account.actor()
    return await visit.tell(command, actor, idempotency_key(visit.request))
