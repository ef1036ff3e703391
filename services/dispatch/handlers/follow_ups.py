"""What dispatch does so that no service is left alone: tasks by plan, delays told in time (clauses 6.4.1, 6.4.2)."""

from datetime import datetime

from services.dispatch.domain.follow_ups import (
    Delay,
    FollowPlan,
    FollowUp,
    Kind,
    Status,
    check_delay,
    ending_at,
    first_at,
    morning,
    next_at,
    promised,
)
from services.dispatch.domain.following import OVER, Contact, day, said
from services.dispatch.domain.items import Item
from services.dispatch.domain.life import Stage
from services.dispatch.handlers.work import DispatchWork, say, shown
from shared import access
from shared.contracts.dispatch import (
    AnnounceDelay,
    DelayAnnounced,
    FollowPlanSet,
    FollowPlanView,
    FollowUpDone,
    FollowUpDue,
    FollowUpPage,
    FollowUpView,
    GetFollowPlan,
    ItemView,
    ListFollowUps,
    SetFollowPlan,
    SkipFollowUp,
)
from shared.errors import IllegalMove, Invalid, NotFound

AT_ONCE = 50
PAGE_LIMIT = 200
DISTRICT = ""


def plan_follow_ups(uow: DispatchWork) -> None:
    """Make what a service that has begun needs, drop what one that is over needs no more, say what is due; once."""
    with uow:
        for item_id in uow.follow_ups.unplanned(AT_ONCE):
            _begin(uow.items.get(item_id), uow)
        for one in uow.follow_ups.obsolete(AT_ONCE):
            one.drop(uow.now)
            uow.follow_ups.put(one)
        for one in uow.follow_ups.unsaid(uow.now, AT_ONCE):
            item = uow.items.get(one.item_id)
            one.said_at = uow.now
            uow.follow_ups.put(one)
            item.note_change(uow.now)
            say(
                uow, item, FollowUpDue, follow_up_id=one.follow_up_id, kind=str(one.kind), due_at=one.due_at
            )  # fmt: skip
            uow.items.put(item)
        uow.commit()


def _begin(item: Item, uow: DispatchWork) -> None:
    """The first task of a service, and one before its end where that is later."""
    plan, follow = uow.plans.of(item.park), uow.follow_ups.plan()
    first = first_at(item, plan, follow, uow.now)
    _add(item, Kind.FIRST, first, uow)
    end = promised(item, uow.follow_ups.delays(item.item_id), plan, uow.now)
    if end and (ending := ending_at(end, plan, follow)) > first:
        _add(item, Kind.ENDING, ending, uow)


def _add(item: Item, kind: Kind, due_at: datetime, uow: DispatchWork) -> None:
    nth = 1 + sum(one.kind is kind and one.job_id == item.job_id for one in uow.follow_ups.of_item(item.item_id))
    uow.follow_ups.add(
        FollowUp(
            follow_up_id=uow.new_id(), item_id=item.item_id, job_id=item.job_id, kind=kind, nth=nth, due_at=due_at,
            made_at=uow.now,
        )
    )  # fmt: skip


def take_contact(contact: Contact, item: Item, uow: DispatchWork) -> None:
    """Who was spoken to was followed up: what is due is done, and what was agreed for later is a task."""
    due = [one for one in uow.follow_ups.of_item(item.item_id) if one.due(uow.now)]
    for one in due:
        one.done(contact.contact_id, uow.actor.id, uow.actor.name, uow.now)
        _ended(one, item, uow)
    if any(one.kind in (Kind.FIRST, Kind.REGULAR) for one in due):
        _go_on(item, uow)
    if contact.next_on:
        calendar = uow.plans.of(item.park).calendar
        _add(item, Kind.AGREED, morning(datetime.fromisoformat(contact.next_on).date(), calendar), uow)


def skip_follow_up(command: SkipFollowUp, uow: DispatchWork) -> FollowUpView:
    reason = said(command.reason, "reason", "请写明为什么不用跟进")
    with uow:
        item = uow.items.get(uow.follow_ups.get(command.follow_up_id).item_id)
        access.check(uow.actor, "handle_item", park=item.park)
        one = uow.follow_ups.get(command.follow_up_id)  # again: now that the item is locked it stays as it is
        one.skip(reason, uow.actor.id, uow.actor.name, uow.now)
        if item.stage not in OVER:
            item.note_change(uow.now)
        _ended(one, item, uow)
        if one.kind in (Kind.FIRST, Kind.REGULAR):
            _go_on(item, uow)
        if item.stage not in OVER:
            uow.items.put(item)
        return uow.commit(one.view(item, uow.now))


