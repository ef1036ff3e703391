"""Tasks by plan while a service lasts, and delays that are told before they happen."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from services.dispatch.domain.follow_ups import FollowPlan, Kind, Status
from services.dispatch.domain.life import Stage
from services.dispatch.handlers import follow_ups, following, outcomes
from shared.access import Actor, Role
from shared.contracts.dispatch import (
    AnnounceDelay,
    GetFollowing,
    GetFollowPlan,
    ListFollowUps,
    LogContact,
    ReassignItem,
    SetFollowPlan,
    SkipFollowUp,
)
from shared.errors import Forbidden, IllegalMove, Invalid, NotFound
from tests.builders import NOON, waiting
from tests.system import ADMIN
from tests.unit.dispatch.test_following import work

DAY = timedelta(days=1)
CONTACT = LogContact(item_id="i1", party="client", how="phone", about="排期")


def at(day: int, hour: int, minute: int = 0, month: int = 11) -> datetime:
    """By the clock of the station, in 2026."""
    return datetime(2026, month, day, hour - 8, minute, tzinfo=UTC)


def begun(**given):
    """A service that began on Tuesday the 24th at noon and may take five working days: until Tuesday, 1 December."""
    one = waiting(owner_id="chen", **given)
    one.offer("j1", "L01", NOON + DAY, NOON)
    one.start("", NOON)
    return work(one)


def planned(**given):
    uow = begun(**given)
    follow_ups.plan_follow_ups(uow)
    return uow


def tasks(uow, *status):
    return [(one.kind, one.due_at) for one in uow.follow_ups.of_item("i1") if not status or one.status in status]


def until(uow, moment):
    uow.now = moment
    follow_ups.plan_follow_ups(uow)


@pytest.mark.clause("6.4.1")
def test_a_service_that_begins_has_a_first_task_and_one_before_its_end():
    uow = planned()
    (first, first_at), (ending, ending_at) = tasks(uow)
    assert (first, ending) == (Kind.FIRST, Kind.ENDING)
    allowed = uow.plans.of("tianan").calendar.budget(NOON, uow.items.get("i1").limit("serve", uow.plans.of("tianan")))
    assert uow.plans.of("tianan").calendar.worked(NOON, first_at) == allowed * 33 / 100
    assert ending_at.astimezone(UTC) == at(30, 9)  # the working day before the end, when work begins


def test_they_are_made_once_however_often_the_timer_runs():
    uow = planned()
    before = uow.follow_ups.of_item("i1")
    for _ in range(3):
        follow_ups.plan_follow_ups(uow)
    assert uow.follow_ups.of_item("i1") == before
    assert uow.types == []


def test_a_contact_agreed_before_the_timer_came_does_not_hide_the_first_task():
    uow = begun()
    following.log_contact(replace(CONTACT, next_on="2026-11-26"), uow)
    follow_ups.plan_follow_ups(uow)
    assert {kind for kind, _ in tasks(uow)} == {Kind.FIRST, Kind.AGREED, Kind.ENDING}


def test_a_service_of_one_day_has_no_task_of_its_own_before_the_end():
    uow = begun()
    with uow:
        item = uow.items.get("i1")
        item.days = 1
        uow.items.put(item)
        uow.commit()
    follow_ups.plan_follow_ups(uow)
    assert [kind for kind, _ in tasks(uow)] == [Kind.FIRST]


@pytest.mark.clause("6.4.2")
def test_what_is_due_is_said_once_and_done_by_a_contact_and_the_next_is_planned():
    uow = planned()
    until(uow, at(27, 10))
    until(uow, at(27, 11))
    assert uow.types == ["follow_up_due"]
    contact = following.log_contact(CONTACT, uow)
    assert uow.types == ["follow_up_due", "contact_logged", "follow_up_done"]
    done = next(one for one in uow.follow_ups.of_item("i1") if one.kind is Kind.FIRST)
    assert (done.status, done.contact_id, done.by_name) == (Status.DONE, contact.contact_id, "陈专员")
    regular = tasks(uow, Status.OPEN)[-1]
    assert regular[0] is Kind.REGULAR
    assert regular[1].astimezone(UTC) == at(2, 9, month=12)  # Monday, Tuesday, Wednesday


def test_what_is_not_due_yet_is_not_done_by_a_contact():
    uow = planned()
    following.log_contact(CONTACT, uow)
    assert [one.status for one in uow.follow_ups.of_item("i1")] == [Status.OPEN, Status.OPEN]


def test_what_was_agreed_on_is_a_task_of_that_morning():
    uow = planned()
    following.log_contact(replace(CONTACT, next_on="2026-11-26"), uow)
    (due_at,) = [due_at for kind, due_at in tasks(uow) if kind is Kind.AGREED]
    assert due_at.astimezone(UTC) == at(26, 9)


@pytest.mark.clause("6.4.1")
def test_a_task_is_skipped_with_a_reason_only_and_the_next_is_planned():
    uow = planned()
    first = uow.follow_ups.of_item("i1")[0].follow_up_id
    with pytest.raises(Invalid):
        follow_ups.skip_follow_up(SkipFollowUp(follow_up_id=first, reason=" "), uow)
    view = follow_ups.skip_follow_up(SkipFollowUp(follow_up_id=first, reason="上午刚见过"), uow)
    assert (view.status, view.reason, view.due) == ("skipped", "上午刚见过", False)
    assert (uow.said[-1][0].skipped, uow.said[-1][0].reason) == (True, "上午刚见过")
    assert [kind for kind, _ in tasks(uow, Status.OPEN)] == [Kind.REGULAR, Kind.ENDING]
    with pytest.raises(IllegalMove):
        follow_ups.skip_follow_up(SkipFollowUp(follow_up_id=first, reason="再来"), uow)
    with pytest.raises(NotFound):
        follow_ups.skip_follow_up(SkipFollowUp(follow_up_id="no", reason="x"), uow)


def test_tasks_of_a_service_that_is_over_are_dropped_and_the_next_job_has_its_own():
    uow = planned()
    following.log_contact(replace(CONTACT, next_on="2026-11-26"), uow)
    outcomes.reassign_item(ReassignItem(item_id="i1", reason="检修"), uow)
    follow_ups.plan_follow_ups(uow)
    assert [kind for kind, _ in tasks(uow, Status.OPEN)] == [Kind.AGREED]
    with uow:
        item = uow.items.get("i1")
        item.offer("j2", "L02", NOON + DAY, NOON)
        item.start("", NOON)
        uow.items.put(item)
        uow.commit()
    follow_ups.plan_follow_ups(uow)
    assert {kind for kind, _ in tasks(uow, Status.OPEN)} == {Kind.AGREED, Kind.FIRST, Kind.ENDING}
    with uow:
        item = uow.items.get("i1")
        item.stage = Stage.CLOSED
        uow.items.put(item)
        uow.commit()
    until(uow, NOON + 99 * DAY)
    assert tasks(uow, Status.OPEN) == []
    assert "follow_up_due" not in uow.types


@pytest.mark.clause("6.4.1")
def test_a_delay_is_told_before_the_promised_end_and_the_last_task_moves_with_it():
    uow = planned()
    command = AnnounceDelay(item_id="i1", expected_on="2026-12-10", reason="仪器送检")
    follow_ups.announce_delay(command, uow)
    said = uow.said[-1][0]
    assert (said.type(), said.expected_on, said.due_at) == (
        "delay_announced", "2026-12-10", uow.items.get("i1").reading(uow.plans.of("tianan"), NOON).due_at,
    )  # fmt: skip
    assert [due.astimezone(UTC) for kind, due in tasks(uow) if kind is Kind.ENDING] == [at(9, 9, month=12)]
    seen = following.get_following(GetFollowing(item_id="i1"), uow)
    assert (seen.delays[0].reason, seen.promised_at.astimezone(UTC)) == ("仪器送检", at(10, 23, 59, month=12))
    uow.now = at(9, 10, month=12)  # past the limit, before what was promised since
    follow_ups.announce_delay(replace(command, expected_on="2026-12-20"), uow)


@pytest.mark.parametrize("expected_on", ["", "2026-11-25", "2026-12-01", "2028-01-01", "下周"])
def test_what_is_no_delay_is_refused(expected_on):
    uow = planned()
    end = uow.items.get("i1").reading(uow.plans.of("tianan"), NOON).due_at
    if expected_on == "2026-12-01":
        assert end.astimezone(UTC).date().isoformat() == expected_on  # that day was promised already
        expected_on = "2026-11-30"
    with pytest.raises(Invalid) as refused:
        follow_ups.announce_delay(AnnounceDelay(item_id="i1", expected_on=expected_on, reason="x"), uow)
    assert "expected_on" in refused.value.fields
    assert uow.follow_ups.delays("i1") == []


def test_after_the_promised_end_it_is_too_late_and_without_a_service_there_is_no_delay():
    uow = planned()
    uow.now = NOON + 30 * DAY
    with pytest.raises(IllegalMove):
        follow_ups.announce_delay(AnnounceDelay(item_id="i1", expected_on="2027-01-10", reason="x"), uow)
    for given in ({"expected_on": "2026-12-10", "reason": " "}, {"expected_on": "2026-12-10", "reason": "x"}):
        with pytest.raises((Invalid, IllegalMove)):
            follow_ups.announce_delay(AnnounceDelay(item_id="i1", **given), work(waiting()))


def test_the_list_has_open_tasks_by_time_with_their_items_and_figures():
    uow = planned()
    until(uow, at(27, 10))
    page = follow_ups.list_follow_ups(ListFollowUps(), uow)
    assert [(one.kind, one.due, one.number, one.owner_id) for one in page.follow_ups] == [
        ("first", True, "天安2026-0001", "chen"), ("ending", False, "天安2026-0001", "chen"),
    ]  # fmt: skip
    assert page.counts == {"due": 1, "later": 1, "done": 0, "skipped": 0, "contacts": 0, "delays": 0}
    assert follow_ups.list_follow_ups(ListFollowUps(owner_id="li"), uow).follow_ups == ()
    following.log_contact(CONTACT, uow)
    counts = follow_ups.list_follow_ups(ListFollowUps(), uow).counts
    assert (counts["done"], counts["contacts"], counts["due"]) == (1, 1, 0)
    with pytest.raises(Invalid):
        follow_ups.list_follow_ups(ListFollowUps(limit=0), uow)
    uow.actor = Actor(id="c", role=Role.CLIENT)
    with pytest.raises(Forbidden):
        follow_ups.list_follow_ups(ListFollowUps(), uow)


def test_the_plan_is_the_districts():
    uow = begun()
    uow.actor = ADMIN
    assert follow_ups.get_follow_plan(GetFollowPlan(), uow) == FollowPlan().view()
    follow_ups.set_follow_plan(SetFollowPlan(first_share=20, every_days=1, before_days=2), uow)
    follow_ups.set_follow_plan(SetFollowPlan(first_share=20, every_days=1, before_days=2), uow)
    assert uow.types == ["follow_plan_set"]
    follow_ups.plan_follow_ups(uow)
    assert [due.astimezone(UTC) for kind, due in tasks(uow) if kind is Kind.ENDING] == [at(27, 9)]
    with pytest.raises(Invalid) as refused:
        follow_ups.set_follow_plan(SetFollowPlan(first_share=0, every_days=99, before_days=0), uow)
    assert set(refused.value.fields) == {"first_share", "every_days", "before_days"}
    uow.actor = Actor(id="chen", role=Role.STAFF, parks=("tianan",))
    with pytest.raises(Forbidden):
        follow_ups.set_follow_plan(SetFollowPlan(first_share=20, every_days=1, before_days=2), uow)
