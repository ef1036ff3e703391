"""Heartbeats: published at once, not through the outbox, for what is true only now needs no second chance."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import eventlet
from nameko.extensions import DependencyProvider

from shared import keys, log, trace
from shared.amqp import HEARTBEATS, LOST, BrokerUnreachable, Outgoing, connect, drop, publish
from shared.bus.broker import Broker
from shared.config import settings
from shared.contracts.base import Heartbeat, Who
from shared.ids import new_id
from shared.tokens import seal
from shared.wire import dump, encode

READY_SECONDS = 10

logger = log.get(__name__)


class Announce(DependencyProvider):
    """Injects `announce(heartbeat)`; a broker that cannot be reached now is left to the next beat.

    Nothing is announced before our own queues are there: who hears of us may send to them at once.
    """

    broker = Broker()

    def setup(self) -> None:
        self._connection: Any = None
        self._key = keys.signing_key(settings())

    def get_dependency(self, worker_ctx: Any) -> Callable[[Heartbeat], None]:
        return self._announce

    def stop(self) -> None:
        drop(self._connection)

    def _announce(self, beat: Heartbeat) -> None:
        with eventlet.Timeout(READY_SECONDS, False):
            while not self.broker.ready:
                eventlet.sleep(0.05)
        if not self.broker.ready:
            return
        service = self.container.service_name
        said = replace(
            beat, event_id=new_id(), occurred_at=datetime.now(UTC), traceparent=trace.current(),
            actor=Who(id=service, role="system"),
        )  # fmt: skip
        body = encode(dump(said))
        properties = {
            "content_type": "application/json", "message_id": said.event_id, "type": beat.key(),
            "application_headers": {"seal": seal(said.event_id, body, self._key)},
        }  # fmt: skip
        try:
            if self._connection is None:
                self._connection = connect(settings().amqp_uri, f"{service} announce", heartbeat=0)
                self._channel = self._connection.channel()
            publish(self._channel, Outgoing(HEARTBEATS, beat.key(), body, properties), mandatory=False)
        except (BrokerUnreachable, *LOST) as error:
            logger.warning("announcement_lost", error=str(error))
            drop(self._connection)
            self._connection = None
