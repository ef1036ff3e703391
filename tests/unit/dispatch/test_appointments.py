"""Appointments: chosen, moved, given back, missed, kept and reminded of; nothing is ever held twice."""

from datetime import datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.dispatch.domain.appointments import LIFE, Status
from services.dispatch.domain.life import Stage
from services.dispatch.domain.resources import Kind, moment
from services.dispatch.handlers import appointments, duplicates, items, resources
from shared.access import Actor, Role
from shared.contracts.dispatch import (
    AssessItem,
    BeginService,
    BookAppointment,
    CancelAppointment,
    GetWeek,
    ListAppointments,
    ListFreeTimes,
    ListResources,
    MergeItem,
    MissAppointment,
    MoveAppointment,
    PutResource,
    RefuseItem,
    WithdrawItem,
)
from shared.errors import Forbidden, IllegalMove, Invalid, Rejected, Taken
from shared.plans import Kind as PlanKind
from shared.plans import Setting
from tests.booking import choosing, resource, week
from tests.builders import NOON, item, target
from tests.fakes import FakeDispatch, FakeWork

CLIENT = Actor(id="client:1", role=Role.CLIENT, requests=("r1",))
STRANGER = Actor(id="client:2", role=Role.CLIENT, requests=("r2",))
ELSEWHERE = Actor(id="wu", role=Role.STAFF, parks=("shawan",))
TOMORROW = NOON.date() + timedelta(days=1)


def at(hour: int, day=TOMORROW, minutes: int = 0) -> datetime:
    return moment(day, hour * 60 + minutes, FakeWork.zone)


@pytest.fixture
def uow():
    return station(resource())


def station(*found, **given):
    uow = FakeDispatch(now=NOON, **given)
    with uow:
        for one in found:
            uow.resources.put(one)
        uow.items.add(choosing())
        uow.targets.put(target())
        uow.commit()
    return uow


def put(uow, one):
    with uow:
        uow.items.add(one)
        uow.commit()


def book(uow, hour=9, item_id="i1", **day):
    return appointments.book_appointment(BookAppointment(item_id=item_id, starts_at=at(hour, **day)), uow)


def free(uow, item_id="i1", **given):
    found = appointments.list_free_times(ListFreeTimes(item_id=item_id, **given), uow)
    return [one.starts_at.astimezone(FakeWork.zone) for one in found.times]


def stage(uow, item_id="i1"):
    return uow.items.get(item_id).stage


def assess(uow, **given):
    values = {"item_id": "i1", "category": "metrology", "item": "5.3.d", "details": {"count": 2}, "way": "appointment"}
    return items.assess_item(AssessItem(**{**values, **given}), uow)


@pytest.mark.clause("6.3.a")
def test_an_item_assessed_by_appointment_waits_for_a_time_and_is_offered_to_nobody(uow):
    put(uow, item(stage=Stage.ACCEPTED))
    view = assess(uow, needs=("post",))
    assert (view.stage, view.way, view.needs, view.minutes) == ("assessed", "appointment", ("post",), 60)
    assert view.waiting_since is None
    assert {"book", "assess", "withdraw"} <= set(view.allowed)
    assert uow.types == ["item_assessed"]
    assert (uow.said[0][0].way, uow.said[0][0].waiting) == ("appointment", False)


def test_assessed_at_once_nothing_can_be_booked(uow):
    put(uow, item(stage=Stage.ACCEPTED))
    with uow:
        uow.targets.put(target(live=False))
        uow.commit()
    view = assess(uow, way="at_once")
    assert (view.way, view.waiting_since, "book" in view.allowed) == ("at_once", NOON, False)
    with pytest.raises(IllegalMove):
        book(uow)


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"way": "somehow"}, "way"), ({"needs": ("room",)}, "needs"), ({"needs": ("nobody",)}, "needs"),
        ({"needs": ("desk", "desk")}, "needs"), ({"needs": ("post", "post")}, "needs"),
        ({"needs": ("post",) * 6}, "needs"), ({"minutes": 20}, "minutes"), ({"minutes": -15}, "minutes"),
        ({"minutes": 495}, "minutes"),
    ],
)  # fmt: skip
def test_an_appointment_the_station_cannot_hold_is_refused_by_field(uow, wrong, field):
    put(uow, item(stage=Stage.ACCEPTED))
    with pytest.raises(Invalid) as refused:
        assess(uow, **wrong)
    assert list(refused.value.fields) == [field]
    assert (stage(uow), uow.types) == (Stage.ACCEPTED, [])


