"""Jobs: what a target was offered, took and delivered. No bus, no database."""

from dataclasses import asdict, dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import Protocol

from services.providers.plugin import Job as Offer
from shared.contracts.base import Details
from shared.contracts.dispatch import JobOffered
from shared.contracts.providers import JobView
from shared.states import StateTable


class Status(StrEnum):
    OFFERED = "offered"
    ACCEPTED = "accepted"
    DECLINED = "declined"
    FINISHED = "finished"
    WITHDRAWN = "withdrawn"


LIFE = StateTable(
    # while             on          becomes
    (Status.OFFERED,    "accept",   Status.ACCEPTED),
    (Status.OFFERED,    "decline",  Status.DECLINED),
    (Status.OFFERED,    "withdraw", Status.WITHDRAWN),
    (Status.ACCEPTED,   "finish",   Status.FINISHED),
    (Status.ACCEPTED,   "withdraw", Status.WITHDRAWN),
    (Status.DECLINED,   "withdraw", Status.WITHDRAWN),
    (Status.FINISHED,   "withdraw", Status.FINISHED),  # too late: the work is done
    (Status.WITHDRAWN,  "withdraw", Status.WITHDRAWN),
)  # fmt: skip


@dataclass(kw_only=True)
class Job:
    job_id: str
    item_id: str
    request_id: str
    park: str
    target: str
    category: str
    item: str
    number: str
    company: str
    text: str
    details: Details
    offered_at: datetime
    status: Status = Status.OFFERED
    result: Details = field(default_factory=dict)
    note: str = ""

    @classmethod
    def of(cls, event: JobOffered, now: datetime) -> "Job":
        names = ("job_id", "item_id", "request_id", "park", "target", "category", "item", "number", "company", "text")
        return cls(**{name: getattr(event, name) for name in names}, details=event.details, offered_at=now)

    @property
    def letter(self) -> str:
        """`b` of `5.3.b`."""
        return self.item.rpartition(".")[2]

    def offer(self, details: Details, today: date) -> Offer:
        """What the plugin sees of it."""
        return Offer(
            job_id=self.job_id, park=self.park, number=self.number, company=self.company, text=self.text,
            item=self.letter, details=details, today=today,
        )  # fmt: skip

    def accept(self, note: str) -> None:
        self._move("accept")
        self.note = note

    def decline(self, reason: str) -> None:
        self._move("decline")
        self.note = reason

    def finish(self, result: Details) -> None:
        self._move("finish")
        self.result = result

    def withdraw(self, reason: str) -> None:
        self._move("withdraw")
        self.note = reason

    def view(self) -> JobView:
        hidden = ("request_id", "park", "number", "company", "text")
        values = {k: v for k, v in asdict(self).items() if k not in hidden}
        return JobView(**{**values, "status": str(self.status)})

    def _move(self, trigger: str) -> None:
        self.status = Status(LIFE.move(self.status, trigger))


class Jobs(Protocol):
    """Every job that was ever offered here."""

    def add(self, job: Job) -> None: ...

    def get(self, job_id: str) -> Job | None:
        """Locked until the transaction ends, if it may write."""
        ...

    def put(self, job: Job) -> None: ...
