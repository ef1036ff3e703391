"""What clients consented to, as dispatch hears it: to which organizations their contact may be given. No bus."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol


@dataclass(frozen=True, kw_only=True)
class Consent:
    """One consent of a request's contact; `organization` empty is any. Its end may be heard before its beginning."""

    consent_id: str
    request_id: str
    organization: str
    given_at: datetime | None = None
    withdrawn_at: datetime | None = None


@dataclass(frozen=True)
class Allowed:
    """To whom a contact may be given: what was said of just one organization last counts, else what of any."""

    any: bool = False
    said: tuple[tuple[str, bool], ...] = ()

    @classmethod
    def of(cls, consents: Iterable[Consent]) -> "Allowed":
        said: dict[str, bool] = {}
        for one in sorted(consents, key=_last_said):
            said[one.organization] = one.withdrawn_at is None
        return cls(said.pop("", False), tuple(sorted(said.items())))

    def to(self, organization: str) -> bool:
        return dict(self.said).get(organization, self.any)


def _last_said(consent: Consent) -> tuple[datetime, str]:
    last = consent.withdrawn_at or consent.given_at
    assert last is not None  # one of them was heard
    return last, consent.consent_id


class Consents(Protocol):
    """All that was heard of consents to give a contact to organizations."""

    def hear(self, consent: Consent) -> None:
        """Adds to what is known of it."""
        ...

    def of(self, request_id: str) -> Allowed: ...
