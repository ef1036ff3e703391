"""What the probe takes and says."""

from dataclasses import dataclass

from shared.contracts.base import Answer, Command, Event, Query


@dataclass(frozen=True, kw_only=True)
class Counted(Event):
    """`mood` tells the handler how to behave; `name` whose count goes up."""

    heard_by = ("probe",)
    name: str
    mood: str = "ok"


@dataclass(frozen=True, kw_only=True)
class Count(Answer):
    name: str
    said: int
    heard: int


@dataclass(frozen=True, kw_only=True)
class AddCount(Command):
    returns = Count
    name: str
    mood: str = "ok"
    events: int = 1
    seconds: float = 0


@dataclass(frozen=True, kw_only=True)
class Ping(Query):
    """Answered without a look at the database."""

    returns = Count
    name: str


@dataclass(frozen=True, kw_only=True)
class GetCount(Query):
    returns = Count
    name: str
    mood: str = "ok"
