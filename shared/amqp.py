"""What lies on the broker, and the one way to publish what must not be lost.

Events go to the topic exchange `nqi.events` and from there to one quorum queue a handler. A message that could not
be handled goes to a retry tier, which gives it back to its own queue after a while, or to the parking queue.
"""

import threading
import time
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

import amqp
from amqp import spec
from kombu import Connection as KombuConnection

from shared.errors import Unavailable

EVENTS = "nqi.events"
HEARTBEATS = "nqi.heartbeats"
RPC = "nameko-rpc"  # commands and queries use nameko's exchange and wire format
PARKING = "nqi.parking"
TIERS = {"1s": 1, "5s": 5, "30s": 30, "2m": 120, "10m": 600, "1h": 3600}  # seconds
ATTEMPTS = ("1s", "1s", "1s", "5s", "5s", "30s", "30s", "2m", "10m", "1h")  # then it is parked
DELIVERY_LIMIT = 20  # times the broker gives out a message that ends the process, before it parks it itself
CONNECT_SECONDS = 5
CONFIRM_SECONDS = 5
HEARTBEAT_SECONDS = 10

LOST = (OSError, amqp.AMQPError, AttributeError)
"""What a connection that is gone may raise; py-amqp has AttributeErrors for a channel that was just collected."""


class BrokerUnreachable(Exception):
    """No connection to the broker can be made; the text says why."""


def connect(uri: str, name: str, heartbeat: int = HEARTBEAT_SECONDS, **callbacks: Any) -> amqp.Connection:
    """A py-amqp connection of our own: `name` shows in the broker's lists. Raises BrokerUnreachable."""
    source = KombuConnection(
        uri, heartbeat=heartbeat, connect_timeout=CONNECT_SECONDS,
        transport_options={
            "client_properties": {"connection_name": name}, "write_timeout": CONNECT_SECONDS,
            "login_method": "PLAIN", **callbacks,
        },
    )  # fmt: skip
    try:
        connection = source.transport.establish_connection()
        connection.transport.sock.settimeout(CONNECT_SECONDS)  # bounds every wait that names no limit of its own
        return connection
    except LOST as error:
        raise BrokerUnreachable(str(error) or type(error).__name__) from error


def drop(connection: amqp.Connection | None) -> None:
    """Close without a farewell: nobody may be there to answer it."""
    if connection is not None:
        with suppress(*LOST):  # it was gone already
            connection.collect()


def arguments(**more: Any) -> dict[str, Any]:
    """A durable queue's arguments. They cannot change on a live queue: limits that may change belong in policies."""
    return {
        "x-queue-type": "quorum",
        "x-overflow": "reject-publish",
        "x-dead-letter-strategy": "at-least-once",
        "x-dead-letter-exchange": "",
        "x-dead-letter-routing-key": PARKING,
        "x-delivery-limit": DELIVERY_LIMIT,
        **more,
    }


def declare(channel: amqp.Channel) -> None:
    """The exchanges, retry tiers and parking queue that all services share."""
    channel.exchange_declare(EVENTS, "topic", durable=True, auto_delete=False)
    channel.exchange_declare(HEARTBEATS, "topic", durable=True, auto_delete=False)
    channel.exchange_declare(RPC, "topic", durable=True, auto_delete=False)
    channel.queue_declare(PARKING, durable=True, auto_delete=False, arguments={"x-queue-type": "quorum"})
    for tier, seconds in TIERS.items():
        name = retry(tier)
        back = arguments(**{"x-message-ttl": seconds * 1000})
        del back["x-dead-letter-routing-key"], back["x-delivery-limit"]  # it returns by its own routing key
        channel.exchange_declare(name, "fanout", durable=True, auto_delete=False)
        channel.queue_declare(name, durable=True, auto_delete=False, arguments=back)
        channel.queue_bind(name, name)


def declare_handler(channel: amqp.Channel, queue: str, routing_keys: Iterable[str]) -> None:
    """A handler's own durable queue, bound to the events it hears."""
    channel.queue_declare(queue, durable=True, auto_delete=False, arguments=arguments())
    for key in routing_keys:
        channel.queue_bind(queue, EVENTS, key)