@pytest.mark.clause("6.3.a")
def test_a_time_is_chosen(uow):
    view = book(uow)
    assert (view.status, view.starts_at, view.ends_at, view.sequence) == ("booked", at(9), at(10), 0)
    assert (view.places, view.resources) == (("desk岗",), ("id-desk",))
    one = uow.items.get("i1")
    assert (one.stage, one.booked_for) == (Stage.BOOKED, at(9))
    assert uow.types == ["appointment_booked"]
    assert uow.said[0][0].event_id in one.evidence
    assert set(one.view().allowed) == {"begin", "move", "cancel", "miss", "merge", "refuse", "withdraw"}
    assert at(9) not in free(uow)


def test_what_is_taken_is_refused_and_nothing_changes(uow):
    put(uow, choosing(item_id="i2"))
    book(uow)
    with pytest.raises(Taken):
        book(uow, item_id="i2")
    assert (stage(uow, "i2"), uow.types) == (Stage.ASSESSED, ["appointment_booked"])
    assert book(uow, 10, "i2").starts_at == at(10)


@pytest.mark.parametrize("hour", [8, 12, 13])
def test_only_the_stations_times_can_be_booked(uow, hour):
    with pytest.raises(Invalid) as refused:
        book(uow, hour)
    assert list(refused.value.fields) == ["starts_at"]


def test_neither_the_past_nor_the_far_future_can_be_booked(uow):
    today = NOON.date()
    with pytest.raises(Invalid):
        book(uow, 11, day=today)  # it is noon
    with pytest.raises(Invalid):
        book(uow, 9, day=today + timedelta(days=62))
    assert book(uow, 14, day=today).starts_at == at(14, today)


def test_a_client_cannot_come_sooner_than_the_station_can_know(uow):
    uow.actor, uow.now = CLIENT, at(13, NOON.date(), 30)
    with pytest.raises(Invalid):
        book(uow, 14, day=NOON.date())
    assert free(uow, days=1) == [at(15, NOON.date()), at(16, NOON.date())]
    assert book(uow, 15, day=NOON.date())


@pytest.mark.clause("6.3.a")
def test_a_person_and_a_room_are_held_together_or_not_at_all():
    uow = station(resource(), resource("room", kind=Kind.ROOM, week=week("09:00-11:00")))
    put(uow, choosing(item_id="i1", needs=["post", "room"]))
    put(uow, choosing(item_id="i2", needs=["room"]))
    put(uow, choosing(item_id="i3"))
    book(uow, 9, "i2")
    with pytest.raises(Taken):
        book(uow, 9)
    assert book(uow, 9, "i3")  # the post was not held by what failed
    assert book(uow, 10).places == ("desk岗", "room岗")
    assert free(uow, "i2", days=2) == []


def test_whoever_is_free_serves_where_anyone_may():
    uow = station(resource("a"), resource("b"))
    for n in (2, 3):
        put(uow, choosing(item_id=f"i{n}"))
    assert [book(uow, 9, f"i{n}").places for n in (1, 2)] == [("a岗",), ("b岗",)]
    with pytest.raises(Taken):
        book(uow, 9, "i3")


@pytest.mark.clause("6.3.a")
def test_an_appointment_is_moved_and_what_it_held_is_free_again(uow):
    book(uow)
    view = appointments.move_appointment(MoveAppointment(item_id="i1", starts_at=at(14), reason="开会"), uow)
    assert (view.starts_at, view.sequence, view.reason) == (at(14), 1, "开会")
    assert at(9) in free(uow)
    assert at(14) not in free(uow)
    moved = uow.said[-1][0]
    assert (moved.type(), moved.started_at, moved.starts_at) == ("appointment_moved", at(9), at(14))
    assert uow.items.get("i1").booked_for == at(14)


