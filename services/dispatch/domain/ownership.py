"""First-contact responsibility: whoever takes a need first answers for it until another has taken it over (7.2.1 a)."""

from dataclasses import dataclass
from datetime import datetime

from services.dispatch.domain.changing import Changing
from shared.access import Actor, Role
from shared.errors import Forbidden, IllegalMove


@dataclass(kw_only=True)
class Owned(Changing):
    """Has an owner, and perhaps somebody it is offered to; offering alone changes nothing about who answers for it."""

    owner_id: str = ""
    owner_name: str = ""
    heir_id: str = ""
    heir_name: str = ""
    heir_reason: str = ""
    heir_since: datetime | None = None

    def take(self, actor: Actor) -> None:
        """Becomes the owner, unless somebody is already."""
        if not self.owner_id and actor.role in (Role.STAFF, Role.OPERATOR, Role.ADMIN):
            self.owner_id, self.owner_name = actor.id, actor.name

    def offer_to(self, heir_id: str, heir_name: str, reason: str, actor: Actor, now: datetime) -> None:
        """Asks somebody to take it over; a later offer takes the place of an earlier one."""
        if not self.owner_id:
            raise IllegalMove("还没有人受理，不用转交，直接请他受理")
        if actor.id != self.owner_id and actor.role not in (Role.OPERATOR, Role.ADMIN):
            raise Forbidden("只有首问负责人自己或运营主管能转交")
        if heir_id == self.owner_id:
            raise IllegalMove("这件事本来就由{name}负责", name=self.owner_name)
        self.heir_id, self.heir_name, self.heir_reason, self.heir_since = heir_id, heir_name, reason, now
        self.touch(now)

    def take_over(self, actor: Actor, now: datetime) -> str:
        """The one it was offered to takes it over; returns the name of who answered for it before."""
        self._check_pending()
        if actor.id != self.heir_id:
            raise Forbidden("这件事没有转交给您")
        before = self.owner_name
        self.owner_id, self.owner_name = actor.id, actor.name
        self.keep_owner()
        self.touch(now)
        return before

    def decline_over(self, actor: Actor, now: datetime) -> str:
        """The one asked will not, or whoever asked takes it back; returns the name of the one asked."""
        self._check_pending()
        if actor.id not in (self.heir_id, self.owner_id) and actor.role not in (Role.OPERATOR, Role.ADMIN):
            raise Forbidden("这件事没有转交给您")
        asked = self.heir_name
        self.keep_owner()
        self.touch(now)
        return asked

    def keep_owner(self) -> None:
        """Nobody is asked any more."""
        self.heir_id = self.heir_name = self.heir_reason = ""
        self.heir_since = None

    def _check_pending(self) -> None:
        if not self.heir_id:
            raise IllegalMove("现在没有等人接手的转交")
