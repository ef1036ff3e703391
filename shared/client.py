"""The one way to call a service from outside it: many calls at once over one connection, from threads or asyncio."""

import asyncio
import contextlib
import threading
import time
import uuid
from collections.abc import Callable
from concurrent.futures import Future, InvalidStateError
from functools import lru_cache
from typing import Any, TypeVar, overload

import amqp

from shared import log, trace
from shared.access import Actor
from shared.amqp import EVENTS, HEARTBEAT_SECONDS, LOST, RPC, BrokerUnreachable, Outgoing, connect, drop, publish
from shared.contracts.base import Answer, Command, Query
from shared.errors import BY_NAME, Absent, Interrupted, Invalid, ServiceError, TimedOut, Unavailable
from shared.ids import new_id
from shared.tokens import ACTOR_SECONDS, actor_token
from shared.wire import decode, dump, encode, load

DIRECT = "amq.rabbitmq.reply-to"
WAIT_SECONDS = 1.0
DEADLINE_SECONDS = 5.0

A = TypeVar("A", bound=Answer)
Hearer = Callable[[str, dict[str, Any]], None]

logger = log.get(__name__)


class Bus:
    """Calls services by RPC and, if asked to, hears every event as it passes.

    Thread-safe. An answer, or the lack of one, is always a result or a ServiceError: Absent at once where no
    service listens, Interrupted when the connection breaks, TimedOut at the deadline.
    """

    def __init__(self, uri: str, signing_key: bytes, name: str = "client") -> None:
        self._uri, self._name = uri, name
        self._waiting: dict[str, tuple[Future[dict[str, Any]], float]] = {}
        self._hearers: list[Hearer] = []
        self._channel: amqp.Channel | None = None
        self._connected = threading.Event()
        self._closing = False
        self._blocked = ""
        self._thread: threading.Thread | None = None
        # A token is good for ACTOR_SECONDS: one for each half of that time serves many calls.
        self._token = lru_cache(maxsize=1000)(lambda actor, _half: actor_token(actor, signing_key))

    def start(self, wait: float = 0) -> "Bus":
        """Connect in the background; with `wait`, give it that many seconds and raise Unavailable if it fails."""
        self._thread = threading.Thread(target=self._run, name="bus", daemon=True)
        self._thread.start()
        if wait and not self._connected.wait(wait):
            self.close()
            raise Unavailable("连不上消息服务")
        return self

    def close(self) -> None:
        self._closing = True
        if self._thread is not None:
            self._thread.join(timeout=2 * WAIT_SECONDS)

    def ready(self) -> bool:
        return self._connected.is_set() and not self._blocked

    def hear(self, hearer: Hearer) -> None:
        """Call `hearer(key, body)` for every event while connected; before `start`. Best effort, nothing is kept."""
        self._hearers.append(hearer)

    @overload
    def ask_soon(
        self, message: Command, *, actor: Actor, command_id: str = "", deadline: float = ...
    ) -> Future[Any]: ...

    @overload
    def ask_soon(self, message: Query, *, actor: Actor, command_id: str = "", deadline: float = ...) -> Future[Any]: ...

    def ask_soon(
        self, message: Command | Query, *, actor: Actor, command_id: str = "", deadline: float = DEADLINE_SECONDS
    ) -> "Future[Any]":
        """Send a command or query; the future holds its answer or raises a ServiceError."""
        answered: Future[Any] = Future()
        correlation_id = uuid.uuid4().hex
        until = time.time() + deadline
        self._waiting[correlation_id] = (answered, until)
        answered.message = message  # type: ignore[attr-defined]
        try:
            self._send(message, correlation_id, actor, command_id or new_id(), until)
        except ServiceError as error:
            self._waiting.pop(correlation_id, None)
            _settle(answered, error)
        return answered

    def ask(
        self, message: Command | Query, *, actor: Actor, command_id: str = "", deadline: float = DEADLINE_SECONDS
    ) -> Any:
        """The answer, awaited in asyncio."""
        return asyncio.wrap_future(self.ask_soon(message, actor=actor, command_id=command_id, deadline=deadline))

    def ask_now(
        self, message: Command | Query, *, actor: Actor, command_id: str = "", deadline: float = DEADLINE_SECONDS
    ) -> Any:
        """The answer, waited for in this thread."""
        return self.ask_soon(message, actor=actor, command_id=command_id, deadline=deadline).result()

    def _send(self, message: Command | Query, correlation_id: str, actor: Actor, command_id: str, until: float) -> None:
        channel = self._channel
        if channel is None:
            raise Unavailable("消息服务暂时用不了，请稍后再试")
        if self._blocked:
            raise Unavailable("消息服务暂停接收（{reason}），请稍后再试", reason=self._blocked)
        now = time.time()
        out = Outgoing(
            RPC, message.key(), encode({"args": [], "kwargs": dump(message)}),
            {
                "content_type": "application/json", "correlation_id": correlation_id, "reply_to": DIRECT,
                "expiration": str(max(1, int((until - now) * 1000))),
                "application_headers": {
                    "actor": self._token(actor, int(now // (ACTOR_SECONDS / 2))), "command_id": command_id,
                    "deadline": until, "traceparent": trace.current(), "said_at": now,
                },
            },
        )  # fmt: skip
        try:
            publish(channel, out)
        except LOST as error:
            raise Interrupted("和消息服务的连接断了，请再试一次") from error

    def _run(self) -> None:
        pause = 0.1
        while not self._closing:
            connection = None
            try:
                connection = connect(
                    self._uri, self._name, on_blocked=self._on_blocked, on_unblocked=lambda: self._on_blocked("")
                )
                self._listen(connection)
                pause = 0.1
                self._serve(connection)
            except (BrokerUnreachable, *LOST) as error:
                if not self._closing:
                    logger.warning("bus_lost", error=str(error) or type(error).__name__)
                    time.sleep(pause)
                    pause = min(2 * pause, 2)
            finally:
                self._connected.clear()
                self._channel = None
                self._blocked = ""
                drop(connection)
                self._fail_all()

    def _on_blocked(self, reason: str) -> None:
        self._blocked = reason

    def _listen(self, connection: amqp.Connection) -> None:
        channel = connection.channel()
        channel.events["basic_return"].add(self._returned)
        channel.exchange_declare(RPC, "topic", durable=True, auto_delete=False)
        channel.basic_consume(DIRECT, no_ack=True, callback=self._answered)
        if self._hearers:
            events = connection.channel()
            events.exchange_declare(EVENTS, "topic", durable=True, auto_delete=False)
            queue = events.queue_declare("", exclusive=True, auto_delete=True).queue
            events.queue_bind(queue, EVENTS, "#")
            events.basic_consume(queue, no_ack=True, callback=self._heard)
        self._channel = channel
        self._connected.set()

    def _serve(self, connection: amqp.Connection) -> None:
        beat = swept = time.monotonic()
        while not self._closing:
            with contextlib.suppress(TimeoutError):
                connection.drain_events(timeout=WAIT_SECONDS)
            now = time.monotonic()
            if now - swept > WAIT_SECONDS / 2:
                swept = now
                self._give_up_late_ones()
            if now - beat > HEARTBEAT_SECONDS / 2:
                beat = now
                connection.heartbeat_tick()

    def _answered(self, message: amqp.Message) -> None:
        waiting = self._waiting.pop(message.properties.get("correlation_id", ""), None)
        if waiting is None:
            return  # its caller gave up
        answered = waiting[0]
        try:
            payload = decode(message.body)
            error = payload.get("error")
            _settle(answered, _error(error) if error else load(answered.message.returns, payload["result"]))  # type: ignore[attr-defined]
        except (Invalid, KeyError, AttributeError) as error:
            _settle(answered, ServiceError("服务的回答看不懂：{error}", error=error))

    def _returned(self, *details: Any) -> None:
        if waiting := self._waiting.pop(details[-1].properties.get("correlation_id", ""), None):
            _settle(waiting[0], Absent("这项服务暂时没有开，请稍后再试"))

    def _heard(self, message: amqp.Message) -> None:
        try:
            body = decode(message.body)
        except Invalid as error:
            logger.warning("heard_nonsense", error=str(error))
            return
        for hearer in self._hearers:
            hearer(message.delivery_info["routing_key"], body)

    def _give_up_late_ones(self) -> None:
        now = time.time()
        for correlation_id, (answered, until) in list(self._waiting.items()):
            if now > until and self._waiting.pop(correlation_id, None) is not None:
                _settle(answered, TimedOut("等了很久还没有回答，请稍后查看结果或再试一次"))

    def _fail_all(self) -> None:
        while self._waiting:
            try:
                _, (answered, _) = self._waiting.popitem()
            except KeyError:
                return
            _settle(answered, Interrupted("和消息服务的连接断了，请再试一次"))


def _settle(answered: "Future[Any]", outcome: Any) -> None:
    try:
        if isinstance(outcome, BaseException):
            answered.set_exception(outcome)
        else:
            answered.set_result(outcome)
    except InvalidStateError:
        pass  # its caller cancelled it


def _error(told: dict[str, Any]) -> ServiceError:
    kind = BY_NAME.get(told.get("exc_type", ""), ServiceError)
    texts = told.get("exc_args") or [told.get("value", "")]
    error = kind(str(texts[0]), fields=told.get("fields") or {})
    error.params = dict(told.get("params") or {})
    return error
