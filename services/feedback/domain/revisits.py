"""Revisits: whose client is called again, and what the call brought (6.5.2). No bus, no database."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from hashlib import sha256
from typing import Protocol

from services.feedback.domain.told import Survey
from shared.contracts.feedback import ListRevisits, RevisitPlanView, RevisitView
from shared.errors import Invalid
from shared.states import StateTable

SOLVED = ("yes", "partly", "no")
SCORES = range(1, 6)
TRIES = 3
TEXT_LIMIT = 2000
NEW_MOST = 100


class Status(StrEnum):
    OPEN = "open"
    DONE = "done"
    UNREACHED = "unreached"


LIFE = StateTable(
    # while       on         becomes
    (Status.OPEN, "record",  Status.DONE),
    (Status.OPEN, "miss",    Status.OPEN),
    (Status.OPEN, "give_up", Status.UNREACHED),
)  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class RevisitPlan:
    """One version of who is called."""

    version: int
    share: int
    low_below: int
    new_organization: int
    set_at: datetime | None = None
    set_by: str = ""

    def view(self) -> RevisitPlanView:
        return RevisitPlanView(**vars(self))

    def reason(self, survey: Survey, served_before: int) -> str:
        """Why its client is to be called; empty if it is not. `served_before` items by the same organization."""
        if survey.score is not None and survey.score < self.low_below:
            return "low_mark"
        if survey.organization and served_before < self.new_organization:
            return "new_organization"
        digest = sha256(f"revisit\n{survey.item_id}\n{survey.version}".encode()).digest()
        return "sampled" if int.from_bytes(digest[:4]) % 100 < self.share else ""


DEFAULT = RevisitPlan(version=0, share=10, low_below=3, new_organization=3)


def check_plan(plan: RevisitPlan) -> None:
    """Raises Invalid by field."""
    wrong = {}
    if not 0 <= plan.share <= 100:
        wrong["share"] = "要在 0 和 100 之间"
    if not 0 <= plan.low_below <= 5:
        wrong["low_below"] = "要在 0 和 5 之间"
    if not 0 <= plan.new_organization <= NEW_MOST:
        wrong["new_organization"] = "要在 0 和 100 之间"
    if wrong:
        raise Invalid("请检查填写的内容", fields=wrong)


@dataclass(kw_only=True)
class Revisit:
    """One client to be called about one item; what it did not say is not made up."""

    revisit_id: str
    item_id: str
    request_id: str
    park: str
    number: str
    title: str
    organization: str
    reason: str
    mark: int | None
    planned_at: datetime
    status: Status = Status.OPEN
    tried: int = 0
    solved: str = ""
    score: int | None = None
    text: str = ""
    complaint: str = ""
    reopen: bool = False
    by: str = ""
    done_at: datetime | None = None

    def miss(self, text: str, by: str, now: datetime) -> None:
        """Nobody was reached; after some tries it is given up."""
        self.tried += 1
        self._move("give_up" if self.tried >= TRIES else "miss")
        self.text, self.by = text, by
        if self.status is Status.UNREACHED:
            self.done_at = now

    def record(self, solved: str, score: int | None, text: str, reopen: bool, by: str, now: datetime) -> None:
        wrong = {}
        if solved not in SOLVED:
            wrong["solved"] = "请从列表里选一项"
        if score is not None and score not in SCORES:
            wrong["score"] = "请选 1 到 5 分"
        if solved == "no" and not text:
            wrong["text"] = "没有解决的，请写明企业怎么说"
        if wrong:
            raise Invalid("请检查填写的内容", fields=wrong)
        self._move("record")
        self.solved, self.score, self.text, self.reopen, self.by, self.done_at = solved, score, text, reopen, by, now

    def view(self) -> RevisitView:
        return RevisitView(**{**vars(self), "status": str(self.status)})

    def _move(self, trigger: str) -> None:
        self.status = Status(LIFE.move(self.status, trigger))


class Revisits(Protocol):
    def add(self, revisit: Revisit) -> bool:
        """False if its item's client is to be called already."""
        ...

    def get(self, revisit_id: str) -> Revisit:
        """Locked until the transaction ends, if it may write. Raises NotFound."""
        ...

    def put(self, revisit: Revisit) -> None: ...

    def page(self, query: ListRevisits, parks: tuple[str, ...]) -> tuple[list[Revisit], dict[str, int]]: ...

    def served_before(self, organization: str, item_id: str) -> int:
        """Other items that this organization served."""
        ...

    def plan(self) -> RevisitPlan: ...

    def add_plan(self, plan: RevisitPlan) -> None: ...