def test_moved_to_the_time_it_has_it_stays_as_it_is(uow):
    first = book(uow)
    again = appointments.move_appointment(MoveAppointment(item_id="i1", starts_at=at(9)), uow)
    assert again == first
    assert uow.types == ["appointment_booked"]


def test_an_appointment_may_be_moved_by_less_than_its_length():
    uow = station(resource(minutes=30))
    book(uow)
    moved = appointments.move_appointment(MoveAppointment(item_id="i1", starts_at=at(9, minutes=30)), uow)
    assert moved.starts_at == at(9, minutes=30)


def test_a_move_that_fails_leaves_the_time_it_had(uow):
    put(uow, choosing(item_id="i2"))
    book(uow)
    book(uow, 10, "i2")
    with pytest.raises(Taken):
        appointments.move_appointment(MoveAppointment(item_id="i1", starts_at=at(10)), uow)
    assert uow.appointments.of_item("i1").starts_at == at(9)
    assert at(9) not in free(uow)


@pytest.mark.clause("6.3.a")
def test_an_appointment_is_given_back_and_another_can_be_chosen(uow):
    first = book(uow)
    view = appointments.cancel_appointment(CancelAppointment(item_id="i1", reason="样品没到"), uow)
    assert (view.status, view.reason, view.sequence) == ("cancelled", "样品没到", 1)
    one = uow.items.get("i1")
    assert (one.stage, one.choosing, one.booked_for) == (Stage.ASSESSED, True, None)
    second = book(uow)
    assert second.appointment_id != first.appointment_id
    assert uow.types == ["appointment_booked", "appointment_cancelled", "appointment_booked"]


@pytest.mark.parametrize("command", [CancelAppointment(item_id="i1"), MoveAppointment(item_id="i1", starts_at=at(10))])
def test_without_an_appointment_there_is_nothing_to_change(uow, command):
    with pytest.raises(IllegalMove):
        change(command, uow)


def change(command, uow):
    moves = isinstance(command, MoveAppointment)
    return (appointments.move_appointment if moves else appointments.cancel_appointment)(command, uow)


@pytest.mark.parametrize("command", [CancelAppointment(item_id="i1"), MoveAppointment(item_id="i1", starts_at=at(14))])
def test_once_it_has_begun_only_the_station_changes_it(uow, command):
    book(uow)
    uow.actor, uow.now = CLIENT, at(9)
    with pytest.raises(IllegalMove):
        change(command, uow)
    uow.actor = FakeDispatch().actor
    assert change(command, uow).sequence == 1


@pytest.mark.clause("6.3.a")
def test_a_client_that_did_not_come_is_recorded_and_may_choose_again(uow):
    book(uow)
    with pytest.raises(Invalid):
        appointments.miss_appointment(MissAppointment(item_id="i1"), uow)
    assert stage(uow) == Stage.BOOKED
    uow.now = at(9, minutes=20)
    view = appointments.miss_appointment(MissAppointment(item_id="i1", note="电话没接"), uow)
    assert (view.status, view.reason) == ("missed", "电话没接")
    assert uow.items.get("i1").choosing
    assert uow.said[-1][0].note == "电话没接"


@pytest.mark.clause("6.3.a")
def test_when_the_client_is_there_the_service_begins(uow):
    book(uow)
    uow.now = at(9)
    with uow:
        uow.targets.put(target(now=at(9)))
        uow.commit()
    view = appointments.begin_service(BeginService(item_id="i1"), uow)
    assert view.stage == "offered"
    assert uow.types == ["appointment_booked", "appointment_kept", "job_offered"]
    assert uow.said[-1][0].by_appointment
    assert uow.appointments.of_request("r1")[0].status is Status.KEPT
    with pytest.raises(IllegalMove):
        appointments.begin_service(BeginService(item_id="i1"), uow)


def test_begun_without_a_live_target_it_waits_for_one_visibly(uow):
    book(uow)
    uow.now = at(9)
    view = appointments.begin_service(BeginService(item_id="i1"), uow)
    assert (view.stage, view.waiting_since) == ("assessed", at(9))
    assert [one.item_id for one in uow.items.waiting_for(["metrology"], 9)] == ["i1"]


