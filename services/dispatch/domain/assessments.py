"""Assessments: what each one of an item decided, and who answers for it (6.3). No bus, no database."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Protocol

from services.dispatch.domain.life import Way
from shared.contracts.base import Details
from shared.contracts.dispatch import AssessmentView, RankingView
from shared.errors import Invalid

REASON = 2000
SELF, MATCHED = "self", "match"  # what a category may say of an item: who alone serves it


class Priority(StrEnum):
    NORMAL = "normal"
    URGENT = "urgent"


@dataclass(frozen=True, kw_only=True)
class Assessment:
    """`number` counts the assessments of one item from 1; the last one counts."""

    item_id: str
    number: int
    assessed_at: datetime
    assessor_id: str
    assessor_name: str
    category: str
    item: str
    title: str
    details: Details
    priority: Priority
    reason: str
    note: str
    way: Way

    def view(self) -> AssessmentView:
        values = {k: v for k, v in vars(self).items() if k not in ("item_id", "details")}
        return AssessmentView(**{**values, "way": str(self.way), "priority": str(self.priority)})


def decided(said: str, entry: Details | None) -> Way:
    """How it is served: as said, else as the category says, else at once. Raises Invalid."""
    only = str((entry or {}).get("by") or "")
    if said not in ("", *Way):
        raise Invalid("请检查填写的内容", fields={"way": "请选现在就办、约时间办，或者请机构办"})
    if only == MATCHED and said not in ("", Way.MATCH):
        raise Invalid("请检查填写的内容", fields={"way": "这一项要请有资质的机构办"})
    if only == SELF and said == Way.MATCH:
        raise Invalid("请检查填写的内容", fields={"way": "这一项由服务站自己办"})
    return Way(said or (Way.MATCH if only == MATCHED else Way.AT_ONCE))


def prioritized(said: str) -> Priority:
    if said not in set(Priority):
        raise Invalid("请检查填写的内容", fields={"priority": "请选普通或加急"})
    return Priority(said)


class Assessments(Protocol):
    """Every assessment of every item; only ever added to."""

    def add(self, assessment: Assessment) -> None: ...

    def of_item(self, item_id: str) -> list[Assessment]:
        """The newest first."""
        ...


class Rankings(Protocol):
    """Every ranking of candidates, as it was made."""

    def add(self, item_id: str, ranking: RankingView) -> None: ...

    def last(self, item_id: str) -> tuple[RankingView | None, int]:
        """The newest, or None; and how many there are."""
        ...


class Weights(Protocol):
    """How much each criterion weighs; every setting is kept, the newest counts."""

    def set(self, weights: dict[str, int], by: str, at: datetime) -> None: ...

    def get(self) -> tuple[dict[str, int], str, datetime | None]:
        """The points, who set them and when; the defaults, while nobody has."""
        ...
