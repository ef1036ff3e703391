"""The same need stated twice: linked or merged by a person, and taken apart again; and what is taken up again."""

from dataclasses import dataclass

from shared.contracts.base import Command
from shared.contracts.dispatch.items import ItemEvent, ItemView


@dataclass(frozen=True, kw_only=True)
class ItemUnmerged(ItemEvent):
    """It is a need of its own after all."""

    into: str


@dataclass(frozen=True, kw_only=True)
class ItemLinked(ItemEvent):
    """Said of both: each goes on, and refers to the other."""

    private = True
    other_id: str
    other: str


@dataclass(frozen=True, kw_only=True)
class ItemUnlinked(ItemEvent):
    private = True
    other_id: str
    other: str


@dataclass(frozen=True, kw_only=True)
class ItemReopened(ItemEvent):
    """Taken up again from the beginning.

    `former_id` and `former` name the filed item and its dossier, if this is a new item in its place.
    """

    heard_by = ("feedback",)
    number: str
    reason: str
    former_id: str = ""
    former: str = ""


@dataclass(frozen=True, kw_only=True)
class UnmergeItem(Command):
    returns = ItemView
    item_id: str


@dataclass(frozen=True, kw_only=True)
class LinkItem(Command):
    """`other` is the number of an item of the same station."""

    returns = ItemView
    item_id: str
    other: str


@dataclass(frozen=True, kw_only=True)
class UnlinkItem(Command):
    returns = ItemView
    item_id: str
    other_id: str


@dataclass(frozen=True, kw_only=True)
class ReopenItem(Command):
    """Some days long after it was told or ended; what is filed already is taken up again as a new item."""

    returns = ItemView
    item_id: str
    reason: str
