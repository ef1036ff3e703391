"""When members of staff are away, so that nothing waits for them."""

from dataclasses import dataclass
from datetime import datetime

from shared.contracts.base import Answer, Command, Event, Query


@dataclass(frozen=True, kw_only=True)
class AbsenceNoted(Event):
    """An account is away; at these parks what is late passes it by. `parks` may hold `*`."""

    heard_by = ("dispatch", "feedback")
    absence_id: str
    account: str
    name: str
    parks: tuple[str, ...]
    since: datetime
    until: datetime


@dataclass(frozen=True, kw_only=True)
class AbsenceEnded(Event):
    """It was noted wrongly, or ended early."""

    heard_by = ("dispatch", "feedback")
    absence_id: str
    account: str


@dataclass(frozen=True, kw_only=True)
class AbsenceView(Answer):
    absence_id: str
    account: str
    name: str
    parks: tuple[str, ...]
    since: datetime
    until: datetime
    reason: str
    noted_by: str
    ended_at: datetime | None = None


@dataclass(frozen=True, kw_only=True)
class AbsenceList(Answer):
    absences: tuple[AbsenceView, ...]


@dataclass(frozen=True, kw_only=True)
class NoteAbsence(Command):
    """Members of staff note their own; who runs a station, anyone's there."""

    returns = AbsenceView
    account: str
    name: str
    parks: tuple[str, ...]
    since: datetime
    until: datetime
    reason: str = ""


@dataclass(frozen=True, kw_only=True)
class EndAbsence(Command):
    """Back earlier than noted."""

    returns = AbsenceView
    absence_id: str


@dataclass(frozen=True, kw_only=True)
class ListAbsences(Query):
    """Of the actor's parks, those that are not over, the soonest first."""

    returns = AbsenceList
    park: str = ""
