"""What a service with clocks knows of a station's time: hours, limits, who hears of what is late. Pure."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime, tzinfo
from enum import StrEnum
from typing import Any, Protocol

from shared.access import EVERYWHERE
from shared.calendar import Calendar, Limit
from shared.contracts.base import Details
from shared.contracts.station import AbsenceNoted, CalendarSet, ChainSet, LimitsSet, Recipient, YearPublished
from shared.hours import Day, read_days, read_week
from shared.limits import DEFAULTS, read_limits

DISTRICT = ""
DEFAULT_CHAIN = (Recipient(role="operator"),)


class Kind(StrEnum):
    CALENDAR = "calendar"  # key: the park, or the district
    YEAR = "year"  # key: the year
    LIMITS = "limits"
    CHAIN = "chain"  # key: the park, or the district


@dataclass(frozen=True, kw_only=True)
class Setting:
    """What station said last of one thing."""

    kind: Kind
    key: str
    version: int
    content: Details


def setting_of(event: CalendarSet | YearPublished | LimitsSet | ChainSet) -> Setting:
    """What was said, as it is kept."""
    match event:
        case CalendarSet():
            content: Details = {"week": list(event.week), "days": [asdict(one) for one in event.days]}
            return Setting(kind=Kind.CALENDAR, key=event.park, version=event.version, content=content)
        case YearPublished():
            content = {"days": [asdict(one) for one in event.days]}
            return Setting(kind=Kind.YEAR, key=str(event.year), version=event.version, content=content)
        case LimitsSet():
            content = {"limits": [asdict(one) for one in event.limits]}
            return Setting(kind=Kind.LIMITS, key=DISTRICT, version=event.version, content=content)
    content = {"steps": [asdict(one) for one in event.steps]}
    return Setting(kind=Kind.CHAIN, key=event.park, version=event.version, content=content)


@dataclass(frozen=True, kw_only=True)
class Away:
    """An account is away at these parks."""

    absence_id: str
    account: str
    parks: tuple[str, ...]
    since: datetime
    until: datetime


def away_of(event: AbsenceNoted) -> Away:
    return Away(
        absence_id=event.absence_id, account=event.account, parks=event.parks, since=event.since, until=event.until
    )  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class Plan:
    """All that the clocks of one station's items are read by."""

    calendar: Calendar
    limits: Mapping[str, Limit]
    chain: tuple[Recipient, ...]
    away: tuple[Away, ...] = ()

    def present(self, who: Recipient, now: datetime) -> bool:
        """Roles always are; an account is unless it is away now."""
        return not any(one.account == who.account and one.since <= now < one.until for one in self.away)

    @classmethod
    def of(
        cls,
        park: str,
        settings: Iterable[Setting],
        shipped: Mapping[int, Sequence[Day]],
        away: Iterable[Away],
        zone: tzinfo,
    ) -> "Plan":
        """From the settings of the park and of the district; what nobody has set has its defaults."""
        known = {(one.kind, one.key): one.content for one in settings}
        published = {int(key): read_days(said["days"]) for (kind, key), said in known.items() if kind is Kind.YEAR}
        layers = [_layer(known.get((Kind.CALENDAR, key), {})) for key in (DISTRICT, park)]
        chains = [_chain(known.get((Kind.CHAIN, key), {})) for key in (park, DISTRICT)]
        return cls(
            calendar=Calendar.layered(layers, {**shipped, **published}, zone),
            limits={**DEFAULTS, **read_limits(known.get((Kind.LIMITS, DISTRICT), {}).get("limits", ()))},
            chain=next(filter(None, chains), DEFAULT_CHAIN),
            away=tuple(one for one in away if {park, EVERYWHERE} & set(one.parks)),
        )


def _layer(content: Mapping[str, Any]) -> tuple[Any, Any]:
    week = content.get("week")
    return read_week(week) if week else (), read_days(content.get("days", ()))


def _chain(content: Mapping[str, Any]) -> tuple[Recipient, ...]:
    return tuple(Recipient(**one) for one in content.get("steps", ()))


class Plans(Protocol):
    """What station said, and what follows from it for each park."""

    def of(self, park: str, instead: Sequence[Setting] = ()) -> Plan:
        """`instead` stands for what was said, to see what a change would bring."""
        ...

    def hear(self, setting: Setting) -> bool:
        """False if something newer was heard before."""
        ...

    def note_absence(self, away: Away) -> None: ...

    def end_absence(self, absence_id: str) -> None: ...
