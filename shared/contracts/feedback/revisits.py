"""Revisits: clients called again some time after their item, by a plan (6.5.2)."""

from dataclasses import dataclass
from datetime import datetime

from shared.contracts.base import Answer, Command, Event, Query


@dataclass(frozen=True, kw_only=True)
class RevisitPlanned(Event):
    """`reason`: low_mark, new_organization or sampled."""

    item_id: str
    revisit_id: str
    reason: str


@dataclass(frozen=True, kw_only=True)
class RevisitDone(Event):
    """What the client said; `solved`: yes, partly or no. Who could not be reached in the end said nothing."""

    item_id: str
    revisit_id: str
    reached: bool
    solved: str = ""
    score: int | None = None
    text: str = ""
    complaint: str = ""
    reopen: bool = False


@dataclass(frozen=True, kw_only=True)
class RevisitPlanSet(Event):
    """Who is called from now on."""

    version: int
    share: int
    low_below: int
    new_organization: int


@dataclass(frozen=True, kw_only=True)
class RevisitView(Answer):
    """`status`: open, done or unreached; `tried` counts the calls that reached nobody."""

    revisit_id: str
    item_id: str
    request_id: str
    park: str
    number: str
    title: str
    organization: str
    reason: str
    status: str
    planned_at: datetime
    tried: int
    mark: int | None = None
    solved: str = ""
    score: int | None = None
    text: str = ""
    complaint: str = ""
    reopen: bool = False
    by: str = ""
    done_at: datetime | None = None


@dataclass(frozen=True, kw_only=True)
class RevisitPage(Answer):
    """The oldest first; `counts` by status."""

    revisits: tuple[RevisitView, ...]
    counts: dict[str, int]
    next: str = ""


@dataclass(frozen=True, kw_only=True)
class RevisitPlanView(Answer):
    """`share` per cent of what was closed; all with a mark under `low_below`; the first items of an organization."""

    version: int
    share: int
    low_below: int
    new_organization: int
    set_at: datetime | None = None
    set_by: str = ""


@dataclass(frozen=True, kw_only=True)
class RecordRevisit(Command):
    """What a call brought. Not reached three times, it ends as that. `complain` opens a complaint with the text."""

    returns = RevisitView
    revisit_id: str
    reached: bool
    solved: str = ""
    score: int | None = None
    text: str = ""
    complain: bool = False
    reopen: bool = False


@dataclass(frozen=True, kw_only=True)
class GetRevisit(Query):
    returns = RevisitView
    revisit_id: str


@dataclass(frozen=True, kw_only=True)
class ListRevisits(Query):
    returns = RevisitPage
    park: str = ""
    status: str = "open"
    after: str = ""
    limit: int = 50


@dataclass(frozen=True, kw_only=True)
class SetRevisitPlan(Command):
    """`version` is the one this change was made from; without it, whatever is in force."""

    returns = RevisitPlanView
    share: int
    low_below: int
    new_organization: int
    version: int | None = None


@dataclass(frozen=True, kw_only=True)
class GetRevisitPlan(Query):
    returns = RevisitPlanView
