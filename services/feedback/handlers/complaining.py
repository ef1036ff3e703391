"""What the handlers of complaints share: finding one that may be touched, how it speaks, who sees what of it."""

from datetime import datetime
from typing import Any, TypeVar

from services.feedback.domain.complaints import NOTE_LIMIT, TIMED, Complaint
from services.feedback.domain.told import Notice
from services.feedback.handlers.work import FeedbackWork
from shared import access
from shared.access import Role
from shared.contracts.base import Details
from shared.contracts.feedback import ComplaintEvent, ComplaintView
from shared.errors import Forbidden, Invalid

E = TypeVar("E", bound=ComplaintEvent)


def checked(complaint_id: str, action: str, uow: FeedbackWork) -> Complaint:
    """The complaint, locked, if this actor may do this to it."""
    complaint = uow.complaints.get(complaint_id)
    own = complaint.request_id if complaint.request_id in uow.actor.requests else complaint.complaint_id
    access.check(uow.actor, action, park=complaint.park, request_id=own)
    return complaint


def put(uow: FeedbackWork, complaint: Complaint) -> None:
    uow.complaints.put(complaint, next_look(complaint, uow))


def next_look(complaint: Complaint, uow: FeedbackWork) -> datetime | None:
    """When a clock is to be looked at: the complaint's own, or that of an appeal."""
    return complaint.look_at(uow.plans.of(complaint.park), uow.now)


def say(uow: FeedbackWork, complaint: Complaint, kind: type[E], /, **content: Any) -> None:
    uow.say(
        kind(
            park=complaint.park, request_id=complaint.request_id, item_id=complaint.item_id,
            complaint_id=complaint.complaint_id, number=complaint.number, **content,
        )
    )  # fmt: skip


def tell_client(uow: FeedbackWork, complaint: Complaint, kind: str, body: Details) -> None:
    """In the web inbox of the request it is about; a complaint of its own is followed by its number and code."""
    if complaint.request_id:
        uow.notices.add(
            Notice(
                notice_id=uow.new_id(), request_id=complaint.request_id, park=complaint.park,
                item_id=complaint.item_id, kind=kind, title=complaint.title, told_at=uow.now,
                body={"complaint": complaint.number, **body},
            )
        )  # fmt: skip


def said(text: str, field: str, missing: str = "") -> str:
    """What was written, without the space around it; raises Invalid when it is too long, or missing."""
    text = text.strip()
    if missing and not text:
        raise Invalid("请检查填写的内容", fields={field: missing})
    if len(text) > NOTE_LIMIT:
        raise Invalid("请检查填写的内容", fields={field: "最多写 2000 个字"})
    return text


def shown(complaint: Complaint, uow: FeedbackWork, own: bool = False) -> ComplaintView:
    """As this reader may see it: complainants nothing of the investigation, and only who handles it their contact."""
    own = own or uow.actor.role == Role.CLIENT
    plan = uow.plans.of(complaint.park)
    reading = complaint.reading(plan, uow.now) if complaint.stage in TIMED else None
    inside: dict[str, Any] = {}
    if not own:
        inside = {name: getattr(complaint, name) for name in ("handler_id", "organization", "item_id")}
        inside["corrections"] = tuple(one.view() for one in complaint.corrections)
        inside["barred"] = complaint.barred(uow.actor)
        if complaint.assessment:
            found = ("severity", "safety", "complexity", "impact", "at_once", "action", "against_name")
            inside |= {name: getattr(complaint.assessment, name) for name in found}
        if _handles(complaint, uow):
            inside |= {name: getattr(complaint, name) for name in ("contact_name", "phone", "email")}
    names = (
        "complaint_id", "number", "park", "channel", "about", "text", "wish", "anonymous", "repeated", "received_at",
        "round", "company", "request_id", "item_number", "title", "handler_name", "outcome", "response", "extra_days",
        "appeal_until",
    )  # fmt: skip
    told = complaint.told_at is not None and complaint.stage not in ("decided", "investigating")
    hidden = own and not told  # a decision is theirs once they were told
    values = {name: getattr(complaint, name) for name in names} | inside
    if hidden:
        values |= {"outcome": "", "response": ""}
    return ComplaintView(
        **values, stage=str(complaint.stage), decision="" if hidden else complaint.decision,
        due=reading.due() if reading else None, dispute=complaint.dispute.view() if complaint.dispute else None,
        steps=tuple(step.view() for step in complaint.steps if _visible(step.kind, step.shown, own, told)),
        allowed=complaint.allowed(),
    )  # fmt: skip


def _visible(kind: str, open_to_all: bool, own: bool, told: bool) -> bool:
    return not own or (open_to_all and (told or kind != "decide"))


def _handles(complaint: Complaint, uow: FeedbackWork) -> bool:
    try:
        access.check(uow.actor, "handle_complaint", park=complaint.park)
    except Forbidden:
        return False
    return not complaint.barred(uow.actor)
