"""What station does about hours, years, limits and chains: one function each."""

from collections.abc import Callable

from services.station.domain import settings
from services.station.domain.settings import DISTRICT, Kind, Setting
from services.station.handlers.work import StationWork
from shared import access
from shared.contracts.base import Details, Event
from shared.contracts.station import (
    CalendarView,
    ChainView,
    GetCalendar,
    GetChain,
    GetLimits,
    LimitsView,
    ListYears,
    PublishYear,
    SetCalendar,
    SetChain,
    SetLimits,
    YearList,
    YearView,
)
from shared.errors import NotFound


def set_calendar(command: SetCalendar, uow: StationWork) -> CalendarView:
    access.check(uow.actor, "configure", park=command.park)
    content = settings.check_calendar(command.park, command.week, command.days)
    with uow:
        _known(command.park, uow)
        _set(uow, Kind.CALENDAR, command.park, content, command.version, settings.calendar_set)
        return uow.commit(_calendar(command.park, uow))


def publish_year(command: PublishYear, uow: StationWork) -> YearView:
    access.check(uow.actor, "configure", park=DISTRICT)
    content = settings.check_year(command.year, command.days)
    with uow:
        setting = _set(uow, Kind.YEAR, str(command.year), content, None, settings.year_published)
        return uow.commit(settings.year_view(setting))


def set_limits(command: SetLimits, uow: StationWork) -> LimitsView:
    access.check(uow.actor, "configure", park=DISTRICT)
    content = settings.check_limits(command.limits)
    with uow:
        setting = _set(uow, Kind.LIMITS, DISTRICT, content, command.version, settings.limits_set)
        return uow.commit(settings.limits_view(setting))


def set_chain(command: SetChain, uow: StationWork) -> ChainView:
    access.check(uow.actor, "configure", park=command.park)
    content = settings.check_chain(command.steps)
    with uow:
        _known(command.park, uow)
        _set(uow, Kind.CHAIN, command.park, content, command.version, settings.chain_set)
        return uow.commit(_chain(command.park, uow))


def get_calendar(query: GetCalendar, uow: StationWork) -> CalendarView:
    access.check(uow.actor, "read_station")
    with uow:
        _known(query.park, uow)
        return _calendar(query.park, uow)


def list_years(query: ListYears, uow: StationWork) -> YearList:
    access.check(uow.actor, "read_station")
    with uow:
        return YearList(years=tuple(settings.year_view(year) for _, year in sorted(_years(uow).items())))


def get_limits(query: GetLimits, uow: StationWork) -> LimitsView:
    access.check(uow.actor, "read_station")
    with uow:
        return settings.limits_view(_latest(uow, Kind.LIMITS, DISTRICT))


def get_chain(query: GetChain, uow: StationWork) -> ChainView:
    access.check(uow.actor, "read_duty", park=query.park)
    with uow:
        _known(query.park, uow)
        return _chain(query.park, uow)


def _set(
    uow: StationWork, kind: Kind, key: str, content: Details, made_from: int | None, event: Callable[[Setting], Event]
) -> Setting:
    """A new version, said to everybody; what changes nothing is not said."""
    in_force = (_years(uow).get(int(key)) if kind is Kind.YEAR else None) or _latest(uow, kind, key)
    setting = in_force.next(content, made_from, uow.now, uow.actor.name or uow.actor.id)
    if content == in_force.content:
        return in_force
    uow.settings.add(setting)
    uow.say(event(setting))
    return setting


def _latest(uow: StationWork, kind: Kind, key: str) -> Setting:
    return uow.settings.latest(kind, key) or settings.first(kind, key)


def _years(uow: StationWork) -> dict[int, Setting]:
    """Every year known: those shipped, and over them those published."""
    shipped = {year: settings.shipped_year(year, days) for year, days in uow.shipped.items()}
    return shipped | {int(one.key): one for one in uow.settings.all(Kind.YEAR)}


def _calendar(park: str, uow: StationWork) -> CalendarView:
    own, district = _latest(uow, Kind.CALENDAR, park), _latest(uow, Kind.CALENDAR, DISTRICT)
    return settings.calendar_view(own, district, _years(uow))


def _chain(park: str, uow: StationWork) -> ChainView:
    return settings.chain_view(_latest(uow, Kind.CHAIN, park), _latest(uow, Kind.CHAIN, DISTRICT))


def _known(park: str, uow: StationWork) -> None:
    if park != DISTRICT and uow.stations.get(park) is None:
        raise NotFound("没有 {park} 这个园区", park=park)
