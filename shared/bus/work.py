"""What an entrypoint is handed: a transaction that knows its message, and the relay that publishes what it says."""

import fcntl
import threading
import time
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import Any

import sqlalchemy as sa
from nameko.extensions import DependencyProvider
from nameko.timer import Timer

from shared import keys, log, store, trace
from shared.access import system
from shared.amqp import EVENTS, ConfirmPublisher, Outgoing
from shared.config import settings
from shared.crash import crash_point
from shared.errors import ServiceError, Unavailable
from shared.metrics import OUTBOX_LAG, PUBLISHED
from shared.tokens import seal

BATCH = 100
POLL_SECONDS = 0.2  # finds what a crash, or another process's commit, left
GATHER_SECONDS = 0.005
KEEP_DAYS = 30  # sent events stay this long; received ones as long as a seal holds, so that none takes effect again

logger = log.get(__name__)


class Work(DependencyProvider):
    """Injects a fresh unit of work for each message, and publishes what the units say."""

    def __init__(self, kind: type[store.UnitOfWork]) -> None:
        self.kind = kind

    def setup(self) -> None:
        service = self.container.service_name
        self.engine = store.connect(service, pool=settings().workers + 2)
        self.relay = Relay(service, self.engine, self.kind.metadata)

    def start(self) -> None:
        self.container.spawn_managed_thread(self.relay.run, "relay")

    def stop(self) -> None:
        self.relay.stop()
        self.engine.dispose()

    def kill(self) -> None:
        self.relay.stop()

    def get_dependency(self, worker_ctx: Any) -> store.UnitOfWork:
        cause = worker_ctx.data.get("cause") or store.Cause(kind="clock", actor=system(self.container.service_name))
        return self.kind(self.engine, cause, self.relay.nudge)

    def worker_setup(self, worker_ctx: Any) -> None:
        trace.enter(worker_ctx.data.get("traceparent", ""))


class Relay:
    """Publishes the outbox: the oldest first, each until a queue holds it. Several may run on one database."""

    def __init__(self, service: str, engine: sa.Engine, metadata: sa.MetaData) -> None:
        self._service, self._engine = service, engine
        self._outbox = metadata.tables["outbox"]
        self._publisher = ConfirmPublisher(settings().amqp_uri, f"{service} relay")
        self._key = keys.signing_key(settings())
        self._nudged = threading.Event()
        self._stopping = False
        self._sqlite = engine.dialect.name == "sqlite"

    def nudge(self) -> None:
        """A commit has said something."""
        self._nudged.set()

    def run(self) -> None:
        pause = POLL_SECONDS
        ended = 0.0
        while not self._stopping:
            self._nudged.wait(pause)
            if time.monotonic() - ended < GATHER_SECONDS:
                time.sleep(GATHER_SECONDS)  # busy: one larger batch costs less than many small ones
            self._nudged.clear()
            pause = POLL_SECONDS
            try:
                while self._publish_batch() == BATCH:
                    pass
            except Unavailable as error:
                logger.warning("relay_waits", error=str(error.__cause__ or error))
                pause = 1
            ended = time.monotonic()

    def stop(self) -> None:
        """Publish what is left, if the world allows, and end."""
        if self._stopping:
            return
        self._stopping = True
        try:
            while self._publish_batch() == BATCH:
                pass
        except Unavailable as error:
            logger.warning("relay_left_some", error=str(error.__cause__ or error))
        self._publisher.close()

    def _publish_batch(self) -> int:
        """How many rows were waiting, at most BATCH. Raises Unavailable if not all could be published."""
        with self._alone() as mine, store.unavailable():
            if not mine:
                return 0
            with self._engine.connect().execution_options(reads=True) as connection:
                rows = self._waiting(connection)
                if not rows:
                    return 0
                if self._sqlite:
                    connection.rollback()  # the lock file keeps other relays out; writers need not wait
                taken = self._publisher.publish([self._outgoing(row) for row in rows])
                crash_point("after_publish")
                sent = [row.id for row, ok in zip(rows, taken, strict=True) if ok]
                if not self._sqlite:
                    self._mark(connection, sent)
            if self._sqlite:
                with store.writing(self._engine), self._engine.connect() as connection:
                    self._mark(connection, sent)
        PUBLISHED.labels(self._service).inc(len(sent))
        if len(sent) < len(rows):
            raise Unavailable("some events have no queue to go to, or their queue is full")
        return len(rows)

    def _waiting(self, connection: sa.Connection) -> list[Any]:
        outbox = self._outbox
        rows = connection.execute(
            sa.select(outbox.c.id, outbox.c.event_id, outbox.c.routing_key, outbox.c.body, outbox.c.said_at)
            .where(outbox.c.sent_at.is_(None))
            .order_by(outbox.c.id)
            .limit(BATCH)
            .with_for_update(skip_locked=True)
        ).all()
        lag = (datetime.now(UTC) - rows[0].said_at).total_seconds() if rows else 0
        OUTBOX_LAG.labels(self._service).set(lag)
        return list(rows)

    def _mark(self, connection: sa.Connection, sent: list[int]) -> None:
        connection.execute(self._outbox.update().where(self._outbox.c.id.in_(sent)).values(sent_at=datetime.now(UTC)))
        connection.commit()

    def _outgoing(self, row: Any) -> Outgoing:
        body = row.body.encode()
        return Outgoing(
            EVENTS, row.routing_key, body,
            {
                "content_type": "application/json", "delivery_mode": 2, "message_id": row.event_id,
                "type": row.routing_key, "timestamp": int(time.time()),
                "application_headers": {
                    "seal": seal(row.event_id, body, self._key), "said_at": row.said_at.timestamp(),
                },
            },
        )  # fmt: skip

    @contextmanager
    def _alone(self):  # type: ignore[no-untyped-def]
        """SQLite cannot lock rows: one relay at a time, by a lock on a file that a dead process lets go."""
        if not self._sqlite:
            yield True
            return
        with open(store.sqlite_path(self._service).with_suffix(".relay"), "w") as file:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                yield False
                return
            yield True

    def purge(self) -> int:
        """Forget events sent long ago; returns how many."""
        outbox = self._outbox
        with store.unavailable(), store.writing(self._engine), self._engine.connect() as connection:
            gone = connection.execute(
                outbox.delete().where(outbox.c.sent_at < datetime.now(UTC) - timedelta(days=KEEP_DAYS))
            )
            connection.commit()
        return gone.rowcount


class Every(Timer):
    """Runs a method every so many seconds in each instance; a method claims due rows, so that one instance acts."""

    def handle_result(self, worker_ctx: Any, result: Any = None, exc_info: Any = None) -> Any:
        if exc_info is not None:
            error = exc_info[1]
            if isinstance(error, ServiceError):
                logger.warning("clock_waits", entrypoint=self.method_name, error=str(error))
            else:
                logger.error("clock_failed", entrypoint=self.method_name, exc_info=exc_info)
        return super().handle_result(worker_ctx, result, exc_info)


every = Every.decorator
