"""Shares with their confidence, and figures by group: what is counted, never what is assumed. No bus, no database."""

from collections.abc import Iterable
from dataclasses import dataclass, fields
from math import sqrt
from typing import Protocol

from shared.contracts.feedback import FigureRow, Share
from shared.errors import Invalid

LEAST = 10  # answers; with fewer, a share of satisfied clients says nothing
Z = 1.959964  # of the normal distribution, for 95 %
SATISFIED = 4  # this mark, or a better one
MONTHS = 12


@dataclass(kw_only=True)
class Counts:
    """What one group counts up to."""

    told: int = 0
    told_in_time: int = 0
    asked: int = 0
    answered: int = 0
    satisfied: int = 0
    declined: int = 0
    expired: int = 0
    complaints: int = 0
    decided: int = 0
    in_time: int = 0
    repeated: int = 0
    confirmed: int = 0

    def __iadd__(self, other: "Counts") -> "Counts":
        for one in fields(self):
            setattr(self, one.name, getattr(self, one.name) + getattr(other, one.name))
        return self

    def row(self, name: str) -> FigureRow:
        return FigureRow(
            name=name, told=self.told, told_in_time=share(self.told_in_time, self.told), asked=self.asked,
            response=share(self.answered, self.asked), satisfied=share(self.satisfied, self.answered, LEAST),
            declined=self.declined, expired=self.expired,
            waiting=self.asked - self.answered - self.declined - self.expired, complaints=self.complaints,
            per_hundred=round(100 * self.complaints / self.told, 1) if self.told else None,
            handled_in_time=share(self.in_time, self.decided), repeated=self.repeated, confirmed=self.confirmed,
        )  # fmt: skip


def share(part: int, of: int, least: int = 1) -> Share:
    """With Wilson's interval, which holds for few answers and for shares near 0 and 1 too."""
    if not of:
        return Share(part=0, of=0, enough=False)
    p = part / of
    middle = p + Z * Z / (2 * of)
    width = Z * sqrt(p * (1 - p) / of + Z * Z / (4 * of * of))
    scale = 1 + Z * Z / of
    low, high = max(0.0, (middle - width) / scale), min(1.0, (middle + width) / scale)
    return Share(part=part, of=of, low=round(low, 4), high=round(high, 4), enough=of >= least)


def rows(counted: Iterable[tuple[str, Counts]]) -> tuple[FigureRow, ...]:
    """A row for each name, in order."""
    found: dict[str, Counts] = {}
    for name, counts in counted:
        found.setdefault(name, Counts())
        found[name] += counts
    return tuple(found[name].row(name) for name in sorted(found))


def month_span(since: str, until: str, now: str) -> tuple[str, str]:
    """The months asked for; the last twelve where none are named. Raises Invalid."""
    until = until or now
    if not month_ok(until):
        raise Invalid("请检查填写的内容", fields={"until": "请写成月份，例如 2026-11"})
    if not since:
        year, month = int(until[:4]), int(until[5:7])
        first = year * 12 + month - MONTHS
        since = f"{first // 12}-{first % 12 + 1:02}"
    if not month_ok(since):
        raise Invalid("请检查填写的内容", fields={"since": "请写成月份，例如 2026-11"})
    if since > until:
        raise Invalid("请检查填写的内容", fields={"since": "开始要早于结束"})
    return since, until


def month_ok(text: str) -> bool:
    return len(text) == 7 and text[4] == "-" and text[:4].isdecimal() and text[5:] in {f"{n:02}" for n in range(1, 13)}


class Counting(Protocol):
    """Counts over what feedback keeps."""

    def of_surveys(self, by: str, parks: tuple[str, ...], since: str, until: str) -> list[tuple[str, Counts]]: ...

    def of_complaints(self, by: str, parks: tuple[str, ...], since: str, until: str) -> list[tuple[str, Counts]]: ...

    def reasons(self, parks: tuple[str, ...], since: str, until: str) -> dict[str, int]: ...
