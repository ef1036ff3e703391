"""What archive takes and says: the ledger, timelines and dossiers (clauses 6.7, 7.2.3)."""

from dataclasses import dataclass
from datetime import datetime

from shared.contracts.base import Answer, Details, Event, Query


@dataclass(frozen=True, kw_only=True)
class DossierSealed(Event):
    """`digest` is the SHA-256 of the bag's tag manifest, which the station's next dossier names as `previous`."""

    heard_by = ("dispatch",)
    item_id: str
    number: str
    sequence: int
    digest: str
    previous: str


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


@dataclass(frozen=True, kw_only=True)
class DossierView(Answer):
    item_id: str
    request_id: str
    park: str
    number: str
    sequence: int
    digest: str
    previous: str
    sealed_at: datetime
    path: str


@dataclass(frozen=True, kw_only=True)
class DossierPage(Answer):
    dossiers: tuple[DossierView, ...]
    total: int
    next: str = ""


@dataclass(frozen=True, kw_only=True)
class ListDossiers(Query):
    returns = DossierPage
    park: str = ""
    request_id: str = ""
    after: str = ""
    limit: int = 100
