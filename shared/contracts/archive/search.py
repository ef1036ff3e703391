"""Finding dossiers by words, companies and numbers (clause 7.2.3.3)."""

from dataclasses import dataclass
from datetime import datetime

from shared.contracts.base import Answer, Query


@dataclass(frozen=True, kw_only=True)
class FoundDossier(Answer):
    """A sealed dossier as a list shows it; `score` is None where nobody rated."""

    item_id: str
    request_id: str
    park: str
    number: str
    file_number: str
    company: str
    title: str
    category: str
    item: str
    by_organization: bool
    score: int | None
    closed_at: datetime
    sealed_at: datetime


@dataclass(frozen=True, kw_only=True)
class FoundPage(Answer):
    """`total` is exact below 1000, and 1000 stands for as many or more."""

    dossiers: tuple[FoundDossier, ...]
    total: int
    next: str = ""  # pass as `after` for the next page; empty at the end


@dataclass(frozen=True, kw_only=True)
class SearchDossiers(Query):
    """The newest first. Of `text` every word must be in the dossier, and Chinese that stands together stands so there.

    `served`: station or organization; `year` is the one in which the item was closed.
    """

    returns = FoundPage
    text: str = ""
    park: str = ""
    category: str = ""
    year: str = ""
    served: str = ""
    after: str = ""
    limit: int = 50
