"""E-mail: what came, what staff must look at, what was written to a client, and how far it got."""

from dataclasses import dataclass
from datetime import datetime

from shared.contracts.base import Answer, Command, Event, Query


@dataclass(frozen=True, kw_only=True)
class MessageAdded(Event):
    """The client wrote again about a request that is there; the words stay in intake."""

    number: str
    message_id: str
    channel: str = "email"
    files: int = 0


@dataclass(frozen=True, kw_only=True)
class ClientWritten(Event):
    """Staff wrote to the client; the words stay in intake."""

    number: str
    message_id: str
    channel: str = "email"


@dataclass(frozen=True, kw_only=True)
class LetterReturned(Event):
    """What we wrote did not reach the client: staff must find another way."""

    number: str
    message_id: str
    trouble: str = ""
    channel: str = "email"


@dataclass(frozen=True, kw_only=True)
class MailView(Answer):
    """`fate`: need, added, bounced, automatic, loop, set_aside or settled; `reason` says why, as a text."""

    mail_id: str
    sender: str
    sender_name: str
    subject: str
    text: str
    arrived_at: datetime
    fate: str
    reason: str = ""
    park: str = ""
    request_id: str = ""
    settled_by: str = ""


@dataclass(frozen=True, kw_only=True)
class MailPage(Answer):
    """`waiting` counts those set aside, which somebody must look at."""

    mails: tuple[MailView, ...]
    waiting: int = 0
    next: str = ""


@dataclass(frozen=True, kw_only=True)
class ListMails(Query):
    """Newest first; by default those set aside. `after` is what `next` said."""

    returns = MailPage
    fate: str = "set_aside"
    after: str = ""
    limit: int = 50


@dataclass(frozen=True, kw_only=True)
class GetMail(Query):
    returns = MailView
    mail_id: str


@dataclass(frozen=True, kw_only=True)
class OpenFromMail(Command):
    """Staff make a need of a mail that was set aside."""

    returns = MailView
    mail_id: str
    park: str
    company: str
    text: str = ""  # the mail's own, if empty


@dataclass(frozen=True, kw_only=True)
class AddMail(Command):
    """Staff add a mail that was set aside to the request it is about."""

    returns = MailView
    mail_id: str
    number: str


@dataclass(frozen=True, kw_only=True)
class SettleMail(Command):
    """Staff have looked at a mail, and nothing comes of it."""

    returns = MailView
    mail_id: str


@dataclass(frozen=True, kw_only=True)
class Written:
    """One mail of a request's correspondence. `way` says how far one of ours got."""

    message_id: str
    ours: bool
    at: datetime
    who: str
    subject: str
    text: str
    way: str = ""
    trouble: str = ""


@dataclass(frozen=True, kw_only=True)
class Correspondence(Answer):
    """Oldest first. `possible`: whether the client can be written to."""

    messages: tuple[Written, ...]
    possible: bool = False


@dataclass(frozen=True, kw_only=True)
class ListMessages(Query):
    returns = Correspondence
    request_id: str


@dataclass(frozen=True, kw_only=True)
class WriteToClient(Command):
    """Send a mail about a request to its contact; the answer comes back to the request."""

    returns = Correspondence
    request_id: str
    text: str
