"""Dossiers: what each must hold, how it is sealed, printed, added to and checked (clauses 6.7, 7.2.3.1).

A part of a dossier is named application, agreement, result, staff, fees or evaluation.
"""

from dataclasses import dataclass
from datetime import datetime

from shared.contracts.archive.ledger import Entry
from shared.contracts.base import Answer, Command, Details, Event, Query


@dataclass(frozen=True, kw_only=True)
class DossierEvent(Event):
    """Something about the dossier of an item, which is called `number`."""

    item_id: str
    number: str


@dataclass(frozen=True, kw_only=True)
class DossierSealed(DossierEvent):
    """`digest` is the SHA-256 of the bag's tag manifest, which the station's next dossier names as `previous`.

    `file_number` has no gaps within one station and year.
    """

    heard_by = ("dispatch",)
    sequence: int
    digest: str
    previous: str
    file_number: str = ""


@dataclass(frozen=True, kw_only=True)
class DossierPartsAsked(DossierEvent):
    """The item is closed, and its dossier waits for these parts, which nobody recorded."""

    private = True
    missing: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class DossierPartSupplied(DossierEvent):
    """Staff recorded a part that was missing."""

    private = True
    part: str
    text: str


@dataclass(frozen=True, kw_only=True)
class DossierAmended(DossierEvent):
    """Something is added to a sealed dossier, and why; what was sealed stays as it is."""

    text: str
    reason: str


@dataclass(frozen=True, kw_only=True)
class DossierPrinted(DossierEvent):
    """The dossier was set for people, once: PDF/A of this content."""

    sha256: str
    size: int


@dataclass(frozen=True, kw_only=True)
class DossierFlawed(DossierEvent):
    """A check found that the dossier is no longer authentic, whole, usable or safe."""

    private = True
    flaws: tuple[str, ...]


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
    file_number: str = ""
    closed_at: datetime | None = None
    checked_at: datetime | None = None
    flaws: tuple[str, ...] = ()


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


@dataclass(frozen=True, kw_only=True)
class PartView(Answer):
    """One part: `there` if something is recorded, `needed` if the dossier must have it."""

    part: str
    there: bool
    needed: bool
    content: Details


@dataclass(frozen=True, kw_only=True)
class AmendmentView(Answer):
    text: str
    reason: str
    by_name: str
    at: datetime


@dataclass(frozen=True, kw_only=True)
class GrantView(Answer):
    """`state`: asked, granted, refused, or over once its time has passed."""

    grant_id: str
    item_id: str
    park: str
    number: str
    file_number: str
    by_id: str
    by_name: str
    why: str
    days: int
    asked_at: datetime
    state: str
    until: datetime | None = None
    decided_by: str = ""
    decided_at: datetime | None = None
    reason: str = ""


@dataclass(frozen=True, kw_only=True)
class DossierState(Answer):
    """What the dossier of an item holds by now; `sealed` once it is filed. `print_sha256`: its PDF, once made.

    Once it is sealed, what its parts and amendments say is there only when it was `opened`; `amended` counts them.
    `grant` is the reader's newest.
    """

    item_id: str
    request_id: str
    park: str
    by_organization: bool
    parts: tuple[PartView, ...]
    missing: tuple[str, ...]
    closed_at: datetime | None = None
    sealed: DossierView | None = None
    amendments: tuple[AmendmentView, ...] = ()
    entries: tuple[Entry, ...] = ()
    print_sha256: str = ""
    opened: bool = True
    amended: int = 0
    grant: GrantView | None = None


@dataclass(frozen=True, kw_only=True)
class GetDossier(Query):
    """`request_id` is needed as long as the item is not closed."""

    returns = DossierState
    item_id: str
    request_id: str = ""


@dataclass(frozen=True, kw_only=True)
class SupplyDossierPart(Command):
    """Record a part that is missing (7.2.3.1), before the dossier is sealed."""

    returns = DossierState
    item_id: str
    request_id: str
    part: str
    text: str


@dataclass(frozen=True, kw_only=True)
class AmendDossier(Command):
    """Add to a sealed dossier: a correction, or what came later."""

    returns = DossierState
    item_id: str
    text: str
    reason: str


@dataclass(frozen=True, kw_only=True)
class KeepDossierPrint(Command):
    """The PDF of a sealed dossier is in the file store; the first one kept stays."""

    returns = DossierState
    item_id: str
    sha256: str
    size: int
