"""Results told, and how the service was (clauses 6.5.1, 6.6.3)."""

from dataclasses import dataclass, field
from datetime import datetime

from shared.contracts.base import Answer, Command, Details, Event, Query
from shared.contracts.feedback.satisfaction import SurveyQuestion


@dataclass(frozen=True, kw_only=True)
class ResultTold(Event):
    """The client was told the result, and asked once how it was; `expires_at` ends the asking."""

    heard_by = ("dispatch",)
    item_id: str
    notice_id: str
    survey_id: str
    channel: str
    expires_at: datetime


@dataclass(frozen=True, kw_only=True)
class SurveyAnswered(Event):
    """`score` runs from 1 (很不满意) to 5 (很满意)."""

    heard_by = ("dispatch",)
    item_id: str
    survey_id: str
    score: int
    comment: str = ""
    answers: Details = field(default_factory=dict)
    reasons: tuple[str, ...] = ()
    plan_version: int = 0


@dataclass(frozen=True, kw_only=True)
class SurveyLapsed(Event):
    """No answer came: by time (`expired`), by choice (`declined`), or for none was asked (`not_asked`): no mark."""

    heard_by = ("dispatch",)
    item_id: str
    survey_id: str
    reason: str


@dataclass(frozen=True, kw_only=True)
class NoticeView(Answer):
    notice_id: str
    item_id: str
    kind: str
    title: str
    body: Details
    told_at: datetime


@dataclass(frozen=True, kw_only=True)
class SurveyView(Answer):
    """`token` is the secret of the no-login link; `score` is None until answered.

    Below `comment_below` a comment and `reasons` are asked for; `questions` may be answered besides the mark.
    """

    survey_id: str
    token: str
    item_id: str
    request_id: str
    park: str
    number: str
    title: str
    status: str
    expires_at: datetime
    score: int | None = None
    comment: str = ""
    comment_below: int = 0
    questions: tuple[SurveyQuestion, ...] = ()
    reasons: tuple[SurveyQuestion, ...] = ()


@dataclass(frozen=True, kw_only=True)
class AnswerSurvey(Command):
    """`answers` from 1 to 5 by the keys of the survey's questions; `reasons` are keys of its reasons."""

    returns = SurveyView
    token: str
    score: int
    comment: str = ""
    answers: Details = field(default_factory=dict)
    reasons: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class DeclineSurvey(Command):
    returns = SurveyView
    token: str


@dataclass(frozen=True, kw_only=True)
class GetSurvey(Query):
    returns = SurveyView
    token: str


@dataclass(frozen=True, kw_only=True)
class Inbox(Answer):
    notices: tuple[NoticeView, ...]
    surveys: tuple[SurveyView, ...]


@dataclass(frozen=True, kw_only=True)
class ListNotices(Query):
    """The web inbox of one request: what was told, and the surveys that wait."""

    returns = Inbox
    request_id: str
    park: str
