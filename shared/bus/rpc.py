"""Entrypoints that answer commands and queries: nothing a caller sends can end the process.

The wire format is nameko's (exchange, routing key `service.method`, args and kwargs, result and error), so that any
nameko client can call; what we add travels in headers: actor, command id, deadline, traceparent.
"""

import re
import threading
import time
from functools import lru_cache, partial
from typing import Any

import amqp
from nameko.exceptions import ContainerBeingKilled
from nameko.extensions import Entrypoint, SharedExtension

from shared import keys, log
from shared.access import Actor
from shared.amqp import LOST, RPC, BrokerUnreachable, Outgoing, connect, drop, publish
from shared.bus.broker import Broker, Delivery
from shared.config import settings
from shared.contracts.base import Command, Query
from shared.crash import crash_point
from shared.errors import Invalid, NotFound, Rejected, ServiceError, Unproven
from shared.store import Answered, Cause, digest
from shared.tokens import over, read_actor
from shared.wire import decode, dump, encode, load

# The only places an answer may go to: a caller's own reply address, never one of our queues.
REPLY = re.compile(r"amq\.rabbitmq\.reply-to\.[\w.=+/-]{1,200}|[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
DIRECT = "amq.rabbitmq.reply-to."

logger = log.get(__name__)


class Replier(SharedExtension):
    """Publishes answers on a connection of its own; an answer that cannot be sent is for the caller to ask again."""

    def setup(self) -> None:
        self._connection: amqp.Connection | None = None
        self._lock = threading.Lock()

    def stop(self) -> None:
        drop(self._connection)

    def reply(self, delivery: Delivery, payload: dict[str, Any]) -> None:
        to = str(delivery.properties.get("reply_to") or "")
        if not REPLY.fullmatch(to):
            logger.warning("answer_has_no_address", reply_to=to[:100])
            return
        out = Outgoing(
            "" if to.startswith(DIRECT) else RPC, to, encode(payload),
            {
                "content_type": "application/json",
                "correlation_id": str(delivery.properties.get("correlation_id") or ""),
            },
        )  # fmt: skip
        for last in (False, True):
            try:
                publish(self._channel(), out, mandatory=False)
                return
            except (BrokerUnreachable, *LOST) as error:
                drop(self._connection)
                self._connection = None
                if last:
                    logger.warning("answer_lost", error=str(error))

    def _channel(self) -> amqp.Channel:
        with self._lock:
            if self._connection is None:
                connection = connect(settings().amqp_uri, f"{self.container.service_name} reply", heartbeat=0)
                self._answers = connection.channel()
                self._connection = connection
            return self._answers


class Calls(SharedExtension):
    """The service's one queue of calls. It goes when the last instance goes, so that callers learn it at once."""

    broker = Broker()
    replier = Replier()
    prefetch = 50

    def __init__(self) -> None:
        self._methods: dict[str, Rpc] = {}

    def setup(self) -> None:
        self._service = self.container.service_name
        self.queue = f"rpc.{self._service}"
        self._key = keys.signing_key(settings())
        self._actor = lru_cache(maxsize=1000)(partial(read_actor, key=self._key))
        self.broker.add(self)

    def add(self, entrypoint: "Rpc") -> None:
        self._methods[entrypoint.method_name] = entrypoint

    def drain(self) -> None:
        self.broker.drain()

    def declare(self, channel: amqp.Channel) -> None:
        channel.queue_declare(self.queue, durable=False, auto_delete=True)
        channel.queue_bind(self.queue, RPC, f"{self._service}.*")

    def deliver(self, delivery: Delivery) -> None:
        try:
            if _overdue(delivery):
                self._finish(delivery, None)
                return
            entrypoint = self._entrypoint(delivery.routing_key)
            context, message = self._read(delivery, entrypoint)
            entrypoint.container.spawn_worker(
                entrypoint, (message,), {}, context_data=context, handle_result=partial(self._handled, delivery)
            )
        except Rejected as error:
            self._finish(delivery, _failure(error))
        except ContainerBeingKilled:
            self.broker.done()

    def _entrypoint(self, routing_key: str) -> "Rpc":
        service, _, method = routing_key.partition(".")
        if service != self._service or method not in self._methods:
            raise NotFound("没有 {method} 这个方法", method=routing_key)
        return self._methods[method]

    def _read(self, delivery: Delivery, entrypoint: "Rpc") -> tuple[dict[str, Any], Any]:
        """The worker's context and the message, both proven; raises Rejected."""
        body = decode(delivery.body)
        if not isinstance(body, dict) or body.get("args") not in ([], None) or not isinstance(body.get("kwargs"), dict):
            raise Invalid("请按名字给出参数")
        actor, expires = self._actor(str(delivery.headers.get("actor", "")))
        if over(expires):
            raise Unproven("身份凭证已过期")
        message = load(entrypoint.message, body["kwargs"])
        cause = _cause(delivery, actor, entrypoint.message, body["kwargs"])
        context = {
            "cause": cause, "traceparent": str(delivery.headers.get("traceparent", "")),
            "said_at": delivery.headers.get("said_at"),
        }  # fmt: skip
        return context, message

    def _handled(self, delivery: Delivery, _: Any, result: Any, exc_info: Any) -> Any:
        error = exc_info and exc_info[1]
        match error:
            case None:
                answer = {"result": dump(result), "error": None}
            case Answered():
                answer = {"result": error.answer, "error": None}
            case ServiceError():
                answer = _failure(error)
            case _:
                logger.error("call_failed", method=delivery.routing_key, exc_info=exc_info)
                answer = _failure(ServiceError("服务出了问题，已经记录下来"))
        self._finish(delivery, answer)
        return result, exc_info

    def _finish(self, delivery: Delivery, answer: dict[str, Any] | None) -> None:
        try:
            if answer is not None:
                self.replier.reply(delivery, answer)
            crash_point("before_ack")
            delivery.ack()
        finally:
            self.broker.done()


class Rpc(Entrypoint):
    """Answers one command or query by the method of the same name."""

    calls = Calls()

    def __init__(self, message: type[Command | Query], **kwargs: Any) -> None:
        self.message = message
        super().__init__(**kwargs)

    def setup(self) -> None:
        if self.method_name != self.message.type():
            raise TypeError(f"{self.message.__name__} is answered by a method named {self.message.type()}")
        self.calls.add(self)

    def stop(self) -> None:
        self.calls.drain()


rpc = Rpc.decorator


def _overdue(delivery: Delivery) -> bool:
    """The caller has given up: to do it now would surprise everybody."""
    deadline = delivery.headers.get("deadline")
    return isinstance(deadline, int | float) and time.time() > deadline


def _cause(delivery: Delivery, actor: Actor, message: type[Command | Query], kwargs: dict[str, Any]) -> Cause:
    if issubclass(message, Query):
        return Cause(kind="query", actor=actor)
    command_id = delivery.headers.get("command_id")
    if not isinstance(command_id, str) or not 8 <= len(command_id) <= 100:
        raise Invalid("命令没有编号")
    return Cause(kind="command", id=command_id, actor=actor, digest=digest([message.key(), kwargs]))


def _failure(error: ServiceError) -> dict[str, Any]:
    """An error in nameko's shape, with what its template needs beside it."""
    return {
        "result": None,
        "error": {
            "exc_type": type(error).__name__, "exc_path": f"shared.errors.{type(error).__name__}",
            "exc_args": [error.text], "value": str(error), "params": error.params, "fields": error.fields,
        },
    }  # fmt: skip
