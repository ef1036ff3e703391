"""What dispatch does when station says something of hours, limits, chains or absences: one function each."""

from dataclasses import asdict

from services.dispatch.domain.plans import DISTRICT, Away, Kind, Setting
from services.dispatch.handlers.work import DispatchWork
from shared.contracts.base import Details
from shared.contracts.station import (
    AbsenceEnded,
    AbsenceNoted,
    CalendarSet,
    ChainSet,
    LimitsSet,
    YearPublished,
)


def know_calendar(event: CalendarSet, uow: DispatchWork) -> None:
    content = {"week": list(event.week), "days": [asdict(one) for one in event.days]}
    _know(Kind.CALENDAR, event.park, event.version, content, uow)


def know_year(event: YearPublished, uow: DispatchWork) -> None:
    _know(Kind.YEAR, str(event.year), event.version, {"days": [asdict(one) for one in event.days]}, uow)


def know_limits(event: LimitsSet, uow: DispatchWork) -> None:
    _know(Kind.LIMITS, DISTRICT, event.version, {"limits": [asdict(one) for one in event.limits]}, uow)


def know_chain(event: ChainSet, uow: DispatchWork) -> None:
    _know(Kind.CHAIN, event.park, event.version, {"steps": [asdict(one) for one in event.steps]}, uow)


def know_absence(event: AbsenceNoted, uow: DispatchWork) -> None:
    with uow:
        uow.plans.note_absence(
            Away(
                absence_id=event.absence_id, account=event.account, parks=event.parks, since=event.since,
                until=event.until,
            )
        )  # fmt: skip
        uow.commit()


def forget_absence(event: AbsenceEnded, uow: DispatchWork) -> None:
    with uow:
        uow.plans.end_absence(event.absence_id)
        uow.commit()


def _know(kind: Kind, key: str, version: int, content: Details, uow: DispatchWork) -> None:
    """The clocks that run by it are looked at again, a few at a time."""
    with uow:
        if uow.plans.hear(Setting(kind=kind, key=key, version=version, content=content)):
            uow.items.look_again(key if kind in (Kind.CALENDAR, Kind.CHAIN) else DISTRICT, uow.now)
        uow.commit()
