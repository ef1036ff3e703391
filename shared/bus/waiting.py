"""How a green thread waits for PostgreSQL: a moment on its own, for most answers come at once, and then by the hub."""

from typing import Any

from eventlet import patcher
from eventlet.hubs import trampoline
from psycopg2 import OperationalError, extensions

MOMENT = 1  # millisecond, in which the whole process waits; switching to the hub and back costs more than a short wait

_select = patcher.original("select")


def wait_promptly() -> None:
    """From here on psycopg2 waits in this way in this process."""
    extensions.set_wait_callback(_wait)


def _wait(connection: Any, timeout: Any = None) -> None:
    while (state := connection.poll()) != extensions.POLL_OK:
        if state == extensions.POLL_READ:
            if not _answers(connection):
                trampoline(connection.fileno(), read=True)
        elif state == extensions.POLL_WRITE:
            trampoline(connection.fileno(), write=True)
        else:
            raise OperationalError(f"poll says {state}")


def _answers(connection: Any) -> bool:
    poll = _select.poll()
    poll.register(connection.fileno(), _select.POLLIN)
    return bool(poll.poll(MOMENT))
