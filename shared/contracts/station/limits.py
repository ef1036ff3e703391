"""How long each hand-off may take in the district, and who hears of it when it takes longer (6.4.1, 7.2.1 a)."""

from dataclasses import dataclass
from datetime import datetime

from shared.contracts.base import Answer, Command, Event, Query


@dataclass(frozen=True, kw_only=True)
class GivenLimit(Answer):
    """`clock` names the hand-off (shared/limits.py lists them); `unit` is minutes, hours or days of working time."""

    clock: str
    count: int
    unit: str


@dataclass(frozen=True, kw_only=True)
class LimitsSet(Event):
    """The district's limits changed; a hand-off that is not named keeps its default."""

    heard_by = ("dispatch", "feedback")
    version: int
    limits: tuple[GivenLimit, ...]


@dataclass(frozen=True, kw_only=True)
class LimitsView(Answer):
    """Every limit in force, the defaults included."""

    version: int
    limits: tuple[GivenLimit, ...]
    set_at: datetime | None = None
    set_by: str = ""


@dataclass(frozen=True, kw_only=True)
class SetLimits(Command):
    """Change the district's limits; those that are not named go back to their defaults. `version` as in SetCalendar."""

    returns = LimitsView
    limits: tuple[GivenLimit, ...]
    version: int | None = None


@dataclass(frozen=True, kw_only=True)
class GetLimits(Query):
    returns = LimitsView


@dataclass(frozen=True, kw_only=True)
class Recipient(Answer):
    """Who is told: an account (with the name people know), or everybody of a role at the station."""

    account: str = ""
    name: str = ""
    role: str = ""


@dataclass(frozen=True, kw_only=True)
class ChainSet(Event):
    """Who hears of what is late at this station changed; with no park, at every station without a chain of its own."""

    heard_by = ("dispatch", "feedback")
    version: int
    steps: tuple[Recipient, ...] = ()


@dataclass(frozen=True, kw_only=True)
class ChainView(Answer):
    """`steps` are the station's own; `district_steps` what it follows where it has none."""

    park: str
    version: int
    steps: tuple[Recipient, ...]
    district_steps: tuple[Recipient, ...]
    set_at: datetime | None = None
    set_by: str = ""


@dataclass(frozen=True, kw_only=True)
class SetChain(Command):
    """Without steps the station follows the district's chain. `version` as in SetCalendar."""

    returns = ChainView
    park: str
    steps: tuple[Recipient, ...] = ()
    version: int | None = None


@dataclass(frozen=True, kw_only=True)
class GetChain(Query):
    returns = ChainView
    park: str = ""
