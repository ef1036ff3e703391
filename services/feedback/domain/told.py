"""Notices and surveys: what clients are told and asked. No bus, no database."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any, Protocol

from services.feedback.domain.asking import AskPlan
from shared.contracts.base import Details
from shared.contracts.feedback import NoticeView, SurveyView
from shared.errors import Invalid
from shared.states import StateTable

SCORES = range(1, 6)
COMMENT_LIMIT = 2000


class Status(StrEnum):
    OPEN = "open"
    ANSWERED = "answered"
    DECLINED = "declined"
    EXPIRED = "expired"
    VOID = "void"  # the service it asks about is done over


LIFE = StateTable(
    # while        on         becomes
    (Status.OPEN,  "answer",  Status.ANSWERED),
    (Status.OPEN,  "decline", Status.DECLINED),
    (Status.OPEN,  "expire",  Status.EXPIRED),
    (Status.OPEN,  "void",    Status.VOID),
)  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class Notice:
    """Something the client was told, in its web inbox."""

    notice_id: str
    request_id: str
    park: str
    item_id: str
    kind: str
    title: str
    body: Details
    told_at: datetime

    def view(self) -> NoticeView:
        return NoticeView(
            notice_id=self.notice_id, item_id=self.item_id, kind=self.kind, title=self.title, body=self.body,
            told_at=self.told_at,
        )  # fmt: skip


@dataclass(kw_only=True)
class Survey:
    """One question about one service, asked once: answered, declined or expired, and never assumed."""

    survey_id: str
    token: str
    item_id: str
    request_id: str
    park: str
    number: str
    title: str
    expires_at: datetime
    version: int = 0  # of the item when its service had finished
    status: Status = Status.OPEN
    score: int | None = None
    comment: str = ""
    # Frozen when it goes out: by which plan, about whom, and whether the result was told in time.
    plan_version: int = 0
    asked: bool = True  # False where the sample left it out: nobody sees it, and it lapses at once
    asks_at: datetime | None = None  # not before
    remind_at: datetime | None = None
    owner_id: str = ""
    owner_name: str = ""
    category: str = ""
    item: str = ""
    organization: str = ""
    month: str = ""
    told_in_time: bool | None = None
    answers: dict[str, Any] = field(default_factory=dict)
    reasons: list[str] = field(default_factory=list)

    def answer(
        self,
        score: int,
        comment: str,
        now: datetime,
        plan: AskPlan | None = None,
        answers: Mapping[str, Any] | None = None,
        reasons: Sequence[str] = (),
    ) -> None:
        """`plan` is the one it went out by."""
        wrong = {}
        if score not in SCORES:
            wrong["score"] = "请选 1 到 5 分"
        if len(comment) > COMMENT_LIMIT:
            wrong["comment"] = "最多写 2000 个字"
        asked = {one.key for one in plan.questions} if plan else set()
        answers = answers or {}
        if not answers.keys() <= asked or any(type(mark) is not int or mark not in SCORES for mark in answers.values()):
            wrong["answers"] = "只能回答这次问的，每项选 1 到 5 分"
        if not set(reasons) <= ({one.key for one in plan.reasons} if plan else set()):
            wrong["reasons"] = "只能从列出的原因里选"
        if wrong:
            raise Invalid("请检查填写的内容", fields=wrong)
        self._in_time(now)
        self._move("answer")
        self.score, self.comment = score, comment.strip()
        self.answers, self.reasons = dict(answers), sorted(set(reasons))

    def open_to(self, now: datetime) -> bool:
        """Whether its client may see it."""
        return self.asked and (self.asks_at is None or now >= self.asks_at)

    def decline(self, now: datetime) -> None:
        self._in_time(now)
        self._move("decline")

    def expire(self) -> None:
        self._move("expire")

    def void(self) -> None:
        self._move("void")

    def view(self, plan: AskPlan | None = None) -> SurveyView:
        return SurveyView(
            survey_id=self.survey_id, token=self.token, item_id=self.item_id, request_id=self.request_id,
            park=self.park, number=self.number, title=self.title, status=str(self.status),
            expires_at=self.expires_at, score=self.score, comment=self.comment,
            comment_below=plan.comment_below if plan else 0, questions=plan.questions if plan else (),
            reasons=plan.reasons if plan else (),
        )  # fmt: skip

    def _in_time(self, now: datetime) -> None:
        if self.status is Status.OPEN and now >= self.expires_at:
            raise Invalid("评价的时间已经过了，谢谢您")

    def _move(self, trigger: str) -> None:
        self.status = Status(LIFE.move(self.status, trigger))


class Notices(Protocol):
    def add(self, notice: Notice) -> None: ...

    def of_request(self, request_id: str) -> list[Notice]: ...


class Surveys(Protocol):
    def add(self, survey: Survey) -> None: ...

    def by_token(self, token: str) -> Survey:
        """Locked until the transaction ends, if it may write. Raises NotFound."""
        ...

    def of_request(self, request_id: str) -> list[Survey]: ...

    def open_of_item(self, item_id: str) -> list[Survey]:
        """Those that still wait for an answer; locked until the transaction ends."""
        ...

    def put(self, survey: Survey) -> None: ...

    def to_remind(self, now: datetime, most: int) -> list[Survey]:
        """Open surveys whose one reminder is due; no other instance gets the same ones."""
        ...

    def overdue(self, now: datetime, most: int) -> list[Survey]:
        """Open surveys whose time is over; no other instance gets the same ones."""
        ...
