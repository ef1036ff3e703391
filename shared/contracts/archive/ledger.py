"""The ledger, and what it tells of one request (clause 6.7)."""

from dataclasses import dataclass
from datetime import datetime

from shared.contracts.base import Answer, Details, Query


@dataclass(frozen=True, kw_only=True)
class Entry(Answer):
    """One line of the ledger."""

    sequence: int
    event_id: str
    type: str
    source: str
    occurred_at: datetime
    actor_id: str
    actor_role: str
    actor_name: str
    item_id: str
    data: Details


@dataclass(frozen=True, kw_only=True)
class Timeline(Answer):
    request_id: str
    park: str
    entries: tuple[Entry, ...]


@dataclass(frozen=True, kw_only=True)
class GetTimeline(Query):
    """Every event of one request, oldest first. An unknown request has none yet."""

    returns = Timeline
    request_id: str
    park: str
