"""Working calendars: the district's, a station's own, and each year's holidays (shared/hours.py reads them)."""

from dataclasses import dataclass
from datetime import datetime

from shared.contracts.base import Answer, Command, Event, Query


@dataclass(frozen=True, kw_only=True)
class GivenDay(Answer):
    """A date that is not as its weekday is. `hours` such as `09:00-12:00 13:30-17:30`; none are the weekday's own."""

    day: str
    working: bool
    name: str
    hours: str = ""


@dataclass(frozen=True, kw_only=True)
class CalendarSet(Event):
    """The hours of a station changed, or with no park those of the district. Without a week they are the district's.

    `week` has seven texts, Monday first; `version` counts the changes of this one calendar.
    """

    heard_by = ("dispatch", "feedback")
    version: int
    week: tuple[str, ...] = ()
    days: tuple[GivenDay, ...] = ()


@dataclass(frozen=True, kw_only=True)
class YearPublished(Event):
    """A year's holidays and make-up days are known, or were corrected."""

    heard_by = ("dispatch", "feedback")
    year: int
    version: int
    days: tuple[GivenDay, ...]


@dataclass(frozen=True, kw_only=True)
class CalendarView(Answer):
    """`week` and `days` are the station's own, `district_...` what it follows where it has none.

    `years` are those whose holidays are known.
    """

    park: str
    version: int
    week: tuple[str, ...]
    days: tuple[GivenDay, ...]
    district_week: tuple[str, ...]
    district_days: tuple[GivenDay, ...]
    years: tuple[int, ...]
    set_at: datetime | None = None
    set_by: str = ""


@dataclass(frozen=True, kw_only=True)
class YearView(Answer):
    """Version 0 is the one that came with the program."""

    year: int
    version: int
    days: tuple[GivenDay, ...]
    set_at: datetime | None = None
    set_by: str = ""


@dataclass(frozen=True, kw_only=True)
class YearList(Answer):
    years: tuple[YearView, ...]


@dataclass(frozen=True, kw_only=True)
class SetCalendar(Command):
    """Change a station's hours, or with no park the district's. An empty `week` follows the district's.

    `version` is the one this change was made from; without it, it is made whatever is in force.
    """

    returns = CalendarView
    park: str
    week: tuple[str, ...] = ()
    days: tuple[GivenDay, ...] = ()
    version: int | None = None


@dataclass(frozen=True, kw_only=True)
class PublishYear(Command):
    """Make a year's holidays and make-up days known; complete, as they were published."""

    returns = YearView
    year: int
    days: tuple[GivenDay, ...]


@dataclass(frozen=True, kw_only=True)
class GetCalendar(Query):
    """Of a station; with no park, of the district."""

    returns = CalendarView
    park: str = ""


@dataclass(frozen=True, kw_only=True)
class ListYears(Query):
    returns = YearList
