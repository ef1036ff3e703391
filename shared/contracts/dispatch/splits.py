"""Several needs in one message: each becomes an item of its own, of the same request."""

from dataclasses import dataclass

from shared.contracts.base import Answer, Command
from shared.contracts.dispatch.items import ItemEvent, ItemView


@dataclass(frozen=True, kw_only=True)
class ItemSplit(ItemEvent):
    """Said of every part: `part` is its letter, `parts` how many there are, `origin` the item that was split."""

    number: str
    part: str
    parts: int
    text: str
    origin: str


@dataclass(frozen=True, kw_only=True)
class SplitUndone(ItemEvent):
    """Said of every part: `origin` is whole again and goes on alone."""

    number: str
    origin: str


@dataclass(frozen=True, kw_only=True)
class SplitItems(Answer):
    """All items of the request that are not over by being rejoined, in the order of their letters."""

    items: tuple[ItemView, ...]


@dataclass(frozen=True, kw_only=True)
class SplitItem(Command):
    """`texts` are what each part is about, in the order of their letters; the item itself becomes the first."""

    returns = SplitItems
    item_id: str
    texts: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class UnsplitItem(Command):
    """Any of the parts; possible while nothing has happened to any of them."""

    returns = SplitItems
    item_id: str
