"""What happens to complaints, from their receipt to their end and beyond (6.6.1, 6.6.2)."""

from dataclasses import dataclass
from datetime import datetime

from shared.contracts.base import Event
from shared.contracts.station import Recipient


@dataclass(frozen=True, kw_only=True)
class ComplaintEvent(Event):
    """Something happened to a complaint; `item_id` is set when it is about a service item."""

    complaint_id: str
    number: str
    item_id: str = ""


@dataclass(frozen=True, kw_only=True)
class ComplaintReceived(ComplaintEvent):
    channel: str
    about: str
    text: str
    wish: str = ""
    anonymous: bool = False
    repeated: bool = False


@dataclass(frozen=True, kw_only=True)
class ComplaintAcknowledged(ComplaintEvent):
    """`handler_name` looks into it, and is none of those it is about; `round` 2 is the internal appeal."""

    handler_id: str
    handler_name: str
    round: int = 1


@dataclass(frozen=True, kw_only=True)
class ComplaintAssessed(ComplaintEvent):
    """The initial assessment; `action` is what was done at once, where that was needed."""

    severity: str
    safety: bool
    complexity: str
    impact: str
    at_once: bool
    action: str = ""
    organization: str = ""


@dataclass(frozen=True, kw_only=True)
class FindingRecorded(ComplaintEvent):
    """A step of the investigation. For the station alone."""

    text: str


@dataclass(frozen=True, kw_only=True)
class ComplaintExtended(ComplaintEvent):
    """It takes longer, said before the time was over."""

    days: int
    reason: str


@dataclass(frozen=True, kw_only=True)
class ComplaintDecided(ComplaintEvent):
    """`outcome`: confirmed, partly or unfounded; `response` is what is done about it."""

    outcome: str
    response: str
    text: str
    organization: str = ""
    round: int = 1


@dataclass(frozen=True, kw_only=True)
class ComplaintConfirmed(ComplaintEvent):
    """It was right, wholly or in part: it counts in the evaluation of the organization that served, if one did.

    A severe one, or one that touches safety, keeps that organization out of new offers until the operator lifts it.
    """

    heard_by = ("providers",)
    outcome: str
    severity: str
    safety: bool
    organization: str = ""
    category: str = ""


@dataclass(frozen=True, kw_only=True)
class DecisionTold(ComplaintEvent):
    """The complainant knows the decision, and until when it may be appealed against inside the station."""

    how: str
    note: str = ""
    appeal_until: datetime | None = None


@dataclass(frozen=True, kw_only=True)
class DecisionAppealed(ComplaintEvent):
    text: str


@dataclass(frozen=True, kw_only=True)
class ComplaintClosed(ComplaintEvent):
    """`reason`: accepted, lapsed (no appeal came in time), settled (the dispute was carried out) or withdrawn."""

    reason: str
    note: str = ""


@dataclass(frozen=True, kw_only=True)
class DisputeNoted(ComplaintEvent):
    """What happened outside: it was submitted to a provider, concluded there, or carried out (GB/T 19013)."""

    what: str
    provider: str
    method: str
    on: str
    text: str = ""


@dataclass(frozen=True, kw_only=True)
class CorrectionOrdered(ComplaintEvent):
    """Somebody is to see to it that it does not happen again."""

    correction_id: str
    what: str
    owner_id: str
    owner_name: str
    due_on: str


@dataclass(frozen=True, kw_only=True)
class CorrectionDone(ComplaintEvent):
    correction_id: str
    note: str


@dataclass(frozen=True, kw_only=True)
class CorrectionChecked(ComplaintEvent):
    """Whether it had its effect, said by another than who did it."""

    correction_id: str
    effective: bool
    note: str


@dataclass(frozen=True, kw_only=True)
class ComplaintWarned(ComplaintEvent):
    """The last third of the time has begun. Those away were passed by."""

    to: tuple[Recipient, ...]
    skipped: tuple[Recipient, ...]
    due_at: datetime | None


@dataclass(frozen=True, kw_only=True)
class ComplaintOverdue(ComplaintEvent):
    """It is late; `level` counts the steps of the station's chain that were told."""

    level: int
    to: tuple[Recipient, ...]
    skipped: tuple[Recipient, ...]
    due_at: datetime | None
