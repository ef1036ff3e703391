"""The ledger's chain, and what a dossier holds. No bus, no database, no files."""

import hashlib
import json
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any, Protocol

from shared.contracts.archive import DossierView, Entry
from shared.contracts.base import Details, Event

FIRST = "0" * 64  # what the first line of a chain names as the one before
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
    """Where a chain ends."""

    sequence: int = 0
    hash: str = FIRST


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
        park=body["park"], sequence=sequence, event_id=body["event_id"], key=key,
        request_id=body.get("request_id") or "", item_id=body.get("item_id") or "",
        occurred_at=datetime.fromisoformat(body["occurred_at"]), body=text, previous=head.hash,
        hash=link(head.hash, sequence, key, text),
    )  # fmt: skip


def broken_at(lines: list[Line]) -> int | None:
    """The sequence of the first line of a park's whole ledger that does not follow from the one before."""
    head = Head()
    for line in lines:
        right = line.sequence == head.sequence + 1 and line.previous == head.hash
        if not right or line.hash != link(line.previous, line.sequence, line.key, line.body):
            return line.sequence
        head = Head(sequence=line.sequence, hash=line.hash)
    return None


@dataclass(kw_only=True)
class Dossier:
    """The file of one service item (7.2.3.1): due once the item is closed, sealed once it is filed."""

    item_id: str
    request_id: str
    park: str
    number: str
    evidence: list[str]
    closed_at: datetime
    sequence: int = 0
    digest: str = ""
    previous: str = ""
    path: str = ""
    sealed_at: datetime | None = None

    def view(self) -> DossierView:
        assert self.sealed_at is not None
        return DossierView(
            item_id=self.item_id, request_id=self.request_id, park=self.park, number=self.number,
            sequence=self.sequence, digest=self.digest, previous=self.previous, sealed_at=self.sealed_at,
            path=self.path,
        )  # fmt: skip


def contents(dossier: Dossier, lines: list[Line]) -> dict[str, Details | list[Details]]:
    """The parts that 7.2.3.1 asks for, drawn from the request's ledger lines, oldest first."""
    lines = [line for line in lines if line.item_id in ("", dossier.item_id)]  # a request may have several items
    entries = [line.entry() for line in lines]
    said: dict[str, Entry] = {entry.type: entry for entry in entries}

    def data(kind: str, *names: str) -> Details:
        if kind not in said:
            return {}
        return {"at": said[kind].occurred_at.isoformat(), **{name: said[kind].data.get(name) for name in names}}

    staff = {
        entry.actor_id: entry.actor_name for entry in entries if entry.actor_role in ("staff", "operator", "admin")
    }
    result = data("service_finished", "title", "category", "item", "result", "served_by")
    unanswered = data("survey_lapsed", "reason")
    return {
        "application": {
            "number": dossier.number,
            **data("request_received", "company", "text", "channel", "category", "item", "details"),
            **data("request_received", "occasion", "on_behalf"),
            **({"part": said["item_split"].data.get("text")} if "item_split" in said else {}),
            **({"takes_up": said["item_reopened"].data.get("former")} if "item_reopened" in said else {}),
        },
        "agreement": data("item_assessed", "category", "item", "title", "note"),
        "result": result,
        "staff": {
            "served_by": result.get("served_by", ""),
            "took_part": [{"id": k, "name": v} for k, v in staff.items()],
        },
        "fees": {"charged": result.get("result", {}).get("fee") if result else None},
        "evaluation": data("survey_answered", "score", "comment") or {"score": None, **unanswered},
        "ledger": [
            {
                "sequence": line.sequence, "key": line.key, "previous": line.previous, "hash": line.hash,
                "body": json.loads(line.body),
            }
            for line in lines
        ],
    }  # fmt: skip


class Ledger(Protocol):
    """What happened, park by park; lines are only ever added."""

    def heads(self, parks: list[str]) -> dict[str, Head]:
        """Where these parks' ledgers end; locked until the transaction ends."""
        ...

    def known(self, event_ids: list[str]) -> set[str]: ...

    def append(self, lines: list[Line]) -> None: ...

    def of_request(self, request_id: str) -> list[Line]: ...


class Dossiers(Protocol):
    def add(self, dossier: Dossier) -> None: ...

    def due(self, most: int) -> list[Dossier]:
        """Not sealed yet, the oldest first; no other instance gets the same ones."""
        ...

    def head(self, park: str) -> Head:
        """The last sealed one of a station; locked until the transaction ends."""
        ...

    def seal(self, dossier: Dossier) -> None: ...

    def page(
        self, park: str, request_id: str, parks: tuple[str, ...], after: str, limit: int
    ) -> tuple[list[Dossier], int]: ...


class Shelf(Protocol):
    """Where sealed dossiers stand."""

    def file(self, dossier: Dossier, parts: dict[str, Details | list[Details]]) -> str:
        """Write the dossier for good and return its digest; what an earlier, unfinished attempt left is replaced."""
        ...


@cache
def private_keys() -> frozenset[str]:
    """The events that a client never reads: what colleagues say among themselves."""
    found: list[type[Event]] = [Event]
    for kind in found:
        found += kind.__subclasses__()
    return frozenset(kind.key() for kind in found if kind.private)
