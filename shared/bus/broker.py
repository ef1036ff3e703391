"""The one connection on which a process consumes: kept alive, drained before it closes, watched."""

import contextlib
import time
from collections import deque
from typing import Any, Protocol

import amqp
import eventlet
from eventlet.event import Event as Signal
from nameko.extensions import SharedExtension

from shared import log
from shared.amqp import (
    ATTEMPTS,
    HEARTBEAT_SECONDS,
    LOST,
    PARKING,
    BrokerUnreachable,
    ConfirmPublisher,
    Outgoing,
    connect,
    drop,
    retry,
)
from shared.config import settings
from shared.errors import Unavailable
from shared.metrics import PARKED, RETRIED
from shared.topology import declare_for

CHECK_SECONDS = 5  # how often the broker is asked whether it still knows our consumers
STALE_SECONDS = 3 * CHECK_SECONDS  # after that we no longer call ourselves ready
WAIT_SECONDS = 0.5
STOP_SECONDS = 15  # how long a stop waits for work in flight

logger = log.get(__name__)


class Delivery:
    """One message given to us; acknowledged on the channel it came by, or not at all."""

    def __init__(self, channel: amqp.Channel, message: amqp.Message) -> None:
        self._channel = channel
        self._tag = message.delivery_info["delivery_tag"]
        self.routing_key: str = message.delivery_info["routing_key"]
        self.body: bytes = message.body.encode() if isinstance(message.body, str) else message.body
        self.properties: dict[str, Any] = message.properties
        self.headers: dict[str, Any] = message.properties.get("application_headers") or {}

    @property
    def alive(self) -> bool:
        """Whether it is still ours; the broker gives it out again when the connection is lost."""
        return self._channel.connection is not None

    def ack(self) -> None:
        try:
            if self.alive:
                self._channel.basic_ack(self._tag)
        except LOST as error:
            logger.warning("ack_lost", error=str(error))  # it comes again, and the inbox knows it


class Source(Protocol):
    """A queue that an entrypoint consumes. `deliver` must not wait."""

    queue: str
    prefetch: int

    def declare(self, channel: amqp.Channel) -> None: ...

    def deliver(self, delivery: Delivery) -> None: ...


