"""What feedback does when station says something of hours, limits, chains or absences: one function each."""

from services.feedback.handlers.work import FeedbackWork
from shared.contracts.station import AbsenceEnded, AbsenceNoted, CalendarSet, ChainSet, LimitsSet, YearPublished
from shared.plans import away_of, setting_of


def know_setting(event: CalendarSet | YearPublished | LimitsSet | ChainSet, uow: FeedbackWork) -> None:
    with uow:
        uow.plans.hear(setting_of(event))
        uow.commit()


def know_absence(event: AbsenceNoted, uow: FeedbackWork) -> None:
    with uow:
        uow.plans.note_absence(away_of(event))
        uow.commit()


def forget_absence(event: AbsenceEnded, uow: FeedbackWork) -> None:
    with uow:
        uow.plans.end_absence(event.absence_id)
        uow.commit()
