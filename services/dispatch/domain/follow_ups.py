"""Follow-up tasks by plan, and delays told in time. No bus, no database."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from typing import Protocol

from services.dispatch.domain.items import Item
from shared import clocks
from shared.calendar import Calendar, Limit, Unit
from shared.contracts.dispatch import DelayView, FollowPlanView, FollowUpView, ListFollowUps
from shared.errors import IllegalMove, Invalid, NotFound
from shared.plans import Plan
from shared.states import StateTable

LOOK_BACK = 400  # days that a working day is looked for in


class Kind(StrEnum):
    FIRST = "first"
    REGULAR = "regular"
    ENDING = "ending"
    AGREED = "agreed"


class Status(StrEnum):
    OPEN = "open"
    DONE = "done"
    SKIPPED = "skipped"
    DROPPED = "dropped"


LIFE = StateTable(
    # while         on      becomes
    (Status.OPEN,  "do",   Status.DONE),
    (Status.OPEN,  "skip", Status.SKIPPED),
    (Status.OPEN,  "drop", Status.DROPPED),
)  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class FollowPlan:
    """When a service is followed up, and how many are checked afterwards, as the district wants it."""

    first_share: int = 33
    every_days: int = 3
    before_days: int = 1
    check_share: int = 10

    def view(self) -> FollowPlanView:
        return FollowPlanView(**asdict(self))

    def check(self) -> None:
        wrong = {
            name: text
            for name, text, least, most in (
                ("first_share", "要在 1 和 99 之间", 1, 99),
                ("every_days", "要在 1 和 60 个工作日之间", 1, 60),
                ("before_days", "要在 1 和 20 个工作日之间", 1, 20),
                ("check_share", "要在 0 和 100 之间", 0, 100),
            )
            if not least <= getattr(self, name) <= most
        }
        if wrong:
            raise Invalid("请检查填写的内容", fields=wrong)


@dataclass(kw_only=True)
class FollowUp:
    """One task: to ask how a service goes. `nth` counts the tasks of its kind for one job; with them it is made once.

    `said_at` is when it was said that it is due.
    """

    follow_up_id: str
    item_id: str
    job_id: str
    kind: Kind
    nth: int
    due_at: datetime
    made_at: datetime
    status: Status = Status.OPEN
    said_at: datetime | None = None
    done_at: datetime | None = None
    contact_id: str = ""
    reason: str = ""
    by_id: str = ""
    by_name: str = ""

    def done(self, contact_id: str, by_id: str, by_name: str, now: datetime) -> None:
        self._end("do", by_id, by_name, now)
        self.contact_id = contact_id

    def skip(self, reason: str, by_id: str, by_name: str, now: datetime) -> None:
        self._end("skip", by_id, by_name, now)
        self.reason = reason

    def drop(self, now: datetime) -> None:
        self._end("drop", "", "", now)

    def _end(self, trigger: str, by_id: str, by_name: str, now: datetime) -> None:
        self.status = Status(LIFE.move(self.status, trigger))
        self.done_at, self.by_id, self.by_name = now, by_id, by_name

    def due(self, now: datetime) -> bool:
        return self.status is Status.OPEN and self.due_at <= now

    def view(self, item: Item, now: datetime) -> FollowUpView:
        return FollowUpView(
            follow_up_id=self.follow_up_id, item_id=self.item_id, kind=str(self.kind), due_at=self.due_at,
            status=str(self.status), due=self.due(now), done_at=self.done_at, contact_id=self.contact_id,
            reason=self.reason, by_name=self.by_name, number=item.number, company=item.company,
            title=item.title, owner_id=item.owner_id, owner_name=item.owner_name,
        )  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class Delay:
    """The client was told before `due_at` that it will take until `expected_on`."""

    delay_id: str
    item_id: str
    job_id: str
    park: str
    expected_on: str
    reason: str
    announced_at: datetime
    by_name: str
    due_at: datetime | None = None

    def view(self) -> DelayView:
        values = asdict(self)
        for name in ("item_id", "job_id", "park"):
            del values[name]
        return DelayView(**values)


# --- when


def first_at(item: Item, plan: Plan, follow: FollowPlan, now: datetime) -> datetime:
    """When that share of the limit is worked since the service began, or now if that is past."""
    run = clocks.running(item.marks)
    start = run.started_at if run and run.clock == "serve" else now
    allowed = plan.calendar.budget(start, item.limit("serve", plan))
    return max(plan.calendar.reached(start, allowed * follow.first_share / 100) or now, now)


def ending_at(end: datetime, plan: Plan, follow: FollowPlan) -> datetime:
    """When work begins on the working day that lies so many working days before the end."""
    calendar = plan.calendar
    day, left = end.astimezone(calendar.zone).date(), follow.before_days
    for back in range(1, LOOK_BACK):
        left -= bool(calendar.slots(day - timedelta(days=back)))
        if left == 0:
            return morning(day - timedelta(days=back), calendar)
    return end


def next_at(plan: Plan, follow: FollowPlan, now: datetime) -> datetime:
    """When work begins on the working day so many working days after today."""
    close = plan.calendar.deadline(now, Limit(follow.every_days, Unit.DAYS)).at
    assert close is not None  # nothing pauses it
    return morning(close.astimezone(plan.calendar.zone).date(), plan.calendar)


def morning(day: date, calendar: Calendar) -> datetime:
    """When work begins on that day; nine o'clock where nobody works."""
    slots = calendar.slots(day)
    minutes = slots[0].start if slots else 9 * 60
    return datetime.combine(day, time(minutes // 60, minutes % 60), calendar.zone)


def promised(item: Item, delays: Sequence[Delay], plan: Plan, now: datetime) -> datetime | None:
    """By when the client may expect the result: as it was told last, else the limit; None while that is paused."""
    told = [one for one in delays if item.concerns(one.job_id)]
    if told:
        return end_of(told[-1].expected_on, plan.calendar)
    reading = item.reading(plan, now)
    return reading.due_at if reading else None


def end_of(day: str, calendar: Calendar) -> datetime:
    return datetime.combine(date.fromisoformat(day), time(23, 59), calendar.zone)


def check_delay(expected_on: str, due_at: datetime | None, plan: Plan, now: datetime) -> None:
    """Raises where it is too late to announce one, or where what is announced is no delay."""
    if due_at is not None and now >= due_at:
        raise IllegalMove("答应的时间已经过了，不能再算提前告知；请直接联系企业，并报进展")
    if not expected_on:
        raise Invalid("请检查填写的内容", fields={"expected_on": "请填写新的预计办完日期"})
    ends = end_of(expected_on, plan.calendar)
    if ends <= (due_at or now) or ends > now + timedelta(days=LOOK_BACK):
        raise Invalid("请检查填写的内容", fields={"expected_on": "新的日期要晚于原来答应的时间，而且在一年以内"})


class FollowUps(Protocol):
    """Every task, the delays, and the district's plan. The item's lock is the lock of its tasks."""

    def plan(self) -> FollowPlan: ...

    def set_plan(self, plan: FollowPlan) -> None: ...

    def add(self, follow_up: FollowUp) -> bool:
        """False if this one was made before."""
        ...

    def put(self, follow_up: FollowUp) -> None: ...

    def get(self, follow_up_id: str) -> FollowUp:
        """Raises NotFound."""
        ...

    def of_item(self, item_id: str) -> list[FollowUp]:
        """By time."""
        ...

    def unplanned(self, most: int) -> list[str]:
        """Items that are served, and whose job has no first task; locked, no other instance gets the same ones."""
        ...

    def obsolete(self, most: int) -> list[FollowUp]:
        """Open tasks of services that are over, locked with their items."""
        ...

    def unsaid(self, now: datetime, most: int) -> list[FollowUp]:
        """Open tasks that are due and not said to be, locked with their items."""
        ...

    def page(self, query: ListFollowUps, parks: tuple[str, ...], now: datetime) -> list[FollowUp]:
        """Open ones, by time."""
        ...

    def counts(self, query: ListFollowUps, parks: tuple[str, ...], now: datetime) -> dict[str, int]: ...

    def add_delay(self, delay: Delay) -> None: ...

    def delays(self, item_id: str) -> list[Delay]:
        """In the order they were announced."""
        ...


def found(follow_up: FollowUp | None) -> FollowUp:
    if follow_up is None:
        raise NotFound("没有这项跟进")
    return follow_up
