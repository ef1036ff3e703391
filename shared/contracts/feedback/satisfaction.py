"""How surveys are asked, and what came of them: satisfaction with its base, complaints, results told (6.5.1, 6.6.3)."""

from dataclasses import dataclass
from datetime import datetime

from shared.contracts.base import Answer, Command, Event, Query


@dataclass(frozen=True, kw_only=True)
class SurveyQuestion(Answer):
    """`key` names it in answers; a text in both languages."""

    key: str
    text: str
    en: str = ""


@dataclass(frozen=True, kw_only=True)
class SurveyPlanSet(Event):
    """Surveys that go out from now on are asked by this version; those that are out keep theirs."""

    version: int
    share: int
    delay_hours: int
    remind: bool
    comment_below: int
    questions: tuple[SurveyQuestion, ...]
    reasons: tuple[SurveyQuestion, ...]


@dataclass(frozen=True, kw_only=True)
class SurveyReminded(Event):
    """The client was reminded, once."""

    item_id: str
    survey_id: str


@dataclass(frozen=True, kw_only=True)
class SurveyPlanView(Answer):
    """`share` per cent of what was served is asked about, `delay_hours` after the result was told.

    Besides the mark each question may be answered from 1 to 5; below `comment_below` a comment and reasons are asked.
    """

    version: int
    share: int
    delay_hours: int
    remind: bool
    comment_below: int
    questions: tuple[SurveyQuestion, ...]
    reasons: tuple[SurveyQuestion, ...]
    set_at: datetime | None = None
    set_by: str = ""


@dataclass(frozen=True, kw_only=True)
class SetSurveyPlan(Command):
    """Makes a new version. `version` is the one this change was made from; without it, whatever is in force."""

    returns = SurveyPlanView
    share: int
    delay_hours: int
    remind: bool
    comment_below: int
    questions: tuple[SurveyQuestion, ...]
    reasons: tuple[SurveyQuestion, ...]
    version: int | None = None


@dataclass(frozen=True, kw_only=True)
class GetSurveyPlan(Query):
    returns = SurveyPlanView


@dataclass(frozen=True, kw_only=True)
class Share(Answer):
    """`part` of `of`; `low` and `high` bound the true share with 95 % confidence. `enough` says whether it counts."""

    part: int
    of: int
    low: float = 0.0
    high: float = 0.0
    enough: bool = True


@dataclass(frozen=True, kw_only=True)
class FigureRow(Answer):
    """One station, category, organization or month. No answer is never a good mark: it is counted by itself."""

    name: str
    told: int
    told_in_time: Share
    asked: int
    response: Share
    satisfied: Share
    declined: int
    expired: int
    waiting: int
    complaints: int
    per_hundred: float | None
    handled_in_time: Share
    repeated: int
    confirmed: int


@dataclass(frozen=True, kw_only=True)
class Figures(Answer):
    """`reasons` counts what low marks were given for."""

    total: FigureRow
    by_park: tuple[FigureRow, ...]
    by_category: tuple[FigureRow, ...]
    by_organization: tuple[FigureRow, ...]
    by_month: tuple[FigureRow, ...]
    reasons: dict[str, int]
    least: int
    since: str
    until: str


@dataclass(frozen=True, kw_only=True)
class GetFigures(Query):
    """Of the reader's parks, or one of them; by months, such as 2026-11, both included. Empty: the last twelve."""

    returns = Figures
    park: str = ""
    since: str = ""
    until: str = ""
