"""What feedback tells clients, and asks them once: one function for each message."""

import secrets
from datetime import timedelta
from typing import Any

from services.feedback.domain.told import Notice, Survey
from services.feedback.handlers.parties import note_party
from services.feedback.handlers.revisits import plan_revisit
from services.feedback.handlers.work import FeedbackWork
from shared import access
from shared.contracts.base import Details
from shared.contracts.dispatch import (
    AppointmentEvent,
    DelayAnnounced,
    ItemAnswered,
    ItemReopened,
    NoticeIssued,
    PartDelivered,
    ServiceFailed,
    ServiceFinished,
)
from shared.contracts.feedback import (
    AnswerSurvey,
    DeclineSurvey,
    GetSurvey,
    Inbox,
    ListNotices,
    ResultTold,
    SurveyAnswered,
    SurveyLapsed,
    SurveyView,
)

EXPIRE_AT_ONCE = 50
NOT_ASKED_FOR = timedelta(seconds=5)  # until an item the sample left out closes: the result is told by then


def tell_result(event: ServiceFinished, uow: FeedbackWork) -> None:
    """The client learns the result (6.5.1) and is asked once how it was (6.6.3)."""
    with uow:
        party, plan = note_party(event, uow), uow.ask_plans.last()
        asked = plan.samples(event.item_id, event.version)
        asks_at = uow.now + timedelta(hours=plan.delay_hours)
        term = timedelta(days=uow.survey_days)
        notice = Notice(
            notice_id=uow.new_id(), request_id=event.request_id, park=event.park, item_id=event.item_id, kind="result",
            title=event.title, told_at=uow.now,
            body={
                "category": event.category, "item": event.item, "result": event.result, "served_by": event.served_by,
            },
        )  # fmt: skip
        survey = Survey(
            survey_id=uow.new_id(), token=secrets.token_urlsafe(18), item_id=event.item_id, request_id=event.request_id,
            park=event.park, number=event.number, title=event.title,
            expires_at=asks_at + term if asked else uow.now + NOT_ASKED_FOR, version=event.version,
            plan_version=plan.version, asked=asked, asks_at=asks_at if plan.delay_hours else None,
            remind_at=asks_at + term / 2 if asked and plan.remind else None, owner_id=party.owner_id,
            owner_name=party.owner_name, category=event.category, item=event.item, organization=party.organization,
            month=f"{uow.now.astimezone(uow.zone):%Y-%m}", told_in_time=_in_time(event, uow),
        )  # fmt: skip
        uow.notices.add(notice)
        uow.surveys.add(survey)
        uow.say(
            ResultTold(
                park=event.park, request_id=event.request_id, item_id=event.item_id, notice_id=notice.notice_id,
                survey_id=survey.survey_id, channel="web", expires_at=survey.expires_at,
            )
        )  # fmt: skip
        uow.commit()


def _in_time(event: ServiceFinished, uow: FeedbackWork) -> bool | None:
    """Whether the result is told within the station's limit."""
    if event.occurred_at is None:
        return None
    plan = uow.plans.of(event.park)
    due = plan.calendar.deadline(event.occurred_at, plan.limits["tell"]).at
    return due is not None and uow.now <= due


def tell_answer(event: ItemAnswered, uow: FeedbackWork) -> None:
    """What was no service need was answered: told, and not surveyed."""
    with uow:
        uow.notices.add(
            Notice(
                notice_id=uow.new_id(), request_id=event.request_id, park=event.park, item_id=event.item_id,
                kind="answer", title="", body={"answer": event.answer}, told_at=uow.now,
            )
        )  # fmt: skip
        uow.commit()


def tell_appointment(event: AppointmentEvent, uow: FeedbackWork) -> None:
    """The client learns what became of its appointment, and is reminded of it (6.3 a)."""
    body = {
        "appointment_id": event.appointment_id, "starts_at": event.starts_at.isoformat(),
        "ends_at": event.ends_at.isoformat(), "places": list(event.places),
        "reason": getattr(event, "reason", "") or getattr(event, "note", ""),
    }  # fmt: skip
    with uow:
        uow.notices.add(
            Notice(
                notice_id=uow.new_id(), request_id=event.request_id, park=event.park, item_id=event.item_id,
                kind=event.type(), title=event.title, body=body, told_at=uow.now,
            )
        )  # fmt: skip
        uow.commit()


def tell_failure(event: ServiceFailed, uow: FeedbackWork) -> None:
    """The client learns that it came to nothing, why, and that it is arranged anew."""
    _tell(event, "failed", {"reason": event.reason}, uow)