@pytest.mark.parametrize(
    "end",
    [
        lambda uow: items.withdraw_item(WithdrawItem(item_id="i1", reason="不办了"), uow),
        lambda uow: items.refuse_item(RefuseItem(item_id="i1", reason="不办了"), uow),
        lambda uow: duplicates.merge_item(MergeItem(item_id="i1", into="天安2026-0002"), uow),
    ],
    ids=["withdraw", "refuse", "merge"],
)
def test_an_item_that_ends_gives_back_what_was_held_for_it(uow, end):
    put(uow, item(item_id="i9", number="天安2026-0002"))
    put(uow, choosing(item_id="i2"))
    book(uow)
    end(uow)
    assert uow.types[-1] == "appointment_cancelled"
    assert uow.appointments.of_item("i1") is None
    assert uow.items.get("i1").booked_for is None
    assert book(uow, item_id="i2")


def test_reassessed_to_be_served_at_once_it_is_no_longer_booked(uow):
    view = assess(uow, way="at_once")
    assert (view.stage, view.way) == ("offered", "at_once")
    assert not uow.said[-1][0].by_appointment


def test_a_client_is_reminded_once_a_day_before(uow):
    book(uow, day=NOON.date() + timedelta(days=2))
    for hours, said in ((20, 0), (21, 1), (22, 1), (48, 1)):  # 9 o'clock the day before is 21 hours away
        uow.now = NOON + timedelta(hours=hours)
        appointments.remind_of_appointments(uow)
        assert uow.types.count("appointment_due") == said, hours
    due = uow.said[-1][0]
    assert due.starts_at == at(9, NOON.date() + timedelta(days=2))
    assert due.event_id in uow.items.get("i1").evidence


def test_what_was_booked_less_than_a_day_before_needs_no_reminder(uow):
    book(uow)
    uow.now = at(8)
    appointments.remind_of_appointments(uow)
    assert uow.types == ["appointment_booked"]


def test_nobody_is_reminded_of_what_has_begun_while_the_service_was_away(uow):
    day = NOON.date() + timedelta(days=2)
    book(uow, day=day)
    uow.now = at(9, day)
    appointments.remind_of_appointments(uow)
    uow.now = at(8, day)
    appointments.remind_of_appointments(uow)
    assert uow.types == ["appointment_booked"]


def test_a_moved_appointment_is_reminded_of_at_its_new_time_and_a_cancelled_one_not_at_all(uow):
    put(uow, choosing(item_id="i2", request_id="r2"))
    day = NOON.date() + timedelta(days=2)
    book(uow, day=day)
    book(uow, 10, "i2", day=day)
    appointments.move_appointment(MoveAppointment(item_id="i1", starts_at=at(9, day + timedelta(days=1))), uow)
    appointments.cancel_appointment(CancelAppointment(item_id="i2"), uow)
    uow.now = at(10, day - timedelta(days=1))
    appointments.remind_of_appointments(uow)
    assert "appointment_due" not in uow.types
    uow.now += timedelta(days=1)
    appointments.remind_of_appointments(uow)
    assert uow.types.count("appointment_due") == 1


@pytest.mark.parametrize("actor", [STRANGER, ELSEWHERE, Actor(id="lin", role=Role.REGULATOR, parks=("*",))])
def test_nobody_books_what_is_not_theirs(uow, actor):
    uow.actor = actor
    with pytest.raises(Forbidden):
        book(uow)
    uow.actor = FakeDispatch().actor
    book(uow)
    uow.actor = actor
    for command in (CancelAppointment(item_id="i1"), MoveAppointment(item_id="i1", starts_at=at(10))):
        with pytest.raises(Forbidden):
            change(command, uow)
    for handler, command in (
        (appointments.miss_appointment, MissAppointment), (appointments.begin_service, BeginService),
    ):  # fmt: skip
        with pytest.raises(Forbidden):
            handler(command(item_id="i1"), uow)


