"""Feedback on the bus: every entrypoint, nothing else."""

from services.feedback import store
from services.feedback.handlers import plans, told
from shared.bus import Work, every, on, rpc
from shared.contracts.dispatch import (
    AppointmentBooked,
    AppointmentCancelled,
    AppointmentDue,
    AppointmentMissed,
    AppointmentMoved,
    DelayAnnounced,
    ItemAnswered,
    ItemReopened,
    NoticeIssued,
    PartDelivered,
    ServiceFailed,
    ServiceFinished,
)
from shared.contracts.feedback import AnswerSurvey, DeclineSurvey, GetSurvey, ListNotices
from shared.contracts.station import AbsenceEnded, AbsenceNoted, CalendarSet, ChainSet, LimitsSet, YearPublished
from shared.metrics import Metrics


class FeedbackService:
    """Tells clients their results and asks once how the service was."""

    name = "feedback"

    uow = Work(store.UnitOfWork)
    metrics = Metrics()

    @on(ServiceFinished)
    def on_service_finished(self, event):
        told.tell_result(event, self.uow)

    @on(ItemAnswered)
    def on_item_answered(self, event):
        told.tell_answer(event, self.uow)

    @on(AppointmentBooked)
    def on_appointment_booked(self, event):
        told.tell_appointment(event, self.uow)

    @on(AppointmentMoved)
    def on_appointment_moved(self, event):
        told.tell_appointment(event, self.uow)

    @on(AppointmentCancelled)
    def on_appointment_cancelled(self, event):
        told.tell_appointment(event, self.uow)

    @on(AppointmentDue)
    def on_appointment_due(self, event):
        told.tell_appointment(event, self.uow)

    @on(AppointmentMissed)
    def on_appointment_missed(self, event):
        told.tell_appointment(event, self.uow)

    @on(ServiceFailed)
    def on_service_failed(self, event):
        told.tell_failure(event, self.uow)

    @on(DelayAnnounced)
    def on_delay_announced(self, event):
        told.tell_delay(event, self.uow)

    @on(PartDelivered)
    def on_part_delivered(self, event):
        told.tell_part(event, self.uow)

    @on(NoticeIssued)
    def on_notice_issued(self, event):
        told.tell_notice(event, self.uow)

    @on(ItemReopened)
    def on_item_reopened(self, event):
        told.void_survey(event, self.uow)

    @on(CalendarSet)
    def on_calendar_set(self, event):
        plans.know_setting(event, self.uow)

    @on(YearPublished)
    def on_year_published(self, event):
        plans.know_setting(event, self.uow)

    @on(LimitsSet)
    def on_limits_set(self, event):
        plans.know_setting(event, self.uow)

    @on(ChainSet)
    def on_chain_set(self, event):
        plans.know_setting(event, self.uow)

    @on(AbsenceNoted)
    def on_absence_noted(self, event):
        plans.know_absence(event, self.uow)

    @on(AbsenceEnded)
    def on_absence_ended(self, event):
        plans.forget_absence(event, self.uow)

    @every(1)
    def expire_surveys(self):
        told.expire_surveys(self.uow)

    @rpc(AnswerSurvey)
    def answer_survey(self, command):
        return told.answer_survey(command, self.uow)

    @rpc(DeclineSurvey)
    def decline_survey(self, command):
        return told.decline_survey(command, self.uow)

    @rpc(GetSurvey)
    def get_survey(self, query):
        return told.get_survey(query, self.uow)

    @rpc(ListNotices)
    def list_notices(self, query):
        return told.list_notices(query, self.uow)
