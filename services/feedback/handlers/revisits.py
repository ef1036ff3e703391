"""What feedback does about revisits: planned when a survey ends, called, filed (6.5.2)."""

from services.feedback.domain.revisits import Revisit, RevisitPlan, Status, check_plan
from services.feedback.domain.told import Survey
from services.feedback.handlers.complaining import said
from services.feedback.handlers.complaints import open_complaint
from services.feedback.handlers.work import FeedbackWork
from shared import access
from shared.contracts.feedback import (
    FileComplaint,
    GetRevisit,
    GetRevisitPlan,
    ListRevisits,
    RecordRevisit,
    RevisitDone,
    RevisitPage,
    RevisitPlanned,
    RevisitPlanSet,
    RevisitPlanView,
    RevisitView,
    SetRevisitPlan,
)
from shared.errors import Invalid, Taken

PAGE_LIMIT = 200


def plan_revisit(survey: Survey, uow: FeedbackWork) -> None:
    """Within the transaction that ends a survey: its client may be called, once about one item."""
    before = uow.revisits.served_before(survey.organization, survey.item_id) if survey.organization else 0
    reason = uow.revisits.plan().reason(survey, before)
    if not reason:
        return
    revisit = Revisit(
        revisit_id=uow.new_id(), item_id=survey.item_id, request_id=survey.request_id, park=survey.park,
        number=survey.number, title=survey.title, organization=survey.organization, reason=reason, mark=survey.score,
        planned_at=uow.now,
    )  # fmt: skip
    if uow.revisits.add(revisit):
        uow.say(
            RevisitPlanned(
                park=revisit.park, request_id=revisit.request_id, item_id=revisit.item_id,
                revisit_id=revisit.revisit_id, reason=reason,
            )
        )  # fmt: skip


def record_revisit(command: RecordRevisit, uow: FeedbackWork) -> RevisitView:
    """A complaint that comes of it is opened with it, or neither."""
    text = said(command.text, "text")
    with uow:
        revisit = uow.revisits.get(command.revisit_id)
        access.check(uow.actor, "handle_complaint", park=revisit.park)
        by = uow.actor.name or uow.actor.id
        if not command.reached:
            revisit.miss(text, by, uow.now)
        else:
            if command.complain and not text:
                raise Invalid("请检查填写的内容", fields={"text": "要投诉的，请写明企业怎么说"})
            revisit.record(command.solved, command.score, text, command.reopen, by, uow.now)
            if command.complain:
                complaint = FileComplaint(
                    park=revisit.park, about="other", text=text, channel="phone", request_id=revisit.request_id,
                    item_id=revisit.item_id,
                )  # fmt: skip
                revisit.complaint = open_complaint(complaint, uow).number
        uow.revisits.put(revisit)
        if revisit.status is not Status.OPEN:
            uow.say(
                RevisitDone(
                    park=revisit.park, request_id=revisit.request_id, item_id=revisit.item_id,
                    revisit_id=revisit.revisit_id, reached=command.reached, solved=revisit.solved,
                    score=revisit.score, text=revisit.text, complaint=revisit.complaint, reopen=revisit.reopen,
                )
            )  # fmt: skip
        return uow.commit(revisit.view())


def get_revisit(query: GetRevisit, uow: FeedbackWork) -> RevisitView:
    with uow:
        revisit = uow.revisits.get(query.revisit_id)
    access.check(uow.actor, "read_figures", park=revisit.park)
    return revisit.view()


def list_revisits(query: ListRevisits, uow: FeedbackWork) -> RevisitPage:
    if not 1 <= query.limit <= PAGE_LIMIT:
        raise Invalid("请检查填写的内容", fields={"limit": "每页 1 到 200 件"})
    parks = access.parks_of(uow.actor, "read_figures")
    with uow:
        found, counts = uow.revisits.page(query, parks)
    more = found[-1].revisit_id if len(found) == query.limit else ""
    return RevisitPage(revisits=tuple(one.view() for one in found), counts=counts, next=more)


def set_revisit_plan(command: SetRevisitPlan, uow: FeedbackWork) -> RevisitPlanView:
    access.check(uow.actor, "configure", park="")
    with uow:
        last = uow.revisits.plan()
        if command.version is not None and command.version != last.version:
            raise Taken("别人刚改过，请看过新的再改")
        plan = RevisitPlan(
            version=last.version + 1, share=command.share, low_below=command.low_below,
            new_organization=command.new_organization, set_at=uow.now, set_by=uow.actor.name or uow.actor.id,
        )  # fmt: skip
        check_plan(plan)
        uow.revisits.add_plan(plan)
        uow.say(
            RevisitPlanSet(
                park="", version=plan.version, share=plan.share, low_below=plan.low_below,
                new_organization=plan.new_organization,
            )
        )  # fmt: skip
        return uow.commit(plan.view())


def get_revisit_plan(query: GetRevisitPlan, uow: FeedbackWork) -> RevisitPlanView:
    access.parks_of(uow.actor, "read_figures")
    with uow:
        return uow.revisits.plan().view()
