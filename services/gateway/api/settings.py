"""The API's operations on hours, holidays, limits, chains and absences: what is in force, and changing it."""

from typing import Any

from marshmallow import fields, validate

from services.gateway.api.operations import Who, operation
from services.gateway.api.schemas import _MESSAGES, Empty, Input, Trimmed, _text
from services.gateway.visit import Visit, idempotency_key
from shared.contracts.base import Command
from shared.contracts.dispatch import ClockPreview, PreviewClocks
from shared.contracts.station import (
    AbsenceList,
    AbsenceView,
    CalendarView,
    ChainView,
    EndAbsence,
    GetCalendar,
    GetChain,
    GetLimits,
    GivenDay,
    GivenLimit,
    LimitsView,
    ListAbsences,
    ListYears,
    NoteAbsence,
    PublishYear,
    Recipient,
    SetCalendar,
    SetChain,
    SetLimits,
    YearList,
    YearView,
)
from shared.forms import TOO_LONG

DAYS_MOST = 400
WEEK = "Seven texts such as 09:00-12:00 13:30-17:30, Monday first; for a station none, to follow the district's."


def _list(of: Any, description: str, most: int, **given: Any) -> fields.Field[Any]:
    checks = [validate.Length(max=most, error=TOO_LONG)]
    return fields.List(of, validate=checks, error_messages=_MESSAGES, metadata={"description": description}, **given)


def _whole(description: str, **given: Any) -> fields.Field[Any]:
    return fields.Int(strict=True, error_messages=_MESSAGES, metadata={"description": description}, **given)


def _version() -> fields.Field[Any]:
    return _whole("The version this change was made from; refused if another came between.", load_default=None,
                  allow_none=True)  # fmt: skip


def _moment(description: str) -> fields.Field[Any]:
    return fields.AwareDateTime(
        format="iso", required=True, error_messages=_MESSAGES, metadata={"description": description}
    )


class DayIn(Input):
    day = _text("ISO 8601.", most=10)
    working = fields.Bool(required=True, truthy={True}, falsy={False}, error_messages=_MESSAGES)
    name = _text("What day it is.")
    hours = _text("Its own hours, where they are not its weekday's.", required=False)


class LimitIn(Input):
    clock = _text("The hand-off.", most=20)
    count = _whole("How many.", required=True)
    unit = _text("minutes, hours or days of working time.", most=10)


class StepIn(Input):
    account = _text("An account; or a role.", required=False, most=60)
    name = _text("How the account is addressed.", required=False, most=60)
    role = _text("Everybody of a role at the station.", required=False, most=20)


_WEEK = _list(Trimmed(error_messages=_MESSAGES), WEEK, 7, load_default=list)
_DAYS = _list(fields.Nested(DayIn), "Dates that are not as their weekdays are.", DAYS_MOST, load_default=list)
_LIMITS = _list(fields.Nested(LimitIn), "What is not named keeps its default.", 30, load_default=list)


class CalendarIn(Input):
    week = _WEEK
    days = _DAYS
    version = _version()


class YearIn(Input):
    days = _list(fields.Nested(DayIn), "All of the year's holidays and make-up days.", DAYS_MOST, required=True)


class LimitsIn(Input):
    limits = _LIMITS
    version = _version()


class ChainIn(Input):
    steps = _list(fields.Nested(StepIn), "In order; none to follow the district's.", 20, load_default=list)
    version = _version()


class AbsenceIn(Input):
    account = _text("Who is away.", most=60)
    name = _text("How they are addressed.", most=60)
    parks = _list(_text("A park's code.", most=60), "Where.", 100, required=True)
    since = _moment("From when.")
    until = _moment("Until when.")
    reason = _text("Why.", required=False)


class PreviewIn(Input):
    what = _text("calendar, year or limits.", most=20)
    park = _text("For a calendar: the station's park; none is the district.", required=False, most=60)
    week = _WEEK
    days = _DAYS
    year = _whole("For a year: which.", load_default=0)
    limits = _LIMITS


class ParkQuery(Input):
    park = _text("Only this park.", required=False, most=60)


@operation("GET", "/hours", "The district's working hours and the years whose holidays are known.",
           gives=CalendarView)  # fmt: skip
async def get_hours(visit: Visit) -> CalendarView:
    return await visit.ask(GetCalendar())


@operation("POST", "/hours", "Set the district's working hours.", who=Who.STAFF, takes=CalendarIn,
           gives=CalendarView)  # fmt: skip
async def set_hours(visit: Visit, **given: Any) -> CalendarView:
    return await _tell(visit, _calendar("", given))


@operation("GET", "/stations/{park}/hours", "A station's working hours.", gives=CalendarView)
async def get_station_hours(visit: Visit, park: str) -> CalendarView:
    return await visit.ask(GetCalendar(park=park))


