"""Deadlines in working time: golden cases, and every result against a reference that walks minute by minute."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from shared import years
from shared.calendar import Calendar, Limit, Pause, StepKind, Unit
from shared.errors import Invalid
from shared.hours import WEEK, Day, read_slots, read_week
from shared.limits import MOST

ZONE = ZoneInfo("Asia/Shanghai")
MINUTE = timedelta(minutes=1)
HOURS2, DAY1 = Limit(2, Unit.HOURS), Limit(1, Unit.DAYS)


def calendar(week=WEEK, *days: Day, known=(2024, 2025, 2026)) -> Calendar:
    published = {one.day: one for days in years.shipped().values() for one in days}
    return Calendar(
        week=read_week(week), days={**published, **{one.day: one for one in days}}, years=frozenset(known), zone=ZONE
    )


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=ZONE)


def due(start: str, limit: Limit, *pauses: tuple[str, str | None], **given) -> str:
    stops = [Pause(at(a), at(b) if b else None) for a, b in pauses]
    found = calendar(**given).deadline(at(start), limit, stops).at
    return f"{found:%Y-%m-%dT%H:%M}" if found else ""


@pytest.mark.clause("6.4.1")
@pytest.mark.parametrize(
    ("start", "limit", "end"),
    [
        ("2026-11-24T10:00", HOURS2, "2026-11-24T12:00"),  # up to the lunch break is in time
        ("2026-11-24T11:00", HOURS2, "2026-11-24T14:30"),  # the lunch break does not count
        ("2026-11-24T03:00", HOURS2, "2026-11-24T11:00"),  # nor does the night
        ("2026-11-27T17:00", HOURS2, "2026-11-30T10:30"),  # nor the weekend
        ("2026-09-30T16:30", HOURS2, "2026-10-08T10:00"),  # nor seven days of holidays
        ("2026-10-09T17:00", HOURS2, "2026-10-10T10:30"),  # a Saturday that makes up is worked
        ("2026-11-24T10:00", DAY1, "2026-11-25T17:30"),  # the day it begins on does not count
        ("2026-11-24T00:00", DAY1, "2026-11-25T17:30"),
        ("2026-11-27T10:00", DAY1, "2026-11-30T17:30"),
        ("2026-11-28T10:00", DAY1, "2026-11-30T17:30"),
        ("2026-09-30T10:00", DAY1, "2026-10-08T17:30"),
        ("2026-10-09T10:00", DAY1, "2026-10-10T17:30"),
        ("2026-09-17T10:00", Limit(5, Unit.DAYS), "2026-09-23T17:30"),  # Sunday the 20th makes up
        ("2025-12-31T10:00", Limit(2, Unit.DAYS), "2026-01-05T17:30"),  # over a new year, with Sunday the 4th worked
        ("2026-11-24T17:20", Limit(15, Unit.MINUTES), "2026-11-25T09:05"),
    ],
)
def test_is_due(start, limit, end):
    assert due(start, limit) == end


@pytest.mark.parametrize(
    ("limit", "pauses", "end"),
    [
        (HOURS2, [("2026-11-24T10:30", "2026-11-24T11:00")], "2026-11-24T14:00"),
        (HOURS2, [("2026-11-24T12:00", "2026-11-24T13:30")], "2026-11-24T12:00"),  # lunch paused is nothing lost
        (HOURS2, [("2026-11-24T10:30", "2026-11-26T15:00")], "2026-11-26T16:30"),
        (HOURS2, [("2026-11-24T10:30", "2026-11-24T11:00"), ("2026-11-24T10:45", "2026-11-24T11:30")],
         "2026-11-24T14:30"),  # what overlaps counts once
        (HOURS2, [("2026-11-24T10:30", None)], ""),
        (DAY1, [("2026-11-24T10:30", "2026-11-24T11:30")], "2026-11-26T10:00"),
        (DAY1, [("2026-11-25T09:00", "2026-11-26T09:00")], "2026-11-26T17:30"),  # a whole day moves it by a day
        (DAY1, [("2026-11-28T09:00", "2026-11-29T09:00")], "2026-11-25T17:30"),  # too late to matter
    ],
)  # fmt: skip
def test_a_pause_moves_it_by_the_working_time_it_took(limit, pauses, end):
    assert due("2026-11-24T10:00", limit, *pauses) == end


def test_a_year_that_is_not_published_is_assumed_and_named():
    found = calendar().deadline(at("2026-12-31T10:00"), Limit(2, Unit.DAYS))
    assert (found.at, found.provisional, found.assumed) == (at("2027-01-04T17:30"), True, (2027,))
    assert calendar().deadline(at("2026-12-30T10:00"), DAY1).provisional is False
    later = calendar(known=(2026, 2027)).deadline(at("2026-12-31T10:00"), Limit(2, Unit.DAYS))
    assert later.provisional is False
    steps = calendar().explained(at("2026-12-31T10:00"), DAY1).steps
    assert [step.count for step in steps if step.kind is StepKind.ASSUMED] == [2027]


def test_what_lies_years_ahead_is_refused():
    with pytest.raises(Invalid):
        calendar().deadline(at("2026-11-24T10:00"), Limit(5000, Unit.DAYS))
    with pytest.raises(Invalid):
        calendar().deadline(at("2026-11-24T10:00"), Limit(50_000, Unit.HOURS))


def test_the_longest_limits_end_even_in_the_shortest_week():
    short = calendar(("09:00-10:00", "", "", "", "", "", ""))
    for unit, most in MOST.items():
        assert short.deadline(at("2026-11-24T10:00"), Limit(most, unit)).at


def test_a_working_day_has_its_own_hours_its_weekdays_or_the_usual_ones():
    saturday = date(2026, 11, 28)
    week = ("09:00-12:00", "", "08:00-10:00", "", "", "", "")
    own = Day(day=saturday, working=True, name="开放日", slots=read_slots("10:00-11:00"))
    assert calendar(week, own).slots(saturday) == read_slots("10:00-11:00")
    assert calendar(week, Day(day=saturday, working=True, name="开放日")).slots(saturday) == read_slots("09:00-12:00")
    wednesday = Day(day=date(2026, 11, 25), working=True, name="x")
    assert calendar(week, wednesday).slots(wednesday.day) == read_slots("08:00-10:00")
    assert calendar(week, Day(day=date(2026, 11, 23), working=False, name="停电")).slots(date(2026, 11, 23)) == ()


def told(found) -> list[tuple]:
    said = []
    for step in found.steps:
        when = step.start.astimezone(ZONE).strftime("%d %H:%M") if step.start else f"{step.day:%d}" if step.day else ""
        said.append((str(step.kind), when, step.count or step.minutes, step.name))
    return said


def test_hours_are_explained_window_by_window():
    found = calendar().explained(
        at("2026-09-30T16:00"), Limit(4, Unit.HOURS),
        [Pause(at("2026-10-08T09:30"), at("2026-10-08T14:00"), "等企业补材料")],
    )  # fmt: skip
    assert told(found) == [
        ("begin", "30 16:00", 0, ""),
        ("window", "30 16:00", 90, ""),
        *(("off", f"{day:02}", 0, "国庆节") for day in range(1, 8)),
        ("window", "08 09:00", 30, ""),
        ("pause", "08 09:30", 180, "等企业补材料"),
        ("window", "08 14:00", 120, ""),
        ("end", "08 16:00", 0, ""),
    ]


def test_days_are_explained_day_by_day_with_what_pauses_added():
    found = calendar().explained(
        at("2026-10-09T10:00"), Limit(2, Unit.DAYS), [Pause(at("2026-10-10T09:00"), at("2026-10-10T11:00"), "停电")]
    )
    assert told(found) == [
        ("begin", "09 10:00", 0, ""),
        ("day", "10", 1, "国庆节补班"),
        ("pause", "10 09:00", 120, "停电"),
        ("off", "11", 0, ""),
        ("day", "12", 2, ""),
        ("close", "12 17:30", 0, ""),
        ("window", "13 09:00", 120, ""),
        ("end", "13 11:00", 0, ""),
    ]


def test_while_a_pause_lasts_there_is_no_end():
    found = calendar().explained(at("2026-11-24T10:00"), HOURS2, [Pause(at("2026-11-24T10:30"), None, "等")])
    assert told(found) == [
        ("begin", "24 10:00", 0, ""), ("window", "24 10:00", 30, ""), ("pause", "24 10:30", 0, "等"),
    ]  # fmt: skip


def test_a_day_that_closes_at_midnight_is_that_day():
    night = calendar(("20:00-24:00",) * 7)
    found = night.explained(at("2026-11-24T10:00"), DAY1)
    assert told(found) == [("begin", "24 10:00", 0, ""), ("day", "25", 1, ""), ("end", "26 00:00", 0, "")]
    assert night.days_ahead(at("2026-11-24T10:00"), found.at) == 1
    assert calendar().days_ahead(at("2026-11-27T10:00"), at("2026-12-01T09:00")) == 2


# --- the reference


@dataclass(frozen=True)
class World:
    """A calendar in plain terms, and a way to count in it that nobody can misunderstand."""

    week: tuple[tuple[tuple[int, int], ...], ...]
    days: tuple[tuple[date, bool, tuple[tuple[int, int], ...]], ...]

    def calendar(self) -> Calendar:
        days = [Day(day=day, working=working, name="x", slots=_slots(slots)) for day, working, slots in self.days]
        return Calendar(
            week=tuple(_slots(slots) for slots in self.week), days={one.day: one for one in days},
            years=frozenset(range(2024, 2028)), zone=ZONE,
        )  # fmt: skip

    def minutes(self, day: date) -> set[int]:
        slots = self.week[day.weekday()]
        for when, working, own in self.days:
            if when == day:
                slots = (own or slots or next(s for s in self.week if s)) if working else ()
        return {minute for start, end in slots for minute in range(start, end)}

    def counts(self, moment: datetime, seen: dict[date, set[int]]) -> bool:
        if moment.date() not in seen:
            seen[moment.date()] = self.minutes(moment.date())
        return moment.hour * 60 + moment.minute in seen[moment.date()]

    def due(self, start: datetime, limit: Limit, pauses: list[tuple[datetime, datetime | None]]) -> datetime | None:
        seen: dict[date, set[int]] = {}
        left = limit.count * {Unit.HOURS: 60, Unit.MINUTES: 1}.get(limit.unit, 0)
        if limit.unit is Unit.DAYS:
            day, days = start.date(), limit.count
            while days:
                day += timedelta(days=1)
                days -= bool(self.minutes(day))
            moment = start
            while moment.date() <= day:
                left += self.counts(moment, seen)
                moment += MINUTE
        moment = start
        while left:
            if any(end is None and begin <= moment for begin, end in pauses):
                return None
            paused = any(end and begin <= moment < end for begin, end in pauses)
            left -= self.counts(moment, seen) and not paused
            moment += MINUTE
        return moment


def _slots(slots):
    return read_slots(" ".join(f"{a // 60}:{a % 60:02}-{b // 60}:{b % 60:02}" for a, b in slots))


windows = st.lists(st.integers(0, 96), min_size=2, max_size=6, unique=True).map(
    lambda marks: tuple((a * 15, b * 15) for a, b in zip(sorted(marks)[::2], sorted(marks)[1::2], strict=False))
)
weeks = st.lists(st.one_of(st.just(()), windows, st.just(((540, 720), (810, 1050)))), min_size=7, max_size=7).filter(
    any
)
starts = st.builds(
    lambda day, minute: datetime(2026, 1, 1) + timedelta(days=day, minutes=minute),
    st.integers(-20, 400), st.integers(0, 1439),
)  # fmt: skip
limits = st.one_of(
    st.builds(Limit, st.integers(1, 25), st.just(Unit.HOURS)),
    st.builds(Limit, st.integers(1, 6), st.just(Unit.DAYS)),
    st.builds(Limit, st.integers(1, 90), st.just(Unit.MINUTES)),
)


@st.composite
def cases(draw):
    start = draw(starts)
    near = st.integers(-2, 14).map(lambda n: start.date() + timedelta(days=n))
    days = draw(st.lists(st.tuples(near, st.booleans(), st.one_of(st.just(()), windows)), max_size=5,
                         unique_by=lambda one: one[0]))  # fmt: skip
    days = tuple((day, working, slots if working else ()) for day, working, slots in days)
    pauses = []
    for _ in range(draw(st.integers(0, 3))):
        begin = start + timedelta(minutes=draw(st.integers(-500, 12_000)))
        pauses.append((begin, begin + timedelta(minutes=draw(st.integers(0, 4_000)))))
    if draw(st.integers(0, 4)) == 0:
        pauses.append((start + timedelta(minutes=draw(st.integers(0, 9_000))), None))
    return World(tuple(draw(weeks)), days), start, draw(limits), pauses


def _aware(pauses):
    return [Pause(a.replace(tzinfo=ZONE), b.replace(tzinfo=ZONE) if b else None) for a, b in pauses]


@given(cases())
@settings(max_examples=150, deadline=None)
@example((World((((540, 720),),) * 5 + ((), ()), ()), datetime(2026, 12, 31, 11, 59), Limit(1, Unit.HOURS), []))
def test_agrees_with_a_walk_minute_by_minute(case):
    world, start, limit, pauses = case
    found = world.calendar().deadline(start.replace(tzinfo=ZONE), limit, _aware(pauses)).at
    assert (found and found.replace(tzinfo=None)) == world.due(start, limit, pauses)


@given(cases())
@settings(max_examples=100, deadline=None)
@example((World((((1200, 1440),),) * 7, ()), datetime(2026, 11, 24, 10), Limit(3, Unit.DAYS), []))
def test_the_sum_of_its_steps_is_what_the_limit_allows(case):
    world, start, limit, pauses = case
    calendar, begin, stops = world.calendar(), start.replace(tzinfo=ZONE), _aware(pauses)
    found = calendar.explained(begin, limit, stops)
    counted = sum(step.minutes for step in found.steps if step.kind is StepKind.WINDOW)
    if found.at:
        assert calendar.worked(begin, found.at, stops) == found.budget
        if limit.unit is not Unit.DAYS:
            assert timedelta(minutes=counted) == found.budget
        else:
            assert max(step.count for step in found.steps) == limit.count
            lost = sum(step.minutes for step in found.steps if step.kind is StepKind.PAUSE)
            assert counted <= lost  # pauses that overlap are each told whole
    moments = [step.start for step in found.steps if step.start and step.kind is not StepKind.BEGIN]
    assert moments == sorted(moments)


@given(cases(), st.integers(0, 10**6), st.integers(0, 10**6))
@settings(max_examples=100, deadline=None)
def test_working_time_adds_up_to_the_second(case, one, other):
    world, start, _, pauses = case
    calendar, begin, stops = world.calendar(), start.replace(tzinfo=ZONE).astimezone(UTC), _aware(pauses)
    middle, end = begin + timedelta(seconds=one), begin + timedelta(seconds=one + other)
    parts = calendar.worked(begin, middle, stops) + calendar.worked(middle, end, stops)
    assert calendar.worked(begin, end, stops) == parts
