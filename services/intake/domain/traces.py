"""By what the contact of two requests is recognised as the same: never the contact itself, only digests of it."""

import re
from typing import Protocol

from services.intake.domain.requests import Contact, Request

MOBILE_DIGITS = 11  # what is before them is the country's prefix
SHORTEST = 7  # digits that tell one telephone from another


def traces(contact: Contact) -> list[str]:
    """The telephone's digits and the e-mail address, however they were written; to be digested with a key."""
    found = []
    digits = re.sub(r"\D", "", contact.phone)[-MOBILE_DIGITS:]
    if len(digits) >= SHORTEST:
        found.append(f"phone {digits}")
    if contact.email.strip():
        found.append(f"email {contact.email.strip().casefold()}")
    return found


class Traces(Protocol):
    def put(self, request: Request) -> None:
        """Remember by what its contact is recognised."""
        ...

    def same_contact(self, request: Request, most: int) -> list[str]:
        """Other requests of the same park with the same telephone or e-mail, the newest first."""
        ...
