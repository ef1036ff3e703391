"""Dispatch on the bus: every entrypoint, nothing else."""

from services.dispatch import store
from services.dispatch.entrypoints.matching import Matching
from services.dispatch.entrypoints.relations import Relations
from services.dispatch.handlers import (
    advice,
    appointments,
    checks,
    clocks,
    flow,
    follow_ups,
    following,
    items,
    outcomes,
    plans,
    resources,
    standings,
    targets,
)
from shared.bus import Work, every, on, rpc
from shared.contracts.archive import DossierSealed
from shared.contracts.dispatch import (
    AcceptItem,
    AnnounceDelay,
    AnswerItem,
    AssessItem,
    BeginService,
    BookAppointment,
    CancelAppointment,
    DeliverPart,
    FailService,
    GetAdvice,
    GetCheck,
    GetClocks,
    GetFollowing,
    GetFollowPlan,
    GetItem,
    GetWeek,
    ListAppointments,
    ListChecks,
    ListClocks,
    ListFollowUps,
    ListFreeTimes,
    ListItems,
    ListResources,
    ListStandings,
    ListTargets,
    LogContact,
    MissAppointment,
    MoveAppointment,
    OrderCheck,
    PauseItem,
    PreviewClocks,
    PutResource,
    ReassignItem,
    RecordCheck,
    RefuseItem,
    ReportProgress,
    ResumeItem,
    SetFollowPlan,
    SkipFollowUp,
    SuggestCategory,
    WithdrawItem,
)
from shared.contracts.feedback import ResultTold, SurveyAnswered, SurveyLapsed
from shared.contracts.intake import RequestReceived
from shared.contracts.providers import JobAccepted, JobDeclined, JobFinished, JobProgressed, TargetsAnnounced
from shared.contracts.station import (
    AbsenceEnded,
    AbsenceNoted,
    CalendarSet,
    ChainSet,
    LimitsSet,
    StationOpened,
    YearPublished,
)
from shared.metrics import Metrics


