"""What a dossier is, and how it comes to be sealed (7.2.3.1). No bus, no database, no files."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Protocol

from services.archive.domain.ledger import Head, Line
from shared.contracts.archive import DossierView
from shared.contracts.base import Details
from shared.errors import IllegalMove

Parts = dict[str, Details | list[Details]]
SOON, SELDOM = timedelta(milliseconds=400), timedelta(minutes=5)
NEVER_BY_ITSELF = timedelta(days=1)  # a dossier that staff must complete; it is looked at as soon as they do


@dataclass(kw_only=True)
class Dossier:
    """The file of one service item: due once the item is closed, sealed once it is filed."""

    item_id: str
    request_id: str
    park: str
    number: str
    evidence: list[str]
    closed_at: datetime
    look_at: datetime  # when to try and seal it
    lacking: list[str] = field(default_factory=list)  # parts that staff were asked for
    file_number: str = ""
    sequence: int = 0
    digest: str = ""
    previous: str = ""
    path: str = ""
    sealed_at: datetime | None = None
    checked_at: datetime | None = None
    flaws: list[str] = field(default_factory=list)
    print_sha256: str = ""
    listed: bool = False  # can be found by its words

    def missing(self, lines: list[Line]) -> list[str]:
        """The events its closing named that have not come yet."""
        there = {line.event_id for line in lines}
        return [event_id for event_id in self.evidence if event_id not in there]

    def wait(self, now: datetime) -> None:
        """An event is still on its way: try again soon, and the later the longer it takes."""
        self.look_at = now + min(max(SOON, (now - self.closed_at) / 10), SELDOM)

    def ask(self, parts: list[str], now: datetime) -> bool:
        """Staff must record these parts first; returns whether they were not asked for the same before."""
        new = parts != self.lacking
        self.lacking, self.look_at = parts, now + NEVER_BY_ITSELF
        return new

    def take_place(self, head: Head, year: int, now: datetime) -> Head:
        """The next of its station's chain, and the next number of this year; returns where the chain will end."""
        year = max(year, head.year)  # a clock that went back opens no year again
        base = head.base if year == head.year else head.sequence
        self.sequence, self.previous, self.sealed_at, self.checked_at = head.sequence + 1, head.hash, now, now
        self.file_number = file_number(self.number, self.park, year, self.sequence - base)
        self.path = f"{self.park}/{year}/{self.number}"
        self.lacking, self.listed = [], True
        return Head(sequence=self.sequence, hash="", year=year, base=base)

    def need_sealed(self) -> None:
        if self.sealed_at is None:
            raise IllegalMove("这份档案还没有归档")

    def view(self) -> DossierView:
        assert self.sealed_at is not None
        return DossierView(
            item_id=self.item_id, request_id=self.request_id, park=self.park, number=self.number,
            sequence=self.sequence, digest=self.digest, previous=self.previous, sealed_at=self.sealed_at,
            path=self.path, file_number=self.file_number, closed_at=self.closed_at, checked_at=self.checked_at,
            flaws=tuple(self.flaws),
        )  # fmt: skip


def file_number(number: str, park: str, year: int, count: int) -> str:
    """As `天安档2026-0001`: the station as its requests name it, the year of filing, and the how manieth."""
    named = re.match(r"(.+?)\d{4}-", number)
    return f"{named[1] if named else park}档{year}-{count:04d}"


class Dossiers(Protocol):
    def add(self, dossier: Dossier) -> None: ...

    def find(self, item_id: str) -> Dossier | None:
        """Locked until the transaction ends, if it may write."""
        ...

    def due(self, now: datetime, most: int) -> list[Dossier]:
        """To be sealed now, the longest waiting first; no other instance gets the same ones."""
        ...

    def unchecked(self, before: datetime, most: int) -> list[Dossier]:
        """Sealed, and not checked since; no other instance gets the same ones."""
        ...

    def unlisted(self, most: int) -> list[Dossier]:
        """Sealed before they could be found by their words; no other instance gets the same ones."""
        ...

    def head(self, park: str) -> Head:
        """The last sealed one of a station; locked until the transaction ends, if it may write."""
        ...

    def seal(self, dossier: Dossier, end: Head) -> None: ...

    def put(self, dossier: Dossier) -> None:
        """What may change: when it is looked at, what it lacks, how its checks went, its print."""
        ...

    def look_again(self, item_id: str, now: datetime) -> None:
        """Something it waited for has come."""
        ...

    def page(
        self, park: str, request_id: str, parks: tuple[str, ...], after: str, limit: int
    ) -> tuple[list[Dossier], int]: ...

    def walk(self) -> Iterator[Dossier]:
        """Every one as it stands in the register, readable or not."""
        ...


class Shelf(Protocol):
    """Where sealed dossiers stand."""

    def file(self, dossier: Dossier, parts: Parts) -> str:
        """Write the dossier for good and return its digest; what an earlier, unfinished attempt left is replaced."""
        ...

    def places(self) -> list[str]:
        """Whatever stands where dossiers do, by path."""
        ...

    def read(self, path: str) -> dict[str, bytes]:
        """Every file of a dossier by name; none if there is no such place."""
        ...
