"""Matching: which organizations fit an item, how well each does and why; and the assessments before it (6.3, 6.3 b)."""

from dataclasses import dataclass, field
from datetime import datetime

from shared.contracts.base import Answer, Command, Details, Event, Query
from shared.contracts.dispatch.items import ItemEvent, ItemView
from shared.contracts.dispatch.offers import OfferView


@dataclass(frozen=True, kw_only=True)
class Phrase(Answer):
    """A fact in words: `text` is a sentence in zh_CN and the key of its translations, `params` fill it."""

    text: str
    params: Details = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class Part(Answer):
    """What one criterion gave, out of `weight` points, and the facts behind it."""

    criterion: str
    points: float
    weight: int
    facts: tuple[Phrase, ...]


@dataclass(frozen=True, kw_only=True)
class Candidate(Answer):
    """An organization that may be invited; `score` is the sum of its parts' points, out of 100."""

    organization: str
    name: str
    score: float
    parts: tuple[Part, ...]


@dataclass(frozen=True, kw_only=True)
class LeftOut(Answer):
    """An organization that a rule keeps out, and which; where not `firm`, staff may invite it with a reason."""

    organization: str
    name: str
    rule: str
    why: Phrase
    firm: bool


@dataclass(frozen=True, kw_only=True)
class RankingView(Answer):
    """How it stood then: the best first. Kept as it was, with the weights it was made with."""

    ranking_id: str
    ranked_at: datetime
    weights: Details
    candidates: tuple[Candidate, ...]
    left_out: tuple[LeftOut, ...]


@dataclass(frozen=True, kw_only=True)
class Placed(Answer):
    organization: str
    score: float


@dataclass(frozen=True, kw_only=True)
class Passed(Answer):
    organization: str
    rule: str


@dataclass(frozen=True, kw_only=True)
class CandidatesRanked(ItemEvent):
    """The full explanation is kept by dispatch under `ranking_id`."""

    ranking_id: str
    candidates: tuple[Placed, ...]
    left_out: tuple[Passed, ...]


@dataclass(frozen=True, kw_only=True)
class CandidatesExhausted(ItemEvent):
    """No organization is left that could be invited: staff must act."""

    asked: int  # how many were invited for this assessment
    left_out: int


@dataclass(frozen=True, kw_only=True)
class MatchView(Answer):
    """The item, its newest ranking, and every offer made for it, the newest first.

    `consent`: the client agrees that its contact is given to whichever organization serves it.
    """

    item: ItemView
    offers: tuple[OfferView, ...]
    ranking: RankingView | None = None
    rankings: int = 0  # how many there were
    consent: bool = False


@dataclass(frozen=True, kw_only=True)
class RankCandidates(Command):
    """Look again who fits."""

    returns = MatchView
    item_id: str


@dataclass(frozen=True, kw_only=True)
class InviteOrganizations(Command):
    """Offer the job to one, or to several at once: the first to accept has it.

    `reason` is needed where a better candidate is passed over, or one is invited that a rule leaves out.
    `answer_by`: by default as long as the district gives organizations to answer.
    """

    returns = MatchView
    item_id: str
    organizations: tuple[str, ...]
    reason: str = ""
    answer_by: datetime | None = None


@dataclass(frozen=True, kw_only=True)
class GetMatch(Query):
    returns = MatchView
    item_id: str


@dataclass(frozen=True, kw_only=True)
class WeightsSet(Event):
    """How much each criterion weighs from now on."""

    weights: Details


@dataclass(frozen=True, kw_only=True)
class WeightsView(Answer):
    """Points by criterion, 100 in all; `set_at` is empty while they are the defaults."""

    weights: Details
    set_by: str = ""
    set_at: datetime | None = None


@dataclass(frozen=True, kw_only=True)
class SetWeights(Command):
    """Whole points by criterion, 100 in all."""

    returns = WeightsView
    weights: Details


@dataclass(frozen=True, kw_only=True)
class GetWeights(Query):
    returns = WeightsView


@dataclass(frozen=True, kw_only=True)
class AssessmentView(Answer):
    """One assessment of an item; the last one counts."""

    number: int
    assessed_at: datetime
    assessor_id: str
    assessor_name: str
    category: str
    item: str
    title: str
    priority: str
    reason: str
    note: str
    way: str = ""


@dataclass(frozen=True, kw_only=True)
class AssessmentList(Answer):
    assessments: tuple[AssessmentView, ...]


@dataclass(frozen=True, kw_only=True)
class ListAssessments(Query):
    """The newest first."""

    returns = AssessmentList
    item_id: str
