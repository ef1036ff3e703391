"""What intake takes and says: needs as stated (clause 6.2)."""

from dataclasses import dataclass, field
from datetime import datetime

from shared.contracts.base import Answer, Command, Details, Event, Query


@dataclass(frozen=True, kw_only=True)
class Occasion:
    """Where a need was taken down, when, and by whom of the station; no personal data of the client."""

    by: str = ""
    place: str = ""
    at: datetime | None = None


@dataclass(frozen=True, kw_only=True)
class RequestReceived(Event):
    """A need passed every check, has its number, and waits for someone to take it."""

    heard_by = ("dispatch",)
    number: str
    company: str
    text: str
    channel: str
    category: str = ""  # what the client chose, if anything
    item: str = ""
    details: Details = field(default_factory=dict)
    occasion: Occasion | None = None
    on_behalf: bool = False  # staff wrote it down for the client
    credit_code: str = ""  # of the enterprise, if it was said


@dataclass(frozen=True, kw_only=True)
class NeedSubmitted(Answer):
    """`code` proves ownership when tracking; it is told once, here, and in notices to the client."""

    request_id: str
    number: str
    code: str
    park: str
    received_at: datetime


@dataclass(frozen=True, kw_only=True)
class SubmitNeed(Command):
    returns = NeedSubmitted
    park: str
    text: str
    company: str
    channel: str = "web"
    contact_name: str = ""
    phone: str = ""
    email: str = ""
    category: str = ""
    item: str = ""
    details: Details = field(default_factory=dict)
    occasion: Occasion | None = None
    reference: str = ""  # the sender's own name for it: a message's id, a row of a survey
    credit_code: str = ""  # unified social credit code of the enterprise; never needed
    files: tuple[str, ...] = ()  # ids of files registered before


@dataclass(frozen=True, kw_only=True)
class RequestView(Answer):
    request_id: str
    number: str
    park: str
    company: str
    text: str
    channel: str
    received_at: datetime
    occasion: Occasion | None = None
    on_behalf: bool = False
    reference: str = ""
    credit_code: str = ""


@dataclass(frozen=True, kw_only=True)
class GetOwnRequest(Query):
    """Open a request with its number and code, as a client without an account does."""

    returns = RequestView
    number: str
    code: str


@dataclass(frozen=True, kw_only=True)
class GetRequest(Query):
    """By id or by number."""

    returns = RequestView
    request_id: str = ""
    number: str = ""


@dataclass(frozen=True, kw_only=True)
class ContactView(Answer):
    name: str
    phone: str
    email: str


@dataclass(frozen=True, kw_only=True)
class GetContact(Query):
    """The contact of a request: personal data, for the station that handles it."""

    returns = ContactView
    request_id: str
