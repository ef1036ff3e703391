"""One-time notice: everything that is missing is asked for at once (clause 7.2.1 a)."""

from dataclasses import dataclass, field
from datetime import datetime

from shared.contracts.base import Answer, Command, Details, Query
from shared.contracts.dispatch.items import ItemEvent, ItemView


@dataclass(frozen=True, kw_only=True)
class NoticeIssued(ItemEvent):
    """The item waits for its client. `again`: it was asked before, and `reason` says why once more."""

    heard_by = ("feedback",)
    number: str
    notice_id: str
    asks: tuple[str, ...]
    count: int
    again: bool = False
    reason: str = ""


@dataclass(frozen=True, kw_only=True)
class NoticeAnswered(ItemEvent):
    """`given` of `of` are there now; `complete` when nothing is waited for any more.

    Staff may go on without some, which `waived` names and `reason` explains.
    """

    number: str
    notice_id: str
    now: tuple[str, ...]
    given: int
    of: int
    complete: bool = False
    waived: tuple[str, ...] = ()
    reason: str = ""


@dataclass(frozen=True, kw_only=True)
class Ask(Answer):
    """One thing asked for; `given_at` is set once it is there.

    `field` describes its control as an item's form does; `needed`, unless work can begin without.
    """

    name: str
    label: str
    why: str
    needed: bool
    field: Details
    given_at: datetime | None = None


@dataclass(frozen=True, kw_only=True)
class OneTimeNotice(Answer):
    notice_id: str
    item_id: str
    category: str
    item: str
    asks: tuple[Ask, ...]
    answers: Details
    count: int
    issued_at: datetime
    issued_by: str
    reason: str = ""
    answered_at: datetime | None = None


@dataclass(frozen=True, kw_only=True)
class NoticeList(Answer):
    notices: tuple[OneTimeNotice, ...]


@dataclass(frozen=True, kw_only=True)
class MoreAsk(Answer):
    """Something the item's form does not ask for, and why it is needed."""

    what: str
    why: str


@dataclass(frozen=True, kw_only=True)
class IssueNotice(Command):
    """Ask for all that the item's form needs and `details` lack; `also` names optional fields, `more` other things.

    Once asked, asking again needs a `reason`.
    """

    returns = ItemView
    item_id: str
    category: str
    item: str
    details: Details = field(default_factory=dict)
    also: tuple[str, ...] = ()
    more: tuple[MoreAsk, ...] = ()
    reason: str = ""


@dataclass(frozen=True, kw_only=True)
class AnswerNotice(Command):
    """Some or all of it, by the client or by staff for it; what was given before may be given anew."""

    returns = ItemView
    item_id: str
    answers: Details


@dataclass(frozen=True, kw_only=True)
class CloseNotice(Command):
    """Wait no longer: go on with what there is."""

    returns = ItemView
    item_id: str
    reason: str


@dataclass(frozen=True, kw_only=True)
class ListOneTimeNotices(Query):
    """Every one-time notice of a request, oldest first; the last of an item is the one it may be waiting for."""

    returns = NoticeList
    request_id: str
    park: str = ""
