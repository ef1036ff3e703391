"""The API's operations on complaints: file one, follow it by its code, and what the station does about it."""

from typing import Any

from marshmallow import fields, validate

from services.gateway.api.operations import Who, operation, signed_in
from services.gateway.api.requests import CODE_HEADER, owner_of
from services.gateway.api.schemas import _MESSAGES, Empty, Input, _Page, _text
from services.gateway.known import PUBLIC
from services.gateway.pages.complaints import proven
from services.gateway.visit import Visit, idempotency_key
from shared.access import Actor
from shared.contracts.base import Command
from shared.contracts.feedback import (
    AcceptDecision,
    AcknowledgeComplaint,
    AppealDecision,
    AssessComplaint,
    CarryOutDispute,
    CheckCorrection,
    ComplaintFiled,
    ComplaintPage,
    ComplaintView,
    ConcludeDispute,
    DecideComplaint,
    ExtendComplaint,
    FileComplaint,
    FinishCorrection,
    GetComplaint,
    ListComplaints,
    OrderCorrection,
    RecordFinding,
    SubmitDispute,
    TellDecision,
    WithdrawComplaint,
)
from shared.contracts.intake import GetRequest, RequestView
from shared.errors import Unproven
from shared.forms import OUT_OF_RANGE

NOTE = 2000


def _flag(description: str) -> fields.Field[Any]:
    return fields.Bool(load_default=False, error_messages=_MESSAGES, metadata={"description": description})


class ComplaintIn(Input):
    park = _text("Which station it is about.", most=60)
    about = _text("result, attitude, time, fee, fairness, privacy or other.", most=20)
    text = _text("What happened.", most=5000)
    channel = fields.Str(
        load_default="web",
        error_messages=_MESSAGES,
        metadata={"description": "web; staff write down what came by im, phone, window or letter."},
    )
    wish = _text("What would settle it.", required=False, most=NOTE)
    anonymous = _flag("Without a name: number and code are all there is.")
    company = _text("Who complains.", required=False)
    contact_name = _text("Who complains there.", required=False)
    phone = _text("Seen by who handles it alone.", required=False, most=60)
    email = _text("Seen by who handles it alone.", required=False)
    number = _text("The request it is about; needs X-Request-Code, or a session.", required=False, most=60)
    item_id = _text("The item of that request it is about.", required=False, most=60)


class ComplaintQuery(_Page):
    park = _text("Only this park.", required=False, most=60)
    stage = _text("Only this stage.", required=False, most=20)
    handler_id = _text("Only those this account handles.", required=False, most=60)
    open = _flag("Only what is neither closed nor withdrawn.")


class AssessmentIn(Input):
    severity = _text("low, medium or high.", most=20)
    complexity = _text("simple or complex.", most=20)
    impact = _text("one, several or wide.", most=20)
    safety = _flag("Safety is touched.")
    at_once = _flag("Something had to be done at once.")
    action = _text("What was done at once.", required=False, most=NOTE)
    against_id = _text("The account it is about; not the handler's.", required=False, most=60)
    against_name = _text("How that person is addressed.", required=False)
    organization = _text("The code of the organization that served.", required=False, most=60)


class FindingIn(Input):
    text = _text("What was found.", most=NOTE)


class ExtensionIn(Input):
    days = fields.Int(
        required=True,
        strict=True,
        validate=validate.Range(1, 20, error=OUT_OF_RANGE),
        error_messages=_MESSAGES,
        metadata={"description": "By how many working days."},
    )
    reason = _text("Why; the complainant reads it.", most=NOTE)


class DecisionIn(Input):
    outcome = _text("confirmed, partly or unfounded.", most=20)
    response = _text("apology, redo, refund, compensation, help or explanation.", most=20)
    text = _text("What the complainant reads.", most=NOTE)


class ToldIn(Input):
    how = _text("web, im, phone, window or letter.", most=20)
    note = _text("What the complainant said.", required=False, most=NOTE)


class AppealIn(Input):
    text = _text("Why another look is wanted.", most=NOTE)


class ComplaintWithdrawalIn(Input):
    reason = _text("Why.", required=False, most=NOTE)


class DisputeIn(Input):
    provider = _text("Who is to settle it.")
    method = _text("mediation, advice or ruling.", most=20)
    submitted_on = _text("On which day, such as 2026-11-30.", most=10)


class ConclusionIn(Input):
    outcome = _text("What was settled.", most=NOTE)
    concluded_on = _text("On which day, such as 2026-11-30.", most=10)


class CarriedOutIn(Input):
    carried_out_on = _text("On which day, such as 2026-11-30.", most=10)
    note = _text("How.", required=False, most=NOTE)


class CorrectionIn(Input):
    what = _text("What is to change.", most=NOTE)
    due_on = _text("By when, such as 2026-11-30.", most=10)
    owner_id = _text("Who sees to it; without it, you.", required=False, most=60)
    owner_name = _text("How that person is addressed.", required=False)


class DoneIn(Input):
    note = _text("What was done.", most=NOTE)


class EffectIn(Input):
    effective = fields.Bool(required=True, error_messages=_MESSAGES, metadata={"description": "Whether it worked."})
    note = _text("How that shows.", most=NOTE)


