"""Feedback on the bus: every entrypoint, nothing else."""

from services.feedback import store
from services.feedback.handlers import complaints, parties, plans, remedies, revisits, satisfaction, told
from shared.bus import Work, every, on, rpc
from shared.contracts.dispatch import (
    AppointmentBooked,
    AppointmentCancelled,
    AppointmentDue,
    AppointmentMissed,
    AppointmentMoved,
    DelayAnnounced,
    HandOverAccepted,
    ItemAccepted,
    ItemAnswered,
    ItemReopened,
    NoticeIssued,
    PartDelivered,
    ServiceFailed,
    ServiceFinished,
    ServiceStarted,
)
from shared.contracts.feedback import (
    AcceptDecision,
    AcknowledgeComplaint,
    AnswerSurvey,
    AppealDecision,
    AssessComplaint,
    CarryOutDispute,
    CheckCorrection,
    ConcludeDispute,
    DecideComplaint,
    DeclineSurvey,
    ExtendComplaint,
    FileComplaint,
    FinishCorrection,
    GetComplaint,
    GetFigures,
    GetOwnComplaint,
    GetRevisit,
    GetRevisitPlan,
    GetSurvey,
    GetSurveyPlan,
    ListComplaints,
    ListNotices,
    ListRevisits,
    OrderCorrection,
    RecordFinding,
    RecordRevisit,
    SetRevisitPlan,
    SetSurveyPlan,
    SubmitDispute,
    TellDecision,
    WithdrawComplaint,
)
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

    @on(ItemAccepted)
    def on_item_accepted(self, event):
        parties.know_party(event, self.uow)

    @on(HandOverAccepted)
    def on_hand_over_accepted(self, event):
        parties.know_party(event, self.uow)

    @on(ServiceStarted)
    def on_service_started(self, event):
        parties.know_party(event, self.uow)

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

    @every(5)
    def remind_of_surveys(self):
        satisfaction.remind_of_surveys(self.uow)

    @rpc(SetSurveyPlan)
    def set_survey_plan(self, command):
        return satisfaction.set_survey_plan(command, self.uow)

    @rpc(GetSurveyPlan)
    def get_survey_plan(self, query):
        return satisfaction.get_survey_plan(query, self.uow)

    @rpc(GetFigures)
    def get_figures(self, query):
        return satisfaction.get_figures(query, self.uow)

    @rpc(RecordRevisit)
    def record_revisit(self, command):
        return revisits.record_revisit(command, self.uow)

    @rpc(GetRevisit)
    def get_revisit(self, query):
        return revisits.get_revisit(query, self.uow)

    @rpc(ListRevisits)
    def list_revisits(self, query):
        return revisits.list_revisits(query, self.uow)

    @rpc(SetRevisitPlan)
    def set_revisit_plan(self, command):
        return revisits.set_revisit_plan(command, self.uow)

    @rpc(GetRevisitPlan)
    def get_revisit_plan(self, query):
        return revisits.get_revisit_plan(query, self.uow)

    @every(5)
    def sound_complaints(self):
        remedies.sound_complaints(self.uow)

    @rpc(FileComplaint)
    def file_complaint(self, command):
        return complaints.file_complaint(command, self.uow)

    @rpc(AcknowledgeComplaint)
    def acknowledge_complaint(self, command):
        return complaints.acknowledge_complaint(command, self.uow)

    @rpc(AssessComplaint)
    def assess_complaint(self, command):
        return complaints.assess_complaint(command, self.uow)

    @rpc(RecordFinding)
    def record_finding(self, command):
        return complaints.record_finding(command, self.uow)

    @rpc(ExtendComplaint)
    def extend_complaint(self, command):
        return complaints.extend_complaint(command, self.uow)

    @rpc(DecideComplaint)
    def decide_complaint(self, command):
        return complaints.decide_complaint(command, self.uow)

    @rpc(TellDecision)
    def tell_decision(self, command):
        return complaints.tell_decision(command, self.uow)

    @rpc(AcceptDecision)
    def accept_decision(self, command):
        return complaints.accept_decision(command, self.uow)

    @rpc(AppealDecision)
    def appeal_decision(self, command):
        return complaints.appeal_decision(command, self.uow)

    @rpc(WithdrawComplaint)
    def withdraw_complaint(self, command):
        return complaints.withdraw_complaint(command, self.uow)

    @rpc(GetComplaint)
    def get_complaint(self, query):
        return complaints.get_complaint(query, self.uow)

    @rpc(GetOwnComplaint)
    def get_own_complaint(self, query):
        return complaints.get_own_complaint(query, self.uow)

    @rpc(ListComplaints)
    def list_complaints(self, query):
        return complaints.list_complaints(query, self.uow)

    @rpc(SubmitDispute)
    def submit_dispute(self, command):
        return remedies.submit_dispute(command, self.uow)

    @rpc(ConcludeDispute)
    def conclude_dispute(self, command):
        return remedies.conclude_dispute(command, self.uow)

    @rpc(CarryOutDispute)
    def carry_out_dispute(self, command):
        return remedies.carry_out_dispute(command, self.uow)

    @rpc(OrderCorrection)
    def order_correction(self, command):
        return remedies.order_correction(command, self.uow)

    @rpc(FinishCorrection)
    def finish_correction(self, command):
        return remedies.finish_correction(command, self.uow)

    @rpc(CheckCorrection)
    def check_correction(self, command):
        return remedies.check_correction(command, self.uow)
