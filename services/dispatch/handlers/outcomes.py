"""What dispatch does when a service does not go as planned: reassigned, failed, delivered in part (clause 6.4.1)."""

from services.dispatch.domain.following import said
from services.dispatch.domain.items import Item
from services.dispatch.domain.life import Stage
from services.dispatch.handlers import offers
from services.dispatch.handlers.checks import sample
from services.dispatch.handlers.work import DispatchWork, say, shown
from shared import access
from shared.contracts.dispatch import (
    DeliverPart,
    FailService,
    ItemReassigned,
    ItemView,
    JobWithdrawn,
    PartDelivered,
    ReassignItem,
    ServiceFailed,
    ServiceFinished,
)
from shared.errors import IllegalMove


def reassign_item(command: ReassignItem, uow: DispatchWork) -> ItemView:
    """Who serves it is decided anew; whoever had the job hears that it is gone."""
    reason = said(command.reason, "reason", "请写明为什么换人办，企业会看到")
    with uow:
        item = uow.items.get(command.item_id)
        access.check(uow.actor, "handle_item", park=item.park)
        job_id, target = item.job_id, item.target
        offers.lose(item, reason, False, uow)
        item.take_back("reassign", reason, uow.now)
        say(uow, item, ItemReassigned, job_id=job_id, target=target, reason=reason)
        say(uow, item, JobWithdrawn, target, job_id=job_id, target=target, reason=reason)
        uow.items.put(item)
        return uow.commit(shown(item, uow))


def fail_service(command: FailService, uow: DispatchWork) -> ItemView:
    """The organization that serves says so, or staff do."""
    reason = said(command.reason, "reason", "请写明为什么没有办成，企业会看到")
    with uow:
        item = uow.items.get(command.item_id)
        access.check(uow.actor, "report_progress", park=item.park, organization=item.target)
        job_id, target = item.job_id, item.target
        offers.lose(item, reason, True, uow)
        item.take_back("fail", reason, uow.now)
        say(
            uow, item, ServiceFailed, job_id=job_id, target=target, number=item.number, title=item.title,
            reason=reason,
        )  # fmt: skip
        say(uow, item, JobWithdrawn, target, job_id=job_id, target=target, reason=reason)
        uow.items.put(item)
        return uow.commit(shown(item, uow))


def deliver_part(command: DeliverPart, uow: DispatchWork) -> ItemView:
    """What is there already, what is missing, what comes next; with `over` the result is what there is."""
    done = said(command.done, "done", "请写明已经办成的部分")
    missing = said(command.missing, "missing", "请写明还缺什么")
    next_step = said(command.next_step, "next_step", "请写明接下来怎么办")
    with uow:
        item = uow.items.get(command.item_id)
        access.check(uow.actor, "report_progress", park=item.park, organization=item.target)
        if item.stage is not Stage.SERVING:
            raise IllegalMove("现在没有在办，不能交付")
        served_by = uow.actor.name or uow.actor.id
        item.note_change(uow.now)
        say(
            uow, item, PartDelivered, job_id=item.job_id, number=item.number, title=item.title, done=done,
            missing=missing, next_step=next_step, served_by=served_by, over=command.over,
        )  # fmt: skip
        if command.over:
            _finish(item, {"done": done, "missing": missing, "next_step": next_step}, served_by, uow)
        uow.items.put(item)
        return uow.commit(shown(item, uow))


def _finish(item: Item, result: dict[str, str], served_by: str, uow: DispatchWork) -> None:
    """The service ends with what there is; nobody is waited for any more."""
    item.finish(uow.now)
    offers.note_finished(item, uow)
    say(
        uow, item, ServiceFinished, number=item.number, title=item.title, category=item.category, item=item.item,
        result=result, served_by=served_by,
    )  # fmt: skip
    sample(item, uow.actor.id, uow)
    say(
        uow, item, JobWithdrawn, item.target, job_id=item.job_id, target=item.target,
        reason="只办成一部分，就此办结",
    )  # fmt: skip
