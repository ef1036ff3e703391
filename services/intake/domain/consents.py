"""What a contact has consented to, and until when."""

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from shared.access import Actor
from shared.contracts.intake import FOLLOW_UP, SHARE_CONTACT, ConsentState, ConsentView
from shared.errors import IllegalMove

PURPOSES = (SHARE_CONTACT, FOLLOW_UP)


@dataclass(kw_only=True)
class Consent:
    """One consent of a request's contact. It is never deleted: its end is recorded."""

    consent_id: str
    request_id: str
    park: str
    number: str
    purpose: str
    organization: str
    organization_name: str
    note: str
    given_at: datetime
    given_by: str
    given_by_role: str
    withdrawn_at: datetime | None = None
    withdrawn_by: str = ""
    reason: str = ""

    @property
    def stands(self) -> bool:
        return self.withdrawn_at is None

    def withdraw(self, actor: Actor, reason: str, now: datetime) -> None:
        if not self.stands:
            raise IllegalMove("这项同意已经撤回了")
        self.withdrawn_at, self.withdrawn_by, self.reason = now, actor.name or actor.id, reason

    def view(self) -> ConsentView:
        return ConsentView(**{name: value for name, value in vars(self).items() if name != "park"})


def state_of(consents: list[Consent], organization: str) -> ConsentState:
    """Of consents for one purpose, oldest first. What was said of just this organization last, counts; else of any."""
    for concerned in (organization, ""):
        found = [one for one in consents if one.organization == concerned]
        if found:
            last = max(found, key=lambda one: one.withdrawn_at or one.given_at)
            return ConsentState(given=last.stands, consent_id=last.consent_id, since=last.withdrawn_at or last.given_at)
    return ConsentState(given=False)


class Consents(Protocol):
    """Every consent ever given."""

    def add(self, consent: Consent) -> None: ...

    def get(self, consent_id: str) -> Consent | None:
        """Locked until the transaction ends, if it may write."""
        ...

    def put(self, consent: Consent) -> None: ...

    def of_requests(self, request_ids: list[str]) -> list[Consent]:
        """Oldest first."""
        ...
