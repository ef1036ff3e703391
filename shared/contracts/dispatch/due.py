"""How the running clock of an item stands, for whoever shows it."""

from dataclasses import dataclass
from datetime import datetime

from shared.contracts.base import Answer


@dataclass(frozen=True, kw_only=True)
class Due(Answer):
    """`state`: ok, soon (the last third), late, paused, or provisional (it rests on a year that is not published).

    `at` is when the hand-off is to be over, None while it is paused; `minutes` is the working time left until then,
    below zero for what it is late by; `days` is how many working days begin until then, and `more` whether working
    time is left today besides. `allowed` is what the limit allows in working minutes; `count` and `unit` say it in
    words, and a clock that was given a moment has no unit.
    """

    clock: str
    state: str
    at: datetime | None
    minutes: int
    days: int
    more: bool
    allowed: int
    count: int = 0
    unit: str = ""
    assumed: tuple[int, ...] = ()
    paused_at: datetime | None = None
    reason: str = ""
