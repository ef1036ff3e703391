"""What can be booked at a station, when it is open, and which of its times are free. No bus, no database."""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from functools import partial
from typing import NamedTuple, Protocol
from zoneinfo import ZoneInfo

from shared.contracts.dispatch import PutResource, ResourceView, Window
from shared.errors import Invalid

CELL_MINUTES = 15  # times are held in cells of this length, so every time and length is a multiple of it
DAY = 24 * 60
CODE = re.compile(r"[a-z][a-z0-9-]{0,29}")
TIME = re.compile(r"([01]\d|2[0-3]):([0-5]\d)|24:00")
NAME_LIMIT, CAPACITY_LIMIT, WINDOWS_LIMIT, CLOSED_LIMIT = 60, 200, 42, 400


class Kind(StrEnum):
    POST = "post"  # a member of staff
    ROOM = "room"
    INSTRUMENT = "instrument"


class Span(NamedTuple):
    """Minutes of a day, from and until."""

    opens: int
    closes: int


Opening = Mapping[date, Sequence[Span]]  # when the station is open; a day it does not name is up to the resources
Taken = Mapping[tuple[str, int], int]  # (resource, cell) -> places held


@dataclass(kw_only=True)
class Resource:
    resource_id: str
    park: str
    code: str
    kind: Kind
    name: str
    capacity: int
    minutes: int
    windows: list[Window]
    closed: list[str]
    active: bool = True

    def spans(self, day: date, station: Opening) -> list[Span]:
        """When it can be used that day: its own windows within the station's, the touching ones joined."""
        if not self.active or day.isoformat() in self.closed:
            return []
        own = joined(Span(minute(w.opens), minute(w.closes)) for w in self.windows if w.weekday == day.isoweekday())
        return within(own, joined(station[day])) if day in station else own

    def view(self) -> ResourceView:
        return ResourceView(
            resource_id=self.resource_id, park=self.park, code=self.code, kind=str(self.kind), name=self.name,
            capacity=self.capacity, minutes=self.minutes, windows=tuple(self.windows), closed=tuple(self.closed),
            active=self.active,
        )  # fmt: skip


def minute(time: str) -> int:
    """Of the day: 90 for 01:30."""
    hours, minutes = time.split(":")
    return int(hours) * 60 + int(minutes)


def joined(spans: Iterator[Span] | Sequence[Span]) -> list[Span]:
    """In order, those that touch or overlap as one."""
    found: list[Span] = []
    for span in sorted(spans):
        if found and span.opens <= found[-1].closes:
            found[-1] = Span(found[-1].opens, max(found[-1].closes, span.closes))
        else:
            found.append(span)
    return found


def within(spans: Sequence[Span], others: Sequence[Span]) -> list[Span]:
    """What both have in common."""
    common = (Span(max(a.opens, b.opens), min(a.closes, b.closes)) for a in spans for b in others)
    return [span for span in common if span.opens < span.closes]


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
    if not CELL_MINUTES <= given.minutes <= DAY or given.minutes % CELL_MINUTES:
        wrong["minutes"] = "一次的时长是 15 分钟的倍数，最长一天"
    wrong |= _wrong_windows(given.windows)
    if len(given.closed) > CLOSED_LIMIT or not all(map(_is_day, given.closed)):
        wrong["closed"] = "不开放的日子要写成 2026-11-30 这样，最多 400 天"
    if wrong:
        raise Invalid("请检查填写的内容", fields=wrong)
    return Resource(
        resource_id=resource_id, park=given.park, code=given.code, kind=Kind(given.kind), name=given.name.strip(),
        capacity=given.capacity, minutes=given.minutes, windows=list(given.windows),
        closed=sorted(set(given.closed)), active=given.active,
    )  # fmt: skip


def _wrong_windows(windows: Sequence[Window]) -> dict[str, str]:
    wrong = {}
    if len(windows) > WINDOWS_LIMIT:
        wrong["windows"] = "开放时段太多，最多 42 段"
    for n, window in enumerate(windows):
        times = (window.opens, window.closes)
        if not 1 <= window.weekday <= 7:
            wrong[f"windows.{n}"] = "星期几用 1 到 7，1 是星期一"
        elif not all(TIME.fullmatch(time) and minute(time) % CELL_MINUTES == 0 for time in times):
            wrong[f"windows.{n}"] = "时间要写成 09:00 这样，分钟是 00、15、30 或 45"
        elif minute(window.opens) >= minute(window.closes):
            wrong[f"windows.{n}"] = "开始的时间要早于结束的时间"
    return wrong


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
        for span in resource.spans(day, station):
            found |= set(range(span.opens, span.closes - wanted.minutes + 1, resource.minutes))
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
    return any(span.opens <= opens and closes <= span.closes for span in resource.spans(here.date(), station))


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
        """Staff first, then rooms, then instruments. Locked, nobody else can book any of them meanwhile."""
        ...
