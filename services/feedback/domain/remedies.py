"""What follows from a complaint: an external dispute (GB/T 19013), and corrective action. No bus, no database."""

from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum

from shared.contracts.feedback import CorrectionView, DisputeView
from shared.errors import Forbidden, IllegalMove, Invalid

METHODS = ("mediation", "advice", "ruling")  # facilitative, advisory, determinative


@dataclass(frozen=True, kw_only=True)
class Dispute:
    """A complaint that an outsider settles."""

    provider: str
    method: str
    submitted_on: str
    outcome: str = ""
    concluded_on: str = ""
    carried_out_on: str = ""

    def concluded(self, outcome: str, on: str) -> "Dispute":
        if self.outcome:
            raise IllegalMove("结果已经记过了")
        if on < self.submitted_on:
            raise Invalid("请检查填写的内容", fields={"concluded_on": "不能早于提交的日期"})
        return replace(self, outcome=outcome, concluded_on=on)

    def carried_out(self, on: str) -> "Dispute":
        if not self.outcome:
            raise IllegalMove("先记下外部机构的结果")
        if on < self.concluded_on:
            raise Invalid("请检查填写的内容", fields={"carried_out_on": "不能早于有结果的日期"})
        return replace(self, carried_out_on=on)

    def view(self) -> DisputeView:
        return DisputeView(**vars(self))


class Status(StrEnum):
    OPEN = "open"
    DONE = "done"
    CHECKED = "checked"


@dataclass(kw_only=True)
class Correction:
    """Somebody sees to it that it does not happen again; another one checks whether that worked."""

    correction_id: str
    what: str
    owner_id: str
    owner_name: str
    due_on: str
    status: Status = Status.OPEN
    note: str = ""
    effective: bool | None = None
    checked_by: str = ""

    def finish(self, note: str) -> None:
        if self.status is not Status.OPEN:
            raise IllegalMove("这项整改已经做完")
        self.status, self.note = Status.DONE, note

    def check(self, effective: bool, note: str, account: str, name: str) -> None:
        """By another than its owner; what had no effect is to be done again."""
        if self.status is not Status.DONE:
            raise IllegalMove("还没有做完，不能查效果" if self.status is Status.OPEN else "效果已经查过了")
        if account == self.owner_id:
            raise Forbidden("整改的效果要由别人来查")
        self.status = Status.CHECKED if effective else Status.OPEN
        self.effective, self.note, self.checked_by = effective, note, name

    def view(self) -> CorrectionView:
        return CorrectionView(**{**vars(self), "status": str(self.status)})


def day_of(text: str, field: str) -> str:
    """A day in ISO 8601; raises Invalid."""
    try:
        return date.fromisoformat(text).isoformat()
    except ValueError as error:
        raise Invalid("请检查填写的内容", fields={field: "请写成日期，例如 2026-11-30"}) from error
