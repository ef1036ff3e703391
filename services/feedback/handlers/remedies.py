"""What feedback does once a complaint is decided: external disputes, corrective action, and the clock's alarms."""

from services.feedback.domain.complaints import LINE_LIMIT, Complaint, Stage
from services.feedback.domain.remedies import METHODS, Correction, Dispute, day_of
from services.feedback.handlers.complaining import checked, put, said, say, shown
from services.feedback.handlers.work import FeedbackWork
from shared.contracts.feedback import (
    CarryOutDispute,
    CheckCorrection,
    ComplaintClosed,
    ComplaintOverdue,
    ComplaintView,
    ComplaintWarned,
    ConcludeDispute,
    CorrectionChecked,
    CorrectionDone,
    CorrectionOrdered,
    DisputeNoted,
    FinishCorrection,
    OrderCorrection,
    SubmitDispute,
)
from shared.contracts.station import Recipient
from shared.errors import Forbidden, Invalid
from shared.readings import alarm, remember

ALARMS_AT_ONCE = 50


def submit_dispute(command: SubmitDispute, uow: FeedbackWork) -> ComplaintView:
    provider = _line(command.provider, "provider", "请写明请的是哪个机构")
    if command.method not in METHODS:
        raise Invalid("请检查填写的内容", fields={"method": "请从列表里选一项"})
    dispute = Dispute(
        provider=provider, method=command.method, submitted_on=day_of(command.submitted_on, "submitted_on")
    )
    with uow:
        complaint = checked(command.complaint_id, "handle_complaint", uow)
        complaint.submit_dispute(dispute, uow.actor, uow.now)
        return _noted(complaint, "submitted", dispute.submitted_on, "", uow)


def conclude_dispute(command: ConcludeDispute, uow: FeedbackWork) -> ComplaintView:
    outcome, on = said(command.outcome, "outcome", "请写明结果"), day_of(command.concluded_on, "concluded_on")
    with uow:
        complaint = checked(command.complaint_id, "handle_complaint", uow)
        complaint.conclude_dispute(outcome, on, uow.actor, uow.now)
        return _noted(complaint, "concluded", on, outcome, uow)


def carry_out_dispute(command: CarryOutDispute, uow: FeedbackWork) -> ComplaintView:
    note, on = said(command.note, "note"), day_of(command.carried_out_on, "carried_out_on")
    with uow:
        complaint = checked(command.complaint_id, "handle_complaint", uow)
        complaint.carry_out_dispute(on, note, uow.actor, uow.now)
        say(uow, complaint, ComplaintClosed, reason="settled", note=note)
        return _noted(complaint, "carried_out", on, note, uow)


def _noted(complaint: Complaint, what: str, on: str, text: str, uow: FeedbackWork) -> ComplaintView:
    assert complaint.dispute is not None
    put(uow, complaint)
    say(
        uow, complaint, DisputeNoted, what=what, provider=complaint.dispute.provider,
        method=complaint.dispute.method, on=on, text=text,
    )  # fmt: skip
    return uow.commit(shown(complaint, uow))


def order_correction(command: OrderCorrection, uow: FeedbackWork) -> ComplaintView:
    """Its owner is who orders it, unless another is named."""
    what, due_on = said(command.what, "what", "请写明要改什么"), day_of(command.due_on, "due_on")
    with uow:
        complaint = checked(command.complaint_id, "handle_complaint", uow)
        correction = Correction(
            correction_id=uow.new_id(), what=what, due_on=due_on, owner_id=command.owner_id.strip() or uow.actor.id,
            owner_name=_line(command.owner_name, "owner_name") or uow.actor.name,
        )  # fmt: skip
        complaint.correct(correction, uow.actor, uow.now)
        put(uow, complaint)
        say(
            uow, complaint, CorrectionOrdered, correction_id=correction.correction_id, what=what,
            owner_id=correction.owner_id, owner_name=correction.owner_name, due_on=due_on,
        )  # fmt: skip
        return uow.commit(shown(complaint, uow))


def finish_correction(command: FinishCorrection, uow: FeedbackWork) -> ComplaintView:
    note = said(command.note, "note", "请写明做了什么")
    with uow:
        complaint = checked(command.complaint_id, "handle_complaint", uow)
        correction = complaint.correction(command.correction_id)
        if correction.owner_id != uow.actor.id:
            raise Forbidden("这项整改由别人负责")
        correction.finish(note)
        complaint.note_correction("corrected", note, uow.actor, uow.now)
        put(uow, complaint)
        say(uow, complaint, CorrectionDone, correction_id=correction.correction_id, note=note)
        return uow.commit(shown(complaint, uow))


def check_correction(command: CheckCorrection, uow: FeedbackWork) -> ComplaintView:
    note = said(command.note, "note", "请写明怎么看出来的")
    with uow:
        complaint = checked(command.complaint_id, "handle_complaint", uow)
        complaint.correction(command.correction_id).check(command.effective, note, uow.actor.id, uow.actor.name)
        kind = "effective" if command.effective else "ineffective"
        complaint.note_correction(kind, note, uow.actor, uow.now)
        put(uow, complaint)
        say(
            uow, complaint, CorrectionChecked, correction_id=command.correction_id, effective=command.effective,
            note=note,
        )  # fmt: skip
        return uow.commit(shown(complaint, uow))


def sound_complaints(uow: FeedbackWork) -> None:
    """Say which complaints are in their last third and which are late, each once; close those nobody appealed."""
    with uow:
        for complaint in uow.complaints.alarms(uow.now, ALARMS_AT_ONCE):
            if complaint.stage is Stage.TOLD and complaint.appeal_until and complaint.appeal_until <= uow.now:
                complaint.lapse(uow.actor, uow.now)
                say(uow, complaint, ComplaintClosed, reason="lapsed")
            else:
                _sound(complaint, uow)
            put(uow, complaint)  # which sets when it is looked at next
        uow.commit()


def _sound(complaint: Complaint, uow: FeedbackWork) -> None:
    plan = uow.plans.of(complaint.park)
    handler = complaint.handler_id
    owner = Recipient(account=handler, name=complaint.handler_name) if handler else None
    while (reading := complaint.reading(plan, uow.now)) and (found := alarm(reading, plan, owner, uow.now)):
        remember(complaint.marks, found, reading.run.clock, uow.now)
        told = {"to": found.to, "skipped": found.skipped, "due_at": reading.due_at}
        if found.level:
            say(uow, complaint, ComplaintOverdue, level=found.level, **told)
        else:
            say(uow, complaint, ComplaintWarned, **told)


def _line(text: str, field: str, missing: str = "") -> str:
    text = text.strip()
    if missing and not text:
        raise Invalid("请检查填写的内容", fields={field: missing})
    if len(text) > LINE_LIMIT:
        raise Invalid("请检查填写的内容", fields={field: "最多写 200 个字"})
    return text
