"""Archive's transaction without a database; tests/integration/archive keeps it honest."""

from collections.abc import Iterator
from copy import deepcopy
from dataclasses import replace
from datetime import datetime
from typing import Any

from services.archive.bag import package
from services.archive.domain.dossiers import Dossier, Parts
from services.archive.domain.grants import Grant
from services.archive.domain.ledger import Head, Line
from services.archive.domain.search import Piece, Summary, asked, mark
from shared.contracts.archive import SearchDossiers
from shared.errors import NotFound
from tests.fakes import FakeWork


class FakeLedger:
    def __init__(self, work: FakeWork) -> None:
        self._work = work

    @property
    def lines(self) -> list[Line]:
        return self._work.kept.setdefault("lines", [])

    @property
    def _ends(self) -> dict[str, Head]:
        return self._work.kept.setdefault("ends", {})

    def heads(self, parks: list[str]) -> dict[str, Head]:
        return {park: self._ends.get(park, Head()) for park in parks}

    def known(self, event_ids: list[str]) -> dict[str, str]:
        return {line.event_id: line.body for line in self.lines if line.event_id in event_ids}

    def append(self, lines: list[Line]) -> None:
        self.lines.extend(lines)
        self._ends.update({line.park: Head(sequence=line.sequence, hash=line.hash) for line in lines})

    def of_request(self, request_id: str) -> list[Line]:
        return [line for line in self.lines if line.request_id == request_id]

    def parks(self) -> list[str]:
        return sorted({line.park for line in self.lines})

    def walk(self, park: str) -> Iterator[Line]:
        yield from sorted((line for line in self.lines if line.park == park), key=lambda line: line.sequence)

    def hashes(self, park: str, sequences: list[int]) -> dict[int, str]:
        return {line.sequence: line.hash for line in self.walk(park) if line.sequence in sequences}


class FakeDossiers:
    def __init__(self, work: FakeWork) -> None:
        self._work = work

    @property
    def kept(self) -> dict[str, Dossier]:
        return self._work.kept.setdefault("dossiers", {})

    @property
    def _ends(self) -> dict[str, Head]:
        return self._work.kept.setdefault("dossier ends", {})

    def add(self, dossier: Dossier) -> None:
        self.kept.setdefault(dossier.item_id, deepcopy(dossier))

    def find(self, item_id: str) -> Dossier | None:
        return deepcopy(self.kept.get(item_id))

    def due(self, now: datetime, most: int) -> list[Dossier]:
        waiting = [d for d in self.kept.values() if d.sealed_at is None and d.look_at <= now]
        return deepcopy(sorted(waiting, key=lambda dossier: dossier.look_at)[:most])

    def unchecked(self, before: datetime, most: int) -> list[Dossier]:
        return deepcopy([d for d in self.kept.values() if d.checked_at and d.checked_at <= before][:most])

    def unlisted(self, most: int) -> list[Dossier]:
        return deepcopy([d for d in self.kept.values() if d.sealed_at and not d.listed][:most])

    def head(self, park: str) -> Head:
        return self._ends.get(park, Head())

    def seal(self, dossier: Dossier, end: Head) -> None:
        self.kept[dossier.item_id] = deepcopy(dossier)
        self._ends[dossier.park] = replace(end, hash=dossier.digest)

    def put(self, dossier: Dossier) -> None:
        self.kept[dossier.item_id] = deepcopy(dossier)

    def look_again(self, item_id: str, now: datetime) -> None:
        if item_id in self.kept:
            self.kept[item_id].look_at = now

    def page(
        self, park: str, request_id: str, parks: tuple[str, ...], after: str, limit: int
    ) -> tuple[list[Dossier], int]:
        found = [
            dossier
            for dossier in self.kept.values()
            if dossier.sealed_at is not None
            and ("*" in parks or dossier.park in parks)
            and park in ("", dossier.park)
            and request_id in ("", dossier.request_id)
        ]
        shown = sorted((d for d in found if not after or d.item_id < after), key=lambda d: d.item_id, reverse=True)
        return deepcopy(shown[:limit]), len(found)

    def walk(self) -> Iterator[Dossier]:
        yield from deepcopy(list(self.kept.values()))


class FakeShelf:
    def __init__(self) -> None:
        self.stands: dict[str, dict[str, bytes]] = {}

    def file(self, dossier: Dossier, parts: Parts) -> str:
        self.stands[dossier.path], digest = package(dossier, parts)
        return digest

    def places(self) -> list[str]:
        return sorted(self.stands)

    def read(self, path: str) -> dict[str, bytes]:
        return dict(self.stands.get(path, {}))


class FakeSummaries:
    """Finds as the databases do: every mark, and every piece as words that follow each other or a word's beginning."""

    def __init__(self, work: FakeWork) -> None:
        self._work = work

    @property
    def _kept(self) -> list[Summary]:
        return self._work.kept.setdefault("summaries", [])

    def add(self, summaries: list[Summary]) -> None:
        for one in summaries:
            self._kept.append(replace(one, place=len(self._kept) + 1))

    def search(self, query: SearchDossiers, parks: tuple[str, ...]) -> tuple[list[Summary], int]:
        kinds = [kind for kind in ("park", "category", "year", "served") if getattr(query, kind)]
        marks = {mark(kind, getattr(query, kind)) for kind in kinds}
        found = [
            one
            for one in reversed(self._kept)
            if ("*" in parks or one.park in parks)
            and marks <= set(one.words.split())
            and all(_has(f" {one.words} ", piece) for piece in asked(query.text))
        ]
        shown = [one for one in found if not query.after or one.place < int(query.after)]
        return deepcopy(shown[: query.limit]), min(len(found), 1000)


def _has(words: str, piece: Piece) -> bool:
    wanted = " " + " ".join(piece.words) + ("" if piece.begins else " ")
    return wanted in words


class FakeGrants:
    def __init__(self, work: FakeWork) -> None:
        self._work = work

    @property
    def _kept(self) -> dict[str, Grant]:
        return self._work.kept.setdefault("grants", {})

    def add(self, grant: Grant) -> None:
        self._kept[grant.grant_id] = deepcopy(grant)

    put = add

    def get(self, grant_id: str) -> Grant:
        if grant_id not in self._kept:
            raise NotFound("没有这个申请")
        return deepcopy(self._kept[grant_id])

    def latest(self, item_id: str, by_id: str) -> Grant | None:
        return deepcopy(
            next((g for g in reversed(self._kept.values()) if (g.item_id, g.by_id) == (item_id, by_id)), None)
        )

    def page(self, item_id: str, park: str, asked: bool, parks: tuple[str, ...], most: int) -> list[Grant]:
        found = [
            one
            for one in reversed(self._kept.values())
            if ("*" in parks or one.park in parks)
            and item_id in ("", one.item_id)
            and park in ("", one.park)
            and not (asked and one.granted is not None)
        ]
        return deepcopy(found[:most])


class FakeArchive(FakeWork):
    def __init__(self, **given: Any) -> None:
        super().__init__(**given)
        self.ledger, self.dossiers, self.shelf = FakeLedger(self), FakeDossiers(self), FakeShelf()
        self.summaries, self.grants = FakeSummaries(self), FakeGrants(self)
