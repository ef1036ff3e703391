"""What a dossier is, and what it holds (7.2.3.1). No bus, no database, no files."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from services.archive.domain.ledger import Head, Line, in_order
from shared.contracts.archive import DossierView, Entry
from shared.contracts.base import Details

Parts = dict[str, Details | list[Details]]


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

    def missing(self, lines: list[Line]) -> list[str]:
        """The events its closing named that have not come yet."""
        there = {line.event_id for line in lines}
        return [event_id for event_id in self.evidence if event_id not in there]

    def view(self) -> DossierView:
        assert self.sealed_at is not None
        return DossierView(
            item_id=self.item_id, request_id=self.request_id, park=self.park, number=self.number,
            sequence=self.sequence, digest=self.digest, previous=self.previous, sealed_at=self.sealed_at,
            path=self.path,
        )  # fmt: skip


def contents(dossier: Dossier, lines: list[Line]) -> Parts:
    """The parts that 7.2.3.1 asks for, drawn from the request's ledger lines, oldest first."""
    # A request may have several items.
    lines = [line for line in lines if line.park == dossier.park and line.item_id in ("", dossier.item_id)]
    entries = [line.entry() for line in in_order(lines)]
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


class Dossiers(Protocol):
    def add(self, dossier: Dossier) -> None: ...

    def due(self, most: int) -> list[Dossier]:
        """Not sealed yet, the oldest first; no other instance gets the same ones."""
        ...

    def head(self, park: str) -> Head:
        """The last sealed one of a station; locked until the transaction ends, if it may write."""
        ...

    def seal(self, dossier: Dossier) -> None: ...

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
