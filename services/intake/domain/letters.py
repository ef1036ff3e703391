"""Mails of ours: one for each fact, tried until it is sent, refused or too old."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Protocol

FIRST_PAUSE, LONGEST_PAUSE = timedelta(seconds=30), timedelta(hours=2)
GIVE_UP = timedelta(days=3)
HELD = timedelta(minutes=5)  # longer than a mail server may take


class Way(StrEnum):
    """How far a letter is on its way."""

    WAITING = "waiting"
    SENDING = "sending"
    SENT = "sent"
    FAILED = "failed"  # the other side refused it for good, or nobody could be reached for days
    RETURNED = "returned"  # it was sent, and came back


@dataclass(kw_only=True)
class Letter:
    """A mail of ours. Its Message-ID stays the same however often it must be tried, so that a repeat is recognizable.

    Address, subject and text are personal data, and sealed where kept.
    """

    letter_id: str
    fact: str  # what it tells, such as receipt:<request id>; there is never a second letter for it
    request_id: str
    park: str
    message_id: str
    to: str
    subject: str
    text: str
    answers: str  # the Message-ID it answers, if any
    written_by: str  # empty: by ourselves
    written_at: datetime
    way: Way = Way.WAITING
    tries: int = 0
    due_at: datetime | None = None
    trouble: str = ""

    def take(self, now: datetime) -> None:
        """Somebody sends it now; should they die over it, it is due again."""
        self.way, self.tries, self.due_at = Way.SENDING, self.tries + 1, now + HELD

    def sent(self) -> None:
        self.way, self.due_at, self.trouble = Way.SENT, None, ""

    def fail(self, why: str) -> None:
        self.way, self.due_at, self.trouble = Way.FAILED, None, why

    def come_back(self, why: str) -> None:
        self.way, self.due_at, self.trouble = Way.RETURNED, None, why

    def put_off(self, why: str, now: datetime) -> None:
        """Try again later, each time twice as late; give up after three days."""
        if now - self.written_at > GIVE_UP:
            self.fail(why)
            return
        pause = min(FIRST_PAUSE * 2 ** min(self.tries - 1, 16), LONGEST_PAUSE)
        self.way, self.due_at, self.trouble = Way.WAITING, now + pause, why


class Letters(Protocol):
    """Every mail of ours."""

    def add(self, letter: Letter) -> bool:
        """False if this fact has its letter already."""
        ...

    def get(self, letter_id: str) -> Letter | None: ...

    def put(self, letter: Letter) -> None: ...

    def by_message_id(self, message_id: str) -> Letter | None: ...

    def due(self, now: datetime) -> Letter | None:
        """The one that is due longest; no other instance gets it."""
        ...

    def of_request(self, request_id: str) -> list[Letter]:
        """Oldest first."""
        ...


def receipt_text(number: str, code: str, track: str) -> str:
    """What tells a sender number and code; `track` is the address of the page."""
    return f"""您好：

您发来的需求已经收到。

受理编号：{number}
查询码：{code}
查进度：{track}

凭编号和查询码随时能查到谁在办、办到哪一步，不用注册。
要补充情况或再发材料，直接回复这封信就可以。
另有一件事，请另发一封新的邮件。

（这封信由系统自动发出。）
"""


def answer_text(text: str, number: str, track: str) -> str:
    """What staff write, and how to go on from there."""
    return f"""{text}

--
受理编号：{number}
查进度：{track}
直接回复这封信，内容会记到这件事里。
"""
