"""Notices and surveys: what clients are told and asked. No bus, no database."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Protocol

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

    def answer(self, score: int, comment: str, now: datetime) -> None:
        if score not in SCORES:
            raise Invalid("请检查填写的内容", fields={"score": "请选 1 到 5 分"})
        if len(comment) > COMMENT_LIMIT:
            raise Invalid("请检查填写的内容", fields={"comment": "最多写 2000 个字"})
        self._in_time(now)
        self._move("answer")
        self.score, self.comment = score, comment.strip()

    def decline(self, now: datetime) -> None:
        self._in_time(now)
        self._move("decline")

    def expire(self) -> None:
        self._move("expire")

    def void(self) -> None:
        self._move("void")

    def view(self) -> SurveyView:
        return SurveyView(
            survey_id=self.survey_id, token=self.token, item_id=self.item_id, request_id=self.request_id,
            park=self.park, number=self.number, title=self.title, status=str(self.status),
            expires_at=self.expires_at, score=self.score, comment=self.comment,
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

    def overdue(self, now: datetime, most: int) -> list[Survey]:
        """Open surveys whose time is over; no other instance gets the same ones."""
        ...
