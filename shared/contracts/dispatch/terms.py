"""Terms that an organization and a client agree on: proposed, changed, agreed by both (clause 6.3 b)."""

from dataclasses import dataclass, field
from datetime import datetime

from shared.contracts.base import Answer, Command, Details, Query
from shared.contracts.dispatch.items import ItemEvent, ItemView


@dataclass(frozen=True, kw_only=True)
class TermsProposed(ItemEvent):
    """`side` (organization or client) proposes these terms; `number` counts the proposals of one job from 1."""

    job_id: str
    target: str
    number: int
    side: str
    terms: Details
    on_behalf: bool = False  # staff wrote it down for that side


@dataclass(frozen=True, kw_only=True)
class TermsAgreed(ItemEvent):
    """Both sides agree to proposal `number`; `side` was the last to. The text is kept here as it was agreed."""

    job_id: str
    target: str
    number: int
    side: str
    terms: Details
    on_behalf: bool = False


@dataclass(frozen=True, kw_only=True)
class ProposalView(Answer):
    number: int
    side: str
    terms: Details
    proposed_at: datetime
    proposed_by: str
    on_behalf: bool
    agreed_at: datetime | None = None
    agreed_by: str = ""
    agreed_on_behalf: bool = False


@dataclass(frozen=True, kw_only=True)
class TermsView(Answer):
    """Every proposal, the newest last. `turn`: the side that is to propose or answer; empty once agreed or over.

    `form` describes what terms hold; `suggestion` is what is known already, for whoever begins.
    """

    item_id: str
    job_id: str
    target: str
    target_name: str
    turn: str
    proposals: tuple[ProposalView, ...]
    form: tuple[Details, ...]
    agreed: int = 0  # the number of the proposal that was agreed
    suggestion: Details = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class ProposeTerms(Command):
    """`side` is only for staff, who write it down for one: organization or client."""

    returns = TermsView
    item_id: str
    terms: Details
    side: str = ""


@dataclass(frozen=True, kw_only=True)
class AgreeTerms(Command):
    """Agree to the newest proposal, which is `number`: an older one is refused."""

    returns = TermsView
    item_id: str
    number: int
    side: str = ""


@dataclass(frozen=True, kw_only=True)
class DropTerms(Command):
    """They cannot agree: the organization gives the job back, and the next is found."""

    returns = ItemView
    item_id: str
    reason: str
    side: str = ""


@dataclass(frozen=True, kw_only=True)
class GetTerms(Query):
    """Of the job that an organization has now, or had last."""

    returns = TermsView
    item_id: str
