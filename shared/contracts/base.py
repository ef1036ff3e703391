"""What every message on the bus has. Pure dataclasses: no bus, no schema library."""

import re
from dataclasses import dataclass
from datetime import datetime
from typing import Any, ClassVar


@dataclass(frozen=True, kw_only=True)
class Message:
    @classmethod
    def type(cls) -> str:
        """`JobOffered` travels as `job_offered`."""
        return re.sub(r"(?<!^)(?=[A-Z])", "_", cls.__name__).lower()

    @classmethod
    def source(cls) -> str:
        """The service that owns the message: the module or package in `contracts` that it is in."""
        return cls.__module__.partition(".contracts.")[2].partition(".")[0]

    @classmethod
    def key(cls) -> str:
        """`dispatch.job_offered`: how the bus routes it."""
        return f"{cls.source()}.{cls.type()}"


@dataclass(frozen=True, kw_only=True)
class Who:
    """Who caused an event. No personal data: `name` is how staff are addressed (陈专员)."""

    id: str
    role: str
    name: str = ""


@dataclass(frozen=True, kw_only=True)
class Event(Message):
    """A fact. The unit of work fills the five envelope fields when it is said.

    `heard_by` names the services with a handler `on_<type>`. Their queues are there before the event is ever said,
    so that one who has never run yet misses nothing; the archive hears everything anyway.
    """

    heard_by: ClassVar[tuple[str, ...]] = ()
    private: ClassVar[bool] = False  # among colleagues: a client never reads it
    park: str
    request_id: str = ""
    event_id: str = ""
    occurred_at: datetime | None = None
    actor: Who | None = None
    traceparent: str = ""


@dataclass(frozen=True, kw_only=True)
class Heartbeat(Event):
    """True only for now: not kept in the ledger, not queued for long, not repeated when lost."""


@dataclass(frozen=True, kw_only=True)
class Answer:
    """What a command or query returns."""


@dataclass(frozen=True, kw_only=True)
class Command(Message):
    """Asks the owning service to change something; travels by RPC with an id, so it takes effect once."""

    returns: ClassVar[type[Answer]]


@dataclass(frozen=True, kw_only=True)
class Query(Message):
    """Asks the owning service for something and changes nothing; travels by RPC."""

    returns: ClassVar[type[Answer]]


Details = dict[str, Any]  # what a form holds: JSON values by field name
