"""How far a service is, as its client may know it: from the ledger of the request."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from shared.contracts.archive import Entry

_BEGINS_ANEW = {"item_assessed", "job_offered"}


@dataclass(frozen=True, kw_only=True)
class Progress:
    """What whoever serves said last."""

    text: str
    by: str
    reported_at: datetime
    share: int | None = None
    next_step: str = ""
    expected_on: str = ""


def progress_of(entries: Iterable[Entry]) -> Progress | None:
    """The newest report since the item was given to whoever has it now; None while there is none."""
    found: Progress | None = None
    for entry in entries:
        if entry.type in _BEGINS_ANEW:
            found = None
        elif entry.type == "progress_reported" and not entry.data.get("late"):
            one = _read(entry.data)
            found = one if found is None or one.reported_at >= found.reported_at else found
    return found


def _read(data: Any) -> Progress:
    return Progress(
        text=str(data["text"]),
        by=str(data["by"]),
        reported_at=datetime.fromisoformat(data["reported_at"]),
        share=data.get("share"),
        next_step=str(data.get("next_step") or ""),
        expected_on=str(data.get("expected_on") or ""),
    )


@dataclass(frozen=True, kw_only=True)
class Delay:
    """What the client was told of a delay."""

    expected_on: str
    reason: str


def delay_of(entries: Iterable[Entry]) -> Delay | None:
    """The last delay told of the service as it is given now; None while there is none."""
    found: Delay | None = None
    for entry in entries:
        if entry.type in _BEGINS_ANEW:
            found = None
        elif entry.type == "delay_announced":
            found = Delay(expected_on=str(entry.data["expected_on"]), reason=str(entry.data["reason"]))
    return found
