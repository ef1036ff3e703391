"""Entrypoints that hear events: one by one in a transaction of their own, or all of them in batches."""

import time
import traceback
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any

import amqp
import eventlet
from eventlet.queue import Empty, LightQueue
from nameko.exceptions import ContainerBeingKilled
from nameko.extensions import Entrypoint

from shared import keys, log
from shared.access import system
from shared.amqp import HEARTBEATS, declare_handler
from shared.bus.broker import Broker, Delivery
from shared.config import settings
from shared.contracts.base import Event, Heartbeat
from shared.crash import crash_point
from shared.errors import Invalid, Rejected, Unavailable
from shared.store import Cause, Repeated
from shared.tokens import check_seal
from shared.topology import EVERYTHING
from shared.wire import decode, load

logger = log.get(__name__)


def on(event: type[Event], *topics: str) -> Callable[[Any], Any]:
    """Subscribe a method to an event: one durable queue named by the method, or one for each topic."""

    def subscribe(method: Any) -> Any:
        for topic in topics or [""]:
            Hear.decorator(event, topic)(method)
        return method

    return subscribe


class _Listener(Entrypoint):
    broker = Broker()
    prefetch = 10

    def setup(self) -> None:
        self._key = keys.signing_key(settings())
        self.broker.add(self)

    def stop(self) -> None:
        self.broker.drain()

    def _proven(self, delivery: Delivery) -> dict[str, Any]:
        """The body of a sealed event; raises Invalid or Unproven."""
        body = decode(delivery.body)
        if not isinstance(body, dict) or not isinstance(body.get("event_id"), str):
            raise Invalid("消息没有事件编号")
        check_seal(str(delivery.headers.get("seal", "")), body["event_id"], delivery.body, self._key)
        return body

    def _settle(self, delivery: Delivery, error: BaseException | None) -> None:
        """What becomes of a message: the one table of failures."""
        match error:
            case None | Repeated():
                crash_point("before_ack")
                delivery.ack()
            case Unavailable():
                self.broker.retry(delivery, self.queue, self.method_name, error)
            case Rejected():
                self.broker.park(delivery, self.queue, self.method_name, "rejected", error)
            case _:
                trace = "".join(traceback.format_exception(error))
                self.broker.park(delivery, self.queue, self.method_name, "failed", error, trace)

    def _refuse(self, delivery: Delivery, error: Rejected) -> None:
        """Park a message that no handler may see, without holding up the others."""

        def park() -> None:
            try:
                self.broker.park(delivery, self.queue, self.method_name, "invalid", error)
            finally:
                self.broker.done()

        self.container.spawn_managed_thread(park, "park")


class Hear(_Listener):
    """Hands each event of one type to the method; acknowledges after the method's transaction."""

    def __init__(self, event: type[Event], topic: str = "", **kwargs: Any) -> None:
        self.event, self.topic = event, topic
        super().__init__(**kwargs)

    def setup(self) -> None:
        self.prefetch = settings().workers
        self.queue = f"{self.container.service_name}.{self.method_name}.{self.topic}".rstrip(".")
        self._check()
        super().setup()

    def _check(self) -> None:
        """Only what its contract announces has a queue from the beginning; a topic's has when its owner is known."""
        if self.topic or issubclass(self.event, Heartbeat):
            return
        service = self.container.service_name
        if self.method_name != f"on_{self.event.type()}" or service not in self.event.heard_by:
            raise TypeError(f"{self.event.__name__} is heard by on_{self.event.type()} of a service in its `heard_by`")

    def declare(self, channel: amqp.Channel) -> None:
        key = f"{self.event.key()}.{self.topic}".rstrip(".")
        if issubclass(self.event, Heartbeat):
            limit = {"x-message-ttl": settings().lease_seconds * 1000}
            channel.queue_declare(self.queue, durable=False, auto_delete=True, arguments=limit)
            channel.queue_bind(self.queue, HEARTBEATS, key)
        else:
            declare_handler(channel, self.queue, [key])

    def deliver(self, delivery: Delivery) -> None:
        try:
            event = load(self.event, self._proven(delivery))
        except Rejected as error:
            self._refuse(delivery, error)
            return
        actor = system(self.container.service_name)  # what follows from an event, the service does on its own
        kind = "clock" if isinstance(event, Heartbeat) else "event"
        cause = Cause(kind=kind, id=event.event_id, handler=self.queue, actor=actor)
        context = {
            "cause": cause, "traceparent": event.traceparent,
            "said_at": delivery.headers.get("said_at"),
        }  # fmt: skip
        try:
            self.container.spawn_worker(
                self, (event,), {}, context_data=context, handle_result=partial(self._handled, delivery)
            )
        except ContainerBeingKilled:
            self.broker.done()  # unacknowledged: the broker gives it to another process

    def _handled(self, delivery: Delivery, _: Any, result: Any, exc_info: Any) -> Any:
        try:
            self._settle(delivery, exc_info and exc_info[1])
        finally:
            self.broker.done()
        return result, exc_info


