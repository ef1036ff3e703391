"""What handlers are handed, whoever provides it."""

from collections.abc import Callable
from datetime import datetime
from typing import Protocol, Self, TypeVar

from shared.access import Actor
from shared.contracts.base import Answer, Event

A = TypeVar("A", bound=Answer)
E = TypeVar("E", bound=Event)


class Work(Protocol):
    """One transaction on behalf of one message: rolls back unless told to commit.

    Entering it records the message in the inbox, so a repeated message never reaches the handler's body.
    """

    actor: Actor
    now: datetime  # UTC, the same for the whole transaction
    new_id: Callable[[], str]

    def __enter__(self) -> Self: ...

    def __exit__(self, *details: object) -> None: ...

    def say(self, event: E, topic: str = "") -> E:
        """Put an event into the outbox; returns it with its envelope filled."""
        ...

    def commit(self, answer: A | None = None) -> A:
        """Make all of it last, the answer to a command included, and return that answer."""
        ...
