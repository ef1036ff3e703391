"""The W3C trace context of the work at hand, carried from the first HTTP request to the last event."""

import secrets
from contextvars import ContextVar

_current: ContextVar[str] = ContextVar("traceparent", default="")


def new() -> str:
    return f"00-{secrets.token_hex(16)}-{secrets.token_hex(8)}-01"


def current() -> str:
    """The trace context of this piece of work; a new one begins where there is none."""
    if not _current.get():
        _current.set(new())
    return _current.get()


def enter(traceparent: str) -> None:
    """Work on behalf of this trace from here on; a malformed one is replaced."""
    parts = traceparent.split("-")
    well_formed = len(parts) == 4 and [len(p) for p in parts] == [2, 32, 16, 2]
    _current.set(traceparent if well_formed else new())


def trace_id() -> str:
    return _current.get()[3:35]
