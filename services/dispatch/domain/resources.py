"""What can be booked at a station, when it is open, and which of its times are free. No bus, no database."""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from functools import lru_cache, partial
from typing import NamedTuple, Protocol
from zoneinfo import ZoneInfo

from shared.calendar import Calendar
from shared.contracts.dispatch import PutResource, ResourceView
from shared.errors import Invalid
from shared.hours import Slot, Slots, read_slots, read_week, show_slots

CELL_MINUTES = 15  # times are held in cells of this length, so every time and length is a multiple of it
CODE = re.compile(r"[a-z][a-z0-9-]{0,29}")
NAME_LIMIT, CAPACITY_LIMIT, CLOSED_LIMIT, MINUTES_LIMIT = 60, 200, 400, 8 * 60


class Kind(StrEnum):
    POST = "post"  # a member of staff
    ROOM = "room"
    INSTRUMENT = "instrument"


class Hours(NamedTuple):
    """When a station works on one day; on a make-up day although it does not on that weekday."""

    slots: Slots
    make_up: bool = False


Opening = Mapping[date, Hours]  # when the station works
Taken = Mapping[tuple[str, int], int]  # (resource, cell) -> places held


@dataclass(kw_only=True)
class Resource:
    """`week` is when it is open, Monday first; `closed` are days on which it is not."""

    resource_id: str
    park: str
    code: str
    kind: Kind
    name: str
    capacity: int
    minutes: int
    week: list[str]
    closed: list[str]
    active: bool = True

    def slots(self, day: date, station: Opening) -> Slots:
        """When it can be used that day: its own hours within the station's, the touching ones joined."""
        if not self.active or day.isoformat() in self.closed:
            return ()
        hours = station[day]
        own = self.week[day.weekday()]
        if hours.make_up and not own:
            own = next(usual for usual in self.week if usual)
        return within(_hours(own), hours.slots)

    def view(self) -> ResourceView:
        return ResourceView(
            resource_id=self.resource_id, park=self.park, code=self.code, kind=str(self.kind), name=self.name,
            capacity=self.capacity, minutes=self.minutes, week=tuple(self.week), closed=tuple(self.closed),
            active=self.active,
        )  # fmt: skip


def order(one: Resource) -> tuple[int, int, str]:
    """Staff first, then rooms, then instruments; what holds least before what holds more, so that it is taken first."""
    return list(Kind).index(one.kind), one.capacity, one.code


def opening(calendar: Calendar, days: Iterable[date]) -> Opening:
    """When the station works on these days. Of a year whose holidays are not published nobody can say, so never."""
    return {day: _station_hours(calendar, day) for day in days}


def _station_hours(calendar: Calendar, day: date) -> Hours:
    if day.year not in calendar.years:
        return Hours(())
    slots, special = calendar.slots(day), calendar.days.get(day)
    return Hours(slots, make_up=bool(slots) and special is not None)


@lru_cache(maxsize=1000)
def _hours(text: str) -> Slots:
    return joined(read_slots(text))


def joined(slots: Sequence[Slot]) -> Slots:
    """In order, those that touch as one."""
    found: list[Slot] = []
    for slot in slots:
        if found and slot.start == found[-1].end:
            found[-1] = Slot(found[-1].start, slot.end)
        else:
            found.append(slot)
    return tuple(found)


def within(slots: Slots, others: Slots) -> Slots:
    """What both have in common."""
    common = (Slot(max(a.start, b.start), min(a.end, b.end)) for a in slots for b in joined(others))
    return tuple(slot for slot in common if slot.start < slot.end)


def resource_of(given: PutResource, resource_id: str) -> Resource:
    """Raises Invalid with every mistake at once."""
    wrong: dict[str, str] = {}
    if not CODE.fullmatch(given.code) or given.code in set(Kind):
        wrong["code"] = "代码用小写字母开头，只含小写字母、数字和连字符，最多 30 个，不能是 post、room、instrument"
    if given.kind not in set(Kind):
        wrong["kind"] = "请从人员、房间、仪器里选一种"
    if not given.name.strip() or len(given.name) > NAME_LIMIT:
        wrong["name"] = "请写名称，最多 60 个字"
    if not 1 <= given.capacity <= CAPACITY_LIMIT:
        wrong["capacity"] = "同时能约的数量是 1 到 200"
    if not CELL_MINUTES <= given.minutes <= MINUTES_LIMIT or given.minutes % CELL_MINUTES:
        wrong["minutes"] = "时长是 15 分钟的倍数，最长 8 小时"
    if len(given.closed) > CLOSED_LIMIT or not all(map(_is_day, given.closed)):
        wrong["closed"] = "不开放的日子要写成 2026-11-30 这样，最多 400 天"
    week: tuple[Slots, ...] = ()
    try:
        week = read_week(given.week)
    except Invalid as error:
        wrong |= error.fields
    for n, slots in enumerate(week):
        if any(minute % CELL_MINUTES for slot in slots for minute in slot):
            wrong[f"week.{n}"] = "开放时间的分钟要是 00、15、30 或 45"
    if wrong:
        raise Invalid("请检查填写的内容", fields=wrong)
    return Resource(
        resource_id=resource_id, park=given.park, code=given.code, kind=Kind(given.kind), name=given.name.strip(),
        capacity=given.capacity, minutes=given.minutes, week=[show_slots(slots) for slots in week],
        closed=sorted(set(given.closed)), active=given.active,
    )  # fmt: skip


