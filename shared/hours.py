"""Working hours as people write them: windows of a day, a week of them, dates that differ, a year's holidays. Pure.

What is wrong is said by field, as in `week.0` for Monday and `days.3.hours` for the fourth date.
"""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, NamedTuple, TypeVar

from shared.errors import Invalid

T = TypeVar("T")

DAYS_MOST = 366
YEAR_MOST = 100  # published days of one year
WEEK_LEAST = 60  # minutes; with less, a long limit would not end within a lifetime
NAME_MOST = 60
WEEK = ("09:00-12:00 13:30-17:30",) * 5 + ("", "")  # the hours of a district that has not set its own
ALWAYS_OFF = {(1, 1): "元旦", (5, 1): "劳动节", (10, 1): "国庆节"}  # a year without these was not copied whole
_SLOT = re.compile(r"(\d{1,2})[:：](\d{2})\s*(?:-|–|—|~|～|至|到)\s*(\d{1,2})[:：](\d{2})")
_BETWEEN = re.compile(r"[,，、;；\n]+|(?<=\d)\s+(?=\d)")


class Slot(NamedTuple):
    """From and to, in minutes after midnight."""

    start: int
    end: int


Slots = tuple[Slot, ...]


@dataclass(frozen=True, kw_only=True)
class Day:
    """One date that is not as its weekday is. A working day has its own hours, its weekday's, or the usual ones."""

    day: date
    working: bool
    name: str
    slots: Slots = ()


def read_slots(text: str) -> Slots:
    """`09:00-12:00 13:30-17:30`; nothing means no work."""
    slots: list[Slot] = []
    for part in filter(None, map(str.strip, _BETWEEN.split(text.strip()))):
        found = _SLOT.fullmatch(part)
        if not found:
            raise Invalid("看不懂这段上班时间，请写成 09:00-12:00 13:30-17:30 这样")
        h1, m1, h2, m2 = map(int, found.groups())
        slot = Slot(h1 * 60 + m1, h2 * 60 + m2)
        if m1 > 59 or m2 > 59 or slot.end > 24 * 60 or slot.start >= slot.end:
            raise Invalid("上班时间不对：每段的开始要早于结束，最晚到 24:00")
        if slots and slot.start < slots[-1].end:
            raise Invalid("上班时间要按先后写，几段之间不能重叠")
        slots.append(slot)
    return tuple(slots)


def show_slots(slots: Slots) -> str:
    """The text that `read_slots` reads."""
    return " ".join(f"{a // 60:02}:{a % 60:02}-{b // 60:02}:{b % 60:02}" for a, b in slots)


def read_week(week: Sequence[str]) -> tuple[Slots, ...]:
    """Seven texts, Monday first."""
    if len(week) != 7:
        raise Invalid("请检查填写的内容", fields={"week": "要写七天的上班时间，从周一起"})
    read = _each("week.{n}", week, read_slots)
    if sum(slot.end - slot.start for slots in read for slot in slots) < WEEK_LEAST:
        raise Invalid("请检查填写的内容", fields={"week": "一周里至少要有一小时上班时间"})
    return tuple(read)


def read_days(days: Iterable[Mapping[str, Any]]) -> tuple[Day, ...]:
    """Dates that differ from their weekdays, in order; each has `day`, `working`, `name` and perhaps `hours`."""
    return _ordered(_as_given(days))


def _as_given(days: Iterable[Mapping[str, Any]]) -> list[Day]:
    read = _each("days.{n}.day", list(days), _day)
    if len(read) > DAYS_MOST:
        raise Invalid("请检查填写的内容", fields={"days": "最多写 366 个日期"})
    known: set[date] = set()
    for n, one in enumerate(read):
        if one.day in known:
            raise Invalid("请检查填写的内容", fields={f"days.{n}.day": "这个日期写了两次"})
        known.add(one.day)
    return read


def _ordered(days: Iterable[Day]) -> tuple[Day, ...]:
    return tuple(sorted(days, key=lambda one: one.day))


def _day(given: Mapping[str, Any]) -> Day:
    name, hours = str(given["name"]).strip(), str(given.get("hours") or "")
    try:
        when = date.fromisoformat(given["day"])
    except ValueError:
        raise Invalid("这里要填日期，例如 2027-01-04") from None
    if not name or len(name) > NAME_MOST:
        raise Invalid("每个日期要写明是什么日子，最多 60 个字")
    if hours and not given["working"]:
        raise Invalid("休息的日子不写上班时间")
    return Day(day=when, working=bool(given["working"]), name=name, slots=read_slots(hours))


def read_year(year: int, days: Iterable[Mapping[str, Any]]) -> tuple[Day, ...]:
    """A year's published holidays and make-up days; they may begin in the December before."""
    if not 2000 <= year <= 2100:
        raise Invalid("请检查填写的内容", fields={"year": "年份要在 2000 到 2100 之间"})
    read = _as_given(days)
    wrong: dict[str, str] = {}
    for n, one in enumerate(read):
        if one.day.year != year and (one.day.year, one.day.month) != (year - 1, 12):
            wrong[f"days.{n}.day"] = "这个日期不在这一年"
        elif one.working and one.day.weekday() < 5:
            wrong[f"days.{n}.day"] = "这一天不是周末，本来就上班，不用写成补班"
    off = {(one.day.month, one.day.day) for one in read if not one.working and one.day.year == year}
    if len(read) > YEAR_MOST:
        wrong["days"] = "一年最多写 100 个日期"
    if not wrong and not set(ALWAYS_OFF) <= off:
        wrong["days"] = "没有写全：元旦、劳动节、国庆节当天都要休息"
    if wrong:
        raise Invalid("请检查填写的内容", fields=wrong)
    return _ordered(read)


def _each(path: str, given: Sequence[Any], read: Callable[[Any], T]) -> list[T]:
    """All of them read; or all that is wrong said, each at its own path."""
    found: list[T] = []
    wrong: dict[str, str] = {}
    for n, one in enumerate(given):
        try:
            found.append(read(one))
        except Invalid as error:
            wrong[path.format(n=n)] = error.text
    if wrong:
        raise Invalid("请检查填写的内容", fields=wrong)
    return found