@operation(
    "POST",
    "/complaints",
    "Complain. The code in the answer opens the complaint later, one without a name too.",
    takes=ComplaintIn,
    gives=ComplaintFiled,
    status=201,
)
async def file_complaint(visit: Visit, number: str, **given: Any) -> ComplaintFiled:
    await visit.gateway.known.station(given["park"])
    actor, request_id = PUBLIC, ""
    if number:
        actor = await owner_of(visit, number)
        request: RequestView = await visit.ask(GetRequest(number=number), actor)
        request_id = request.request_id
    elif given["channel"] != "web":
        actor = (await signed_in(visit)).account.actor()
    return await visit.tell(FileComplaint(**given, request_id=request_id), actor, idempotency_key(visit.request))


@operation(
    "GET",
    "/complaints",
    "Complaints of your parks, newest first.",
    who=Who.STAFF,
    query=ComplaintQuery,
    gives=ComplaintPage,
)
async def list_complaints(visit: Visit, **given: Any) -> ComplaintPage:
    return await visit.ask(ListComplaints(**given), (await visit.staff()).account.actor())


@operation(
    "GET",
    "/complaints/{number}",
    "A complaint, by its number. Needs X-Request-Code, or a session.",
    who=Who.OWNER,
    gives=ComplaintView,
)
async def get_complaint(visit: Visit, number: str) -> ComplaintView:
    if code := visit.request.headers.get(CODE_HEADER, ""):
        return (await proven(visit, number, code))[0]
    if session := await visit.session():
        return await visit.ask(GetComplaint(number=number), session.account.actor())
    raise Unproven("请用 X-Request-Code 说明查询码，或先登录")


async def _owned(visit: Visit, number: str) -> tuple[str, Actor]:
    """The complaint's id, and who answers for its complainant: by its code, or staff on its behalf."""
    if code := visit.request.headers.get(CODE_HEADER, ""):
        one, grant = await proven(visit, number, code)
        return one.complaint_id, grant.actor()
    actor = (await signed_in(visit)).account.actor()
    found: ComplaintView = await visit.ask(GetComplaint(number=number), actor)
    return found.complaint_id, actor


async def _answer(visit: Visit, number: str, kind: type[Any], **given: Any) -> ComplaintView:
    complaint_id, actor = await _owned(visit, number)
    return await visit.tell(kind(complaint_id=complaint_id, **given), actor, idempotency_key(visit.request))


@operation(
    "POST",
    "/complaints/{number}/accept",
    "Agree with the decision: the complaint is closed.",
    who=Who.OWNER,
    takes=Empty,
    gives=ComplaintView,
)
async def accept_decision(visit: Visit, number: str) -> ComplaintView:
    return await _answer(visit, number, AcceptDecision)


@operation(
    "POST",
    "/complaints/{number}/appeal",
    "Have another person look into it, once.",
    who=Who.OWNER,
    takes=AppealIn,
    gives=ComplaintView,
)
async def appeal_decision(visit: Visit, number: str, text: str) -> ComplaintView:
    return await _answer(visit, number, AppealDecision, text=text)


@operation(
    "POST",
    "/complaints/{number}/withdraw",
    "Take the complaint back before it is decided.",
    who=Who.OWNER,
    takes=ComplaintWithdrawalIn,
    gives=ComplaintView,
)
async def withdraw_complaint(visit: Visit, number: str, reason: str) -> ComplaintView:
    return await _answer(visit, number, WithdrawComplaint, reason=reason)


def _step(name: str, summary: str, kind: type[Command], takes: type[Input]) -> None:
    """A step of the station's, on its own path: the body and the path hold what the command holds."""

    async def take(visit: Visit, **given: Any) -> ComplaintView:
        actor = (await visit.staff()).account.actor()
        return await visit.tell(kind(**given), actor, idempotency_key(visit.request))

    take.__name__ = kind.type()
    path = f"/complaint-work/{{complaint_id}}/{name}"
    operation("POST", path, summary, who=Who.STAFF, takes=takes, gives=ComplaintView)(take)


for _name, _summary, _kind, _takes in (
    ("acknowledge", "Take a complaint, an appeal, or one from its handler.", AcknowledgeComplaint, Empty),
    ("assess", "The initial assessment by GB/T 19012.", AssessComplaint, AssessmentIn),
    ("findings", "Write down what was found; the complainant does not see it.", RecordFinding, FindingIn),
    ("extend", "Take longer; before the time is over, and the complainant is told.", ExtendComplaint, ExtensionIn),
    ("decide", "Decide it; who complained by web is told at once.", DecideComplaint, DecisionIn),
    ("tell", "The complainant was told the decision, in which way.", TellDecision, ToldIn),
    ("dispute", "It went to a dispute provider, after the appeal.", SubmitDispute, DisputeIn),
    ("dispute/conclude", "The provider came to an outcome.", ConcludeDispute, ConclusionIn),
    ("dispute/carry-out", "The outcome was carried out: the complaint is closed.", CarryOutDispute, CarriedOutIn),
    ("corrections", "Have something changed so that it does not happen again.", OrderCorrection, CorrectionIn),
    ("corrections/{correction_id}/finish", "The change is made, by its owner.", FinishCorrection, DoneIn),
    ("corrections/{correction_id}/check", "Whether it worked, by another than its owner.", CheckCorrection, EffectIn),
):  # fmt: skip
    _step(_name, _summary, _kind, _takes)
