"""What dispatch does when station says something of hours, limits, chains or absences: one function each."""

from services.dispatch.handlers.work import DispatchWork
from shared.contracts.station import AbsenceEnded, AbsenceNoted, CalendarSet, ChainSet, LimitsSet, YearPublished
from shared.plans import DISTRICT, Kind, away_of, setting_of


def know_setting(event: CalendarSet | YearPublished | LimitsSet | ChainSet, uow: DispatchWork) -> None:
    """The clocks that run by it are looked at again, a few at a time."""
    setting = setting_of(event)
    with uow:
        if uow.plans.hear(setting):
            uow.items.look_again(setting.key if setting.kind in (Kind.CALENDAR, Kind.CHAIN) else DISTRICT, uow.now)
        uow.commit()


def know_absence(event: AbsenceNoted, uow: DispatchWork) -> None:
    with uow:
        uow.plans.note_absence(away_of(event))
        uow.commit()


def forget_absence(event: AbsenceEnded, uow: DispatchWork) -> None:
    with uow:
        uow.plans.end_absence(event.absence_id)
        uow.commit()
