"""Handing an item over to another who answers for it from then on (clause 7.2.1 a, first-contact responsibility)."""

from dataclasses import dataclass

from shared.contracts.base import Answer, Command
from shared.contracts.dispatch.items import ItemEvent, ItemView


@dataclass(frozen=True, kw_only=True)
class HandOverOffered(ItemEvent):
    """The owner, named in `owner_name`, stays responsible until it is accepted."""

    private = True
    to_id: str
    to_name: str
    reason: str
    owner_name: str


@dataclass(frozen=True, kw_only=True)
class HandOverAccepted(ItemEvent):
    """From now on `owner_name` is responsible."""

    heard_by = ("feedback",)
    owner_id: str
    owner_name: str
    before: str


@dataclass(frozen=True, kw_only=True)
class HandOverDeclined(ItemEvent):
    """Declined by whom it was offered to, or taken back: the actor says which. The owner stays."""

    private = True
    to_name: str
    owner_name: str
    reason: str = ""


@dataclass(frozen=True, kw_only=True)
class HandedOver(Answer):
    items: tuple[ItemView, ...]


@dataclass(frozen=True, kw_only=True)
class OfferHandOver(Command):
    """All of the items or none; up to 100."""

    returns = HandedOver
    item_ids: tuple[str, ...]
    to_id: str
    to_name: str
    reason: str


@dataclass(frozen=True, kw_only=True)
class AcceptHandOver(Command):
    returns = HandedOver
    item_ids: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class DeclineHandOver(Command):
    """Whoever is asked must say why not; the owner may take it back without a word."""

    returns = HandedOver
    item_ids: tuple[str, ...]
    reason: str = ""
