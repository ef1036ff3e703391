"""When resources are open and which of their times are free, against a slow reference."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.dispatch.domain.resources import (
    Hours,
    Kind,
    Wanted,
    assign,
    cells,
    free_times,
    is_open,
    joined,
    moment,
    opening,
    resource_of,
    starts,
    within,
)
from shared.calendar import Calendar
from shared.contracts.dispatch import PutResource
from shared.errors import Invalid
from shared.hours import Day, Slot, show_slots
from tests.booking import resource, week

ZONE = ZoneInfo("Asia/Shanghai")
THURSDAY = date(2026, 11, 26)
SATURDAY = date(2026, 11, 28)
WHOLE_DAY = (Slot(0, 24 * 60),)
# Hours in order, some of which touch.
hours = st.lists(st.integers(0, 44), max_size=6).map(
    lambda quarters: tuple(
        Slot(start * 15, end * 15)
        for start, end in zip(sorted(quarters)[::2], sorted(quarters)[1::2], strict=False)
        if start < end
    )
)


def times(wanted, day=THURSDAY, station=None, taken=None):
    found = free_times(wanted, day, station or {day: Hours(WHOLE_DAY)}, taken or {}, ZONE)
    return [f"{one.starts_at.astimezone(ZONE):%H:%M}" for one in found]


def alone(one, minutes=0):
    return Wanted(needs=[[one]], minutes=minutes or one.minutes)


def test_times_follow_the_weekly_windows_in_steps_of_one_appointment():
    assert times(alone(resource())) == ["09:00", "10:00", "11:00", "14:00", "15:00", "16:00"]
    assert times(alone(resource(minutes=90))) == ["09:00", "10:30", "14:00", "15:30"]
    assert times(alone(resource()), SATURDAY) == []


def test_a_longer_appointment_ends_before_the_window_does():
    assert times(alone(resource(), 120)) == ["09:00", "10:00", "14:00", "15:00"]


def test_a_resource_is_not_there_on_closed_days_nor_when_it_is_retired():
    assert times(alone(resource(closed=["2026-11-26"]))) == []
    assert times(alone(resource(active=False))) == []


def test_the_stations_hours_bound_those_of_its_resources():
    assert times(alone(resource()), station={THURSDAY: Hours((Slot(600, 900),))}) == [
        "10:00", "11:00", "14:00",
    ]  # fmt: skip
    assert times(alone(resource()), station={THURSDAY: Hours(())}) == []


def test_a_resource_works_its_usual_hours_on_a_make_up_day():
    assert times(alone(resource()), SATURDAY, {SATURDAY: Hours((Slot(540, 720),), make_up=True)}) == [
        "09:00", "10:00", "11:00",
    ]  # fmt: skip
    assert times(alone(resource()), SATURDAY, {SATURDAY: Hours((Slot(540, 720),))}) == []


def test_the_stations_calendar_says_when_it_works():
    holiday, make_up, ordinary = date(2026, 10, 1), date(2026, 10, 10), date(2026, 10, 12)
    days = [Day(day=holiday, working=False, name="国庆节"), Day(day=make_up, working=True, name="国庆节补班")]
    calendar = Calendar.layered([], {2026: days}, ZONE)
    found = opening(calendar, [holiday, make_up, ordinary, SATURDAY, date(2027, 3, 1)])
    assert found[holiday] == found[date(2027, 3, 1)] == Hours(())  # nobody knows what 2027 brings
    assert found[make_up] == Hours(calendar.week[0], make_up=True)
    assert found[ordinary] == Hours(calendar.week[0])
    assert found[SATURDAY] == Hours(())


def test_windows_that_touch_are_one():
    one = resource(week=week("09:00-12:00 12:00-14:00"))
    assert times(alone(one, 240)) == ["09:00", "10:00"]


def test_what_is_held_is_not_free_until_every_place_is():
    one = resource(capacity=2)
    held = dict.fromkeys(
        (("id-desk", cell) for cell in cells(moment(THURSDAY, 600, ZONE), moment(THURSDAY, 660, ZONE))), 1
    )
    assert "10:00" in times(alone(one), taken=held)
    assert "10:00" not in times(alone(one), taken=dict.fromkeys(held, 2))
    assert times(alone(one, 120), taken=dict.fromkeys(held, 2)) == ["14:00", "15:00"]


def test_several_needs_are_met_at_once_or_not_at_all():
    desk, room = resource(), resource("room", kind=Kind.ROOM, week=week("10:00-11:00"))
    both = Wanted(needs=[[desk], [room]], minutes=60)
    assert times(both) == ["10:00"]
    (free,) = free_times(both, THURSDAY, {THURSDAY: Hours(WHOLE_DAY)}, {}, ZONE)
    assert [one.code for one in free.resources] == ["desk", "room"]


def test_one_resource_does_not_serve_two_needs():
    a, b = resource("a"), resource("b")
    assert assign([[a, b], [a, b]], lambda one: True) == (a, b)
    assert assign([[a, b], [a]], lambda one: True) == (b, a)  # the first gives way to the second
    assert assign([[a], [a]], lambda one: True) == ()


def test_times_are_the_stations_own_wherever_the_server_is():
    assert moment(THURSDAY, 9 * 60, ZONE).astimezone(UTC) == datetime(2026, 11, 26, 1, 0, tzinfo=UTC)
    assert moment(THURSDAY, 24 * 60, ZONE).date() == date(2026, 11, 27)


@given(hours, hours)
def test_hours_join_and_meet_as_their_minutes_do(ones, others):
    def minutes(found):
        return {m for slot in found for m in range(slot.start, slot.end)}

    assert minutes(joined(ones)) == minutes(ones)
    assert all(a.end < b.start for a, b in zip(joined(ones), joined(ones)[1:], strict=False))
    assert minutes(within(joined(ones), others)) == minutes(ones) & minutes(others)


@given(
    hours, hours | st.none(), st.dictionaries(st.integers(0, 44), st.integers(1, 3)), st.integers(1, 3),
    st.sampled_from([15, 30, 60]), st.sampled_from([15, 30, 45, 60, 90]),
)  # fmt: skip
def test_a_time_is_free_exactly_if_every_minute_of_it_is(own, open_at, held, capacity, step, minutes):
    one = resource(capacity=capacity, minutes=step, week=week(show_slots(own), days=[4]))
    station = {THURSDAY: Hours(WHOLE_DAY if open_at is None else open_at)}
    first = moment(THURSDAY, 0, ZONE)
    taken = {("id-desk", cells(first, first).start + cell): count for cell, count in held.items()}
    asked = alone(one, minutes)
    found = {(t.starts_at - first) // timedelta(minutes=1) for t in free_times(asked, THURSDAY, station, taken, ZONE)}

    def is_free(at):
        for m in range(at, at + minutes):
            inside = any(slot.start <= m < slot.end for slot in own)
            if open_at is not None:
                inside = inside and any(slot.start <= m < slot.end for slot in open_at)
            if not inside or held.get(m // 15, 0) >= capacity:
                return False
        return True

    offered = set(starts(asked, THURSDAY, station))
    assert found == {at for at in offered if is_free(at)}
    for at in offered:
        starts_at = moment(THURSDAY, at, ZONE)
        assert is_open(one, starts_at, starts_at + timedelta(minutes=minutes), station, ZONE)


def put(**given):
    values = {"park": "tianan", "code": "desk", "kind": "post", "name": "计量岗", "week": tuple(week("09:00-12:00"))}
    return PutResource(**{**values, **given})


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"code": "Desk"}, "code"), ({"code": "post"}, "code"), ({"code": ""}, "code"), ({"kind": "car"}, "kind"),
        ({"name": " "}, "name"), ({"name": "长" * 61}, "name"), ({"capacity": 0}, "capacity"),
        ({"capacity": 201}, "capacity"), ({"minutes": 20}, "minutes"), ({"minutes": 0}, "minutes"),
        ({"minutes": 1455}, "minutes"),
        ({"closed": ("26-11-2026",)}, "closed"), ({"closed": ("2026-02-30",)}, "closed"),
        ({"week": ("09:00-12:00",)}, "week"), ({"week": ("",) * 7}, "week"),
        ({"week": ("9-12",) + ("",) * 6}, "week.0"), ({"week": ("",) * 6 + ("12:00-09:00",)}, "week.6"),
        ({"week": ("09:05-12:00",) + ("",) * 6}, "week.0"),
    ],
)  # fmt: skip
def test_a_resource_that_makes_no_sense_is_refused_by_field(wrong, field):
    with pytest.raises(Invalid) as refused:
        resource_of(put(**wrong), "id")
    assert list(refused.value.fields) == [field]


def test_a_resource_may_be_open_until_midnight():
    one = resource_of(put(week=tuple(week("23:00-24:00")), minutes=30), "id")
    assert times(alone(one)) == ["23:00", "23:30"]