def retry(tier: str) -> str:
    """The exchange and queue of a retry tier: what is published there returns to the queue its routing key names."""
    return f"nqi.retry.{tier}"


@dataclass(frozen=True)
class Outgoing:
    """One message to publish durably. `mandatory` and confirmed: it is in a queue, or we know that it is not."""

    exchange: str
    routing_key: str
    body: bytes
    properties: dict[str, Any] = field(default_factory=dict)


def publish(channel: amqp.Channel, out: Outgoing, mandatory: bool = True) -> None:
    """Write one message to the socket. py-amqp's own basic_publish reads first, which another thread may be doing."""
    message = amqp.Message(out.body, **out.properties)
    channel.send_method(
        spec.Basic.Publish, "Bssbb", (0, out.exchange, out.routing_key, mandatory, False), message
    )  # fmt: skip


class ConfirmPublisher:
    """Publishes batches and says which messages the broker has taken; never waits longer than its time limit.

    One connection, one channel, confirms matched by delivery tag. On any doubt the connection is dropped and the
    unconfirmed messages count as not published: they will be published again, and the reader drops the repeat.
    """

    def __init__(self, uri: str, name: str, seconds: float = CONFIRM_SECONDS) -> None:
        self._uri, self._name, self._seconds = uri, name, seconds
        self._connection: amqp.Connection | None = None
        self._channel: amqp.Channel | None = None
        self._lock = threading.Lock()
        self.blocked = ""  # the broker's reason while an alarm stops publishers

    def publish(self, batch: list[Outgoing]) -> list[bool]:
        """For each message, whether a queue holds it now. Raises Unavailable if the broker cannot be asked at all."""
        with self._lock:
            try:
                if self._channel is None:
                    self._open()
                return self._publish(batch)
            except (BrokerUnreachable, *LOST) as error:
                self.close()
                raise Unavailable("消息服务暂时用不了") from error

    def _open(self) -> None:
        self._connection = connect(
            self._uri, self._name, heartbeat=0, on_blocked=self._on_blocked, on_unblocked=self._on_unblocked
        )
        self._channel = self._connection.channel()
        self._channel.confirm_select()
        self._next_tag = 1
        self.blocked = ""

    def _on_blocked(self, reason: str) -> None:
        self.blocked = reason or "blocked"

    def _on_unblocked(self) -> None:
        self.blocked = ""

    def _publish(self, batch: list[Outgoing]) -> list[bool]:
        assert self._connection is not None
        assert self._channel is not None
        first, count = self._next_tag, len(batch)
        taken = [False] * count
        waiting = set(range(count))
        returned: set[str] = set()

        def on_ack(tag: int, multiple: bool) -> None:
            settle(tag, multiple, True)

        def on_nack(tag: int, multiple: bool, *_: Any) -> None:
            settle(tag, multiple, False)

        def settle(tag: int, multiple: bool, outcome: bool) -> None:
            last = tag - first
            for place in range(min(waiting, default=0), last + 1) if multiple else [last]:
                if place in waiting:
                    waiting.discard(place)
                    taken[place] = outcome

        def on_return(*details: Any) -> None:
            returned.add(details[-1].properties["message_id"])

        self._channel.events["basic_ack"] = {on_ack}
        self._channel.events["basic_nack"] = {on_nack}
        self._channel.events["basic_return"] = {on_return}
        deadline = time.monotonic() + self._seconds
        for out in batch:
            publish(self._channel, out)
            self._next_tag += 1
        while waiting:
            remaining = deadline - time.monotonic()
            if remaining <= 0:
                raise TimeoutError("no confirm in time")
            self._connection.drain_events(timeout=remaining)
        # An unroutable message is returned first and confirmed after: no queue holds it.
        return [ok and out.properties.get("message_id") not in returned for ok, out in zip(taken, batch, strict=True)]

    def close(self) -> None:
        connection, self._connection, self._channel = self._connection, None, None
        drop(connection)
