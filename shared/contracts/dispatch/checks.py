"""Checks of service quality, by sample and as needed (clause 6.4.1)."""

from dataclasses import dataclass
from datetime import datetime

from shared.contracts.base import Answer, Command, Query
from shared.contracts.dispatch.items import ItemEvent


@dataclass(frozen=True, kw_only=True)
class CheckOrdered(ItemEvent):
    """Someone who had no part in it is to look at how an item was served. `sampled`: the sample says so."""

    check_id: str
    sampled: bool
    reason: str = ""


@dataclass(frozen=True, kw_only=True)
class QualityChecked(ItemEvent):
    """`outcome`: good, minor or serious."""

    check_id: str
    outcome: str
    note: str = ""


@dataclass(frozen=True, kw_only=True)
class CheckView(Answer):
    """`outcome` is empty until it was looked at."""

    check_id: str
    item_id: str
    park: str
    number: str
    title: str
    sampled: bool
    reason: str
    ordered_at: datetime
    outcome: str = ""
    note: str = ""
    checked_at: datetime | None = None
    by_name: str = ""


@dataclass(frozen=True, kw_only=True)
class CheckPage(Answer):
    """Open ones, the oldest first; `counts` by outcome of those ordered in the last 30 days, `open` for the rest."""

    checks: tuple[CheckView, ...]
    counts: dict[str, int]


@dataclass(frozen=True, kw_only=True)
class ListChecks(Query):
    returns = CheckPage
    park: str = ""


@dataclass(frozen=True, kw_only=True)
class GetCheck(Query):
    returns = CheckView
    check_id: str


@dataclass(frozen=True, kw_only=True)
class OrderCheck(Command):
    """Have an item looked at, whatever the sample says."""

    returns = CheckView
    item_id: str
    reason: str


@dataclass(frozen=True, kw_only=True)
class RecordCheck(Command):
    """By someone who neither was responsible for the item nor served it."""

    returns = CheckView
    check_id: str
    outcome: str
    note: str = ""
