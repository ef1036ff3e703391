"""What may be asked of complaints, and how they are shown (6.6.1, 6.6.2; GB/T 19012, GB/T 19013)."""

from dataclasses import dataclass
from datetime import datetime

from shared.contracts.base import Answer, Command, Query
from shared.contracts.dispatch.due import Due


@dataclass(frozen=True, kw_only=True)
class ComplaintStep(Answer):
    """One step of a complaint's story; `text` is what was said of it."""

    kind: str
    at: datetime
    by: str
    text: str = ""
    day: str = ""


@dataclass(frozen=True, kw_only=True)
class DisputeView(Answer):
    provider: str
    method: str
    submitted_on: str
    outcome: str = ""
    concluded_on: str = ""
    carried_out_on: str = ""


@dataclass(frozen=True, kw_only=True)
class CorrectionView(Answer):
    """`status`: open, done, or checked; `effective` is None until it was checked."""

    correction_id: str
    what: str
    owner_id: str
    owner_name: str
    due_on: str
    status: str
    note: str = ""
    effective: bool | None = None
    checked_by: str = ""


@dataclass(frozen=True, kw_only=True)
class ComplaintView(Answer):
    """A complaint as its reader may see it: complainants see no assessment, no findings, nobody else's contact.

    `allowed` names the steps that the state table permits now, `barred` whether this reader may not handle it.
    """

    complaint_id: str
    number: str
    park: str
    stage: str
    channel: str
    about: str
    text: str
    wish: str
    anonymous: bool
    repeated: bool
    received_at: datetime
    round: int
    company: str = ""
    request_id: str = ""
    item_id: str = ""
    item_number: str = ""
    title: str = ""
    contact_name: str = ""
    phone: str = ""
    email: str = ""
    handler_id: str = ""
    handler_name: str = ""
    severity: str = ""
    safety: bool = False
    complexity: str = ""
    impact: str = ""
    at_once: bool = False
    action: str = ""
    against_name: str = ""
    organization: str = ""
    outcome: str = ""
    response: str = ""
    decision: str = ""
    extra_days: int = 0
    appeal_until: datetime | None = None
    due: Due | None = None
    dispute: DisputeView | None = None
    corrections: tuple[CorrectionView, ...] = ()
    steps: tuple[ComplaintStep, ...] = ()
    allowed: tuple[str, ...] = ()
    barred: bool = False


@dataclass(frozen=True, kw_only=True)
class ComplaintFiled(Answer):
    """`code` proves whose complaint it is, a nameless one too; it is told only here."""

    complaint_id: str
    number: str
    code: str
    park: str
    received_at: datetime


@dataclass(frozen=True, kw_only=True)
class ComplaintPage(Answer):
    """The most urgent first; `counts` by stage within the same filter but for the stage itself."""

    complaints: tuple[ComplaintView, ...]
    counts: dict[str, int]
    next: str = ""


@dataclass(frozen=True, kw_only=True)
class FileComplaint(Command):
    """Complain by web; staff write down what comes by telephone, window, letter or instant message (6.6.2).

    `about`: result, attitude, time, fee, fairness, privacy or other. A request's owner, or staff, may name it.
    """

    returns = ComplaintFiled
    park: str
    about: str
    text: str
    channel: str = "web"
    wish: str = ""
    anonymous: bool = False
    company: str = ""
    contact_name: str = ""
    phone: str = ""
    email: str = ""
    request_id: str = ""
    item_id: str = ""


@dataclass(frozen=True, kw_only=True)
class AcknowledgeComplaint(Command):
    """Take it and tell the complainant so; also takes an appeal, or takes it over from its handler."""

    returns = ComplaintView
    complaint_id: str


@dataclass(frozen=True, kw_only=True)
class AssessComplaint(Command):
    """`against_id` is the account it is about, if it is about somebody; it cannot be the handler's."""

    returns = ComplaintView
    complaint_id: str
    severity: str
    complexity: str
    impact: str
    safety: bool = False
    at_once: bool = False
    action: str = ""
    against_id: str = ""
    against_name: str = ""
    organization: str = ""


@dataclass(frozen=True, kw_only=True)
class RecordFinding(Command):
    returns = ComplaintView
    complaint_id: str
    text: str


@dataclass(frozen=True, kw_only=True)
class ExtendComplaint(Command):
    """By working days, before the time is over."""

    returns = ComplaintView
    complaint_id: str
    days: int
    reason: str


@dataclass(frozen=True, kw_only=True)
class DecideComplaint(Command):
    """`text` is what the complainant reads. Who complained by web is told with it."""

    returns = ComplaintView
    complaint_id: str
    outcome: str
    response: str
    text: str


@dataclass(frozen=True, kw_only=True)
class TellDecision(Command):
    """The complainant was told, in the way `how` says."""

    returns = ComplaintView
    complaint_id: str
    how: str
    note: str = ""


@dataclass(frozen=True, kw_only=True)
class AcceptDecision(Command):
    returns = ComplaintView
    complaint_id: str


@dataclass(frozen=True, kw_only=True)
class AppealDecision(Command):
    """Have another look into it, inside the station."""

    returns = ComplaintView
    complaint_id: str
    text: str


@dataclass(frozen=True, kw_only=True)
class WithdrawComplaint(Command):
    returns = ComplaintView
    complaint_id: str
    reason: str = ""


@dataclass(frozen=True, kw_only=True)
class SubmitDispute(Command):
    """After the internal appeal it went to a dispute provider; `method`: mediation, advice or ruling."""

    returns = ComplaintView
    complaint_id: str
    provider: str
    method: str
    submitted_on: str


@dataclass(frozen=True, kw_only=True)
class ConcludeDispute(Command):
    returns = ComplaintView
    complaint_id: str
    outcome: str
    concluded_on: str


@dataclass(frozen=True, kw_only=True)
class CarryOutDispute(Command):
    """What was concluded is done: the complaint is closed."""

    returns = ComplaintView
    complaint_id: str
    carried_out_on: str
    note: str = ""


@dataclass(frozen=True, kw_only=True)
class OrderCorrection(Command):
    returns = ComplaintView
    complaint_id: str
    what: str
    due_on: str
    owner_id: str = ""
    owner_name: str = ""


@dataclass(frozen=True, kw_only=True)
class FinishCorrection(Command):
    returns = ComplaintView
    complaint_id: str
    correction_id: str
    note: str


@dataclass(frozen=True, kw_only=True)
class CheckCorrection(Command):
    returns = ComplaintView
    complaint_id: str
    correction_id: str
    effective: bool
    note: str


@dataclass(frozen=True, kw_only=True)
class GetComplaint(Query):
    """By id or by number."""

    returns = ComplaintView
    complaint_id: str = ""
    number: str = ""


@dataclass(frozen=True, kw_only=True)
class GetOwnComplaint(Query):
    """The code is the proof; the same NotFound for a wrong number and a wrong code."""

    returns = ComplaintView
    number: str
    code: str


@dataclass(frozen=True, kw_only=True)
class ListComplaints(Query):
    """Of the reader's parks, or of one request. `open` leaves out what is closed or withdrawn."""

    returns = ComplaintPage
    park: str = ""
    stage: str = ""
    request_id: str = ""
    handler_id: str = ""
    open: bool = False
    after: str = ""
    limit: int = 50
