"""How requests stand, for anybody: nothing personal, nothing of what was said."""

from dataclasses import dataclass
from datetime import datetime

from shared.contracts.base import Answer, Query


@dataclass(frozen=True, kw_only=True)
class Standing(Answer):
    """One service item as everybody may see it."""

    number: str
    park: str
    stage: str
    category: str
    item: str
    title: str
    opened_at: datetime
    changed_at: datetime


@dataclass(frozen=True, kw_only=True)
class Standings(Answer):
    standings: tuple[Standing, ...]


@dataclass(frozen=True, kw_only=True)
class ListStandings(Query):
    """Newest first. Empty filters let everything pass.

    `services` are codes of categories or items, "" for what is not assessed yet. `over` names the stages that count
    as over; with `closed`, only requests all of whose items are over, or with False only the others.
    """

    returns = Standings
    parks: tuple[str, ...] = ()
    numbers: tuple[str, ...] = ()
    services: tuple[str, ...] = ()
    since: datetime | None = None
    until: datetime | None = None
    over: tuple[str, ...] = ()
    closed: bool | None = None
    skip: int = 0
    limit: int = 100
