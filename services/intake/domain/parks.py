"""The parks whose needs are taken, and how their requests are numbered."""

from typing import Protocol


def number(short: str, year: int, count: int) -> str:
    """天安2026-0128: how people name a request."""
    return f"{short}{year}-{count:04d}"


class Parks(Protocol):
    """The parks that have a station."""

    def all(self) -> list[str]: ...

    def shorts(self) -> dict[str, str]:
        """What people call each park, by its code; in the order of the codes."""
        ...

    def put(self, park: str, short: str) -> None: ...

    def next_number(self, park: str, year: int) -> str | None:
        """1, 2, 3 ... without gaps, for what is rolled back is not counted; None if there is no such park."""
        ...