@operation("POST", "/stations/{park}/hours", "Set a station's own working hours.", who=Who.STAFF, takes=CalendarIn,
           gives=CalendarView)  # fmt: skip
async def set_station_hours(visit: Visit, park: str, **given: Any) -> CalendarView:
    return await _tell(visit, _calendar(park, given))


@operation("GET", "/years", "Every year whose holidays are known, with its days.", gives=YearList)
async def list_years(visit: Visit) -> YearList:
    return await visit.ask(ListYears())


@operation("POST", "/years/{year}", "Make a year's holidays and make-up days known.", who=Who.STAFF, takes=YearIn,
           gives=YearView)  # fmt: skip
async def publish_year(visit: Visit, year: str, days: Any) -> YearView:
    number = int(year) if year.isascii() and year.isdigit() and len(year) == 4 else 0
    return await _tell(visit, PublishYear(year=number, days=_days(days)))


@operation("GET", "/limits", "How long each hand-off may take.", gives=LimitsView)
async def get_limits(visit: Visit) -> LimitsView:
    return await visit.ask(GetLimits())


@operation("POST", "/limits", "Set how long each hand-off may take.", who=Who.STAFF, takes=LimitsIn,
           gives=LimitsView)  # fmt: skip
async def set_limits(visit: Visit, limits: Any, version: int | None) -> LimitsView:
    return await _tell(visit, SetLimits(limits=_limits(limits), version=version))


@operation("GET", "/chain", "Who hears of what is late, where a station has no chain of its own.", who=Who.STAFF,
           gives=ChainView)  # fmt: skip
async def get_chain(visit: Visit) -> ChainView:
    return await visit.ask(GetChain(), (await visit.staff()).account.actor())


@operation("POST", "/chain", "Set the district's chain.", who=Who.STAFF, takes=ChainIn, gives=ChainView)
async def set_chain(visit: Visit, **given: Any) -> ChainView:
    return await _tell(visit, _chain("", given))


@operation("GET", "/stations/{park}/chain", "Who hears of what is late at a station.", who=Who.STAFF, gives=ChainView)
async def get_station_chain(visit: Visit, park: str) -> ChainView:
    return await visit.ask(GetChain(park=park), (await visit.staff()).account.actor())


@operation("POST", "/stations/{park}/chain", "Set a station's own chain.", who=Who.STAFF, takes=ChainIn,
           gives=ChainView)  # fmt: skip
async def set_station_chain(visit: Visit, park: str, **given: Any) -> ChainView:
    return await _tell(visit, _chain(park, given))


@operation("GET", "/absences", "Who of your parks is away or will be.", who=Who.STAFF, query=ParkQuery,
           gives=AbsenceList)  # fmt: skip
async def list_absences(visit: Visit, park: str) -> AbsenceList:
    return await visit.ask(ListAbsences(park=park), (await visit.staff()).account.actor())


@operation("POST", "/absences", "Note that somebody is away; what is late passes them by.", who=Who.STAFF,
           takes=AbsenceIn, gives=AbsenceView)  # fmt: skip
async def note_absence(visit: Visit, parks: list[str], **given: Any) -> AbsenceView:
    return await _tell(visit, NoteAbsence(parks=tuple(parks), **given))


@operation("POST", "/absences/{absence_id}/end", "They are back.", who=Who.STAFF, takes=Empty, gives=AbsenceView)
async def end_absence(visit: Visit, absence_id: str) -> AbsenceView:
    return await _tell(visit, EndAbsence(absence_id=absence_id))


@operation("POST", "/clocks/preview", "What a change of hours, of a year or of limits would do to the clocks that run.",
           who=Who.STAFF, takes=PreviewIn, gives=ClockPreview)  # fmt: skip
async def preview_clocks(visit: Visit, week: list[str], days: Any, limits: Any, **given: Any) -> ClockPreview:
    query = PreviewClocks(week=tuple(week), days=_days(days), limits=_limits(limits), **given)
    return await visit.ask(query, (await visit.staff()).account.actor())


def _calendar(park: str, given: dict[str, Any]) -> SetCalendar:
    return SetCalendar(
        park=park, week=tuple(given["week"]), days=_days(given["days"]), version=given["version"]
    )  # fmt: skip


def _chain(park: str, given: dict[str, Any]) -> SetChain:
    return SetChain(
        park=park, steps=tuple(Recipient(**one) for one in given["steps"]), version=given["version"]
    )  # fmt: skip


def _days(days: list[dict[str, Any]]) -> tuple[GivenDay, ...]:
    return tuple(GivenDay(**one) for one in days)


def _limits(limits: list[dict[str, Any]]) -> tuple[GivenLimit, ...]:
    return tuple(GivenLimit(**one) for one in limits)


async def _tell(visit: Visit, command: Command) -> Any:
    actor = (await visit.staff()).account.actor()
    return await visit.tell(command, actor, idempotency_key(visit.request))