def tell_part(event: PartDelivered, uow: FeedbackWork) -> None:
    """The client learns what is there, what is missing and what comes next; the whole result is told as ever."""
    if not event.over:
        _tell(event, "part", {"done": event.done, "missing": event.missing, "next_step": event.next_step}, uow)


def tell_delay(event: DelayAnnounced, uow: FeedbackWork) -> None:
    """The client learns in time that it will take longer, until when, and why."""
    _tell(event, "delay", {"expected_on": event.expected_on, "reason": event.reason}, uow)


def _tell(event: ServiceFailed | PartDelivered | DelayAnnounced, kind: str, body: Details, uow: FeedbackWork) -> None:
    with uow:
        uow.notices.add(
            Notice(
                notice_id=uow.new_id(), request_id=event.request_id, park=event.park, item_id=event.item_id, kind=kind,
                title=event.title, body=body, told_at=uow.now,
            )
        )  # fmt: skip
        uow.commit()


def tell_notice(event: NoticeIssued, uow: FeedbackWork) -> None:
    """The client learns once what is missing, wherever it hears from us (7.2.1 a)."""
    with uow:
        uow.notices.add(
            Notice(
                notice_id=uow.new_id(), request_id=event.request_id, park=event.park, item_id=event.item_id,
                kind="asked", title="", body={"asks": list(event.asks), "reason": event.reason}, told_at=uow.now,
            )
        )  # fmt: skip
        uow.commit()


def void_survey(event: ItemReopened, uow: FeedbackWork) -> None:
    """The service is done over, so nobody is asked about how it was before; what was told stays told."""
    with uow:
        for survey in uow.surveys.open_of_item(event.item_id):
            if survey.version < event.version:  # a later round may have finished already
                survey.void()
                uow.surveys.put(survey)
                uow.say(SurveyLapsed(**_about(survey), reason="reopened"))
        uow.commit()


def answer_survey(command: AnswerSurvey, uow: FeedbackWork) -> SurveyView:
    access.check(uow.actor, "answer_survey")
    with uow:
        survey = uow.surveys.by_token(command.token)
        plan = uow.ask_plans.get(survey.plan_version)
        survey.answer(command.score, command.comment, uow.now, plan, command.answers, command.reasons)
        survey.remind_at = None
        uow.surveys.put(survey)
        plan_revisit(survey, uow)
        uow.say(
            SurveyAnswered(
                **_about(survey), score=command.score, comment=survey.comment, answers=survey.answers,
                reasons=tuple(survey.reasons), plan_version=survey.plan_version,
            )
        )  # fmt: skip
        return uow.commit(survey.view(plan))


def decline_survey(command: DeclineSurvey, uow: FeedbackWork) -> SurveyView:
    access.check(uow.actor, "answer_survey")
    with uow:
        survey = uow.surveys.by_token(command.token)
        survey.decline(uow.now)
        uow.surveys.put(survey)
        uow.say(SurveyLapsed(**_about(survey), reason="declined"))
        return uow.commit(survey.view())


def expire_surveys(uow: FeedbackWork) -> None:
    """Surveys nobody answered in time end as that, and never as a good mark."""
    with uow:
        for survey in uow.surveys.overdue(uow.now, EXPIRE_AT_ONCE):
            survey.expire()
            uow.surveys.put(survey)
            plan_revisit(survey, uow)
            uow.say(SurveyLapsed(**_about(survey), reason="expired" if survey.asked else "not_asked"))
        uow.commit()


def get_survey(query: GetSurvey, uow: FeedbackWork) -> SurveyView:
    access.check(uow.actor, "answer_survey")
    with uow:
        survey = uow.surveys.by_token(query.token)
        return survey.view(uow.ask_plans.get(survey.plan_version))


def list_notices(query: ListNotices, uow: FeedbackWork) -> Inbox:
    access.check(uow.actor, "read_notices", park=query.park, request_id=query.request_id)
    own = query.request_id in uow.actor.requests
    with uow:
        notices = uow.notices.of_request(query.request_id)
        found = [one for one in uow.surveys.of_request(query.request_id) if one.open_to(uow.now)]
        surveys = [one.view(uow.ask_plans.get(one.plan_version)) for one in found]
    return Inbox(
        notices=tuple(notice.view() for notice in notices if own or notice.park == query.park),
        surveys=tuple(surveys) if own else (),  # only the client may rate
    )


def _about(survey: Survey) -> dict[str, Any]:
    return {name: getattr(survey, name) for name in ("park", "request_id", "item_id", "survey_id")}