def test_a_client_sees_and_books_its_own(uow):
    uow.actor = CLIENT
    assert len(free(uow)) > 6
    book(uow)
    (one,) = appointments.list_appointments(ListAppointments(request_id="r1", park=""), uow).appointments
    assert one.starts_at == at(9)
    for handler, command in (
        (appointments.miss_appointment, MissAppointment), (appointments.begin_service, BeginService),
    ):  # fmt: skip
        with pytest.raises(Forbidden):
            handler(command(item_id="i1"), uow)
    uow.actor = ELSEWHERE
    assert appointments.list_appointments(ListAppointments(request_id="r1", park="shawan"), uow).appointments == ()
    uow.actor = STRANGER
    with pytest.raises(Forbidden):
        appointments.list_free_times(ListFreeTimes(item_id="i1"), uow)


def test_when_what_is_needed_is_retired_there_are_no_times_and_the_item_can_be_assessed_anew(uow):
    with uow:
        uow.resources.put(resource(active=False))
        uow.commit()
    assert free(uow) == []
    with pytest.raises(Invalid):
        book(uow)
    assert assess(uow, way="at_once").way == "at_once"


def test_free_times_come_by_days_and_end_where_booking_ends(uow):
    first = appointments.list_free_times(ListFreeTimes(item_id="i1", days=1), uow)
    assert first.next == "2026-11-25"
    assert {one.starts_at.date() for one in first.times} == {NOON.date()}
    assert free(uow, day="2020-01-01", days=1) == free(uow, days=1)
    assert first.unpublished == 2027
    last = appointments.list_free_times(ListFreeTimes(item_id="i1", day="2026-12-25", days=31), uow)
    assert last.next == ""
    assert max(one.starts_at.date() for one in last.times).isoformat() == "2026-12-31"  # 2027 is not published
    publish(uow, 2027)
    last = appointments.list_free_times(ListFreeTimes(item_id="i1", day="2027-01-20", days=31), uow)
    assert max(one.starts_at.date() for one in last.times).isoformat() == "2027-01-22"  # sixty days ahead
    assert last.unpublished == 0
    assert free(uow, day="2027-06-01") == []
    for wrong in ({"days": 0}, {"days": 32}, {"day": "tomorrow"}):
        with pytest.raises(Invalid):
            free(uow, **wrong)


def publish(uow, year, *days):
    with uow:
        content = {"days": [{"day": day, "working": working, "name": "调休"} for day, working in days]}
        uow.plans.hear(Setting(kind=PlanKind.YEAR, key=str(year), version=9, content=content))
        uow.commit()


def test_nobody_can_come_on_a_holiday_and_on_a_make_up_day_they_can(uow):
    saturday = NOON.date() + timedelta(days=4)
    publish(uow, 2026, (TOMORROW.isoformat(), False), (saturday.isoformat(), True))
    days = {one.date() for one in free(uow, days=7)}
    assert TOMORROW not in days
    assert saturday in days
    with pytest.raises(Invalid):
        book(uow)
    assert book(uow, day=saturday)


def test_resources_are_kept_by_those_who_run_the_station(uow):
    command = PutResource(park="tianan", code="room-1", kind="room", name="洽谈室", week=tuple(week("09:00-12:00")))
    first = resources.put_resource(command, uow)
    again = resources.put_resource(command, uow)
    assert again.resource == first.resource
    assert uow.types == ["resource_changed"]  # said once: nothing changed the second time
    found = resources.list_resources(ListResources(park="tianan"), uow).resources
    assert [(one.kind, one.code) for one in found] == [("post", "desk"), ("room", "room-1")]
    for actor in (CLIENT, ELSEWHERE, Actor(id="lin", role=Role.REGULATOR, parks=("*",))):
        uow.actor = actor
        with pytest.raises(Forbidden):
            resources.put_resource(command, uow)


def test_appointments_a_change_leaves_outside_are_named(uow):
    book(uow)
    closed = (TOMORROW.isoformat(),)
    command = PutResource(
        park="tianan", code="desk", kind="post", name="岗", minutes=60, closed=closed,
        week=tuple(week("09:00-12:00")),
    )  # fmt: skip
    saved = resources.put_resource(command, uow)
    assert [one.number for one in saved.displaced] == ["天安2026-0001"]
    assert stage(uow) == Stage.BOOKED  # it stays until people move it
    assert at(9) not in free(uow)


