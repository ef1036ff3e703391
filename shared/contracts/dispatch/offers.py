"""Offers to organizations, what they answer, and the work that follows (clauses 6.3 b, 6.4)."""

from dataclasses import dataclass, field
from datetime import datetime

from shared.contracts.base import Answer, Command, Details, Query
from shared.contracts.dispatch.items import ItemEvent


@dataclass(frozen=True, kw_only=True)
class OfferAccepted(ItemEvent):
    """The organization has the job; what was offered to others is taken back. Next they agree on terms."""

    job_id: str
    target: str
    note: str = ""
    on_behalf: bool = False  # staff wrote it down for the organization


@dataclass(frozen=True, kw_only=True)
class JobReleased(ItemEvent):
    """They did not come to terms: the organization no longer has the job. `side` ended it."""

    job_id: str
    target: str
    side: str
    reason: str


@dataclass(frozen=True, kw_only=True)
class OfferView(Answer):
    """One offer as its organization sees it; what the need says is left out once the job is another's.

    `stage` is how the item stands; `turn` who is to act on the terms: organization, client, or empty.
    """

    job_id: str
    item_id: str
    request_id: str
    park: str
    number: str
    target: str
    target_name: str
    category: str
    item: str
    title: str
    status: str
    stage: str
    offered_at: datetime
    answer_by: datetime
    company: str = ""
    text: str = ""
    details: Details = field(default_factory=dict)
    priority: str = ""
    score: float | None = None
    answered_at: datetime | None = None
    answered_by: str = ""
    on_behalf: bool = False
    note: str = ""
    turn: str = ""
    due_on: str = ""
    allowed: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class AcceptOffer(Command):
    """The first to accept has the job. Staff may write down what an organization said by telephone."""

    returns = OfferView
    job_id: str
    note: str = ""


@dataclass(frozen=True, kw_only=True)
class DeclineOffer(Command):
    returns = OfferView
    job_id: str
    reason: str


@dataclass(frozen=True, kw_only=True)
class StartJob(Command):
    """Work has begun, as agreed."""

    returns = OfferView
    job_id: str
    note: str = ""


@dataclass(frozen=True, kw_only=True)
class DeliverResult(Command):
    """The result of an organization's job, checked against the item's result form."""

    returns = OfferView
    job_id: str
    result: Details


@dataclass(frozen=True, kw_only=True)
class GetOffer(Query):
    returns = OfferView
    job_id: str


@dataclass(frozen=True, kw_only=True)
class OfferPage(Answer):
    offers: tuple[OfferView, ...]
    next: str = ""


@dataclass(frozen=True, kw_only=True)
class ListOffers(Query):
    """An organization's own: open ones by answer-by time, then what it has in hand, then the rest, newest first.

    `current` leaves the rest out. Others name the organization, and see the offers of their parks.
    """

    returns = OfferPage
    organization: str = ""
    current: bool = False
    after: str = ""
    limit: int = 50
