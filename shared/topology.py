"""The queues that must be there before a service says anything: those of its readers, even if they never ran."""

from collections.abc import Iterator

import amqp

from shared.amqp import declare, declare_handler
from shared.contracts.base import Event, Heartbeat

EVERYTHING = "archive.on_event"  # the queue of the one who hears all


def declare_for(channel: amqp.Channel, service: str) -> None:
    """What all services share, and a queue for each reader of what this one says; its contracts are imported."""
    declare(channel)
    declare_handler(channel, EVERYTHING, ["#"])
    for event in said_by(service):
        for reader in event.heard_by:
            declare_handler(channel, f"{reader}.on_{event.type()}", [event.key()])


def said_by(service: str) -> list[type[Event]]:
    """The events of a service's contract that must not be lost."""
    return [event for event in _kinds(Event) if event.source() == service and not issubclass(event, Heartbeat)]


def _kinds(base: type[Event]) -> Iterator[type[Event]]:
    for kind in base.__subclasses__():
        if below := kind.__subclasses__():
            yield from _kinds(kind)
        if not below:
            yield kind