def test_the_week_shows_every_resource_and_what_is_booked(uow):
    book(uow)
    week = resources.get_week(GetWeek(park="tianan", day="2026-11-29"), uow)
    assert (week.days[0], week.days[-1]) == ("2026-11-23", "2026-11-29")
    (one,) = week.resources
    wednesday = one.days[2]
    assert [a.number for a in wednesday.appointments] == ["天安2026-0001"]
    assert wednesday.free == 5
    assert [(o.opens_at, o.closes_at) for o in wednesday.opens] == [(at(9), at(12)), (at(14), at(17))]
    assert one.days[0].free == 0  # Monday is over
    assert one.days[5].opens == ()
    with pytest.raises(Invalid):
        resources.get_week(GetWeek(park="tianan", day="0001-01-0"), uow)
    uow.actor = CLIENT
    with pytest.raises(Forbidden):
        resources.get_week(GetWeek(park="tianan"), uow)


@pytest.mark.parametrize("status", list(Status))
@pytest.mark.parametrize("trigger", LIFE.triggers)
def test_exactly_the_rows_of_the_table_are_legal(status, trigger):
    legal = {(move.source, move.trigger): move.target for move in LIFE}
    if (status, trigger) in legal:
        assert LIFE.move(status, trigger) == legal[status, trigger]
    else:
        with pytest.raises(IllegalMove):
            LIFE.move(status, trigger)


steps = st.tuples(
    st.sampled_from(["book", "move", "cancel", "withdraw"]), st.integers(0, 3), st.sampled_from([9, 10, 11, 14]),
    st.sampled_from([0, 30]),
)  # fmt: skip


@settings(max_examples=40, deadline=None)
@given(
    st.lists(steps, max_size=12),
    st.lists(st.lists(st.sampled_from(["post", "room", "a", "b"]), min_size=1, max_size=2), min_size=4, max_size=4),
    st.lists(st.sampled_from([30, 60, 90]), min_size=4, max_size=4),
)
def test_whatever_is_done_nothing_is_held_twice_and_what_is_free_can_be_booked(done, needs, lengths):
    uow = station(
        resource("a", minutes=30, capacity=2), resource("b", minutes=60, week=week("09:00-13:00")),
        resource("room-1", kind=Kind.ROOM, minutes=30),
    )  # fmt: skip
    for n in range(4):
        put(uow, choosing(item_id=f"i{n}", request_id=f"r{n}", needs=needs[n], minutes=lengths[n]))
    for name, n, hour, minutes in done:
        item_id, when = f"i{n}", at(hour, minutes=minutes)
        was = uow.items.get(item_id)
        offered = free(uow, item_id, days=2) if was.choosing else []
        try:
            match name:
                case "book":
                    appointments.book_appointment(BookAppointment(item_id=item_id, starts_at=when), uow)
                    assert when in offered
                case "move":
                    appointments.move_appointment(MoveAppointment(item_id=item_id, starts_at=when), uow)
                case "cancel":
                    appointments.cancel_appointment(CancelAppointment(item_id=item_id), uow)
                case "withdraw":
                    items.withdraw_item(WithdrawItem(item_id=item_id), uow)
        except Rejected:
            assert not (name == "book" and when in offered)
            assert uow.items.get(item_id) == was
        check_nothing_is_held_twice(uow)


def check_nothing_is_held_twice(uow):
    """Minute by minute, from the appointments alone."""
    booked = [one for one in uow.kept.get("appointments", {}).values() if one.status is Status.BOOKED]
    assert sorted(one.item_id for one in booked) == sorted(
        one.item_id for one in uow.kept["items"].values() if one.stage is Stage.BOOKED
    )
    for found in uow.kept["resources"].values():
        holding = [one for one in booked if found.resource_id in one.resources]
        for one in holding:
            minute = one.starts_at
            while minute < one.ends_at:
                at_once = sum(other.starts_at <= minute < other.ends_at for other in holding)
                assert at_once <= found.capacity
                minute += timedelta(minutes=15)
    for one in booked:
        assert len(one.resources) == len(set(one.resources)) == len(uow.items.get(one.item_id).needs)
        assert uow.items.get(one.item_id).booked_for == one.starts_at
