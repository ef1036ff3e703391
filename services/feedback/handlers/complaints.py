"""What feedback does about complaints: received, looked into, decided, told, closed (6.6.1, 6.6.2)."""

import hmac
import re
import secrets
from datetime import timedelta

from services.feedback.domain.complaints import (
    ABOUT,
    CHANNELS,
    COMPLEXITIES,
    IMPACTS,
    LINE_LIMIT,
    NOTE_LIMIT,
    OUTCOMES,
    RESPONSES,
    SEVERITIES,
    TEXT_LIMIT,
    Assessment,
    Complaint,
)
from services.feedback.handlers.complaining import checked, next_look, put, said, say, shown, tell_client
from services.feedback.handlers.work import FeedbackWork
from shared import access
from shared.access import Role
from shared.contracts.feedback import (
    AcceptDecision,
    AcknowledgeComplaint,
    AppealDecision,
    AssessComplaint,
    ComplaintAcknowledged,
    ComplaintAssessed,
    ComplaintClosed,
    ComplaintConfirmed,
    ComplaintDecided,
    ComplaintExtended,
    ComplaintFiled,
    ComplaintPage,
    ComplaintReceived,
    ComplaintView,
    DecideComplaint,
    DecisionAppealed,
    DecisionTold,
    ExtendComplaint,
    FileComplaint,
    FindingRecorded,
    GetComplaint,
    GetOwnComplaint,
    ListComplaints,
    RecordFinding,
    TellDecision,
    WithdrawComplaint,
)
from shared.errors import Forbidden, Invalid, NotFound

WEB = "web"
PHONE = re.compile(r"\+?[0-9][0-9 ()-]{4,24}")
EMAIL = re.compile(r"[^@\s]{1,64}@[^@\s]{1,190}")
PAGE_LIMIT = 200


def file_complaint(command: FileComplaint, uow: FeedbackWork) -> ComplaintFiled:
    """Nobody needs an account or a name; staff write down what reaches them otherwise."""
    _check_filed(command)
    if command.channel == WEB:
        access.check(uow.actor, "complain", park=command.park)
    else:
        access.check(uow.actor, "handle_complaint", park=command.park)
    if command.request_id:
        access.check(uow.actor, "complain_of_request", park=command.park, request_id=command.request_id)
    with uow:
        complaint = open_complaint(command, uow)
        return uow.commit(
            ComplaintFiled(
                complaint_id=complaint.complaint_id, number=complaint.number, code=complaint.code, park=complaint.park,
                received_at=uow.now,
            )
        )  # fmt: skip


def open_complaint(command: FileComplaint, uow: FeedbackWork) -> Complaint:
    """Within the caller's transaction: numbered, its clock started, and said. Raises Invalid."""
    party = uow.parties.get(command.item_id) if command.item_id else None
    if party and (party.request_id, party.park) != (command.request_id, command.park):
        raise Invalid("请检查填写的内容", fields={"item_id": "这件事不属于这个受理编号"})
    complaint = Complaint(
        complaint_id=uow.new_id(), number=uow.complaints.next_number(uow.now.astimezone(uow.zone).year),
        code=f"{secrets.randbelow(10**6):06d}", park=command.park, channel=command.channel, about=command.about,
        text=command.text.strip(), wish=command.wish.strip(), anonymous=command.anonymous,
        company="" if command.anonymous else command.company.strip(), received_at=uow.now,
        month=f"{uow.now.astimezone(uow.zone):%Y-%m}", contact_name=command.contact_name.strip(),
        phone=command.phone.strip(), email=command.email.strip(), request_id=command.request_id,
        item_id=command.item_id, item_number=party.number if party else "", title=party.title if party else "",
        category=party.category if party else "", organization=party.organization if party else "",
        hands=party.hands if party else (),
        repeated=bool(command.request_id) and uow.complaints.known_before(command.request_id, command.item_id),
    )  # fmt: skip
    complaint.receive(uow.actor)
    uow.complaints.add(complaint, next_look(complaint, uow))
    say(
        uow, complaint, ComplaintReceived, channel=complaint.channel, about=complaint.about, text=complaint.text,
        wish=complaint.wish, anonymous=complaint.anonymous, repeated=complaint.repeated,
    )  # fmt: skip
    return complaint


