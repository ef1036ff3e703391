"""Who had a hand in a service item. No bus, no database."""

from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True, kw_only=True)
class Party:
    """Who had a hand in a service item, as far as feedback heard."""

    item_id: str
    request_id: str
    park: str
    number: str = ""
    title: str = ""
    category: str = ""
    item: str = ""
    owner_id: str = ""
    owner_name: str = ""
    target: str = ""  # who served: a category of the station itself, or an organization
    hands: tuple[str, ...] = ()
    version: int = 0

    @property
    def organization(self) -> str:
        """Which organization served, if one did."""
        return self.target if self.category and self.target != self.category else ""


class Parties(Protocol):
    """Who had a hand in each item."""

    def get(self, item_id: str) -> Party | None: ...

    def hold(self, party: Party) -> Party:
        """What is known of its item, else what is given; locked until the transaction ends."""
        ...

    def put(self, party: Party) -> None: ...