@dataclass(frozen=True)
class Heard:
    """An event as it came: its routing key and body, its seal checked, its contract not."""

    key: str
    body: dict[str, Any]


class HearAll(_Listener):
    """Hands every event to the method in batches, in order of arrival, one batch at a time.

    A batch that cannot be taken for want of something is tried again; one that fails is tried event by event, so
    that only the faulty one is parked.
    """

    prefetch = 300
    most = 100
    gather_seconds = 0.02
    busy_seconds = 0.1  # while events keep coming: few large batches cost less than many small ones

    def setup(self) -> None:
        self.queue = f"{self.container.service_name}.{self.method_name}"
        if self.queue != EVERYTHING:
            raise TypeError(f"only {EVERYTHING} has a queue for everything from the beginning")
        self._waiting: LightQueue = LightQueue()
        super().setup()

    def start(self) -> None:
        self.container.spawn_managed_thread(self._run, "batches")

    def declare(self, channel: amqp.Channel) -> None:
        declare_handler(channel, self.queue, ["#"])

    def deliver(self, delivery: Delivery) -> None:
        try:
            heard = Heard(delivery.routing_key, self._proven(delivery))
        except Rejected as error:
            self._refuse(delivery, error)
            return
        self._waiting.put((delivery, heard))

    def _run(self) -> None:
        ended = -self.busy_seconds
        while True:
            batch = [self._waiting.get()]
            busy = time.monotonic() - ended < self.busy_seconds
            eventlet.sleep(self.busy_seconds if busy else self.gather_seconds)
            while len(batch) < self.most:
                try:
                    batch.append(self._waiting.get_nowait())
                except Empty:
                    break
            try:
                self._take(batch)
            finally:
                for _ in batch:
                    self.broker.done()
                ended = time.monotonic()

    def _take(self, batch: list[tuple[Delivery, Heard]]) -> None:
        error = self._call([heard for _, heard in batch])
        while isinstance(error, Unavailable) and any(delivery.alive for delivery, _ in batch):
            logger.warning("batch_waits", entrypoint=self.method_name, error=str(error.__cause__ or error))
            eventlet.sleep(1)
            error = self._call([heard for _, heard in batch])
        if error is None or len(batch) == 1:
            for delivery, _ in batch:
                self._settle(delivery, error)
        else:
            for one in batch:
                self._take([one])

    def _call(self, batch: list[Heard]) -> BaseException | None:
        """Run the method in a worker and wait for it."""
        outcome: LightQueue = LightQueue()

        def handled(_: Any, result: Any, exc_info: Any) -> Any:
            outcome.put(exc_info and exc_info[1])
            return result, exc_info

        try:
            self.container.spawn_worker(self, (batch,), {}, handle_result=handled)
        except ContainerBeingKilled as error:
            return Unavailable(str(error))
        return outcome.get()


on_all = HearAll.decorator
