"""Clocks: which runs when, what it reads, and every reading against a count minute by minute."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.dispatch.domain.life import CLOCKS, ENDED, LIFE, Stage
from shared import clocks, years
from shared.access import Actor, Role
from shared.calendar import Limit, Unit
from shared.clocks import Mark, MarkKind, running, runs
from shared.contracts.station import Recipient
from shared.errors import IllegalMove
from shared.limits import DEFAULTS
from shared.plans import Away, Kind, Plan, Setting
from shared.readings import State, alarm, alarm_at, read, remember
from tests.builders import NOON, item
from tests.fake_clocks import FakePlans
from tests.system import STAFF

ZONE = FakePlans.zone
TUESDAY = datetime(2026, 11, 24, 10, 0, tzinfo=ZONE)  # a plain working day, 9:00-12:00 13:30-17:30


def plan(*said: Setting, **given) -> Plan:
    made = Plan.of("tianan", said, years.shipped(), (), ZONE)
    return Plan(**{**vars(made), **given})


def at(text: str) -> datetime:
    return datetime.fromisoformat(f"2026-11-{text}").replace(tzinfo=ZONE)


# --- which clock runs


@pytest.mark.clause("6.4.1")
def test_no_open_stage_is_without_a_clock_and_no_ending_has_one():
    assert set(CLOCKS) | ENDED == set(Stage)
    assert not set(CLOCKS) & ENDED
    assert set(CLOCKS.values()) <= set(DEFAULTS)


@given(st.lists(st.integers(0, 99), max_size=25))
def test_whatever_happens_one_clock_runs_until_the_end_and_none_after(choices):
    one, now = item(), NOON
    for choice in choices:
        now += timedelta(minutes=choice)
        steps = [*LIFE.allows(one.stage), *({"pause", "resume"} & set(one.view().allowed))]
        if not steps:
            break
        step = steps[choice % len(steps)]
        if step in ("pause", "resume"):
            one.pause("等", now, STAFF) if step == "pause" else one.resume(now, STAFF)
        else:
            one._move(step, now)
        on = [run for run in runs(one.marks) if run.stopped_at is None]
        assert [run.clock for run in on] == ([CLOCKS[one.stage]] if one.stage in CLOCKS else [])
    assert [mark.at for mark in one.marks] == sorted(mark.at for mark in one.marks)


def test_the_first_clock_starts_when_the_need_was_received():
    assert running(item().marks).started_at == NOON


def test_what_comes_back_undone_goes_on_where_it_stopped():
    one = item(stage=Stage.ASSESSED, changed_at=at("24T10:00"))
    one.offer("j1", "t", NOON, at("24T11:00"))
    one.decline("满了", at("25T09:00"))
    run = running(one.marks)
    assert (run.clock, run.started_at) == ("arrange", at("24T10:00"))
    reading = read(run, Limit(1, Unit.DAYS), plan(), at("25T10:00"))
    assert reading.spent == timedelta(hours=2)
    one.offer("j2", "t", NOON, at("25T11:00"))
    assert (running(one.marks).clock, running(one.marks).started_at) == ("answer", at("25T11:00"))


def test_an_item_opened_again_begins_anew():
    marks: list[Mark] = []
    clocks.hand_over(marks, "assess", "accept", at("24T10:00"))
    clocks.hand_over(marks, None, "refuse", at("24T11:00"))
    assert running(marks) is None
    clocks.hand_over(marks, "assess", "reopen", at("26T10:00"))
    reading = read(running(marks), Limit(2, Unit.HOURS), plan(), at("26T10:30"))
    assert (reading.spent, reading.due_at, reading.state) == (timedelta(minutes=30), at("26T12:00"), State.OK)


def test_assessing_again_goes_on_and_ends_a_pause():
    one = item(stage=Stage.ASSESSED, changed_at=at("24T10:00"))
    one.pause("等企业", at("24T10:30"), STAFF)
    one.assess("c", "5.1.a", "t", {}, "", STAFF, at("24T11:30"))
    run = running(one.marks)
    assert (run.started_at, run.paused, len(run.pauses)) == (at("24T10:00"), None, 1)


# --- pausing


def test_who_paused_when_and_why_is_kept():
    one = item(stage=Stage.ACCEPTED, changed_at=at("24T10:00"))
    assert one.pause("等企业补材料", at("24T10:30"), STAFF) == "assess"
    assert one.resume(at("24T11:00"), STAFF, "补齐了") == "assess"
    assert [(m.kind, m.reason, m.by, m.name) for m in one.marks[1:]] == [
        (MarkKind.PAUSE, "等企业补材料", "chen", "陈专员"), (MarkKind.RESUME, "补齐了", "chen", "陈专员"),
    ]  # fmt: skip
    assert one.version == 3


@pytest.mark.parametrize("stage", [Stage.RECEIVED, Stage.FINISHED, Stage.TOLD, Stage.CLOSED, Stage.SEALED])
def test_a_clock_that_waits_for_us_cannot_be_paused(stage):
    one = item(stage=stage)
    assert "pause" not in one.view().allowed
    with pytest.raises(IllegalMove):
        one.pause("等", NOON, STAFF)


def test_it_is_paused_once_and_resumed_once():
    one = item(stage=Stage.ACCEPTED)
    with pytest.raises(IllegalMove):
        one.resume(NOON, STAFF)
    one.pause("等", NOON, STAFF)
    assert "resume" in one.view().allowed
    with pytest.raises(IllegalMove):
        one.pause("等", NOON, STAFF)


# --- reading


@pytest.mark.parametrize(
    ("now", "state", "left"),
    [
        ("24T10:00", State.OK, 120),
        ("24T11:19", State.OK, 41),
        ("24T11:20", State.SOON, 40),
        ("24T12:00", State.SOON, 0),
        ("24T12:01", State.LATE, 0),  # at lunch no working time passes, but it is past the moment
        ("24T14:50", State.LATE, -80),
    ],
)
def test_a_clock_reads(now, state, left):
    one = item(opened_at=TUESDAY)
    reading = one.reading(plan(), at(now))
    assert (reading.state, reading.left, reading.due_at) == (state, timedelta(minutes=left), at("24T12:00"))


def test_a_pause_stops_it_and_being_late_before_is_not_cured_by_one():
    one = item(stage=Stage.ACCEPTED, changed_at=TUESDAY)
    one.pause("等企业", at("24T15:00"), STAFF)
    reading = one.reading(plan(), at("26T10:00"))
    assert (reading.state, reading.due_at) == (State.PAUSED, None)
    assert reading.left == timedelta(hours=9, minutes=30)
    late = item(stage=Stage.ACCEPTED, changed_at=TUESDAY)
    late.pause("等企业", at("26T09:30"), STAFF)
    assert late.reading(plan(), at("26T10:00")).state is State.LATE


def test_a_year_that_is_not_published_shows():
    one = item(stage=Stage.ACCEPTED, changed_at=datetime(2026, 12, 31, 10, 0, tzinfo=ZONE))
    now = datetime(2026, 12, 31, 11, 0, tzinfo=ZONE)
    reading = one.reading(plan(), now)
    assert (reading.state, reading.deadline.assumed) == (State.PROVISIONAL, (2027,))
    assert alarm_at(reading, plan(), now) == now + timedelta(days=1)  # it may be sooner than thought


def test_the_categorys_own_days_go_before_the_districts():
    one = item(stage=Stage.OFFERED, job_id="j1", changed_at=TUESDAY, days=3)
    one.start("", at("24T10:00"))
    assert one.reading(plan(), at("24T10:00")).due_at == at("27T17:30")
    one.days = None
    assert one.reading(plan(), at("24T10:00")).due_at == datetime(2026, 12, 1, 17, 30, tzinfo=ZONE)


def test_a_moment_that_was_named_holds_whatever_the_calendar():
    one = item(stage=Stage.FINISHED, changed_at=TUESDAY)
    one.tell(at("24T12:00"), at("28T12:00"))
    for now, state in (("25T12:00", State.OK), ("27T12:00", State.SOON), ("28T12:01", State.LATE)):
        reading = one.reading(plan(), at(now))
        assert (reading.state, reading.due_at, reading.limit) == (state, at("28T12:00"), None)


# --- against a count minute by minute

WEEKS = (
    ["09:00-12:00 13:30-17:30"] * 5 + ["", ""],
    ["00:00-24:00"] * 7,
    ["", "10:00-11:00", "", "22:00-24:00"] + [""] * 3,
)
ACTS = ("accept", "assess", "offer", "decline", "lapse", "start", "finish", "pause", "resume")


@st.composite
def histories(draw):
    """Moves, pauses and resumptions of one item, and the calendar it is read by in the end."""
    one = item(opened_at=TUESDAY.astimezone(UTC), changed_at=TUESDAY.astimezone(UTC))
    now = TUESDAY
    for _ in range(draw(st.integers(1, 12))):
        now += timedelta(minutes=draw(st.integers(0, 2000)))
        may = [act for act in ACTS if act in LIFE.allows(one.stage) or act in one.view().allowed]
        if not may:
            break
        act = draw(st.sampled_from(may))
        if act == "pause":
            one.pause("等", now, STAFF)
        elif act == "resume":
            one.resume(now, STAFF)
        else:
            one._move(act, now)
    week = draw(st.sampled_from(WEEKS))
    return one, now + timedelta(minutes=draw(st.integers(0, 3000))), week


def counted(marks: list[Mark], run_started: Mark, now: datetime, calendar) -> int:
    """Working minutes during which this run was on, by walking through all of its minutes."""
    on, minutes, moment = False, 0, run_started.at
    own = [m for m in marks[marks.index(run_started) :] if m.clock == run_started.clock]
    own = own[: next((n for n, m in enumerate(own) if n and m.kind is MarkKind.START), len(own))]
    seen: dict = {}
    while moment < now:
        for mark in own:
            if mark.at <= moment:
                on = mark.kind in (MarkKind.START, MarkKind.RESUME)
        here = moment.astimezone(ZONE)
        if here.date() not in seen:
            seen[here.date()] = {m for a, b in calendar.slots(here.date()) for m in range(a, b)}
        minutes += on and here.hour * 60 + here.minute in seen[here.date()]
        moment += timedelta(minutes=1)
    return minutes


@given(histories())
@settings(max_examples=60, deadline=None)
def test_what_is_spent_is_what_a_count_of_minutes_finds_by_whatever_calendar(history):
    one, now, week = history
    changed = Setting(kind=Kind.CALENDAR, key="tianan", version=1, content={"week": week, "days": []})
    for by in (plan(), plan(changed)):
        starts = [mark for mark in one.marks if mark.kind is MarkKind.START]
        for start, run in zip(starts, runs(one.marks), strict=True):
            reading = read(run, Limit(2, Unit.DAYS), by, now)
            assert reading.spent == timedelta(minutes=counted(one.marks, start, now, by.calendar))
            if reading.due_at and not run.stopped_at:
                spent = counted(one.marks, start, reading.due_at, by.calendar)
                assert timedelta(minutes=spent) == reading.deadline.budget


# --- alarms

LIN, WANG = Recipient(account="lin", name="林站长"), Recipient(account="wang", name="王主任")
OWNER = Recipient(account="chen", name="陈专员")


def away(account: str, since: str, until: str):
    return Away(absence_id=account, account=account, parks=("tianan",), since=at(since), until=at(until))


def told(one, by: Plan, now: datetime, owner=OWNER) -> list[tuple]:
    """Everything said until now, as a timer that looks each minute would have it said."""
    heard = []
    moment = one.marks[0].at
    while moment <= now:
        reading = one.reading(by, moment)
        if reading and (found := alarm(reading, by, owner, moment)):
            to = [who.account or who.role for who in found.to]
            heard.append((moment.astimezone(ZONE).strftime("%dT%H:%M"), found.level, to))
            remember(one.marks, found, reading.run.clock, moment)
            due = alarm_at(one.reading(by, moment), by, moment)
            assert due is None or due >= moment - timedelta(minutes=1)
        moment += timedelta(minutes=1)
    return heard


def test_it_is_warned_of_once_and_then_goes_up_the_chain_step_by_step():
    one = item(stage=Stage.ACCEPTED, changed_at=TUESDAY, owner_id="chen")
    by = plan(chain=(LIN, WANG), limits={**DEFAULTS, "assess": Limit(2, Unit.HOURS)})
    assert told(one, by, at("26T17:30")) == [
        ("24T11:20", 0, ["chen"]), ("24T12:01", 1, ["chen", "lin"]), ("24T17:30", 2, ["wang"]),
    ]  # fmt: skip


def test_who_is_away_is_passed_by():
    one = item(stage=Stage.ACCEPTED, changed_at=TUESDAY, owner_id="chen")
    absent = (away("chen", "24T09:00", "25T09:00"), away("lin", "24T11:30", "25T09:00"))
    by = plan(chain=(LIN, WANG), limits={**DEFAULTS, "assess": Limit(2, Unit.HOURS)}, away=absent)
    assert told(one, by, at("25T17:30")) == [("24T11:20", 0, ["lin"]), ("24T12:01", 2, ["wang"])]


def test_if_nobody_is_there_the_operator_hears_of_it():
    one = item(opened_at=TUESDAY)
    by = plan(chain=(LIN,), away=(away("lin", "24T09:00", "30T09:00"),))
    assert told(one, by, at("26T17:30"), owner=None) == [
        ("24T11:20", 0, ["staff"]), ("24T12:01", 1, ["staff", "operator"]),
    ]  # fmt: skip


def test_nothing_is_said_while_it_is_paused():
    one = item(stage=Stage.ACCEPTED, changed_at=TUESDAY, owner_id="chen")
    by = plan(limits={**DEFAULTS, "assess": Limit(2, Unit.HOURS)})
    one.pause("等企业", at("24T10:30"), STAFF)
    assert told(one, by, at("25T12:00")) == []
    assert alarm_at(one.reading(by, at("25T12:00")), by, at("25T12:00")) is None
    one.resume(at("25T13:30"), STAFF)
    assert alarm_at(one.reading(by, at("25T13:30")), by, at("25T13:30")) == at("25T14:20")


def test_a_clock_that_moved_on_is_said_nothing_of():
    one = item(opened_at=TUESDAY)
    one.accept(Actor(id="chen", role=Role.STAFF), at("24T11:00"))
    assert told(one, plan(), at("24T17:00")) == []


def test_what_was_missed_while_nobody_looked_is_said_at_once():
    one = item(stage=Stage.ACCEPTED, changed_at=TUESDAY, owner_id="chen")
    by = plan(chain=(LIN, WANG), limits={**DEFAULTS, "assess": Limit(2, Unit.HOURS)})
    now = at("30T10:00")
    reading = one.reading(by, now)
    first = alarm(reading, by, OWNER, now)
    assert (first.level, first.to) == (1, (OWNER, LIN))
