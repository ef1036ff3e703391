"""Opening sealed dossiers: asked for with a reason, granted by another, every opening told (6.7, 7.2.3.4)."""

from dataclasses import dataclass
from datetime import datetime

from shared.contracts.archive.dossiers import DossierEvent, DossierState, GrantView
from shared.contracts.base import Answer, Command, Query


@dataclass(frozen=True, kw_only=True)
class DossierAccessAsked(DossierEvent):
    """Somebody wants to open a sealed dossier for so many days, and why."""

    private = True
    grant_id: str
    why: str
    days: int


@dataclass(frozen=True, kw_only=True)
class DossierAccessDecided(DossierEvent):
    """Another person granted it, until then, or refused it with a reason."""

    private = True
    grant_id: str
    granted: bool
    asked_by: str
    until: datetime | None = None
    reason: str = ""


@dataclass(frozen=True, kw_only=True)
class DossierOpened(DossierEvent):
    """The actor saw the whole dossier (`how`: view), or took a copy along (export). Its client needs no grant."""

    private = True
    how: str
    grant_id: str = ""


@dataclass(frozen=True, kw_only=True)
class GrantList(Answer):
    grants: tuple[GrantView, ...]


@dataclass(frozen=True, kw_only=True)
class ListGrants(Query):
    """The newest first: of one dossier, or all; `asked` leaves out what was decided."""

    returns = GrantList
    item_id: str = ""
    park: str = ""
    asked: bool = False


@dataclass(frozen=True, kw_only=True)
class AskDossierAccess(Command):
    returns = GrantView
    item_id: str
    why: str
    days: int = 7


@dataclass(frozen=True, kw_only=True)
class DecideDossierAccess(Command):
    """By an operator or administrator who is not the one that asked."""

    returns = GrantView
    grant_id: str
    grant: bool
    reason: str = ""


@dataclass(frozen=True, kw_only=True)
class OpenDossier(Command):
    """The whole of a sealed dossier, for whoever has a grant now, or for its client; it is on the ledger."""

    returns = DossierState
    item_id: str
    how: str = "view"
