"""What the district and its stations have set: hours, years, limits, chains. No bus, no database."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, Protocol

from shared.calendar import Limit
from shared.contracts.base import Details
from shared.contracts.station import (
    CalendarSet,
    CalendarView,
    ChainSet,
    ChainView,
    GivenDay,
    GivenLimit,
    LimitsSet,
    LimitsView,
    Recipient,
    YearPublished,
    YearView,
)
from shared.errors import IllegalMove, Invalid
from shared.hours import WEEK, Day, read_days, read_slots, read_week, read_year, show_slots
from shared.limits import DEFAULTS, read_limits

STEPS_MOST = 10
NAME_MOST = 60
ROLES = ("staff", "operator", "regulator")
DISTRICT = ""
DEFAULT_CHAIN = (Recipient(role="operator"),)


class Kind(StrEnum):
    CALENDAR = "calendar"
    YEAR = "year"
    LIMITS = "limits"
    CHAIN = "chain"


@dataclass(frozen=True, kw_only=True)
class Setting:
    """One version of something set. `key` is the park, empty for the district; or the year."""

    kind: Kind
    key: str
    version: int
    content: Details
    set_at: datetime | None = None
    set_by: str = ""

    def next(self, content: Details, made_from: int | None, now: datetime, by: str) -> "Setting":
        """The version after this one; raises IllegalMove unless the change was made from this one."""
        if made_from not in (None, self.version):
            raise IllegalMove("这份设置刚被改过，请看看最新的再改")
        return Setting(
            kind=self.kind, key=self.key, version=self.version + 1, content=content, set_at=now, set_by=by
        )  # fmt: skip


class Settings(Protocol):
    """Every version of everything set; versions are only ever added."""

    def latest(self, kind: Kind, key: str) -> Setting | None: ...

    def all(self, kind: Kind) -> list[Setting]:
        """The latest of each key, by key."""
        ...

    def add(self, setting: Setting) -> None:
        """Raises IllegalMove when another transaction added this version first."""
        ...


def first(kind: Kind, key: str) -> Setting:
    """What stands where nothing was ever set."""
    return Setting(kind=kind, key=key, version=0, content={})


# --- hours


def check_calendar(park: str, week: Sequence[str], days: Iterable[GivenDay]) -> Details:
    """The calendar as it is kept, in one way of writing; raises Invalid by field."""
    if not week and park == DISTRICT:
        raise Invalid("请检查填写的内容", fields={"week": "要写七天的上班时间，从周一起"})
    kept = [show_slots(slots) for slots in read_week(week)] if week else []
    return {"week": kept, "days": _kept(read_days(asdict(one) for one in days))}


def check_year(year: int, days: Iterable[GivenDay]) -> Details:
    return {"days": _kept(read_year(year, [asdict(one) for one in days]))}


def _kept(days: Iterable[Day]) -> list[dict[str, Any]]:
    return [
        {"day": one.day.isoformat(), "working": one.working, "name": one.name, "hours": show_slots(one.slots)}
        for one in days
    ]


def given_days(content: Mapping[str, Any]) -> tuple[GivenDay, ...]:
    return tuple(GivenDay(**one) for one in content.get("days", ()))


def shipped_year(year: int, days: Iterable[Day]) -> Setting:
    return Setting(kind=Kind.YEAR, key=str(year), version=0, content={"days": _kept(days)})


def calendar_set(setting: Setting) -> CalendarSet:
    return CalendarSet(
        park=setting.key, version=setting.version, week=tuple(setting.content["week"]), days=given_days(setting.content)
    )


def calendar_view(own: Setting, district: Setting, years: Iterable[int]) -> CalendarView:
    return CalendarView(
        park=own.key, version=own.version, week=tuple(own.content.get("week", ())), days=given_days(own.content),
        district_week=tuple(district.content.get("week") or _normal(WEEK)), district_days=given_days(district.content),
        years=tuple(sorted(years)), set_at=own.set_at, set_by=own.set_by,
    )  # fmt: skip


def _normal(week: Iterable[str]) -> list[str]:
    return [show_slots(read_slots(text)) for text in week]


def year_published(setting: Setting) -> YearPublished:
    return YearPublished(
        park=DISTRICT, year=int(setting.key), version=setting.version, days=given_days(setting.content)
    )  # fmt: skip


def year_view(setting: Setting) -> YearView:
    return YearView(
        year=int(setting.key), version=setting.version, days=given_days(setting.content), set_at=setting.set_at,
        set_by=setting.set_by,
    )  # fmt: skip


# --- limits


def check_limits(limits: Iterable[GivenLimit]) -> Details:
    read = read_limits(asdict(one) for one in limits)
    return {"limits": [_limit(clock, limit) for clock, limit in read.items() if limit != DEFAULTS[clock]]}


def _limit(clock: str, limit: Limit) -> dict[str, Any]:
    return {"clock": clock, "count": limit.count, "unit": str(limit.unit)}


def limits_set(setting: Setting) -> LimitsSet:
    limits = tuple(GivenLimit(**one) for one in setting.content["limits"])
    return LimitsSet(park=DISTRICT, version=setting.version, limits=limits)


def limits_view(setting: Setting) -> LimitsView:
    limits = {**DEFAULTS, **read_limits(setting.content.get("limits", ()))}
    return LimitsView(
        version=setting.version, limits=tuple(GivenLimit(**_limit(*one)) for one in limits.items()),
        set_at=setting.set_at, set_by=setting.set_by,
    )  # fmt: skip


# --- chains


def check_chain(steps: Sequence[Recipient]) -> Details:
    """Each step is an account with its name, or a role."""
    wrong = {}
    for n, step in enumerate(steps):
        if bool(step.account) == bool(step.role):
            wrong[f"steps.{n}"] = "每一级要么是一个账号，要么是一个角色"
        elif step.role and step.role not in ROLES:
            wrong[f"steps.{n}"] = "没有这个角色"
        elif step.account and not (
            step.name.strip() and len(step.name) <= NAME_MOST and len(step.account) <= NAME_MOST
        ):
            wrong[f"steps.{n}"] = "要写明这个账号怎么称呼，最多 60 个字"
        elif step in steps[:n]:
            wrong[f"steps.{n}"] = "这一级和前面重复"
    if len(steps) > STEPS_MOST:
        wrong["steps"] = "最多写 10 级"
    if wrong:
        raise Invalid("请检查填写的内容", fields=wrong)
    return {"steps": [asdict(step) for step in steps]}


def _named(step: Recipient) -> bool:
    return bool(step.name.strip()) and max(len(step.name), len(step.account)) <= NAME_MOST


def given_steps(content: Mapping[str, Any]) -> tuple[Recipient, ...]:
    return tuple(Recipient(**one) for one in content.get("steps", ()))


def chain_set(setting: Setting) -> ChainSet:
    return ChainSet(park=setting.key, version=setting.version, steps=given_steps(setting.content))


def chain_view(own: Setting, district: Setting) -> ChainView:
    return ChainView(
        park=own.key, version=own.version, steps=given_steps(own.content),
        district_steps=given_steps(district.content) or DEFAULT_CHAIN, set_at=own.set_at, set_by=own.set_by,
    )  # fmt: skip
