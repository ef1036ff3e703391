"""What dispatch takes and says: service items from assessment to closing (clauses 6.3, 6.4)."""

from dataclasses import dataclass, field
from datetime import datetime

from shared.contracts.base import Answer, Command, Details, Event, Query
from shared.contracts.dispatch.due import Due


@dataclass(frozen=True, kw_only=True)
class ItemEvent(Event):
    """`version` counts the changes of one service item from 1; a reader drops what is older."""

    item_id: str
    version: int


@dataclass(frozen=True, kw_only=True)
class ItemOpened(ItemEvent):
    number: str
    company: str
    text: str
    channel: str
    part: str = ""


@dataclass(frozen=True, kw_only=True)
class ItemAccepted(ItemEvent):
    """Someone of the station took the item and stays responsible (首问负责)."""

    heard_by = ("feedback",)


@dataclass(frozen=True, kw_only=True)
class ItemAssessed(ItemEvent):
    category: str
    item: str
    title: str
    note: str = ""
    waiting: bool = False  # no live target yet: the item waits, visible
    way: str = ""  # at_once, by appointment, or match: an organization is to be found
    priority: str = ""
    reason: str = ""


@dataclass(frozen=True, kw_only=True)
class JobOffered(ItemEvent):
    """A target may take this job. Routed by target."""

    job_id: str
    target: str
    category: str
    item: str
    number: str
    company: str
    text: str
    details: Details = field(default_factory=dict)
    by_appointment: bool = False  # a person meets the client and delivers the result; no target answers by itself
    answer_by: datetime | None = None
    reason: str = ""  # why staff invited just this one


@dataclass(frozen=True, kw_only=True)
class JobWithdrawn(ItemEvent):
    """The offer no longer stands: it lapsed, or the client withdrew. Routed by target."""

    job_id: str
    target: str
    reason: str


@dataclass(frozen=True, kw_only=True)
class OfferDeclined(ItemEvent):
    job_id: str
    target: str
    reason: str
    on_behalf: bool = False  # staff wrote it down for the target


@dataclass(frozen=True, kw_only=True)
class ServiceStarted(ItemEvent):
    heard_by = ("feedback",)
    job_id: str
    target: str
    note: str = ""


@dataclass(frozen=True, kw_only=True)
class ServiceFinished(ItemEvent):
    """The service has a result; feedback tells it to the client (6.5.1)."""

    heard_by = ("feedback",)
    number: str
    title: str
    category: str
    item: str
    result: Details
    served_by: str


@dataclass(frozen=True, kw_only=True)
class ItemAnswered(ItemEvent):
    """The message was no service need; staff answered it."""

    heard_by = ("feedback", "intake")
    number: str
    answer: str


@dataclass(frozen=True, kw_only=True)
class ItemMerged(ItemEvent):
    """The same need was stated before; it is handled under the other number."""

    heard_by = ("intake",)
    into: str
    into_id: str = ""
    into_request: str = ""


@dataclass(frozen=True, kw_only=True)
class ItemRefused(ItemEvent):
    heard_by = ("intake",)
    reason: str


@dataclass(frozen=True, kw_only=True)
class ItemWithdrawn(ItemEvent):
    heard_by = ("intake",)
    reason: str


@dataclass(frozen=True, kw_only=True)
class ItemClosed(ItemEvent):
    """All is done; archive files the dossier once its ledger holds every event named in `evidence`."""

    heard_by = ("intake",)
    number: str
    evidence: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class Linked(Answer):
    """Another item about the same, by its id and what it is called."""

    item_id: str
    number: str


@dataclass(frozen=True, kw_only=True)
class ItemView(Answer):
    """`allowed` names the steps the state table permits now; `waiting_since` is set while no target is live.

    `part` tells apart the items of one request, `split_id` those that one splitting made. `heir` is who was asked to
    take it over. A merged item is handled as `into_id` of `into_request`; `former` is the number of the dossier that
    this item takes up again. `reopen_until` is set while it can be reopened.
    By appointment, `needs` names what must be free at once and `minutes` for how long; `booked_for` is when it begins.
    `due` says how the running clock stands; an item that has ended has none. `turn`: while organization and client
    agree on terms, which of them is to propose or to answer.
    """

    item_id: str
    request_id: str
    park: str
    number: str
    company: str
    text: str
    channel: str
    stage: str
    version: int
    opened_at: datetime
    changed_at: datetime
    category: str = ""
    item: str = ""
    title: str = ""
    details: Details = field(default_factory=dict)
    owner_id: str = ""
    owner_name: str = ""
    job_id: str = ""
    target: str = ""
    note: str = ""
    waiting_since: datetime | None = None
    allowed: tuple[str, ...] = ()
    way: str = ""
    needs: tuple[str, ...] = ()
    minutes: int = 0
    booked_for: datetime | None = None
    due: Due | None = None
    part: str = ""
    split_id: str = ""
    heir_id: str = ""
    heir_name: str = ""
    heir_reason: str = ""
    heir_since: datetime | None = None
    linked: tuple[Linked, ...] = ()
    into_id: str = ""
    into_request: str = ""
    former_id: str = ""
    former: str = ""
    reopen_until: datetime | None = None
    asked: int = 0  # one-time notices issued
    priority: str = ""
    turn: str = ""


@dataclass(frozen=True, kw_only=True)
class AcceptItem(Command):
    returns = ItemView
    item_id: str


@dataclass(frozen=True, kw_only=True)
class AssessItem(Command):
    """Confirm what the need is (6.3) and let it be served: category, lettered item, the item's form filled in.

    `way`: we serve it at_once or by appointment, or match where an organization has to be found; empty is as the
    category says, else at once. `reason`: why so. By appointment, `needs` names what must be free at once, each a
    kind (any post, room or instrument) or the code of one; `minutes` for how long, 0 for as long as the resources
    themselves say.
    """

    returns = ItemView
    item_id: str
    category: str
    item: str
    details: Details = field(default_factory=dict)
    note: str = ""
    way: str = ""
    needs: tuple[str, ...] = ()
    minutes: int = 0
    priority: str = "normal"
    reason: str = ""


@dataclass(frozen=True, kw_only=True)
class AnswerItem(Command):
    returns = ItemView
    item_id: str
    answer: str


@dataclass(frozen=True, kw_only=True)
class MergeItem(Command):
    """`into` is the number of the request that stays."""

    returns = ItemView
    item_id: str
    into: str


@dataclass(frozen=True, kw_only=True)
class RefuseItem(Command):
    returns = ItemView
    item_id: str
    reason: str


@dataclass(frozen=True, kw_only=True)
class WithdrawItem(Command):
    returns = ItemView
    item_id: str
    reason: str = ""


@dataclass(frozen=True, kw_only=True)
class GetItem(Query):
    returns = ItemView
    item_id: str


@dataclass(frozen=True, kw_only=True)
class ItemPage(Answer):
    """`counts` holds the number of items by stage within the same filter but for the stage itself."""

    items: tuple[ItemView, ...]
    counts: dict[str, int]
    next: str = ""  # pass as `after` for the next page; empty at the end


@dataclass(frozen=True, kw_only=True)
class ListItems(Query):
    """Newest first; with `order` urgency what is late first, then the last third of its limit, then by deadline.

    `open` leaves out what is sealed, answered, merged, refused or withdrawn.
    """

    returns = ItemPage
    park: str = ""
    stage: str = ""
    request_id: str = ""
    owner_id: str = ""
    heir_id: str = ""
    search: str = ""
    open: bool = False
    order: str = ""
    after: str = ""
    limit: int = 50
