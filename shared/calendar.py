"""When a station works, and by when something is due: weekly hours, holidays, make-up days, pauses. Pure.

Units are different things. A limit of n working **hours** (or minutes) is over when that much working time has
passed. A limit of n working **days** is over at the close of the n-th working day after the one it begins on: the
day it begins on does not count, however early it is, and a half day counts as a day.

A pause moves the deadline by the working time it took, whatever the limit's unit.

A year is known once its holidays are published. A deadline that reaches into another year is **provisional**: it
assumes that year's weekly hours without holidays or make-up days, and names the year.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta, tzinfo
from enum import StrEnum
from typing import NamedTuple

from shared.errors import Invalid
from shared.hours import WEEK, Day, Slots, read_week

HORIZON = 6000  # days that a deadline is looked for in; the longest limit in the shortest week ends within them
ZERO = timedelta()


class Unit(StrEnum):
    MINUTES = "minutes"
    HOURS = "hours"
    DAYS = "days"


@dataclass(frozen=True)
class Limit:
    """How much working time something may take."""

    count: int
    unit: Unit


class Pause(NamedTuple):
    """Time that does not count; no end while it lasts."""

    start: datetime
    end: datetime | None
    reason: str = ""


class StepKind(StrEnum):
    BEGIN = "begin"  # at `start`
    WINDOW = "window"  # `minutes` counted from `start` to `end`
    DAY = "day"  # the `count`-th working day; `name` if it is a make-up day
    OFF = "off"  # nobody works on `day`; `name` if it is a holiday
    PAUSE = "pause"  # `minutes` of working time did not count, for the reason in `name`
    CLOSE = "close"  # where the limit would have ended without pauses
    ASSUMED = "assumed"  # the holidays of year `count` are not known
    END = "end"  # the deadline


@dataclass(frozen=True, kw_only=True)
class Step:
    """One step of the sum that leads to a deadline."""

    kind: StepKind
    day: date | None = None
    start: datetime | None = None
    end: datetime | None = None
    minutes: int = 0
    count: int = 0
    name: str = ""


@dataclass(frozen=True, kw_only=True)
class Deadline:
    """`at` is None while a pause lasts; `budget` is the working time the limit allows from its start."""

    at: datetime | None
    budget: timedelta
    assumed: tuple[int, ...] = ()
    steps: tuple[Step, ...] = ()

    @property
    def provisional(self) -> bool:
        return bool(self.assumed)


@dataclass(frozen=True, kw_only=True)
class Calendar:
    """A station's working time. `days` win over `week`; `years` are those whose holidays are known."""

    week: tuple[Slots, ...]  # Monday first
    days: Mapping[date, Day]
    years: frozenset[int]
    zone: tzinfo
    _seen: dict[date, list[tuple[datetime, datetime]]] = field(default_factory=dict, compare=False, repr=False)

    @classmethod
    def layered(
        cls,
        layers: Iterable[tuple[Sequence[Slots], Iterable[Day]]],
        years: Mapping[int, Iterable[Day]],
        zone: tzinfo,
    ) -> "Calendar":
        """From weeks and dates, the more particular ones last: what is later wins; an empty week says nothing."""
        week: Sequence[Slots] = read_week(WEEK)
        days = {one.day: one for year in sorted(years) for one in years[year]}
        for own, dates in layers:
            week = own or week
            days |= {one.day: one for one in dates}
        return cls(week=tuple(week), days=days, years=frozenset(years), zone=zone)

    def slots(self, day: date) -> Slots:
        """The windows of a date; none when nobody works."""
        own = self.days.get(day)
        if own is None:
            return self.week[day.weekday()]
        if not own.working:
            return ()
        return own.slots or self.week[day.weekday()] or next(slots for slots in self.week if slots)

    def worked(self, start: datetime, end: datetime, pauses: Iterable[Pause] = ()) -> timedelta:
        """Working time between two moments, without what falls into pauses."""
        begin, until, stops = self._local(start), self._local(end), self._stops(pauses)
        passed = ZERO
        day = begin.date()
        while day <= until.date():
            for opens, closes in self._windows_of(day):
                passed += sum((b - a for a, b in _without(max(opens, begin), min(closes, until), stops)), ZERO)
            day += timedelta(days=1)
        return passed

    def days_ahead(self, start: datetime, end: datetime) -> int:
        """Working days after the day of `start`, up to that of `end`."""
        first, last = self._local(start).date(), _day_before(self._local(end))
        return sum(bool(self._windows_of(first + timedelta(days=n))) for n in range(1, (last - first).days + 1))

    def left_today(self, moment: datetime) -> timedelta:
        """Working time from the moment to the end of its day."""
        local = self._local(moment)
        return sum((b - max(a, local) for a, b in self._windows_of(local.date()) if b > local), ZERO)

    def reached(self, start: datetime, amount: timedelta, pauses: Iterable[Pause] = ()) -> datetime | None:
        """The first moment by which so much was worked outside pauses; None if a pause that lasts comes before it."""
        if amount <= ZERO:
            return start
        stops = self._stops(pauses)
        for opens, closes in self._windows(self._local(start)):
            for a, b in _without(opens, closes, stops):
                if b - a >= amount:
                    return self._moment(a + amount)
                amount -= b - a
            if stops and stops[-1][1] is datetime.max and stops[-1][0] < closes:
                break
        return None

    def budget(self, start: datetime, limit: Limit) -> timedelta:
        """The working time from `start` that the limit allows, before any pause."""
        match limit.unit:
            case Unit.DAYS:
                return self.worked(start, self._close(start, limit.count))
            case Unit.HOURS:
                return timedelta(hours=limit.count)
            case Unit.MINUTES:
                return timedelta(minutes=limit.count)

    def deadline(self, start: datetime, limit: Limit, pauses: Sequence[Pause] = ()) -> Deadline:
        """When the limit is over. Raises Invalid when that lies too far ahead to say."""
        budget = self.budget(start, limit)
        at = self.reached(start, budget, pauses)
        return Deadline(at=at, budget=budget, assumed=self._assumed(start, at or _lasting(pauses)))

    def explained(self, start: datetime, limit: Limit, pauses: Sequence[Pause] = ()) -> Deadline:
        """The deadline with every step of its sum, in order."""
        found = self.deadline(start, limit, pauses)
        until = found.at or _lasting(pauses)
        steps: list[Step] = []
        counted_from = start
        if limit.unit is Unit.DAYS:
            counted_from = self._close(start, limit.count)
            steps += self._days(start, counted_from)
            if found.at != counted_from:
                steps.append(Step(kind=StepKind.CLOSE, start=counted_from))
        steps += self._counted(counted_from, until, pauses)
        steps += [self._paused(pause, start, until) for pause in pauses if pause.start <= until]
        steps.sort(key=lambda step: step.start or self._moment(datetime.combine(step.day or date.min, time())))
        steps.insert(0, Step(kind=StepKind.BEGIN, start=start))
        steps += [Step(kind=StepKind.ASSUMED, count=year) for year in found.assumed]
        if found.at:
            steps.append(Step(kind=StepKind.END, start=found.at))
        return replace(found, steps=tuple(steps))

    # --- the steps of a sum

    def _days(self, start: datetime, close: datetime) -> Iterator[Step]:
        day, last, count = self._local(start).date(), _day_before(self._local(close)), 0
        while day < last:
            day += timedelta(days=1)
            windows = self._windows_of(day)
            count += bool(windows)
            if windows:
                yield Step(kind=StepKind.DAY, day=day, count=count, name=self._name(day))
            else:
                yield Step(kind=StepKind.OFF, day=day, name=self._name(day))

    def _counted(self, start: datetime, until: datetime, pauses: Sequence[Pause]) -> Iterator[Step]:
        begin, end, stops = self._local(start), self._local(until), self._stops(pauses)
        day = begin.date()
        while datetime.combine(day, time()) < end:
            windows = self._windows_of(day)
            if not windows:
                yield Step(kind=StepKind.OFF, day=day, name=self._name(day))
            for opens, closes in windows:
                for a, b in _without(max(opens, begin), min(closes, end), stops):
                    yield Step(
                        kind=StepKind.WINDOW, day=day, start=self._moment(a), end=self._moment(b),
                        minutes=_minutes(b - a), name=self._name(day),
                    )  # fmt: skip
            day += timedelta(days=1)

    def _paused(self, pause: Pause, start: datetime, until: datetime) -> Step:
        lost = self.worked(max(pause.start, start), min(pause.end or until, until))
        return Step(
            kind=StepKind.PAUSE, start=pause.start, end=pause.end, minutes=_minutes(lost), name=pause.reason
        )  # fmt: skip

    def _name(self, day: date) -> str:
        return self.days[day].name if day in self.days else ""

    # --- walking over days, in local time

    def _close(self, start: datetime, count: int) -> datetime:
        """The end of the `count`-th working day after the day of `start`."""
        today = self._local(start).date()
        for ahead in range(1, HORIZON):
            windows = self._windows_of(today + timedelta(days=ahead))
            count -= bool(windows)
            if count == 0:
                return self._moment(windows[-1][1])
        raise _too_far()

    def _windows(self, begin: datetime) -> Iterator[tuple[datetime, datetime]]:
        """Working time from `begin` on; raises Invalid at the horizon."""
        for ahead in range(HORIZON):
            for opens, closes in self._windows_of(begin.date() + timedelta(days=ahead)):
                if closes > begin:
                    yield max(opens, begin), closes
        raise _too_far()

    def _windows_of(self, day: date) -> list[tuple[datetime, datetime]]:
        if day not in self._seen:
            midnight = datetime.combine(day, time())
            self._seen[day] = [
                (midnight + timedelta(minutes=slot.start), midnight + timedelta(minutes=slot.end))
                for slot in self.slots(day)
            ]
        return self._seen[day]

    def _assumed(self, start: datetime, until: datetime) -> tuple[int, ...]:
        first, last = self._local(start).year, self._local(until).year
        return tuple(year for year in range(first, last + 1) if year not in self.years)

    def _stops(self, pauses: Iterable[Pause]) -> list[tuple[datetime, datetime]]:
        """Pauses in order and without overlaps; one that lasts ends at the end of time."""
        stops: list[tuple[datetime, datetime]] = []
        given = [(self._local(p.start), self._local(p.end) if p.end else datetime.max) for p in pauses]
        for start, end in sorted(given):
            if stops and start <= stops[-1][1]:
                stops[-1] = (stops[-1][0], max(stops[-1][1], end))
            else:
                stops.append((start, end))
        return stops

    def _local(self, moment: datetime) -> datetime:
        return moment.astimezone(self.zone).replace(tzinfo=None)

    def _moment(self, local: datetime) -> datetime:
        return local.replace(tzinfo=self.zone)


def _without(
    start: datetime, end: datetime, stops: list[tuple[datetime, datetime]]
) -> Iterator[tuple[datetime, datetime]]:
    """What is left of a window when stops are cut out of it."""
    for stopped, again in stops:
        if again <= start:
            continue
        if stopped >= end:
            break
        if stopped > start:
            yield start, stopped
        start = again
    if start < end:
        yield start, end


def _lasting(pauses: Iterable[Pause]) -> datetime:
    """When the pause began that has no end."""
    return min(pause.start for pause in pauses if pause.end is None)


def _day_before(moment: datetime) -> date:
    """The day that ends at this moment or later: midnight belongs to the day it closes."""
    return (moment - timedelta(microseconds=1)).date()


def _minutes(span: timedelta) -> int:
    return round(span.total_seconds() / 60)


def _too_far() -> Invalid:
    return Invalid("照现在的工作日历，这个时限十几年也排不完，请检查上班时间和时限")
