"""Lists of needs collected on visits: each line checked by itself, taken in once, whatever file it comes in."""

import hashlib
import re
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from typing import Protocol
from zoneinfo import ZoneInfo

from services.intake.domain.requests import check_need
from shared.access import Actor
from shared.contracts.intake import Occasion, SubmitNeed, VisitLine, VisitList, VisitRow
from shared.errors import Invalid
from shared.states import StateTable

MOST_ROWS = 2000
KEPT = timedelta(days=30)  # what is wrong can be fetched and mended that long
PREVIEW = timedelta(days=1)  # a list nobody confirms is forgotten
MIDDAY = time(12)
_DATE = re.compile(r"(\d{4})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})\s*日?")
_COLUMNS = {"occasion.at": "date", "occasion.place": "place", "occasion.by": "by"}
_DATE_WRONG = "请写走访的日期，例如 2026-11-20"
_TWICE = "和上面的一行是同一件事，只留一行"


class Stage(StrEnum):
    READING = "reading"
    PREVIEW = "preview"
    RUNNING = "running"
    DONE = "done"
    DROPPED = "dropped"


LIFE = StateTable(
    (Stage.READING, "read", Stage.PREVIEW),
    (Stage.READING, "drop", Stage.DROPPED),
    (Stage.PREVIEW, "confirm", Stage.RUNNING),
    (Stage.PREVIEW, "drop", Stage.DROPPED),
    (Stage.RUNNING, "finish", Stage.DONE),
)


class State(StrEnum):
    GOOD = "good"
    WRONG = "wrong"
    KNOWN = "known"
    TAKEN = "taken"


@dataclass(kw_only=True)
class Visits:
    """One list. Who confirms it writes the needs down."""

    list_id: str
    park: str
    file_name: str
    columns: dict[str, str]
    added_by: Actor
    added_at: datetime
    stage: Stage = Stage.READING
    confirmed_by: Actor | None = None

    def read(self) -> None:
        self.stage = Stage(LIFE.move(self.stage, "read"))

    def confirm(self, actor: Actor) -> None:
        self.stage = Stage(LIFE.move(self.stage, "confirm"))
        self.confirmed_by = actor

    def drop(self) -> None:
        self.stage = Stage(LIFE.move(self.stage, "drop"))

    def finish(self) -> None:
        self.stage = Stage(LIFE.move(self.stage, "finish"))

    def view(self, counts: dict[str, int]) -> VisitList:
        return VisitList(
            list_id=self.list_id, park=self.park, file_name=self.file_name, state=self.stage,
            added_by=self.added_by.name or self.added_by.id, added_at=self.added_at, columns=self.columns,
            rows=sum(counts.values()), **{state: counts.get(state, 0) for state in State},
        )  # fmt: skip


@dataclass(kw_only=True)
class Line:
    """One line of a list. What it says is personal data, and is let go of once it is taken in."""

    row: int
    company: str
    mark: str  # tells the same need, whatever list it is in
    state: State
    wrong: dict[str, str] = field(default_factory=dict)
    number: str = ""
    given: VisitRow | None = None

    def take(self, number: str) -> None:
        self.state, self.number, self.given = State.TAKEN, number, None

    def know(self, number: str) -> None:
        self.state, self.number, self.given = State.KNOWN, number, None

    def refuse(self, wrong: dict[str, str]) -> None:
        self.state, self.wrong = State.WRONG, wrong

    def view(self) -> VisitLine:
        return VisitLine(
            row=self.row, company=self.company, state=self.state, number=self.number, wrong=self.wrong,
            given=self.given,
        )  # fmt: skip


def line_of(given: VisitRow, park: str, seen: set[str], check: "Checking") -> Line:
    """The line as it stands before it is confirmed; `seen` holds the marks of good lines above, and gets this one's."""
    need, wrong = check.need(given, park)
    mark = mark_of(need)
    line = Line(row=given.row, company=need.company, mark=mark, state=State.GOOD, given=given)
    if wrong:
        line.refuse(wrong)
    elif mark in seen:
        line.refuse({"text": _TWICE})
    else:
        seen.add(mark)
    return line


@dataclass(frozen=True, kw_only=True)
class Checking:
    """What a line is checked against."""

    actor: Actor
    now: datetime
    zone: ZoneInfo

    def need(self, given: VisitRow, park: str) -> tuple[SubmitNeed, dict[str, str]]:
        """The need a line states, and what is wrong with it by column."""
        wrong = dict(given.wrong)
        day = day_of(given.date)
        if day is None:
            wrong.setdefault("date", _DATE_WRONG)
        at = datetime.combine(day, MIDDAY, self.zone) if day else None
        if at and day == self.now.astimezone(self.zone).date():
            at = min(at, self.now)
        need = SubmitNeed(
            park=park, text=given.text.strip(), company=" ".join(given.company.split()), channel="visit",
            contact_name=given.contact_name.strip(), phone=given.phone.strip(),
            credit_code=given.credit_code.replace(" ", ""), category=given.category, item=given.item,
            occasion=Occasion(by=given.by.strip(), place=given.place.strip(), at=at),
        )  # fmt: skip
        try:
            check_need(need, self.actor, self.now)
        except Invalid as error:
            for path, text in error.fields.items():
                wrong.setdefault(_COLUMNS.get(path, path), text)
        return need, wrong


def day_of(text: str) -> date | None:
    """The day, as people write one; None for anything else."""
    found = _DATE.fullmatch(text.strip())
    try:
        return date(*map(int, found.groups())) if found else None
    except ValueError:
        return None


def mark_of(need: SubmitNeed) -> str:
    """The same for the same need of the same enterprise on the same day in the same park."""
    at = need.occasion.at.date().isoformat() if need.occasion and need.occasion.at else ""
    said = "\n".join([need.park, at, need.company.casefold(), " ".join(need.text.split())])
    return hashlib.sha256(said.encode()).hexdigest()


def referenced(need: SubmitNeed, visits: Visits, row: int) -> SubmitNeed:
    """The need, with where it is written."""
    return replace(need, reference=f"{visits.file_name[:300]} {visits.columns.get('text', '')}{row}".strip())


class VisitLists(Protocol):
    """Every list, and the marks of what was taken in from any."""

    def add(self, visits: Visits) -> None: ...

    def get(self, list_id: str) -> Visits | None:
        """Locked until the transaction ends, if it may write."""
        ...

    def put(self, visits: Visits) -> None: ...

    def latest(self, parks: tuple[str, ...], limit: int) -> list[Visits]: ...

    def running(self) -> Visits | None:
        """One that is being taken in; no other instance gets it at the same time."""
        ...

    def counts(self, list_id: str) -> dict[str, int]:
        """Lines by state."""
        ...

    def add_lines(self, list_id: str, lines: list[Line]) -> None: ...

    def put_line(self, list_id: str, line: Line) -> None: ...

    def lines(self, list_id: str, state: str = "", after: int = 0, limit: int = 100) -> list[Line]:
        """In the table's order."""
        ...

    def marks(self, list_id: str) -> set[str]:
        """The marks of the list's lines that are not wrong."""
        ...

    def taken(self, marks: list[str]) -> dict[str, str]:
        """Of these marks, those that were taken in, with their numbers."""
        ...

    def claim(self, mark: str, now: datetime) -> bool:
        """Whether this transaction is the first to take in a line with this mark."""
        ...

    def settle(self, mark: str, number: str) -> None:
        """The request that came of it."""
        ...

    def forget(self, old: datetime, unconfirmed: datetime) -> int:
        """What the lines of lists older than that say; and lists as old as that which nobody confirmed."""
        ...