class Broker(SharedExtension):
    """Consumes for all entrypoints of a service on one connection, and reconnects for as long as it runs."""

    def __init__(self) -> None:
        self._sources: list[Source] = []
        self._arrived: deque[tuple[Source, amqp.Channel, amqp.Message]] = deque()
        self._stopping = False
        self._drained = Signal()
        self._checked = 0.0
        self.in_flight = 0

    def setup(self) -> None:
        service = self.container.service_name
        self.uri = settings().amqp_uri
        self._publisher = ConfirmPublisher(self.uri, f"{service} retry")

    def add(self, source: Source) -> None:
        self._sources.append(source)

    def start(self) -> None:
        if self._sources:
            self.container.spawn_managed_thread(self._run, "broker")

    def drain(self) -> None:
        """Take nothing more and return when the work in flight is done and acknowledged."""
        if not self._sources or self._drained.ready():
            return
        self._stopping = True
        with eventlet.Timeout(STOP_SECONDS, False):
            self._drained.wait()

    def stop(self) -> None:
        self._publisher.close()

    def kill(self) -> None:
        self._stopping = True

    @property
    def ready(self) -> bool:
        """The broker has lately shown our consumers."""
        return not self._stopping and self.silent < STALE_SECONDS

    @property
    def silent(self) -> float:
        """Seconds since the broker last showed our consumers; since the start if it never has."""
        return time.monotonic() - self._checked

    def _run(self) -> None:
        self._checked = time.monotonic() - STALE_SECONDS
        pause = 0.1
        while not (self._stopping and not self.in_flight):
            connection = None
            try:
                connection = connect(self.uri, f"{self.container.service_name} consume")
                channels = self._consume(connection)
                pause = 0.1
                self._serve(connection, channels)
            except (BrokerUnreachable, *LOST) as error:
                logger.warning("broker_lost", error=str(error) or type(error).__name__, again_in=pause)
                self._arrived.clear()
                drop(connection)
                eventlet.sleep(pause)
                pause = min(2 * pause, 5)
        if not self._drained.ready():
            self._drained.send()

    def _consume(self, connection: amqp.Connection) -> dict[str, amqp.Channel]:
        control = connection.channel()
        declare_for(control, self.container.service_name)
        channels = {}
        for source in self._sources:
            source.declare(control)
            channel = channels[source.queue] = connection.channel()
            channel.basic_qos(0, source.prefetch, False)
            channel.basic_consume(
                source.queue,
                callback=lambda message, s=source, c=channel: self._arrived.append((s, c, message)),
                consumer_tag=source.queue,
            )
        self._check(control)
        return {"": control, **channels}

    def _check(self, control: amqp.Channel) -> None:
        for source in self._sources:
            found = control.queue_declare(source.queue, passive=True)
            if not found.consumer_count:
                raise amqp.RecoverableConnectionError(f"the broker does not know our consumer of {source.queue}")
        self._checked = time.monotonic()

    def _serve(self, connection: amqp.Connection, channels: dict[str, amqp.Channel]) -> None:
        beat = checked = time.monotonic()
        cancelled = False
        while not (self._stopping and not self.in_flight):
            with contextlib.suppress(TimeoutError):
                connection.drain_events(timeout=WAIT_SECONDS)
            if self._stopping and not cancelled:
                cancelled = True
                for queue, channel in channels.items():
                    if queue:
                        channel.basic_cancel(queue, nowait=True)
            while self._arrived:
                source, channel, message = self._arrived.popleft()
                if not self._stopping:
                    self.in_flight += 1
                    source.deliver(Delivery(channel, message))
            now = time.monotonic()
            if now - beat > HEARTBEAT_SECONDS / 2:
                beat = now
                connection.heartbeat_tick()
            if now - checked > CHECK_SECONDS and not self._stopping:
                checked = now
                self._check(channels[""])
        connection.close()

    def done(self) -> None:
        """A delivery is settled."""
        self.in_flight -= 1

    def retry(self, delivery: Delivery, queue: str, entrypoint: str, error: BaseException) -> None:
        """Put it back to be handled later; park it when it was tried often enough."""
        attempt = delivery.headers.get("attempt", 0)
        if not isinstance(attempt, int) or attempt >= len(ATTEMPTS):
            self.park(delivery, queue, entrypoint, "tried_out", error)
            return
        tier = ATTEMPTS[attempt]
        logger.warning("retry", entrypoint=entrypoint, error=str(error), attempt=attempt + 1, after=tier)
        RETRIED.labels(self.container.service_name, entrypoint).inc()
        headers = {"seal": delivery.headers.get("seal", ""), "attempt": attempt + 1}
        self._replace(delivery, Outgoing(retry(tier), queue, delivery.body, _kept(delivery, headers)))

    def park(
        self, delivery: Delivery, queue: str, entrypoint: str, reason: str, error: BaseException, trace: str = ""
    ) -> None:
        """Set it aside with the reason; `nqi dead` lists, redrives or drops it."""
        logger.error("parked", entrypoint=entrypoint, reason=reason, error=str(error), traceback=trace)
        PARKED.labels(self.container.service_name, entrypoint, reason).inc()
        headers = {
            "seal": str(delivery.headers.get("seal", "")), "queue": queue, "reason": reason,
            "error": f"{type(error).__name__}: {error}"[:2000], "traceback": trace[-8000:],
            "parked_at": int(time.time()),
        }  # fmt: skip
        self._replace(delivery, Outgoing("", PARKING, delivery.body, _kept(delivery, headers)))

    def _replace(self, delivery: Delivery, out: Outgoing) -> None:
        """Publish `out` and acknowledge the delivery; while that cannot be done, keep the delivery."""
        while delivery.alive:
            try:
                if self._publisher.publish([out])[0]:
                    delivery.ack()
                    return
            except Unavailable as error:
                logger.warning("put_back_waits", error=str(error.__cause__))
            eventlet.sleep(1)


def _kept(delivery: Delivery, headers: dict[str, Any]) -> dict[str, Any]:
    """The properties a message keeps; foreign headers are left behind."""
    kept = {k: v for k, v in delivery.properties.items() if k in ("content_type", "message_id", "type", "timestamp")}
    return {**kept, "delivery_mode": 2, "application_headers": headers}
