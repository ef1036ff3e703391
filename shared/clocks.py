"""Clocks: one for each hand-off of an item, kept as a list of marks that is only added to. No bus, no database."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any

from shared.access import Actor
from shared.calendar import Pause
from shared.errors import IllegalMove

PAUSABLE = frozenset({"assess", "arrange", "answer", "agree", "serve"})  # where waiting may be another's doing


class MarkKind(StrEnum):
    START = "start"
    PAUSE = "pause"
    RESUME = "resume"  # after a pause; or after a stop, when the hand-off turns out not to be over
    STOP = "stop"
    WARN = "warn"  # the last third has begun, and it was said
    LATE = "late"  # the deadline is past, and it was said to `level` steps of the chain


@dataclass(frozen=True, kw_only=True)
class Mark:
    """Something that happened to a clock, when, why and by whom."""

    clock: str
    kind: MarkKind
    at: datetime
    reason: str = ""  # a person's words, or the step that moved the item
    by: str = ""  # the account
    name: str = ""  # how that account is addressed
    until: datetime | None = None  # of a start: it is due then, whatever the calendar
    level: int = 0
    to: tuple[str, ...] = ()  # who was told: accounts, or roles as `role:operator`


def written(mark: Mark) -> dict[str, Any]:
    """A mark as JSON, without what it does not say."""
    said: dict[str, Any] = {name: value for name, value in vars(mark).items() if value not in ("", None, 0, ())}
    return {name: value.isoformat() if isinstance(value, datetime) else value for name, value in said.items()}


def read_mark(one: dict[str, Any]) -> Mark:
    """The mark that was written so."""
    moments: dict[str, Any] = {name: datetime.fromisoformat(one[name]) for name in ("at", "until") if name in one}
    return Mark(**{**one, **moments, "kind": MarkKind(one["kind"]), "to": tuple(one.get("to", ()))})


@dataclass(kw_only=True)
class Run:
    """One run of a clock, from its start to its stop."""

    clock: str
    started_at: datetime
    until: datetime | None = None
    pauses: list[Pause] = field(default_factory=list)
    stopped_at: datetime | None = None
    stopped_by: str = ""
    warned: bool = False
    level: int = 0
    said_late: int = 0
    told: tuple[str, ...] = ()  # who was told of it so far

    @property
    def paused(self) -> Pause | None:
        """The pause that lasts, if one does."""
        last = self.pauses[-1] if self.pauses else None
        return last if last and last.end is None else None

    def take(self, mark: Mark) -> None:
        self.told += mark.to
        match mark.kind:
            case MarkKind.PAUSE:
                self.pauses.append(Pause(mark.at, None, mark.reason))
            case MarkKind.STOP:
                self._end_pause(mark.at)
                self.stopped_at, self.stopped_by = mark.at, mark.reason
            case MarkKind.RESUME if self.stopped_at:
                self.pauses.append(Pause(self.stopped_at, mark.at, self.stopped_by))
                self.stopped_at = None
            case MarkKind.RESUME:
                self._end_pause(mark.at)
            case MarkKind.WARN:
                self.warned = True
            case MarkKind.LATE:
                self.warned, self.level = True, mark.level
                self.said_late += 1

    def _end_pause(self, at: datetime) -> None:
        if self.paused:
            self.pauses[-1] = self.pauses[-1]._replace(end=at)


def runs(marks: Sequence[Mark]) -> list[Run]:
    """Every run, in the order they started."""
    found: list[Run] = []
    latest: dict[str, Run] = {}
    for mark in marks:
        if mark.kind is MarkKind.START:
            latest[mark.clock] = Run(clock=mark.clock, started_at=mark.at, until=mark.until)
            found.append(latest[mark.clock])
        else:
            latest[mark.clock].take(mark)
    return found


def running(marks: Sequence[Mark]) -> Run | None:
    """The run that is on now; there is one at the most."""
    return next((run for run in runs(marks) if run.stopped_at is None), None)


# --- what happens to clocks


def hand_over(
    marks: list[Mark],
    clock: str | None,
    trigger: str,
    now: datetime,
    *,
    by: Actor | None = None,
    until: datetime | None = None,
    again: bool = False,
) -> None:
    """The item moved on: stop the clock that runs, start the one of its new stage.

    `again`: the hand-off was under way before and was not over, so its clock goes on where it stopped.
    """
    run = running(marks)
    who = _who(by)
    if run and run.clock == clock and until is None:
        if run.paused:
            marks.append(Mark(clock=clock, kind=MarkKind.RESUME, at=now, reason=trigger, **who))
        return
    if run:
        marks.append(Mark(clock=run.clock, kind=MarkKind.STOP, at=now, reason=trigger, **who))
    if clock:
        before = again and any(mark.clock == clock for mark in marks)
        kind = MarkKind.RESUME if before else MarkKind.START
        marks.append(Mark(clock=clock, kind=kind, at=now, reason=trigger, until=until, **who))


def _who(by: Actor | None) -> dict[str, Any]:
    return {"by": by.id, "name": by.name} if by else {}


def pause(marks: list[Mark], reason: str, now: datetime, by: Actor) -> str:
    """Stop the clock for a while; returns which. Raises IllegalMove where nothing is to be waited for."""
    run = running(marks)
    if run is None or run.clock not in PAUSABLE:
        raise IllegalMove("现在的时限不能暂停")
    if run.paused:
        raise IllegalMove("时限已经暂停了")
    marks.append(Mark(clock=run.clock, kind=MarkKind.PAUSE, at=now, reason=reason, **_who(by)))
    return run.clock


def resume(marks: list[Mark], now: datetime, by: Actor, reason: str = "") -> str:
    """Let the clock go on; returns which."""
    run = running(marks)
    if run is None or not run.paused:
        raise IllegalMove("时限没有暂停")
    marks.append(Mark(clock=run.clock, kind=MarkKind.RESUME, at=now, reason=reason, **_who(by)))
    return run.clock
