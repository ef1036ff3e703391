"""What feedback does about how surveys are asked, reminds of them, and counts what came of them (6.6.3)."""

from services.feedback.domain.asking import AskPlan, check_plan
from services.feedback.domain.figures import LEAST, Counts, month_span, rows
from services.feedback.domain.told import Notice
from services.feedback.handlers.work import FeedbackWork
from shared import access
from shared.contracts.feedback import (
    FigureRow,
    Figures,
    GetFigures,
    GetSurveyPlan,
    SetSurveyPlan,
    SurveyPlanSet,
    SurveyPlanView,
    SurveyReminded,
)
from shared.errors import Taken

AT_ONCE = 50


def set_survey_plan(command: SetSurveyPlan, uow: FeedbackWork) -> SurveyPlanView:
    """A new version; surveys that are out keep theirs."""
    access.check(uow.actor, "configure", park="")
    with uow:
        last = uow.ask_plans.last()
        if command.version is not None and command.version != last.version:
            raise Taken("别人刚改过，请看过新的再改")
        plan = AskPlan(
            version=last.version + 1, share=command.share, delay_hours=command.delay_hours, remind=command.remind,
            comment_below=command.comment_below, questions=command.questions, reasons=command.reasons,
            set_at=uow.now, set_by=uow.actor.name or uow.actor.id,
        )  # fmt: skip
        check_plan(plan)
        uow.ask_plans.add(plan)
        uow.say(
            SurveyPlanSet(
                park="", version=plan.version, share=plan.share, delay_hours=plan.delay_hours, remind=plan.remind,
                comment_below=plan.comment_below, questions=plan.questions, reasons=plan.reasons,
            )
        )  # fmt: skip
        return uow.commit(plan.view())


def get_survey_plan(query: GetSurveyPlan, uow: FeedbackWork) -> SurveyPlanView:
    access.check(uow.actor, "read_duty", park=uow.actor.parks[0] if uow.actor.parks else "")
    with uow:
        return uow.ask_plans.last().view()


def remind_of_surveys(uow: FeedbackWork) -> None:
    """Each survey nobody has answered yet is brought to mind once."""
    with uow:
        for survey in uow.surveys.to_remind(uow.now, AT_ONCE):
            survey.remind_at = None
            uow.surveys.put(survey)
            uow.notices.add(
                Notice(
                    notice_id=uow.new_id(), request_id=survey.request_id, park=survey.park, item_id=survey.item_id,
                    kind="survey_reminder", title=survey.title, told_at=uow.now,
                    body={"expires_at": survey.expires_at.isoformat()},
                )
            )  # fmt: skip
            uow.say(
                SurveyReminded(
                    park=survey.park, request_id=survey.request_id, item_id=survey.item_id, survey_id=survey.survey_id
                )
            )  # fmt: skip
        uow.commit()


def get_figures(query: GetFigures, uow: FeedbackWork) -> Figures:
    """Counted from what is kept, in the reader's parks."""
    parks = access.parks_of(uow.actor, "read_figures")
    if query.park:
        access.check(uow.actor, "read_figures", park=query.park)
        parks = (query.park,)
    with uow:
        since, until = month_span(query.since, query.until, f"{uow.now.astimezone(uow.zone):%Y-%m}")

        def by(name: str) -> tuple[FigureRow, ...]:
            counted = uow.counting.of_surveys(name, parks, since, until)
            return rows([*counted, *uow.counting.of_complaints(name, parks, since, until)])

        total = Counts()
        for _, counts in uow.counting.of_surveys("park", parks, since, until):
            total += counts
        for _, counts in uow.counting.of_complaints("park", parks, since, until):
            total += counts
        return Figures(
            total=total.row(""), by_park=by("park"), by_category=by("category"),
            by_organization=by("organization"), by_month=by("month"),
            reasons=uow.counting.reasons(parks, since, until), least=LEAST, since=since, until=until,
        )  # fmt: skip
