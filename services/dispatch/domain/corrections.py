"""What staff assessed otherwise than was suggested: kept, so that suggestions of the district get better."""

from collections.abc import Hashable
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol


@dataclass(frozen=True, kw_only=True)
class Correction:
    """The last assessment of one item that was not what was suggested; its text is the item's."""

    item_id: str
    park: str
    category: str
    item: str
    suggested: str
    corrected_at: datetime


class Corrections(Protocol):
    def get(self, item_id: str) -> Correction | None: ...

    def put(self, correction: Correction) -> None:
        """In the place of the item's earlier one, if there is one."""
        ...

    def of(self, parks: tuple[str, ...], most: int) -> list[tuple[str, str, str]]:
        """Category, item and text of the newest corrections in these parks, the newest first."""
        ...

    def stamp(self, parks: tuple[str, ...]) -> Hashable:
        """Something that changes whenever `of` would say something else."""
        ...


class Parks(Protocol):
    """The parks that have a station, by district, and the industries each is known for (4.1.2)."""

    def put(self, park: str, district: str, industries: tuple[str, ...] = ()) -> None: ...

    def industries(self, park: str) -> tuple[str, ...]:
        """None of a park that nobody told of."""
        ...

    def beside(self, park: str) -> tuple[str, ...]:
        """All parks of this park's district, itself included; itself alone while its district is not known."""
        ...
