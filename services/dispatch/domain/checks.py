"""Checks of service quality: which items are in the sample, and who may look at them. No bus, no database."""

import hashlib
from dataclasses import asdict, dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Protocol

from shared.contracts.dispatch import CheckView, ListChecks
from shared.errors import Forbidden, IllegalMove, Invalid, NotFound


class Outcome(StrEnum):
    GOOD = "good"
    MINOR = "minor"
    SERIOUS = "serious"


def sampled(item_id: str, share: int) -> bool:
    """Whether an item is in a sample of `share` per cent: told by its id alone, so nobody can choose."""
    return int.from_bytes(hashlib.sha256(item_id.encode()).digest()[:8]) % 100 < share


@dataclass(kw_only=True)
class Check:
    """One look at how an item was served. `not_by`: accounts that had a part in it."""

    check_id: str
    item_id: str
    park: str
    number: str
    title: str
    sampled: bool
    reason: str
    ordered_at: datetime
    not_by: list[str] = field(default_factory=list)
    outcome: str = ""
    note: str = ""
    checked_at: datetime | None = None
    by_id: str = ""
    by_name: str = ""

    def record(self, outcome: str, note: str, by_id: str, by_name: str, now: datetime) -> None:
        if by_id in self.not_by:
            raise Forbidden("办过这件事的人不能查自己，请换一位同事或运营机构来查")
        if self.outcome:
            raise IllegalMove("这一件已经查过了")
        if outcome not in set(Outcome):
            raise Invalid("请检查填写的内容", fields={"outcome": "请从列出的选项里选"})
        if outcome != Outcome.GOOD and not note:
            raise Invalid("请检查填写的内容", fields={"note": "请写明哪里不足"})
        self.outcome, self.note, self.checked_at, self.by_id, self.by_name = outcome, note, now, by_id, by_name

    def view(self) -> CheckView:
        return CheckView(**{name: value for name, value in asdict(self).items() if name not in ("not_by", "by_id")})


class Checks(Protocol):
    def add(self, check: Check) -> None: ...

    def put(self, check: Check) -> None: ...

    def get(self, check_id: str) -> Check:
        """Locked until the transaction ends, if it may write. Raises NotFound."""
        ...

    def page(self, query: ListChecks, parks: tuple[str, ...]) -> list[Check]:
        """Open ones, the oldest first."""
        ...

    def counts(self, query: ListChecks, parks: tuple[str, ...], since: datetime) -> dict[str, int]:
        """By outcome, of those ordered since then; `open` those that nobody has looked at."""
        ...


def found(check: Check | None) -> Check:
    if check is None:
        raise NotFound("没有这次抽查")
    return check
