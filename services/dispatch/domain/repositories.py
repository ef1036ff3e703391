"""Where dispatch keeps its items: what a repository promises. No bus, no database."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from services.dispatch.domain.items import Item
from shared.contracts.dispatch import ListClocks, ListItems
from shared.readings import Figures


@dataclass(frozen=True, kw_only=True)
class Neglected:
    """An open item that nobody or nothing would bring to its end."""

    item_id: str
    number: str
    stage: str
    lacks: str


class Items(Protocol):
    """Every service item."""

    def add(self, item: Item) -> None: ...

    def get(self, item_id: str) -> Item:
        """Locked until the transaction ends, if it may write. Raises NotFound."""
        ...

    def glance(self, item_id: str) -> Item:
        """As it is now, not locked: to find out what else to lock, in one order. Raises NotFound."""
        ...

    def of_request(self, request_id: str) -> list[Item]:
        """Every item of the request, oldest first; locked until the transaction ends, if it may write."""
        ...

    def named(self, park: str, name: str) -> list[Item]:
        """Items of the park that people call so, by the request's number or the item's own; not locked."""
        ...

    def near(
        self, park: str, company: str, requests: Sequence[str], since: datetime, until: datetime, most: int
    ) -> list[Item]:
        """Items opened then for the same company, or of these requests; the newest first, not locked."""
        ...

    def put(self, item: Item) -> None: ...

    def waiting_for(self, targets: list[str], most: int) -> list[Item]:
        """Items that wait for one of these targets and that none has declined, the longest waiting first."""
        ...

    def overdue_offers(self, now: datetime, most: int) -> list[Item]:
        """Items whose offer nobody answered in time; no other instance gets the same ones."""
        ...

    def unmatched(self, items: tuple[str, ...] | None, most: int) -> list[Item]:
        """Items of these kinds (of any, if None) for which no organization is left; no other instance gets the same."""
        ...

    def page(self, query: ListItems, parks: tuple[str, ...]) -> tuple[list[Item], dict[str, int]]: ...

    def alarms(self, now: datetime, most: int) -> list[Item]:
        """Items whose clocks are to be looked at; no other instance gets the same ones."""
        ...

    def neglected(self) -> tuple[int, list[Neglected]]:
        """How many items are open, and which of them lack an owner (once accepted), a clock or a way to an ending."""
        ...

    def look_again(self, park: str, now: datetime) -> None:
        """The clocks of this park (of every park, if empty) are read by another plan now."""
        ...

    def with_clocks(
        self, query: ListClocks, parks: tuple[str, ...], now: datetime, told: Sequence[str] = ()
    ) -> tuple[list[Item], Figures]:
        """Items whose clocks run, the most urgent first; only those of which one of `told` was told, if there are."""
        ...
