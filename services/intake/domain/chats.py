"""Instant messages: whose they are, what each becomes, and what is answered; by rules simple enough to tell people.

* Whoever is not known is asked once which park and company. What they wrote waits; if no answer comes in time it is
  registered at the station that takes what no one else does.
* What somebody writes within some hours after a need of theirs is added to it, unless that has ended, or it begins
  with 新需求.
* Everything else in words is a need. What is not in words is answered with where it can be sent.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import NamedTuple, Protocol

from services.intake.domain.sending import Outgoing

TEXT, EVENT = "text", "event:"
ENTERED = (f"{EVENT}subscribe", f"{EVENT}enter_agent")
GREETED = timedelta(days=1)  # how often somebody who opens the chat is greeted
_ANOTHER = re.compile(r"\s*新需求[\s,，:：.。]*")
_I_AM = re.compile(r"\s*(我是|我们是)\s*")
_BETWEEN = re.compile(r"[\s,，、;；:：/]+")
_COMPANY = re.compile(r"(?!的)[\w（）()·&.-]{2,60}")
_PHONE = re.compile(r"\+?[0-9][0-9-]{4,24}")
_INTRODUCTION_LIMIT = 80  # characters; whoever writes more says what they need


@dataclass(frozen=True, kw_only=True)
class Manners:
    """What of these rules is set: the station that takes what no one else does, and for how long what holds."""

    park: str
    ask: timedelta
    follow: timedelta

    @property
    def minutes(self) -> int:
        return int(self.ask.total_seconds() // 60)

    @property
    def hours(self) -> int:
        return int(self.follow.total_seconds() // 3600)


def company_unknown() -> str:
    """What stands in the place of a company that nobody has named."""
    return "未说明企业（企业微信）"


class Fate(StrEnum):
    """What became of a message."""

    WAITING = "waiting"
    NEED = "need"
    ADDED = "added"
    INTRODUCED = "introduced"
    ANSWERED = "answered"
    PASSED = "passed"


@dataclass(kw_only=True)
class Person:
    """Who writes. `key` tells them apart and nothing else; user, name and phone are sealed where kept."""

    key: str
    user: str
    park: str = ""
    company: str = ""
    name: str = ""
    phone: str = ""
    greeted_at: datetime | None = None
    asked_at: datetime | None = None

    @property
    def known(self) -> bool:
        return bool(self.park)

    def introduce(self, said: "Introduction") -> None:
        self.park, self.company = said.park, said.company
        self.name, self.phone = said.name or self.name, said.phone or self.phone

    def to_be_greeted(self, now: datetime) -> bool:
        return self.greeted_at is None or now - self.greeted_at > GREETED


@dataclass(kw_only=True)
class Chat:
    """One message of somebody's; its text is personal data."""

    message_id: str
    person: str
    kind: str
    text: str
    arrived_at: datetime
    fate: Fate = Fate.PASSED
    request_id: str = ""
    number: str = ""
    over: bool = False  # the request it is about has ended

    def becomes(self, fate: Fate, request_id: str = "", number: str = "") -> None:
        self.fate, self.request_id, self.number = fate, request_id, number


@dataclass(kw_only=True)
class Reply(Outgoing):
    """A message of ours: one for each fact, however often it must be tried."""

    reply_id: str
    fact: str
    person: str
    user: str
    text: str
    written_at: datetime
    request_id: str = ""
    written_by: str = ""  # empty: by ourselves


class Introduction(NamedTuple):
    park: str
    company: str
    name: str = ""
    phone: str = ""


def introduction(text: str, parks: Mapping[str, str], asked: bool) -> Introduction | None:
    """Who somebody says they are: 我是 天安 示例企业 王工 139...; without 我是 only when they were asked.

    `parks`: code -> the short name that people use.
    """
    begins = _I_AM.match(text)
    if not (begins or asked) or len(text) > _INTRODUCTION_LIMIT or "\n" in text.strip():
        return None
    said = text[begins.end() :] if begins else text.strip()
    for park, short in sorted(parks.items(), key=lambda one: -len(one[1])):
        if not said.startswith(short):
            continue
        rest = said.removeprefix(short).removeprefix("园区").removeprefix("的")
        parts = [part for part in _BETWEEN.split(rest) if part]
        if not parts or not _COMPANY.fullmatch(parts[0]) or not (_BETWEEN.match(rest) or begins):
            return None
        phone = next((part for part in parts[1:] if _PHONE.fullmatch(part)), "")
        name = next((part for part in parts[1:] if part != phone), "")
        return Introduction(park, parts[0], name, phone)
    return None


def without_mark(text: str) -> tuple[str, bool]:
    """The text, and whether it was marked as another need."""
    marked = _ANOTHER.match(text)
    return (text[marked.end() :].strip(), True) if marked else (text.strip(), False)


class Chats(Protocol):
    """Everybody who writes, every message, every answer."""

    def person(self, user: str) -> Person:
        """Whoever it is, known or not; nobody else handles them until the transaction ends."""
        ...

    def put_person(self, person: Person) -> None: ...

    def get(self, message_id: str) -> Chat | None: ...

    def add(self, chat: Chat) -> None: ...

    def put(self, chat: Chat) -> None: ...

    def waiting(self, person: str) -> list[Chat]:
        """Oldest first."""
        ...

    def left_waiting(self, before: datetime) -> str:
        """The user of somebody whose oldest waiting message is older than this; empty if there is none."""
        ...

    def last_about(self, person: str) -> Chat | None:
        """Their last message that became, or was added to, a need that has not ended."""
        ...

    def end(self, request_id: str) -> None:
        """The request has ended: what is written from now on is not about it."""
        ...

    def of_request(self, request_id: str) -> list[Chat]:
        """Oldest first."""
        ...

    def add_reply(self, reply: Reply) -> bool:
        """False if this fact has its answer already."""
        ...

    def put_reply(self, reply: Reply) -> None: ...

    def due(self, now: datetime) -> Reply | None:
        """The one that is due longest; no other instance gets it."""
        ...

    def replies_of(self, request_id: str) -> list[Reply]:
        """Oldest first."""
        ...