def _ended(one: FollowUp, item: Item, uow: DispatchWork) -> None:
    uow.follow_ups.put(one)
    say(
        uow, item, FollowUpDone, follow_up_id=one.follow_up_id, kind=str(one.kind), contact_id=one.contact_id,
        skipped=one.status is Status.SKIPPED, reason=one.reason,
    )  # fmt: skip


def _go_on(item: Item, uow: DispatchWork) -> None:
    """The next of the regular ones, while the service lasts; there is one at a time."""
    waiting = any(
        one.status is Status.OPEN and one.kind is Kind.REGULAR for one in uow.follow_ups.of_item(item.item_id)
    )
    if item.stage is Stage.SERVING and not waiting:
        _add(item, Kind.REGULAR, next_at(uow.plans.of(item.park), uow.follow_ups.plan(), uow.now), uow)


def announce_delay(command: AnnounceDelay, uow: DispatchWork) -> ItemView:
    reason = said(command.reason, "reason", "请写明为什么要延期，企业会看到")
    expected_on = day(command.expected_on, "expected_on")
    with uow:
        item = uow.items.get(command.item_id)
        access.check(uow.actor, "handle_item", park=item.park)
        if item.stage is not Stage.SERVING:
            raise IllegalMove("现在没有在办，不用告知延期")
        plan = uow.plans.of(item.park)
        due_at = promised(item, uow.follow_ups.delays(item.item_id), plan, uow.now)
        check_delay(expected_on, due_at, plan, uow.now)
        delay = Delay(
            delay_id=uow.new_id(), item_id=item.item_id, job_id=item.job_id, park=item.park, expected_on=expected_on,
            reason=reason, announced_at=uow.now, by_name=uow.actor.name, due_at=due_at,
        )  # fmt: skip
        uow.follow_ups.add_delay(delay)
        _move_ending(item, uow)
        item.note_change(uow.now)
        say(
            uow, item, DelayAnnounced, delay_id=delay.delay_id, number=item.number, title=item.title,
            expected_on=expected_on, reason=reason, due_at=due_at,
        )  # fmt: skip
        uow.items.put(item)
        return uow.commit(shown(item, uow))


def _move_ending(item: Item, uow: DispatchWork) -> None:
    """What was to be asked before the old end is asked before the new one."""
    plan, follow = uow.plans.of(item.park), uow.follow_ups.plan()
    end = promised(item, uow.follow_ups.delays(item.item_id), plan, uow.now)
    assert end is not None  # a delay has just been told
    due_at = max(ending_at(end, plan, follow), uow.now)
    for one in uow.follow_ups.of_item(item.item_id):
        if one.kind is Kind.ENDING and one.status is Status.OPEN:
            one.due_at, one.said_at = due_at, None
            uow.follow_ups.put(one)
            return
    _add(item, Kind.ENDING, due_at, uow)


def list_follow_ups(query: ListFollowUps, uow: DispatchWork) -> FollowUpPage:
    if not 1 <= query.limit <= PAGE_LIMIT:
        raise Invalid("请检查填写的内容", fields={"limit": "每页 1 到 200 件"})
    parks = access.parks_of(uow.actor, "list_items")
    with uow:
        try:
            page = uow.follow_ups.page(query, parks, uow.now)
        except NotFound as error:
            raise Invalid("请检查填写的内容", fields={"after": error.text}) from error
        return FollowUpPage(
            follow_ups=tuple(one.view(uow.items.get(one.item_id), uow.now) for one in page),
            counts=uow.follow_ups.counts(query, parks, uow.now),
            next=page[-1].follow_up_id if len(page) == query.limit else "",
        )  # fmt: skip


def get_follow_plan(query: GetFollowPlan, uow: DispatchWork) -> FollowPlanView:
    access.parks_of(uow.actor, "list_items")
    with uow:
        return uow.follow_ups.plan().view()


def set_follow_plan(command: SetFollowPlan, uow: DispatchWork) -> FollowPlanView:
    access.check(uow.actor, "configure", park=DISTRICT)
    plan = FollowPlan(
        first_share=command.first_share, every_days=command.every_days, before_days=command.before_days,
        check_share=command.check_share,
    )  # fmt: skip
    plan.check()
    with uow:
        if plan != uow.follow_ups.plan():
            uow.follow_ups.set_plan(plan)
            uow.say(
                FollowPlanSet(
                    park=DISTRICT, first_share=plan.first_share, every_days=plan.every_days,
                    before_days=plan.before_days, check_share=plan.check_share,
                )
            )  # fmt: skip
        return uow.commit(plan.view())
