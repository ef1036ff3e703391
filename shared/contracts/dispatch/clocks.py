"""Clocks, one for each hand-off of an item: paused and resumed, warned of, overdue, explained (6.4.1, 7.2.1 a)."""

from dataclasses import dataclass
from datetime import datetime

from shared.contracts.base import Answer, Command, Query
from shared.contracts.dispatch.items import ItemEvent, ItemView
from shared.contracts.station import GivenDay, GivenLimit, Recipient


@dataclass(frozen=True, kw_only=True)
class ItemPaused(ItemEvent):
    """Its clock stands still, for a reason that everybody can read."""

    clock: str
    reason: str


@dataclass(frozen=True, kw_only=True)
class ItemResumed(ItemEvent):
    clock: str
    reason: str = ""


@dataclass(frozen=True, kw_only=True)
class ClockWarned(ItemEvent):
    """The last third of a limit has begun. `to` is who should know, `skipped` who is away.

    There is no `due_at` when it was paused before this could be said.
    """

    clock: str
    due_at: datetime | None
    to: tuple[Recipient, ...]
    skipped: tuple[Recipient, ...] = ()


@dataclass(frozen=True, kw_only=True)
class ClockOverdue(ItemEvent):
    """A limit is over and the hand-off is not. `level` is how far up the station's chain it is told."""

    clock: str
    due_at: datetime | None
    level: int
    to: tuple[Recipient, ...]
    skipped: tuple[Recipient, ...] = ()


@dataclass(frozen=True, kw_only=True)
class PauseItem(Command):
    """Stop the item's clock while something is waited for that is not in our hands."""

    returns = ItemView
    item_id: str
    reason: str


@dataclass(frozen=True, kw_only=True)
class ResumeItem(Command):
    returns = ItemView
    item_id: str
    reason: str = ""


@dataclass(frozen=True, kw_only=True)
class ClockStep(Answer):
    """One step of the sum that leads to a deadline (shared/calendar.py says what each kind means)."""

    kind: str
    day: str = ""
    start: datetime | None = None
    end: datetime | None = None
    minutes: int = 0
    count: int = 0
    name: str = ""


@dataclass(frozen=True, kw_only=True)
class ClockView(Answer):
    """One run of a clock. `spent` and `allowed` are working minutes; `limit` is whose limit it is.

    `limit`: `district`, `category` (the category's own days), or `moment` (it was given a moment).
    """

    clock: str
    state: str
    started_at: datetime
    stopped_at: datetime | None
    due_at: datetime | None
    late: bool
    spent: int
    allowed: int
    limit: str
    count: int
    unit: str
    steps: tuple[ClockStep, ...]


@dataclass(frozen=True, kw_only=True)
class ItemClocks(Answer):
    """Every run of every clock of an item, the oldest first."""

    item_id: str
    clocks: tuple[ClockView, ...]


@dataclass(frozen=True, kw_only=True)
class GetClocks(Query):
    returns = ItemClocks
    item_id: str


@dataclass(frozen=True, kw_only=True)
class ClockPage(Answer):
    """`by_clock` and `by_park` count the running clocks within the same filter but for that one; `late` and `paused`
    count within all of it."""

    items: tuple[ItemView, ...]
    by_clock: dict[str, int]
    by_park: dict[str, int]
    late: int
    paused: int
    next: str = ""


@dataclass(frozen=True, kw_only=True)
class ListClocks(Query):
    """Items of the actor's parks whose clocks run, by urgency: late, in the last third, then by deadline, paused.

    `told` leaves those of which the actor was told, as the next one of a station's chain or for the actor's role.
    """

    returns = ClockPage
    park: str = ""
    clock: str = ""
    owner_id: str = ""
    told: bool = False
    after: str = ""
    limit: int = 50


@dataclass(frozen=True, kw_only=True)
class ClockChange(Answer):
    item_id: str
    number: str
    clock: str
    before: datetime | None
    after: datetime | None


@dataclass(frozen=True, kw_only=True)
class ClockPreview(Answer):
    """How many clocks run, how many deadlines would move, and the first of them."""

    running: int
    sooner: int
    later: int
    examples: tuple[ClockChange, ...]


@dataclass(frozen=True, kw_only=True)
class PreviewClocks(Query):
    """What a change would do to the clocks that run: of hours (`what` is calendar), of a year, or of limits."""

    returns = ClockPreview
    what: str
    park: str = ""
    week: tuple[str, ...] = ()
    days: tuple[GivenDay, ...] = ()
    year: int = 0
    limits: tuple[GivenLimit, ...] = ()
