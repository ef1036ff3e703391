"""Consents of contacts: to which organization, or for which purpose, their personal data may be used."""

from dataclasses import dataclass
from datetime import datetime

from shared.contracts.base import Answer, Command, Event, Query
from shared.contracts.intake.requests import ContactView

FOLLOW_UP = "follow_up"  # the station may ask later how it was
SHARE_CONTACT = "share_contact"  # name, telephone and e-mail may be told to an organization that serves the request


@dataclass(frozen=True, kw_only=True)
class ConsentRecorded(Event):
    """`organization` empty: any organization that the station finds for this request."""

    heard_by = ("dispatch",)
    consent_id: str
    number: str
    purpose: str
    organization: str = ""
    organization_name: str = ""


@dataclass(frozen=True, kw_only=True)
class ConsentWithdrawn(Event):
    """What was shared cannot be unshared; nothing more may be."""

    heard_by = ("dispatch",)
    consent_id: str
    number: str
    purpose: str
    organization: str = ""


@dataclass(frozen=True, kw_only=True)
class ConsentView(Answer):
    """Who gave it, to whom or what for, when; by whose hand it was written down; and its end, if it was withdrawn."""

    consent_id: str
    request_id: str
    number: str
    purpose: str
    organization: str
    organization_name: str
    note: str  # how it was given: on the page, by telephone, in writing
    given_at: datetime
    given_by: str
    given_by_role: str
    withdrawn_at: datetime | None = None
    withdrawn_by: str = ""
    reason: str = ""


@dataclass(frozen=True, kw_only=True)
class RecordConsent(Command):
    """The contact of a request consents; by itself, or told to staff who write it down with a note on how."""

    returns = ConsentView
    request_id: str
    purpose: str = SHARE_CONTACT
    organization: str = ""
    organization_name: str = ""
    note: str = ""


@dataclass(frozen=True, kw_only=True)
class WithdrawConsent(Command):
    returns = ConsentView
    consent_id: str
    reason: str = ""


@dataclass(frozen=True, kw_only=True)
class ConsentState(Answer):
    """Whether there is consent now. One for just this organization decides; else one for any."""

    given: bool
    consent_id: str = ""
    since: datetime | None = None


@dataclass(frozen=True, kw_only=True)
class GetConsent(Query):
    returns = ConsentState
    request_id: str
    purpose: str = SHARE_CONTACT
    organization: str = ""


@dataclass(frozen=True, kw_only=True)
class ConsentList(Answer):
    consents: tuple[ConsentView, ...]


@dataclass(frozen=True, kw_only=True)
class ListConsents(Query):
    returns = ConsentList
    request_id: str


@dataclass(frozen=True, kw_only=True)
class GetSharedContact(Query):
    """The contact of a request, for an organization that has the consent; refused without it."""

    returns = ContactView
    request_id: str
    organization: str
