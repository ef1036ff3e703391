"""What dispatch does about checks of service quality: drawn by sample, ordered, recorded (clause 6.4.1)."""

from datetime import timedelta

from services.dispatch.domain.checks import Check, sampled
from services.dispatch.domain.following import OVER, impersonal, said
from services.dispatch.domain.items import Item
from services.dispatch.domain.life import Stage
from services.dispatch.handlers.work import DispatchWork, say
from shared import access
from shared.contracts.dispatch import (
    CheckOrdered,
    CheckPage,
    CheckView,
    GetCheck,
    ListChecks,
    OrderCheck,
    QualityChecked,
    RecordCheck,
)
from shared.errors import IllegalMove

LATELY = timedelta(days=30)
CHECKABLE = frozenset({Stage.SERVING, Stage.FINISHED, Stage.TOLD, Stage.CLOSED, Stage.SEALED})


def sample(item: Item, served_by: str, uow: DispatchWork) -> None:
    """Of items that were served, some are looked at by others; within a transaction that puts the item."""
    if sampled(item.item_id, uow.follow_ups.plan().check_share):
        _order(item, True, "", [item.owner_id, served_by], uow)


def order_check(command: OrderCheck, uow: DispatchWork) -> CheckView:
    reason = impersonal(command.reason, "reason", "请写明为什么要查")
    with uow:
        item = uow.items.get(command.item_id)
        access.check(uow.actor, "handle_item", park=item.park)
        if item.stage not in CHECKABLE:
            raise IllegalMove("还没有开始办，没有可以查的")
        if item.stage not in OVER:
            item.note_change(uow.now)
        check = _order(item, False, reason, [item.owner_id], uow)
        if item.stage not in OVER:
            uow.items.put(item)
        return uow.commit(check.view())


def _order(item: Item, drawn: bool, reason: str, not_by: list[str], uow: DispatchWork) -> Check:
    check = Check(
        check_id=uow.new_id(), item_id=item.item_id, park=item.park, number=item.number, title=item.title,
        sampled=drawn, reason=reason, ordered_at=uow.now, not_by=sorted({one for one in not_by if one}),
    )  # fmt: skip
    uow.checks.add(check)
    say(uow, item, CheckOrdered, check_id=check.check_id, sampled=drawn, reason=reason)
    return check


def record_check(command: RecordCheck, uow: DispatchWork) -> CheckView:
    note = said(impersonal(command.note, "note"), "note")
    with uow:
        item = uow.items.get(uow.checks.get(command.check_id).item_id)
        access.check(uow.actor, "handle_item", park=item.park)
        check = uow.checks.get(command.check_id)
        check.record(command.outcome, note, uow.actor.id, uow.actor.name, uow.now)
        uow.checks.put(check)
        if item.stage not in OVER:
            item.note_change(uow.now)
        say(uow, item, QualityChecked, check_id=check.check_id, outcome=check.outcome, note=note)
        if item.stage not in OVER:
            uow.items.put(item)
        return uow.commit(check.view())


def get_check(query: GetCheck, uow: DispatchWork) -> CheckView:
    with uow:
        check = uow.checks.get(query.check_id)
    access.check(uow.actor, "list_items", park=check.park)
    return check.view()


def list_checks(query: ListChecks, uow: DispatchWork) -> CheckPage:
    parks = access.parks_of(uow.actor, "list_items")
    with uow:
        return CheckPage(
            checks=tuple(one.view() for one in uow.checks.page(query, parks)),
            counts=uow.checks.counts(query, parks, uow.now - LATELY),
        )
