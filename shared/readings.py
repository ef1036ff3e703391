"""Reading a clock: what is spent and left, when it is due, and what is to be said of it. No bus, no database.

All of it is worked out from the clock's marks and the plan in force, so that a pause, another calendar or another
limit is right from then on and for what is behind. Nothing of it is kept as truth.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from shared.calendar import Deadline, Limit
from shared.clocks import Mark, MarkKind, Run
from shared.contracts.dispatch import Due
from shared.contracts.station import Recipient
from shared.plans import Plan

THIRD = 2, 3  # the last third begins when so much of the limit is spent
LOOK_AGAIN = timedelta(days=1)  # at a deadline that rests on a year whose holidays are not known
EVERYBODY = Recipient(role="staff")  # responsible for what nobody has taken yet
LAST = Recipient(role="operator")  # hears of it when nobody of the chain is there


class State(StrEnum):
    OK = "ok"
    SOON = "soon"
    LATE = "late"
    PAUSED = "paused"
    PROVISIONAL = "provisional"
    DONE = "done"


@dataclass(frozen=True, kw_only=True)
class Reading:
    """How a run stands. `left` is below zero when it is late; `due_at` is None while a pause lasts."""

    run: Run
    state: State
    limit: Limit | None  # None where a moment was named
    deadline: Deadline
    warn_at: datetime | None
    spent: timedelta
    left: timedelta
    days_ahead: int
    more: bool  # working time is left today besides
    late: bool

    @property
    def due_at(self) -> datetime | None:
        return self.deadline.at

    def due(self) -> Due:
        paused = self.run.paused
        return Due(
            clock=self.run.clock, state=self.state, at=self.due_at, minutes=minutes(self.left), days=self.days_ahead,
            more=self.more, allowed=minutes(self.deadline.budget), count=self.limit.count if self.limit else 0,
            unit=str(self.limit.unit) if self.limit else "", assumed=self.deadline.assumed,
            paused_at=paused.start if paused else None, reason=paused.reason if paused else "",
        )  # fmt: skip


def minutes(span: timedelta) -> int:
    """Whole minutes; what is begun is not over."""
    return -int(-span.total_seconds() // 60) if span > timedelta() else int(span.total_seconds() // 60)


def read(run: Run, limit: Limit, plan: Plan, now: datetime, *, explain: bool = False) -> Reading:
    """The run as of `now`, by the plan in force."""
    calendar = plan.calendar
    end = run.stopped_at or now
    spent = calendar.worked(run.started_at, end, run.pauses)
    if run.until:
        deadline = Deadline(
            at=None if run.paused else run.until, budget=calendar.worked(run.started_at, run.until)
        )  # fmt: skip
        warn_at = None if run.paused else run.started_at + _third(run.until - run.started_at)
    else:
        work_out = calendar.explained if explain else calendar.deadline
        deadline = work_out(run.started_at, limit, run.pauses)
        warn_at = calendar.reached(run.started_at, _third(deadline.budget), run.pauses)
    late = deadline.at is not None and end > deadline.at
    if deadline.at is None or run.until is None:
        left = deadline.budget - spent
    else:
        left = calendar.worked(end, deadline.at) - calendar.worked(deadline.at, end)
    return Reading(
        run=run, state=_state(run, deadline, warn_at, now, late), limit=None if run.until else limit,
        deadline=deadline, warn_at=warn_at, spent=spent, left=left, late=late,
        days_ahead=calendar.days_ahead(now, deadline.at) if deadline.at else 0,
        more=calendar.left_today(now) > timedelta(),
    )  # fmt: skip


def _third(span: timedelta) -> timedelta:
    return span * THIRD[0] / THIRD[1]


def _state(run: Run, deadline: Deadline, warn_at: datetime | None, now: datetime, late: bool) -> State:
    if run.stopped_at:
        return State.DONE
    if late:
        return State.LATE
    if run.paused:
        return State.PAUSED
    if warn_at and now >= warn_at:
        return State.SOON
    return State.PROVISIONAL if deadline.provisional else State.OK


@dataclass(frozen=True, kw_only=True)
class Alarm:
    """What is to be said now: a warning (`level` 0), or that it is late, to whom, and who was passed by."""

    level: int
    to: tuple[Recipient, ...]
    skipped: tuple[Recipient, ...] = ()


def alarm_at(reading: Reading, plan: Plan, now: datetime) -> datetime | None:
    """When the run is to be looked at next; None while there is nothing to come."""
    run = reading.run
    if not run.warned:
        found = reading.warn_at
    elif run.level < len(plan.chain):
        found = _late_at(reading, plan, run.said_late)
    else:
        found = None
    if found and reading.deadline.provisional:
        return min(found, now + LOOK_AGAIN)
    return found


def _late_at(reading: Reading, plan: Plan, step: int) -> datetime | None:
    """The moment of the `step`-th escalation: at the deadline, then each time the same working time later."""
    if step == 0 or reading.due_at is None:
        return reading.due_at
    each = plan.calendar.budget(reading.due_at, plan.limits["escalate"])
    pauses = [pause for pause in reading.run.pauses if pause.end is None or pause.end > reading.due_at]
    return plan.calendar.reached(reading.due_at, each * step, pauses)


def alarm(reading: Reading, plan: Plan, owner: Recipient | None, now: datetime) -> Alarm | None:
    """The next thing to say of a running clock, if its time has come."""
    run = reading.run
    own = owner or EVERYBODY
    if reading.late:
        when = _late_at(reading, plan, run.said_late)
        if when is None or when > now or run.level >= len(plan.chain):
            return None
        return _escalated(run, plan, own if run.said_late == 0 else None, now)
    if run.warned or reading.warn_at is None or reading.warn_at > now:
        return None  # a warning that a pause came after is still said: its time had come
    if plan.present(own, now):
        return Alarm(level=0, to=(own,))
    instead = _escalated(run, plan, None, now)
    return Alarm(level=0, to=instead.to, skipped=(own, *instead.skipped))


def _escalated(run: Run, plan: Plan, own: Recipient | None, now: datetime) -> Alarm:
    """The next one of the chain who is there; if nobody is, everybody of the operator."""
    skipped = [] if own is None or plan.present(own, now) else [own]
    to = [own] if own and not skipped else []
    for level, who in enumerate(plan.chain[run.level :], run.level + 1):
        if plan.present(who, now):
            return Alarm(level=level, to=_once(*to, who), skipped=tuple(skipped))
        skipped.append(who)
    return Alarm(level=len(plan.chain), to=_once(*to, LAST), skipped=tuple(skipped))


def _once(*who: Recipient) -> tuple[Recipient, ...]:
    return tuple({one.account or one.role: one for one in who}.values())


def remember(marks: list[Mark], alarm: Alarm, clock: str, now: datetime) -> None:
    """Remember that it was said, so that it is said once."""
    kind = MarkKind.LATE if alarm.level else MarkKind.WARN
    to = tuple(one.account or f"role:{one.role}" for one in alarm.to)
    marks.append(Mark(clock=clock, kind=kind, at=now, level=alarm.level, to=to))


@dataclass(frozen=True, kw_only=True)
class Figures:
    """How many clocks run, by what they are for and by park; how many are late or stand still."""

    by_clock: dict[str, int]
    by_park: dict[str, int]
    late: int
    paused: int