def _check_filed(command: FileComplaint) -> None:
    """Raises Invalid with a text for each field."""
    wrong = {}
    if not command.text.strip():
        wrong["text"] = "请写下您要投诉的事"
    elif len(command.text) > TEXT_LIMIT:
        wrong["text"] = "最多写 5000 个字"
    if len(command.wish) > NOTE_LIMIT:
        wrong["wish"] = "最多写 2000 个字"
    if command.about not in ABOUT:
        wrong["about"] = "请选投诉的是哪方面"
    if command.channel not in CHANNELS:
        wrong["channel"] = "没有这种渠道"
    for name in ("company", "contact_name"):
        if len(getattr(command, name)) > LINE_LIMIT:
            wrong[name] = "最多写 200 个字"
    if command.phone.strip() and not PHONE.fullmatch(command.phone.strip()):
        wrong["phone"] = "电话号码不对，请检查，例如 13900000000 或 020-00000001"
    if command.email.strip() and not EMAIL.fullmatch(command.email.strip()):
        wrong["email"] = "邮箱地址不对，请检查，例如 name@example.com"
    if command.anonymous and (command.request_id or command.phone or command.email or command.contact_name):
        wrong["anonymous"] = "匿名投诉不记名字、联系方式和受理编号；要写这些，请不要选匿名"
    if command.item_id and not command.request_id:
        wrong["item_id"] = "要写明受理编号"
    if wrong:
        raise Invalid("请检查填写的内容", fields=wrong)


def acknowledge_complaint(command: AcknowledgeComplaint, uow: FeedbackWork) -> ComplaintView:
    with uow:
        complaint = checked(command.complaint_id, "handle_complaint", uow)
        complaint.acknowledge(uow.actor, uow.now)
        put(uow, complaint)
        say(
            uow, complaint, ComplaintAcknowledged, handler_id=complaint.handler_id,
            handler_name=complaint.handler_name, round=complaint.round,
        )  # fmt: skip
        tell_client(uow, complaint, "complaint_acknowledged", {"handler": complaint.handler_name})
        return uow.commit(shown(complaint, uow))


def assess_complaint(command: AssessComplaint, uow: FeedbackWork) -> ComplaintView:
    wrong = {
        name: "请从列表里选一项"
        for name, known in (("severity", SEVERITIES), ("complexity", COMPLEXITIES), ("impact", IMPACTS))
        if getattr(command, name) not in known
    }
    if command.at_once and not command.action.strip():
        wrong["action"] = "要马上处置的，请写明做了什么"
    for name, most in (("action", NOTE_LIMIT), ("against_id", LINE_LIMIT), ("organization", LINE_LIMIT)):
        if len(getattr(command, name)) > most:
            wrong[name] = "写得太长了"
    if wrong:
        raise Invalid("请检查填写的内容", fields=wrong)
    with uow:
        complaint = checked(command.complaint_id, "handle_complaint", uow)
        found = Assessment(
            severity=command.severity, safety=command.safety, complexity=command.complexity, impact=command.impact,
            at_once=command.at_once, action=command.action.strip(), against_id=command.against_id.strip(),
            against_name=command.against_name.strip(), organization=command.organization.strip(),
        )  # fmt: skip
        complaint.assess(found, uow.actor, uow.now)
        put(uow, complaint)
        say(
            uow, complaint, ComplaintAssessed, severity=found.severity, safety=found.safety,
            complexity=found.complexity, impact=found.impact, at_once=found.at_once, action=found.action,
            organization=complaint.organization,
        )  # fmt: skip
        return uow.commit(shown(complaint, uow))


def record_finding(command: RecordFinding, uow: FeedbackWork) -> ComplaintView:
    text = said(command.text, "text", "请写明查到了什么")
    with uow:
        complaint = checked(command.complaint_id, "handle_complaint", uow)
        complaint.find(text, uow.actor, uow.now)
        put(uow, complaint)
        say(uow, complaint, FindingRecorded, text=text)
        return uow.commit(shown(complaint, uow))


def extend_complaint(command: ExtendComplaint, uow: FeedbackWork) -> ComplaintView:
    reason = said(command.reason, "reason", "请写明为什么要延长，投诉人会看到")
    with uow:
        complaint = checked(command.complaint_id, "handle_complaint", uow)
        complaint.extend(command.days, reason, uow.plans.of(complaint.park), uow.actor, uow.now)
        put(uow, complaint)
        say(uow, complaint, ComplaintExtended, days=command.days, reason=reason)
        tell_client(uow, complaint, "complaint_extended", {"days": command.days, "reason": reason})
        return uow.commit(shown(complaint, uow))


def decide_complaint(command: DecideComplaint, uow: FeedbackWork) -> ComplaintView:
    """Whoever complained by web is told with the decision itself; the others by whoever decided, in another way."""
    wrong = {}
    if command.outcome not in OUTCOMES:
        wrong["outcome"] = "请从列表里选一项"
    if command.response not in RESPONSES:
        wrong["response"] = "请从列表里选一项"
    if wrong:
        raise Invalid("请检查填写的内容", fields=wrong)
    text = said(command.text, "text", "请写明处理决定，投诉人会看到")
    with uow:
        complaint = checked(command.complaint_id, "handle_complaint", uow)
        complaint.decide(command.outcome, command.response, text, uow.actor, uow.now)
        say(
            uow, complaint, ComplaintDecided, outcome=complaint.outcome, response=complaint.response, text=text,
            organization=complaint.organization, round=complaint.round,
        )  # fmt: skip
        if complaint.outcome != "unfounded":
            assessed = complaint.assessment
            say(
                uow, complaint, ComplaintConfirmed, outcome=complaint.outcome,
                severity=assessed.severity if assessed else "", safety=bool(assessed and assessed.safety),
                organization=complaint.organization, category=complaint.category,
            )  # fmt: skip
        if complaint.channel == WEB:
            _tell(complaint, WEB, "", uow)
        put(uow, complaint)
        return uow.commit(shown(complaint, uow))


