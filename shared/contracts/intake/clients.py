"""Clients: the enterprises whose needs are taken, known by their unified social credit code."""

from dataclasses import dataclass
from datetime import datetime

from shared.contracts.base import Answer, Command, Event, Query
from shared.contracts.intake.consents import ConsentView
from shared.contracts.intake.requests import RequestView


@dataclass(frozen=True, kw_only=True)
class ClientIdentified(Event):
    """Staff found out whose need it is; the client stated no code, or a wrong one."""

    number: str
    credit_code: str
    name: str


@dataclass(frozen=True, kw_only=True)
class IdentifyClient(Command):
    """Link a request to the client with this code; an empty `name` keeps the name as stated."""

    returns = RequestView
    request_id: str
    credit_code: str
    name: str = ""


@dataclass(frozen=True, kw_only=True)
class ClientContact:
    """Someone who spoke for the client: personal data, for the stations that handle its requests."""

    name: str
    phone: str
    email: str
    number: str  # of the latest request it came with


@dataclass(frozen=True, kw_only=True)
class ClientView(Answer):
    """A client as the reader may see it: only requests of the reader's parks, newest first."""

    credit_code: str
    name: str
    requests: tuple[RequestView, ...] = ()
    contacts: tuple[ClientContact, ...] = ()
    consents: tuple[ConsentView, ...] = ()


@dataclass(frozen=True, kw_only=True)
class GetClient(Query):
    returns = ClientView
    credit_code: str


@dataclass(frozen=True, kw_only=True)
class ClientLine:
    credit_code: str
    name: str
    requests: int
    last_at: datetime


@dataclass(frozen=True, kw_only=True)
class ClientPage(Answer):
    clients: tuple[ClientLine, ...]
    next: str = ""


@dataclass(frozen=True, kw_only=True)
class ListClients(Query):
    """Clients with requests in the reader's parks, by name or code; `after` is what `next` said."""

    returns = ClientPage
    search: str = ""
    after: str = ""
    limit: int = 50


@dataclass(frozen=True, kw_only=True)
class OwnRequests(Answer):
    requests: tuple[RequestView, ...]
    next: str = ""


@dataclass(frozen=True, kw_only=True)
class ListOwnRequests(Query):
    """The requests of the client whose account asks, newest first; with `number` only that one."""

    returns = OwnRequests
    number: str = ""
    after: str = ""
    limit: int = 50
