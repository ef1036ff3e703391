"""What an entrypoint is handed: a transaction that knows its message, and the relay that publishes what it says."""

import fcntl
import threading
import time
from collections import deque
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import Any

import sqlalchemy as sa
from nameko.extensions import DependencyProvider
from nameko.timer import Timer

from shared import keys, log, store, trace
from shared.access import system
from shared.amqp import EVENTS, ConfirmPublisher, Outgoing
from shared.bus.waiting import wait_promptly
from shared.config import settings
from shared.crash import crash_point
from shared.errors import ServiceError, Unavailable
from shared.metrics import OUTBOX_LAG, PUBLISHED
from shared.tokens import seal

BATCH = 100
FRESH_MOST = 1000
POLL_SECONDS = 1.0
MARK_SECONDS = 0.25  # how long a published event may be marked late
LEFT_SECONDS = 2.0  # an event that is not marked for longer was left by its process
GATHER_SECONDS = 0.005
STOP_SECONDS = 11.0  # a little more than connecting and confirming may take
PURGE_SECONDS = 3600.0
KEEP_DAYS = 30  # sent events stay this long; received ones as long as a seal holds, so that none takes effect again

logger = log.get(__name__)


class Work(DependencyProvider):
    """Injects a fresh unit of work for each message, and publishes what the units say."""

    def __init__(self, kind: type[store.UnitOfWork]) -> None:
        self.kind = kind

    def setup(self) -> None:
        service = self.container.service_name
        self.engine = store.connect(service, pool=settings().workers + 2)
        if self.engine.dialect.name == "postgresql":
            wait_promptly()
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
    """Publishes the outbox until a queue holds each event. Several may run on one database.

    What this process has just committed it publishes from memory. What a crash, a fault or another process left is
    found by a poll, once it is older than any process needs to publish it itself. Should two publish the same event,
    its readers know it by its id.
    """

    def __init__(self, service: str, engine: sa.Engine, metadata: sa.MetaData) -> None:
        self._service, self._engine = service, engine
        self._metadata = metadata
        self._outbox = metadata.tables["outbox"]
        self._publisher = ConfirmPublisher(settings().amqp_uri, f"{service} relay")
        self._key = keys.signing_key(settings())
        self._fresh: deque[dict[str, Any]] = deque()
        self._sent: list[str] = []
        self._sent_since = 0.0
        self._nudged = threading.Event()
        self._ended = threading.Event()
        self._running = self._stopping = False

    def nudge(self, said: list[dict[str, Any]]) -> None:
        """A commit has said these events."""
        if len(self._fresh) < FRESH_MOST:
            self._fresh.extend(said)  # else the poll finds them
        self._nudged.set()

    def run(self) -> None:
        self._running = True
        polled = ended = -POLL_SECONDS
        purged = time.monotonic()
        try:
            while not self._stopping:
                self._nudged.wait(MARK_SECONDS if self._sent else POLL_SECONDS)
                if time.monotonic() - ended < GATHER_SECONDS:
                    time.sleep(GATHER_SECONDS)  # busy: one larger batch costs less than many small ones
                self._nudged.clear()
                try:
                    self._publish_fresh()
                    due = time.monotonic() - polled > POLL_SECONDS
                    self._mark_sent(0 if due else MARK_SECONDS)  # a poll takes what is not marked for left behind
                    if due:
                        polled = time.monotonic()
                        self._publish_left()
                    if time.monotonic() - purged > PURGE_SECONDS:
                        purged = time.monotonic()
                        store.purge(self._engine, self._metadata, datetime.now(UTC) - timedelta(days=KEEP_DAYS))
                except Unavailable as error:
                    logger.warning("relay_waits", error=str(error.__cause__ or error))
                    time.sleep(POLL_SECONDS)
                ended = time.monotonic()
            self._publish_fresh()
            self._mark_sent(0)
        except Unavailable as error:
            logger.warning("relay_left_some", error=str(error.__cause__ or error))
        finally:
            self._ended.set()

    def stop(self) -> None:
        """Publish what this process has said, if the world allows, and end."""
        self._stopping = True
        self._nudged.set()
        if self._running:
            self._ended.wait(STOP_SECONDS)
        self._publisher.close()

    def _publish_fresh(self) -> None:
        """What is there now: what comes meanwhile waits its turn, lest marking and polling wait for ever."""
        count = len(self._fresh)
        try:
            for start in range(0, count, BATCH):
                self._publish([self._fresh.popleft() for _ in range(min(BATCH, count - start))])
        except Unavailable:
            self._fresh.clear()  # the poll finds them
            raise

    def _publish_left(self) -> None:
        """Publish all that waits, batch by batch; a key that no queue takes now is passed over and holds up nothing."""
        last, refused = 0, set[str]()
        with self._alone() as mine, store.unavailable():
            while mine and not self._stopping:
                with self._engine.connect().execution_options(reads=True) as connection:
                    batch = self._waiting(connection, last, refused)
                    if batch:
                        last = batch[-1]["id"]
                        refused |= self._publish(batch)
                self._mark_sent(0)
                if len(batch) < BATCH:
                    return

    def _mark_sent(self, seconds: float) -> None:
        """Mark what was published, if the oldest of it was so long ago. Unmarked, it is only published again."""
        if not self._sent or time.monotonic() - self._sent_since < seconds:
            return
        sent, self._sent = self._sent, []
        change = self._outbox.update().where(self._outbox.c.event_id.in_(sent)).values(sent_at=datetime.now(UTC))
        with store.unavailable(), store.writing(self._engine), self._engine.connect() as connection:
            connection.execute(change)
            connection.commit()

    def _waiting(self, connection: sa.Connection, last: int, refused: set[str]) -> list[dict[str, Any]]:
        outbox = self._outbox
        now = datetime.now(UTC)
        oldest = connection.execute(sa.select(sa.func.min(outbox.c.said_at)).where(outbox.c.sent_at.is_(None))).scalar()
        OUTBOX_LAG.labels(self._service).set((now - oldest).total_seconds() if oldest else 0)
        if oldest is None or oldest > now - timedelta(seconds=LEFT_SECONDS):
            return []
        rows = connection.execute(
            sa.select(outbox.c.id, outbox.c.event_id, outbox.c.routing_key, outbox.c.body, outbox.c.said_at)
            .where(
                outbox.c.sent_at.is_(None), outbox.c.said_at <= now - timedelta(seconds=LEFT_SECONDS),
                outbox.c.id > last, outbox.c.routing_key.not_in(refused),
            )
            .order_by(outbox.c.id)
            .limit(BATCH)
            .with_for_update(skip_locked=True),
            execution_options={"reads": False},  # the locks hold until the batch is published
        )  # fmt: skip
        return [row._asdict() for row in rows]

    def _publish(self, batch: list[dict[str, Any]]) -> set[str]:
        """Returns the keys that a queue did not take; they stay for the poll. Raises Unavailable without a broker."""
        taken = self._publisher.publish([self._outgoing(row) for row in batch])
        crash_point("after_publish")
        sent = [row["event_id"] for row, ok in zip(batch, taken, strict=True) if ok]
        if not self._sent:
            self._sent_since = time.monotonic()
        self._sent += sent
        PUBLISHED.labels(self._service).inc(len(sent))
        refused = {row["routing_key"] for row, ok in zip(batch, taken, strict=True) if not ok}
        if refused:
            logger.warning("events_wait", why="no queue, or a full one", keys=sorted(refused))
        return refused

    def _outgoing(self, row: dict[str, Any]) -> Outgoing:
        event_id, routing_key, said_at = row["event_id"], row["routing_key"], row["said_at"]
        content = row["body"].encode()
        return Outgoing(
            EVENTS, routing_key, content,
            {
                "content_type": "application/json", "delivery_mode": 2, "message_id": event_id,
                "type": routing_key, "timestamp": int(said_at.timestamp()),
                "application_headers": {
                    "seal": seal(event_id, content, self._key), "said_at": said_at.timestamp(),
                },
            },
        )  # fmt: skip

    @contextmanager
    def _alone(self):  # type: ignore[no-untyped-def]
        """SQLite cannot lock rows: one relay at a time, by a lock on a file that a dead process lets go."""
        if self._engine.dialect.name != "sqlite":
            yield True
            return
        with open(store.sqlite_path(self._service).with_suffix(".relay"), "w") as file:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                yield False
                return
            yield True


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
