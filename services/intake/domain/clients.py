"""Clients: enterprises known by their unified social credit code, which links their requests."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from services.intake.domain.requests import Request
from shared.contracts.intake import ClientContact, ClientLine


@dataclass(frozen=True, kw_only=True)
class Client:
    credit_code: str
    name: str
    known_since: datetime


def contacts_of(requests: Iterable[Request]) -> tuple[ClientContact, ...]:
    """Who spoke for the client, each once; `requests` newest first."""
    found: dict[tuple[str, str, str], ClientContact] = {}
    for request in requests:
        contact = request.contact
        key = (contact.name, contact.phone, contact.email)
        if any(key) and key not in found:
            found[key] = ClientContact(name=key[0], phone=key[1], email=key[2], number=request.number)
    return tuple(found.values())


class Clients(Protocol):
    """Every client with a code."""

    def meet(self, client: Client) -> None:
        """Know it from now on, by the name it gives; the name of one known already stays."""
        ...

    def rename(self, credit_code: str, name: str) -> None: ...

    def get(self, credit_code: str) -> Client | None: ...

    def page(self, search: str, parks: tuple[str, ...], after: str, limit: int) -> list[ClientLine]:
        """Those with requests in these parks, by code, after this one."""
        ...
