"""Dates that differ, as people write them: one a line, `2027-01-01~2027-01-03 休 元旦` or `2027-01-04 班 元旦补班`."""

import re
from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from typing import Any

from shared.contracts.station import GivenDay
from shared.errors import Invalid

LONGEST = 60  # days of one line
OFF, WORKING = "休", "班"
_DATE = r"\d{4}-\d{1,2}-\d{1,2}"
_HOURS = r"(?:\d{1,2}[:：]\d{2}\S*\s+)*"
_LINE = re.compile(rf"({_DATE})(?:\s*[~～至到]\s*({_DATE}))?\s*(休|班)\s*({_HOURS})(\S.*)")


def read_lines(text: str) -> tuple[GivenDay, ...]:
    """Raises Invalid for the field `days`, naming the line."""
    days: list[GivenDay] = []
    for line in filter(None, map(str.strip, text.splitlines())):
        found = _LINE.fullmatch(line)
        try:
            if not found:
                raise ValueError
            first = _date(found[1])
            last = _date(found[2]) if found[2] else first
            if not 0 <= (last - first).days < LONGEST:
                raise ValueError
        except ValueError:
            raise Unread(line) from None
        days += [
            GivenDay(
                day=(first + timedelta(days=n)).isoformat(), working=found[3] == WORKING, name=found[5].strip(),
                hours=found[4].strip(),
            )
            for n in range((last - first).days + 1)
        ]  # fmt: skip
    return tuple(days)


class Unread(Invalid):
    """A line that says no date."""

    def __init__(self, line: str) -> None:
        self.line = line[:60]
        super().__init__("请检查填写的内容", fields={"days": "有一行看不懂"})


def _date(text: str) -> date:
    year, month, day = map(int, text.split("-"))
    return date(year, month, day)


def show_lines(days: Iterable[GivenDay]) -> str:
    """The text that `read_lines` reads; what is alike day after day is one line."""
    rows: list[list[Any]] = []
    for one in sorted(days, key=lambda one: one.day):
        same = (one.working, one.name, one.hours)
        day = date.fromisoformat(one.day)
        if rows and rows[-1][2] == same and rows[-1][1] == day - timedelta(days=1):
            rows[-1][1] = day
        else:
            rows.append([day, day, same])
    return "\n".join(_line(*row) for row in rows)


def _line(first: date, last: date, said: tuple[bool, str, str]) -> str:
    working, name, hours = said
    when = f"{first}" if first == last else f"{first}~{last}"
    return " ".join(filter(None, (when, WORKING if working else OFF, hours, name)))


def placed(fields: Mapping[str, str], days: Iterable[GivenDay]) -> dict[str, tuple[str, str]]:
    """Errors by the page's fields: what is wrong with one date becomes the text's, with the date it is about."""
    given = list(days)
    found: dict[str, tuple[str, str]] = {}
    for path, text in fields.items():
        name, _, rest = path.partition(".")
        index = rest.partition(".")[0]
        if name == "days" and index.isdigit() and int(index) < len(given):
            found.setdefault("days", (given[int(index)].day, text))
        else:
            found[path] = ("", text)
    return found
