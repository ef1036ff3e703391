"""Feedback on the bus: every entrypoint, nothing else."""

from services.feedback import handlers, store
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
from shared.metrics import Metrics


class FeedbackService:
    """Tells clients their results and asks once how the service was."""

    name = "feedback"

    uow = Work(store.UnitOfWork)
    metrics = Metrics()

    @on(ServiceFinished)
    def on_service_finished(self, event):
        handlers.tell_result(event, self.uow)

    @on(ItemAnswered)
    def on_item_answered(self, event):
        handlers.tell_answer(event, self.uow)

    @on(AppointmentBooked)
    def on_appointment_booked(self, event):
        handlers.tell_appointment(event, self.uow)

    @on(AppointmentMoved)
    def on_appointment_moved(self, event):
        handlers.tell_appointment(event, self.uow)

    @on(AppointmentCancelled)
    def on_appointment_cancelled(self, event):
        handlers.tell_appointment(event, self.uow)

    @on(AppointmentDue)
    def on_appointment_due(self, event):
        handlers.tell_appointment(event, self.uow)

    @on(AppointmentMissed)
    def on_appointment_missed(self, event):
        handlers.tell_appointment(event, self.uow)

    @on(ServiceFailed)
    def on_service_failed(self, event):
        handlers.tell_failure(event, self.uow)

    @on(DelayAnnounced)
    def on_delay_announced(self, event):
        handlers.tell_delay(event, self.uow)

    @on(PartDelivered)
    def on_part_delivered(self, event):
        handlers.tell_part(event, self.uow)

    @on(NoticeIssued)
    def on_notice_issued(self, event):
        handlers.tell_notice(event, self.uow)

    @on(ItemReopened)
    def on_item_reopened(self, event):
        handlers.void_survey(event, self.uow)

    @every(1)
    def expire_surveys(self):
        handlers.expire_surveys(self.uow)

    @rpc(AnswerSurvey)
    def answer_survey(self, command):
        return handlers.answer_survey(command, self.uow)

    @rpc(DeclineSurvey)
    def decline_survey(self, command):
        return handlers.decline_survey(command, self.uow)

    @rpc(GetSurvey)
    def get_survey(self, query):
        return handlers.get_survey(query, self.uow)

    @rpc(ListNotices)
    def list_notices(self, query):
        return handlers.list_notices(query, self.uow)
