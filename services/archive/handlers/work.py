"""What archive's handlers share: their transaction."""

from typing import Protocol
from zoneinfo import ZoneInfo

from services.archive.domain.dossiers import Dossiers, Shelf
from services.archive.domain.grants import Grants
from services.archive.domain.ledger import Ledger
from services.archive.domain.search import Summaries
from shared.ports import Work


class ArchiveWork(Work, Protocol):
    ledger: Ledger
    dossiers: Dossiers
    summaries: Summaries
    grants: Grants
    shelf: Shelf
    zone: ZoneInfo
