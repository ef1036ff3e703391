"""Offers to organizations: asked, answered, in hand, over. No bus, no database."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Protocol

from services.dispatch.domain.items import Item, Stage
from services.dispatch.domain.organizations import Record
from shared.access import Actor, Role
from shared.contracts.dispatch import OfferView
from shared.errors import IllegalMove, Invalid, NotFound
from shared.states import StateTable

LONGEST = timedelta(days=60)
SATISFIED = 4  # of 5
YEAR = timedelta(days=365)
TAKEN = "这件事已经由别家接手，不用您办了"
TOO_LATE = "答复的时间已经过了"

LAPSED = "没有按时答复"
ELSEWHERE = "已由别家接手"


class Status(StrEnum):
    OPEN = "open"
    ACCEPTED = "accepted"  # it has the job
    DECLINED = "declined"
    LAPSED = "lapsed"
    WITHDRAWN = "withdrawn"
    FINISHED = "finished"
    RELEASED = "released"  # no terms were found


LIFE = StateTable(
    # while             on          becomes
    (Status.OPEN,       "accept",   Status.ACCEPTED),
    (Status.OPEN,       "decline",  Status.DECLINED),
    (Status.OPEN,       "lapse",    Status.LAPSED),
    (Status.OPEN,       "withdraw", Status.WITHDRAWN),
    (Status.ACCEPTED,   "finish",   Status.FINISHED),
    (Status.ACCEPTED,   "release",  Status.RELEASED),
    (Status.ACCEPTED,   "withdraw", Status.WITHDRAWN),
)  # fmt: skip

CURRENT = (Status.OPEN, Status.ACCEPTED)
COUNTED = (Status.FINISHED, Status.RELEASED)  # say how well an organization does
KEPT = (Status.OPEN, Status.ACCEPTED, Status.FINISHED)  # an organization may read the need in these
BY_STAGE = {Stage.AGREED: ("start", "deliver"), Stage.SERVING: ("deliver",)}


@dataclass(kw_only=True)
class Offer:
    """One job offered to one organization. `assessment` is which assessment of the item it came from."""

    job_id: str
    item_id: str
    park: str
    target: str
    item: str
    assessment: int
    offered_at: datetime
    answer_by: datetime
    status: Status = Status.OPEN
    score: float | None = None
    answered_at: datetime | None = None
    answered_by: str = ""
    on_behalf: bool = False
    note: str = ""
    due_on: date | None = None  # as agreed
    ended_at: datetime | None = None
    timely: bool | None = None  # None where no day was agreed
    own_doing: bool = True  # that it ended was the organization's doing, not the client's
    asked: bool = False
    rating: int | None = None

    def accept(self, note: str, actor: Actor, now: datetime) -> None:
        """Raises IllegalMove in plain words where it is another's, or too late."""
        if self.status is Status.WITHDRAWN:
            raise IllegalMove(TAKEN)
        if self.status is Status.LAPSED or (self.status is Status.OPEN and now > self.answer_by):
            raise IllegalMove(TOO_LATE)
        self._answer("accept", note, actor, now)

    def decline(self, reason: str, actor: Actor, now: datetime) -> None:
        self._answer("decline", reason, actor, now)

    def lapse(self, now: datetime) -> None:
        self._move("lapse")
        self.note, self.ended_at = LAPSED, now

    def withdraw(self, reason: str, now: datetime) -> None:
        self._move("withdraw")
        self.note, self.ended_at, self.own_doing = reason, now, False

    def agree(self, due_on: date) -> None:
        self.due_on = due_on

    def finish(self, today: date, now: datetime) -> None:
        self._move("finish")
        self.ended_at = now
        self.timely = None if self.due_on is None else today <= self.due_on

    def release(self, reason: str, own_doing: bool, now: datetime) -> None:
        self._move("release")
        self.note, self.own_doing, self.ended_at = reason, own_doing, now

    def may(self, stage: Stage) -> tuple[str, ...]:
        """What its organization may do with it now."""
        if self.status is Status.OPEN:
            return ("accept", "decline")
        return BY_STAGE.get(stage, ()) if self.status is Status.ACCEPTED else ()

    def view(self, item: Item, name: str, turn: str = "") -> OfferView:
        """With what the need says only as long as the job is, or was, its own to do."""
        kept = self.status in KEPT
        return OfferView(
            job_id=self.job_id, item_id=self.item_id, request_id=item.request_id, park=self.park, number=item.number,
            target=self.target, target_name=name, category=item.category, item=self.item, title=item.title,
            status=str(self.status), stage=str(item.stage), offered_at=self.offered_at, answer_by=self.answer_by,
            company=item.company if kept else "", text=item.text if kept else "", details=item.details if kept else {},
            priority=item.priority, score=self.score, answered_at=self.answered_at, answered_by=self.answered_by,
            on_behalf=self.on_behalf, note=self.note, turn=turn,
            due_on=self.due_on.isoformat() if self.due_on else "", allowed=self.may(item.stage),
        )  # fmt: skip

    def _answer(self, trigger: str, note: str, actor: Actor, now: datetime) -> None:
        self._move(trigger)
        self.note, self.answered_at, self.answered_by = note, now, actor.name or actor.id
        self.on_behalf = actor.role != Role.ORGANIZATION
        if trigger == "decline":
            self.ended_at = now

    def _move(self, trigger: str) -> None:
        self.status = Status(LIFE.move(self.status, trigger))


def check_answer_by(answer_by: datetime, now: datetime) -> datetime:
    if not now < answer_by <= now + LONGEST:
        raise Invalid("请检查填写的内容", fields={"answer_by": "答复期限要在以后的 60 天之内"})
    return answer_by


def records(offers: Iterable[Offer], item: str) -> dict[str, Record]:
    """What each organization did, counted from its offers of the last year and those still in hand."""
    found: dict[str, Record] = {}
    for offer in offers:
        found[offer.target] = found.get(offer.target, Record()) + _counted(offer, item)
    return found


def _counted(offer: Offer, item: str) -> Record:
    finished = offer.status is Status.FINISHED
    gave_up = offer.status is Status.RELEASED and offer.own_doing
    return Record(
        in_hand=offer.status is Status.ACCEPTED, finished=finished, ended=finished or gave_up,
        dated=offer.timely is not None, timely=offer.timely is True, asked=offer.asked, rated=offer.rating is not None,
        satisfied=(offer.rating or 0) >= SATISFIED, finished_of_item=finished and offer.item == item,
    )  # fmt: skip


class Offers(Protocol):
    """Every offer that was ever made to an organization."""

    def add(self, offer: Offer) -> None: ...

    def get(self, job_id: str) -> Offer:
        """Raises NotFound. Its item is to be locked first."""
        ...

    def item_of(self, job_id: str) -> str:
        """The id of its item. Raises NotFound."""
        ...

    def put(self, offer: Offer) -> None: ...

    def of_item(self, item_id: str) -> list[Offer]:
        """The oldest first."""
        ...

    def open_to(self, target: str) -> list[str]:
        """The ids, in order, of the items that are open to this organization."""
        ...

    def counted(self, since: datetime) -> list[Offer]:
        """All that are in hand, and what ended after `since`."""
        ...

    def page(self, target: str, parks: tuple[str, ...], current: bool, skip: int, limit: int) -> list[Offer]:
        """Open ones by answer-by time, then those in hand, then the rest, the newest first."""
        ...


def found(offer: Offer | None) -> Offer:
    if offer is None:
        raise NotFound("没有这个邀请")
    return offer