def _is_day(text: str) -> bool:
    try:
        return date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False


def cells(starts_at: datetime, ends_at: datetime) -> range:
    """The cells that lie between two moments, numbered from the epoch."""
    seconds = CELL_MINUTES * 60
    return range(int(starts_at.timestamp()) // seconds, -(-int(ends_at.timestamp()) // seconds))


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """What an appointment holds: for each need the resources that could serve it, and for how long."""

    needs: Sequence[Sequence[Resource]]
    minutes: int

    @property
    def resources(self) -> dict[str, Resource]:
        return {one.resource_id: one for need in self.needs for one in need}


class Free(NamedTuple):
    starts_at: datetime
    ends_at: datetime
    resources: tuple[Resource, ...]


def starts(wanted: Wanted, day: date, station: Opening) -> list[int]:
    """The minutes of the day an appointment may begin at: the grid of what is needed first."""
    found = set()
    for resource in wanted.needs[0]:
        for slot in resource.slots(day, station):
            found |= set(range(slot.start, slot.end - wanted.minutes + 1, resource.minutes))
    return sorted(found)


def free_times(wanted: Wanted, day: date, station: Opening, taken: Taken, zone: ZoneInfo) -> Iterator[Free]:
    """Each time of the day that all needs are free at, with the resources that would serve it."""
    for start in starts(wanted, day, station):
        starts_at = moment(day, start, zone)
        ends_at = moment(day, start + wanted.minutes, zone)
        fit = partial(fits, starts_at=starts_at, ends_at=ends_at, station=station, taken=taken, zone=zone)
        if chosen := assign(wanted.needs, fit):
            yield Free(starts_at, ends_at, chosen)


def moment(day: date, minutes: int, zone: ZoneInfo) -> datetime:
    """A time of the day by the station's clock."""
    midnight = datetime(day.year, day.month, day.day)
    return (midnight + timedelta(minutes=minutes)).replace(tzinfo=zone)


def fits(
    resource: Resource, starts_at: datetime, ends_at: datetime, station: Opening, taken: Taken, zone: ZoneInfo
) -> bool:
    """Whether the resource is open all the time and has a place left in every cell of it."""
    return is_open(resource, starts_at, ends_at, station, zone) and all(
        taken.get((resource.resource_id, cell), 0) < resource.capacity for cell in cells(starts_at, ends_at)
    )


def is_open(resource: Resource, starts_at: datetime, ends_at: datetime, station: Opening, zone: ZoneInfo) -> bool:
    here = starts_at.astimezone(zone)
    opens = here.hour * 60 + here.minute
    closes = opens + (ends_at - starts_at) // timedelta(minutes=1)
    return any(slot.start <= opens and closes <= slot.end for slot in resource.slots(here.date(), station))


def assign(
    needs: Sequence[Sequence[Resource]], fit: Callable[[Resource], bool], chosen: tuple[Resource, ...] = ()
) -> tuple[Resource, ...]:
    """A resource of its own for every need, the first that fit; nothing if there is no such choice."""
    if len(chosen) == len(needs):
        return chosen
    for one in needs[len(chosen)]:
        if one not in chosen and fit(one) and (found := assign(needs, fit, (*chosen, one))):
            return found
    return ()


class Resources(Protocol):
    """Every resource of every station."""

    def get(self, park: str, code: str) -> Resource | None:
        """Locked until the transaction ends, if it may write."""
        ...

    def put(self, resource: Resource) -> None: ...

    def of_park(self, park: str, lock: bool = False) -> list[Resource]:
        """In `order`. Locked, nobody else can book any of them meanwhile."""
        ...