class DispatchService(Matching, Relations):
    """Turns needs into service items, finds who serves each, and follows it to its end."""

    name = "dispatch"

    uow = Work(store.UnitOfWork)
    metrics = Metrics()

    @on(RequestReceived)
    def on_request_received(self, event):
        flow.open_item(event, self.uow)

    @on(JobAccepted)
    def on_job_accepted(self, event):
        flow.start_service(event, self.uow)

    @on(JobDeclined)
    def on_job_declined(self, event):
        flow.take_decline(event, self.uow)

    @on(JobFinished)
    def on_job_finished(self, event):
        flow.finish_service(event, self.uow)

    @on(JobProgressed)
    def on_job_progressed(self, event):
        following.hear_progress(event, self.uow)

    @on(ResultTold)
    def on_result_told(self, event):
        flow.note_told(event, self.uow)

    @on(SurveyAnswered)
    def on_survey_answered(self, event):
        flow.close_item(event, self.uow)

    @on(SurveyLapsed)
    def on_survey_lapsed(self, event):
        flow.close_item(event, self.uow)

    @on(DossierSealed)
    def on_dossier_sealed(self, event):
        flow.note_sealed(event, self.uow)

    @on(TargetsAnnounced)
    def on_targets_announced(self, event):
        targets.know_targets(event, self.uow)

    @on(StationOpened)
    def on_station_opened(self, event):
        advice.know_park(event, self.uow)

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

    @every(5)
    def sound_clocks(self):
        clocks.sound_clocks(self.uow)

    @every(5)
    def lapse_offers(self):
        targets.lapse_offers(self.uow)

    @every(5)
    def remind_of_appointments(self):
        appointments.remind_of_appointments(self.uow)

    @rpc(AcceptItem)
    def accept_item(self, command):
        return items.accept_item(command, self.uow)

    @rpc(AssessItem)
    def assess_item(self, command):
        return items.assess_item(command, self.uow)

    @rpc(AnswerItem)
    def answer_item(self, command):
        return items.answer_item(command, self.uow)

    @rpc(RefuseItem)
    def refuse_item(self, command):
        return items.refuse_item(command, self.uow)

    @rpc(WithdrawItem)
    def withdraw_item(self, command):
        return items.withdraw_item(command, self.uow)

    @rpc(PauseItem)
    def pause_item(self, command):
        return clocks.pause_item(command, self.uow)

    @rpc(ResumeItem)
    def resume_item(self, command):
        return clocks.resume_item(command, self.uow)

    @rpc(GetClocks)
    def get_clocks(self, query):
        return clocks.get_clocks(query, self.uow)

    @rpc(ListClocks)
    def list_clocks(self, query):
        return clocks.list_clocks(query, self.uow)

    @rpc(PreviewClocks)
    def preview_clocks(self, query):
        return clocks.preview_clocks(query, self.uow)

    @rpc(ReassignItem)
    def reassign_item(self, command):
        return outcomes.reassign_item(command, self.uow)

    @rpc(FailService)
    def fail_service(self, command):
        return outcomes.fail_service(command, self.uow)

    @rpc(DeliverPart)
    def deliver_part(self, command):
        return outcomes.deliver_part(command, self.uow)

    @rpc(ReportProgress)
    def report_progress(self, command):
        return following.report_progress(command, self.uow)

    @rpc(LogContact)
    def log_contact(self, command):
        return following.log_contact(command, self.uow)

    @every(5)
    def plan_follow_ups(self):
        follow_ups.plan_follow_ups(self.uow)

    @rpc(SkipFollowUp)
    def skip_follow_up(self, command):
        return follow_ups.skip_follow_up(command, self.uow)

    @rpc(AnnounceDelay)
    def announce_delay(self, command):
        return follow_ups.announce_delay(command, self.uow)

    @rpc(ListFollowUps)
    def list_follow_ups(self, query):
        return follow_ups.list_follow_ups(query, self.uow)

    @rpc(OrderCheck)
    def order_check(self, command):
        return checks.order_check(command, self.uow)

    @rpc(RecordCheck)
    def record_check(self, command):
        return checks.record_check(command, self.uow)

    @rpc(GetCheck)
    def get_check(self, query):
        return checks.get_check(query, self.uow)

    @rpc(ListChecks)
    def list_checks(self, query):
        return checks.list_checks(query, self.uow)

    @rpc(GetFollowPlan)
    def get_follow_plan(self, query):
        return follow_ups.get_follow_plan(query, self.uow)

    @rpc(SetFollowPlan)
    def set_follow_plan(self, command):
        return follow_ups.set_follow_plan(command, self.uow)

    @rpc(GetFollowing)
    def get_following(self, query):
        return following.get_following(query, self.uow)

    @rpc(GetItem)
    def get_item(self, query):
        return items.get_item(query, self.uow)

    @rpc(ListItems)
    def list_items(self, query):
        return items.list_items(query, self.uow)

    @rpc(ListStandings)
    def list_standings(self, query):
        return standings.list_standings(query, self.uow)

    @rpc(ListTargets)
    def list_targets(self, query):
        return targets.list_targets(query, self.uow)

    @rpc(GetAdvice)
    def get_advice(self, query):
        return advice.get_advice(query, self.uow)

    @rpc(SuggestCategory)
    def suggest_category(self, query):
        return advice.suggest_category(query, self.uow)

    @rpc(BookAppointment)
    def book_appointment(self, command):
        return appointments.book_appointment(command, self.uow)

    @rpc(MoveAppointment)
    def move_appointment(self, command):
        return appointments.move_appointment(command, self.uow)

    @rpc(CancelAppointment)
    def cancel_appointment(self, command):
        return appointments.cancel_appointment(command, self.uow)

    @rpc(MissAppointment)
    def miss_appointment(self, command):
        return appointments.miss_appointment(command, self.uow)

    @rpc(BeginService)
    def begin_service(self, command):
        return appointments.begin_service(command, self.uow)

    @rpc(ListAppointments)
    def list_appointments(self, query):
        return appointments.list_appointments(query, self.uow)

    @rpc(ListFreeTimes)
    def list_free_times(self, query):
        return appointments.list_free_times(query, self.uow)

    @rpc(PutResource)
    def put_resource(self, command):
        return resources.put_resource(command, self.uow)

    @rpc(ListResources)
    def list_resources(self, query):
        return resources.list_resources(query, self.uow)

    @rpc(GetWeek)
    def get_week(self, query):
        return resources.get_week(query, self.uow)
