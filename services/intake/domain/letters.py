"""Mails of ours: one for each fact, tried until it is sent, refused or too old."""

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from services.intake.domain.sending import Outgoing, Way


@dataclass(kw_only=True)
class Letter(Outgoing):
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

    def come_back(self, why: str) -> None:
        self.way, self.due_at, self.trouble = Way.RETURNED, None, why


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
