"""What providers take and say: dispatch targets, jobs and their results (clauses 5.1 to 5.9)."""

from dataclasses import dataclass, field
from datetime import datetime

from shared.contracts.base import Answer, Command, Details, Event, Heartbeat, Query


@dataclass(frozen=True, kw_only=True)
class TargetsAnnounced(Heartbeat):
    """These targets are up and take jobs for `lease` seconds more.

    Each manifest holds code, clause, title and items; see services/providers/plugin.py.
    """

    lease: int
    targets: tuple[Details, ...]


@dataclass(frozen=True, kw_only=True)
class JobEvent(Event):
    heard_by = ("dispatch",)
    job_id: str
    item_id: str
    target: str


@dataclass(frozen=True, kw_only=True)
class JobAccepted(JobEvent):
    note: str = ""


@dataclass(frozen=True, kw_only=True)
class JobDeclined(JobEvent):
    reason: str


@dataclass(frozen=True, kw_only=True)
class JobProgressed(JobEvent):
    """How far the job is; `report_id` is the target's own, and the same again changes nothing."""

    report_id: str
    text: str
    reported_at: datetime
    served_by: str
    share: int | None = None
    next_step: str = ""
    expected_on: str = ""


@dataclass(frozen=True, kw_only=True)
class JobFinished(JobEvent):
    """`result` fits the item's result form; `served_by` says who did it (7.2.3.1)."""

    result: Details
    served_by: str


@dataclass(frozen=True, kw_only=True)
class JobView(Answer):
    job_id: str
    item_id: str
    target: str
    category: str
    item: str
    status: str
    offered_at: datetime
    details: Details = field(default_factory=dict)
    result: Details = field(default_factory=dict)
    note: str = ""


@dataclass(frozen=True, kw_only=True)
class FinishJob(Command):
    """Deliver the result of a job the station serves itself; checked against the item's result form."""

    returns = JobView
    job_id: str
    result: Details


@dataclass(frozen=True, kw_only=True)
class ReportJob(Command):
    """Say how far a job is that is in hand; `reported_at` is now, unless it says otherwise."""

    returns = JobView
    job_id: str
    report_id: str
    text: str
    share: int | None = None
    next_step: str = ""
    expected_on: str = ""
    reported_at: datetime | None = None


@dataclass(frozen=True, kw_only=True)
class GetJob(Query):
    returns = JobView
    job_id: str
