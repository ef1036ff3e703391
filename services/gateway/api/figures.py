"""The API's operations on how surveys are asked, and on what came of them."""

from typing import Any

from marshmallow import fields, validate

from services.gateway.api.operations import Who, operation
from services.gateway.api.schemas import _MESSAGES, Input, _text
from services.gateway.visit import Visit, idempotency_key
from shared.contracts.feedback import (
    Figures,
    GetFigures,
    GetSurveyPlan,
    SetSurveyPlan,
    SurveyPlanView,
    SurveyQuestion,
)
from shared.forms import OUT_OF_RANGE


def _whole(description: str, least: int, most: int) -> fields.Field[Any]:
    return fields.Int(
        required=True,
        strict=True,
        validate=validate.Range(least, most, error=OUT_OF_RANGE),
        error_messages=_MESSAGES,
        metadata={"description": description},
    )


class FiguresQuery(Input):
    park = _text("Only this park.", required=False, most=60)
    since = _text("From this month on, such as 2026-01.", required=False, most=7)
    until = _text("Up to this month, itself included.", required=False, most=7)


class QuestionIn(Input):
    key = _text("Its name in answers.", most=31)
    text = _text("What is asked, in zh_CN.", most=100)
    en = _text("The same in English.", required=False, most=100)


def _questions(description: str) -> fields.Field[Any]:
    return fields.List(
        fields.Nested(QuestionIn),
        required=True,
        validate=validate.Length(max=10, error=OUT_OF_RANGE),
        error_messages=_MESSAGES,
        metadata={"description": description},
    )


class SurveyPlanIn(Input):
    share = _whole("So many per cent of what was served is asked about.", 0, 100)
    delay_hours = _whole("So many hours after the result was told.", 0, 720)
    remind = fields.Bool(required=True, error_messages=_MESSAGES, metadata={"description": "Remind once, half-way."})
    comment_below = _whole("Below this mark a comment and reasons are asked for.", 0, 5)
    questions = _questions("What is asked besides the mark, each from 1 to 5.")
    reasons = _questions("What a low mark may be for.")
    version = fields.Int(
        load_default=None,
        allow_none=True,
        strict=True,
        error_messages=_MESSAGES,
        metadata={"description": "The version this change was made from."},
    )


@operation(
    "GET",
    "/figures",
    "Satisfaction with its base, complaints and results told, by station, category, organization and month.",
    who=Who.STAFF,
    query=FiguresQuery,
    gives=Figures,
)
async def get_figures(visit: Visit, **given: Any) -> Figures:
    return await visit.ask(GetFigures(**given), (await visit.staff()).account.actor())


@operation("GET", "/survey-plan", "How surveys are asked.", who=Who.STAFF, gives=SurveyPlanView)
async def get_survey_plan(visit: Visit) -> SurveyPlanView:
    return await visit.ask(GetSurveyPlan(), (await visit.staff()).account.actor())


@operation(
    "POST",
    "/survey-plan",
    "Have surveys asked in another way from now on; those that are out keep theirs.",
    who=Who.STAFF,
    takes=SurveyPlanIn,
    gives=SurveyPlanView,
)
async def set_survey_plan(visit: Visit, **given: Any) -> SurveyPlanView:
    given |= {name: tuple(SurveyQuestion(**one) for one in given[name]) for name in ("questions", "reasons")}
    actor = (await visit.staff()).account.actor()
    return await visit.tell(SetSurveyPlan(**given), actor, idempotency_key(visit.request))
