"""The ledger's chains: what happened at a station, line by line, each bound to the line before."""

import hashlib
import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from typing import Any, Protocol

from shared.contracts.archive import Entry
from shared.contracts.base import Event

FIRST = "0" * 64  # what the first line of a chain names as the one before
NEVER = datetime.min.replace(tzinfo=UTC)  # stands for a moment that cannot be read
ENVELOPE = ("event_id", "occurred_at", "park", "request_id", "item_id", "actor", "traceparent")


@dataclass(frozen=True, kw_only=True)
class Line:
    """One line of a park's ledger: an event as it came, chained to the line before."""

    park: str
    sequence: int
    event_id: str
    key: str
    request_id: str
    item_id: str
    occurred_at: datetime
    body: str  # canonical JSON
    previous: str
    hash: str

    def entry(self) -> Entry:
        body = json.loads(self.body)
        source, _, kind = self.key.partition(".")
        actor = body.get("actor") or {}
        return Entry(
            sequence=self.sequence, event_id=self.event_id, type=kind.partition(".")[0], source=source,
            occurred_at=self.occurred_at, actor_id=actor.get("id", ""), actor_role=actor.get("role", ""),
            actor_name=actor.get("name", ""), item_id=self.item_id,
            data={k: v for k, v in body.items() if k not in ENVELOPE},
        )  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class Head:
    """Where a chain ends. Of dossiers also the year of the last, and how many were filed before that year."""

    sequence: int = 0
    hash: str = FIRST
    year: int = 0
    base: int = 0


def canonical(body: dict[str, Any]) -> str:
    """The one way to write a body, so that its hash can be made again."""
    return json.dumps(body, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def link(previous: str, sequence: int, key: str, body: str) -> str:
    """The hash of a line: SHA-256 over the line before, this line's place, what it is and what it says."""
    return hashlib.sha256(f"{previous}\n{sequence}\n{key}\n{body}".encode()).hexdigest()


def append(head: Head, key: str, body: dict[str, Any]) -> Line:
    """The next line of a chain."""
    text, sequence = canonical(body), head.sequence + 1
    return Line(
        **_filed(body), sequence=sequence, key=key, body=text, previous=head.hash,
        hash=link(head.hash, sequence, key, text),
    )  # fmt: skip


def _filed(body: dict[str, Any]) -> dict[str, Any]:
    """What a line repeats of its event, to be found by."""
    return {
        "park": body["park"], "event_id": body["event_id"], "request_id": body.get("request_id") or "",
        "item_id": body.get("item_id") or "", "occurred_at": datetime.fromisoformat(body["occurred_at"]),
    }  # fmt: skip


def in_order(lines: Iterable[Line]) -> list[Line]:
    """As it happened: what came late stands where it belongs, though the chain holds it where it came."""
    return sorted(lines, key=lambda line: (line.occurred_at, line.sequence))


@dataclass(frozen=True, kw_only=True)
class Broken:
    """The first line of a chain that is not what was written there; `why` in plain words."""

    sequence: int
    why: str


class Chain:
    """Follows one station's ledger from its first line, and notes where it first breaks."""

    def __init__(self) -> None:
        self.head, self.count = Head(), 0
        self.broken: Broken | None = None

    def follow(self, lines: Iterable[Line]) -> Iterator[Line]:
        """The same lines, looked at as they pass."""
        for line in lines:
            self.count += 1
            if self.broken is None:
                if why := self._fault(line):
                    self.broken = Broken(sequence=min(line.sequence, self.head.sequence + 1), why=why)
                self.head = Head(sequence=line.sequence, hash=line.hash)
            yield line

    def end(self, head: Head) -> Broken | None:
        """What is wrong, now that all lines have passed; `head` is where the chain was said to end."""
        if self.broken is None and head != self.head:
            if head.sequence > self.head.sequence:
                why = f"is missing: {head.sequence} lines were written, {self.head.sequence} are there"
                self.broken = Broken(sequence=self.head.sequence + 1, why=why)
            else:
                why = "is not where the ledger was left: its last line or the note of it was changed"
                self.broken = Broken(sequence=self.head.sequence, why=why)
        return self.broken

    def _fault(self, line: Line) -> str:
        expected = self.head.sequence + 1
        if line.sequence > expected:
            return f"is missing: line {line.sequence} follows line {self.head.sequence}"
        if line.sequence < expected:
            return "is there twice, or out of its place"
        if line.hash != link(line.previous, line.sequence, line.key, line.body):
            return "was changed: its content does not give its hash"
        if line.previous != self.head.hash:
            return "does not follow from the one before"
        return "" if _as_said(line) else "was filed anew: it stands under another event, request, item or time"


def _as_said(line: Line) -> bool:
    try:
        return all(getattr(line, name) == value for name, value in _filed(json.loads(line.body)).items())
    except (AttributeError, KeyError, TypeError, ValueError):
        return False


@cache
def private_keys() -> frozenset[str]:
    """The events that a client never reads: what colleagues say among themselves."""
    found: list[type[Event]] = [Event]
    for kind in found:
        found += kind.__subclasses__()
    return frozenset(kind.key() for kind in found if kind.private)


class Ledger(Protocol):
    """What happened, park by park; lines are only ever added."""

    def heads(self, parks: list[str]) -> dict[str, Head]:
        """Where these parks' ledgers end; locked until the transaction ends, if it may write."""
        ...

    def known(self, event_ids: list[str]) -> dict[str, str]:
        """The bodies of those of these events that are there already."""
        ...

    def append(self, lines: list[Line]) -> None: ...

    def of_request(self, request_id: str) -> list[Line]:
        """In the order in which they came."""
        ...

    def parks(self) -> list[str]: ...

    def walk(self, park: str) -> Iterator[Line]:
        """The whole ledger of a park as it stands there, readable or not; by sequence."""
        ...

    def hashes(self, park: str, sequences: list[int]) -> dict[int, str]: ...