def tell_decision(command: TellDecision, uow: FeedbackWork) -> ComplaintView:
    if command.how not in CHANNELS:
        raise Invalid("请检查填写的内容", fields={"how": "请选怎么告知的"})
    note = said(command.note, "note")
    with uow:
        complaint = checked(command.complaint_id, "handle_complaint", uow)
        _tell(complaint, command.how, note, uow)
        put(uow, complaint)
        return uow.commit(shown(complaint, uow))


def _tell(complaint: Complaint, how: str, note: str, uow: FeedbackWork) -> None:
    plan, term = uow.plans.of(complaint.park), timedelta(days=uow.appeal_days)
    complaint.tell(how, note, plan, term, uow.actor, uow.now)
    say(uow, complaint, DecisionTold, how=how, note=note, appeal_until=complaint.appeal_until)
    tell_client(
        uow, complaint, "complaint_decided", {"outcome": complaint.outcome, "text": complaint.decision}
    )  # fmt: skip


def accept_decision(command: AcceptDecision, uow: FeedbackWork) -> ComplaintView:
    with uow:
        complaint = checked(command.complaint_id, "answer_decision", uow)
        complaint.accept(uow.actor, uow.now)
        put(uow, complaint)
        say(uow, complaint, ComplaintClosed, reason="accepted")
        return uow.commit(shown(complaint, uow))


def appeal_decision(command: AppealDecision, uow: FeedbackWork) -> ComplaintView:
    text = said(command.text, "text", "请写明为什么不满意这个处理决定")
    with uow:
        complaint = checked(command.complaint_id, "answer_decision", uow)
        complaint.appeal(text, uow.actor, uow.now)
        put(uow, complaint)
        say(uow, complaint, DecisionAppealed, text=text)
        return uow.commit(shown(complaint, uow))


def withdraw_complaint(command: WithdrawComplaint, uow: FeedbackWork) -> ComplaintView:
    reason = said(command.reason, "reason")
    with uow:
        complaint = checked(command.complaint_id, "answer_decision", uow)
        complaint.withdraw(reason, uow.actor, uow.now)
        put(uow, complaint)
        say(uow, complaint, ComplaintClosed, reason="withdrawn", note=reason)
        return uow.commit(shown(complaint, uow))


def get_complaint(query: GetComplaint, uow: FeedbackWork) -> ComplaintView:
    with uow:
        if query.complaint_id:
            complaint = uow.complaints.get(query.complaint_id)
        elif (found := uow.complaints.by_number(query.number)) is not None:
            complaint = found
        else:
            raise NotFound("没有这件投诉")
        access.check(uow.actor, "read_complaint", park=complaint.park, request_id=_own(complaint, uow))
        return shown(complaint, uow)


def _own(complaint: Complaint, uow: FeedbackWork) -> str:
    """What makes the complaint the reader's own: the complaint itself, or the request it is about."""
    return complaint.request_id if complaint.request_id in uow.actor.requests else complaint.complaint_id


def get_own_complaint(query: GetOwnComplaint, uow: FeedbackWork) -> ComplaintView:
    """The same answer for a wrong number and a wrong code, so that neither can be tried out alone."""
    access.check(uow.actor, "open_with_code")
    with uow:
        complaint = uow.complaints.by_number(query.number.strip())
        if complaint is None or not hmac.compare_digest(complaint.code.encode(), query.code.strip().encode()):
            raise NotFound("编号和查询码对不上，请再核对一下")
        return shown(complaint, uow, own=True)


def list_complaints(query: ListComplaints, uow: FeedbackWork) -> ComplaintPage:
    if not 1 <= query.limit <= PAGE_LIMIT:
        raise Invalid("请检查填写的内容", fields={"limit": "每页 1 到 200 件"})
    if uow.actor.role == Role.CLIENT:
        if query.request_id not in uow.actor.requests:
            raise Forbidden("您没有权限做这件事，请联系服务站负责人")
        parks: tuple[str, ...] = (access.EVERYWHERE,)
    else:
        parks = access.parks_of(uow.actor, "read_complaint")
    with uow:
        found, counts = uow.complaints.page(query, parks)
        return ComplaintPage(
            complaints=tuple(shown(one, uow) for one in found), counts=counts,
            next=found[-1].complaint_id if len(found) == query.limit else "",
        )  # fmt: skip
