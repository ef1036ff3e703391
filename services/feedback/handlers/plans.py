"""What feedback does when station says something of hours, limits, chains or absences: one function each."""

from services.feedback.handlers.work import FeedbackWork
from shared.contracts.station import AbsenceEnded, AbsenceNoted, CalendarSet, ChainSet, LimitsSet, YearPublished
from shared.plans import DISTRICT, Kind, away_of, setting_of


def know_setting(event: CalendarSet | YearPublished | LimitsSet | ChainSet, uow: FeedbackWork) -> None:
    """The clocks that run by it are looked at again."""
    setting = setting_of(event)
    with uow:
        if uow.plans.hear(setting):
            uow.complaints.look_again(setting.key if setting.kind in (Kind.CALENDAR, Kind.CHAIN) else DISTRICT, uow.now)
        uow.commit()


def know_absence(event: AbsenceNoted, uow: FeedbackWork) -> None:
    with uow:
        uow.plans.note_absence(away_of(event))
        uow.commit()


def forget_absence(event: AbsenceEnded, uow: FeedbackWork) -> None:
    with uow:
        uow.plans.end_absence(event.absence_id)
        uow.commit()
