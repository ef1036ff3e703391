"""Refusals that only HTTP knows, and the status of every error that may reach a client.

ServiceError (shared/errors.py)
├── Rejected
│   ├── Garbled      400  the body or the query cannot be read
│   ├── TooLarge     413  more bytes than we read
│   ├── NotJson      415  another media type than JSON
│   ├── TooMany      429  too many wrong guesses; `wait` says for how many seconds
│   └── Unproven
│       └── SignedOut  401  nobody is signed in, and this needs it
"""

from shared.errors import (
    Forbidden,
    IllegalMove,
    NotFound,
    Rejected,
    ServiceError,
    Taken,
    TimedOut,
    Unavailable,
    Unproven,
)


class Garbled(Rejected):
    """The body or the query cannot be read."""


class TooLarge(Rejected):
    """More bytes than we read."""


class NotJson(Rejected):
    """Another media type than JSON."""


class SignedOut(Unproven):
    """Nobody is signed in, and this needs it."""


class TooMany(Rejected):
    """Too many wrong guesses."""

    def __init__(self, text: str, /, *, wait: int) -> None:
        self.wait = max(1, wait)
        super().__init__(text)


_STATUS: tuple[tuple[type[ServiceError], int], ...] = (
    # the first that fits
    (Garbled, 400),
    (Unproven, 401),
    (Forbidden, 403),
    (NotFound, 404),
    (IllegalMove, 409),
    (Taken, 409),
    (TooLarge, 413),
    (NotJson, 415),
    (TooMany, 429),
    (Rejected, 422),
    (TimedOut, 504),
    (Unavailable, 503),
    (ServiceError, 500),
)


def status_of(error: ServiceError) -> int:
    return next(status for kind, status in _STATUS if isinstance(error, kind))


def retry_after(error: ServiceError) -> int | None:
    """Seconds after which trying again makes sense."""
    if isinstance(error, TooMany):
        return error.wait
    return 5 if isinstance(error, Unavailable) else None
