"""Who may open which sealed dossier, why, and until when. No bus, no database."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

from shared.access import Actor
from shared.contracts.archive import GrantView
from shared.errors import Forbidden, IllegalMove

MOST_DAYS = 30


@dataclass(kw_only=True)
class Grant:
    """One person's wish to open one dossier, and what another person said to it."""

    grant_id: str
    item_id: str
    park: str
    number: str
    file_number: str
    by_id: str
    by_name: str
    why: str
    days: int
    asked_at: datetime
    granted: bool | None = None  # None until it is decided
    until: datetime | None = None
    decided_by_id: str = ""
    decided_by: str = ""
    decided_at: datetime | None = None
    reason: str = ""

    def decide(self, grant: bool, reason: str, actor: Actor, now: datetime) -> None:
        if self.granted is not None:
            raise IllegalMove("这个申请已经处理过了")
        if actor.id == self.by_id:
            raise Forbidden("自己的申请要由另一个人批")
        self.granted, self.reason = grant, reason
        self.decided_by_id, self.decided_by, self.decided_at = actor.id, actor.name, now
        self.until = now + timedelta(days=self.days) if grant else None

    def holds(self, now: datetime) -> bool:
        return self.granted is True and self.until is not None and now < self.until

    def state(self, now: datetime) -> str:
        if self.granted is None:
            return "asked"
        return "refused" if not self.granted else "granted" if self.holds(now) else "over"

    def view(self, now: datetime) -> GrantView:
        shown = {name: value for name, value in vars(self).items() if name not in ("granted", "decided_by_id")}
        return GrantView(**shown, state=self.state(now))


class Grants(Protocol):
    def add(self, grant: Grant) -> None: ...

    def get(self, grant_id: str) -> Grant:
        """Locked until the transaction ends, if it may write. Raises NotFound."""
        ...

    def put(self, grant: Grant) -> None: ...

    def latest(self, item_id: str, by_id: str) -> Grant | None:
        """The newest of this person for this dossier."""
        ...

    def page(self, item_id: str, park: str, asked: bool, parks: tuple[str, ...], most: int) -> list[Grant]:
        """The newest first."""
        ...
