"""How items belong together: parts of one message, the same need stated twice, one that takes up another again."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime

from services.dispatch.domain.changing import Changing
from shared.contracts.base import Details
from shared.errors import IllegalMove

LETTERS = "abcdefghijklmnopqrstuvwxyz"


def free_letters(held: Iterable[str], count: int) -> list[str]:
    """Letters for `count` more items of a request whose others hold these; the one without was there first."""
    taken = {letter or LETTERS[0] for letter in held}
    free = [letter for letter in LETTERS if letter not in taken]
    if len(free) < count:
        raise IllegalMove("一个需求最多 {most} 件，请另提一件", most=len(LETTERS))
    return free[:count]


@dataclass(kw_only=True)
class Related(Changing):
    """`part` tells the items of one request apart; a request that is one need has none."""

    item_id: str
    number: str
    text: str
    part: str = ""
    split: Details = field(default_factory=dict)  # how the last split can be taken back
    linked: list[dict[str, str]] = field(default_factory=list)  # items that are about the same, by id and name
    into_id: str = ""  # the item under which a merged one is handled, and its request
    into_request: str = ""
    former_id: str = ""  # the filed item that this one takes up again, and the number of its dossier
    former: str = ""

    @property
    def name(self) -> str:
        """What people and dossiers call the item: the request's number, and its letter if there are several."""
        return f"{self.number}{self.part}"

    @property
    def untouched(self) -> bool:
        """Nothing has happened to it since it was split off."""
        return bool(self.split) and self.split["version"] == self.version

    def link(self, other: "Related", now: datetime) -> bool:
        """Each refers to the other; False if they did already."""
        if any(one["item_id"] == other.item_id for one in self.linked):
            return False
        for one, another in ((self, other), (other, self)):
            one.linked = [*one.linked, {"item_id": another.item_id, "number": another.name}]
            one.touch(now)
        return True

    def unlink(self, other: "Related", now: datetime) -> bool:
        if not any(one["item_id"] == other.item_id for one in self.linked):
            return False
        for one, another in ((self, other), (other, self)):
            one.linked = [ref for ref in one.linked if ref["item_id"] != another.item_id]
            one.touch(now)
        return True
