"""A service as a process: its set-up, its health, and its end."""

import json
import os
import signal
import time
from importlib import import_module
from typing import Any

import eventlet
import sqlalchemy as sa
from eventlet import wsgi
from nameko.containers import ServiceContainer
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest

from shared import log, runs
from shared.amqp import BrokerUnreachable, connect, drop
from shared.bus.broker import Broker
from shared.bus.work import Work
from shared.config import CannotStart, Settings, settings
from shared.topology import declare_for
from shared.upgrade import DatabaseNewer, DatabaseUnreachable, upgrade

LOST_SECONDS = 60  # a process whose consumers are gone that long ends, and is started again
threading = eventlet.patcher.original("threading")
sleep = eventlet.patcher.original("time").sleep

logger = log.get(__name__)


def serve(service: str) -> None:
    """Run a service until SIGTERM or SIGINT, then let work in flight finish. Raises CannotStart."""
    given = settings()
    log.setup(service, given.log_level)
    cls = next(
        found
        for found in vars(import_module(f"services.{service}.service")).values()
        if isinstance(found, type) and getattr(found, "name", None) == service
    )
    _reach_broker(given, service)
    try:
        upgrade(service)
    except (DatabaseNewer, DatabaseUnreachable) as error:
        raise CannotStart(str(error)) from error
    container = ServiceContainer(cls, {"max_workers": 1000})  # the broker's prefetch bounds the work, not this pool
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: eventlet.spawn_n(container.stop))
    container.start()
    health = Health(service, container, given)
    health.start()
    logger.info("service_started", metrics_port=health.port, pid=os.getpid())
    try:
        container.wait()
    finally:
        health.stop()
    logger.info("service_stopped")


def _reach_broker(given: Settings, service: str) -> None:
    if not given.amqp_uri:
        raise CannotStart("no broker runs here: start one with `nqi up`, or set AMQP_URI to yours")
    connection = None
    try:
        connection = connect(given.amqp_uri, "start")
        declare_for(connection.channel(), service)
    except BrokerUnreachable as error:
        raise CannotStart(
            f"the broker cannot be reached ({error}): check AMQP_URI, or start one with `nqi up`"
        ) from error
    finally:
        drop(connection)


class Health:
    """Serves /healthz and /metrics, says where in `home/run`, and ends a process that has lost its way."""

    def __init__(self, service: str, container: ServiceContainer, given: Settings) -> None:
        extensions = list(container.extensions)
        self._broker = next(e for e in extensions if isinstance(e, Broker))
        self._engine = next((e.engine for e in extensions if isinstance(e, Work)), None)
        try:
            self._socket = eventlet.listen(("127.0.0.1", given.metrics_port))
        except OSError as error:
            raise CannotStart(
                f"port {given.metrics_port} is in use: set NQI_METRICS_PORT to a free one, or to 0 for any"
            ) from error
        self.port = self._socket.getsockname()[1]
        self._home, self._service = given.home, service
        self._beat = time.monotonic()

    def start(self) -> None:
        eventlet.spawn_n(wsgi.server, self._socket, self._answer, log_output=False)
        eventlet.spawn_n(self._tick)
        threading.Thread(target=self._watch, daemon=True, name="watchdog").start()
        self._file = runs.tell(self._home, self._service, "127.0.0.1", self.port)

    def stop(self) -> None:
        self._file.unlink(missing_ok=True)

    def _answer(self, environ: dict[str, Any], start_response: Any) -> list[bytes]:
        match environ["PATH_INFO"]:
            case "/metrics":
                status, kind, body = "200 OK", CONTENT_TYPE_LATEST, generate_latest()
            case "/healthz":
                found = self.check()
                status = "200 OK" if all(found.values()) else "503 Service Unavailable"
                kind, body = "application/json", json.dumps(found).encode()
            case _:
                status, kind, body = "404 Not Found", "text/plain", b"there is /healthz and /metrics\n"
        start_response(status, [("Content-Type", kind), ("Content-Length", str(len(body)))])
        return [body]

    def check(self) -> dict[str, bool]:
        """What must hold for this process to be of use."""
        return {"broker": self._broker.ready, "database": self._database()}

    def _database(self) -> bool:
        if self._engine is None:
            return True
        try:
            with self._engine.connect().execution_options(reads=True) as connection:
                connection.execute(sa.text("SELECT 1"))
            return True
        except sa.exc.SQLAlchemyError as error:
            logger.warning("database_lost", error=str(error))
            return False

    def _tick(self) -> None:
        while True:
            self._beat = time.monotonic()
            eventlet.sleep(1)

    def _watch(self) -> None:
        """On a thread of its own, for a stalled hub cannot watch itself. It counts its own seconds, so that a
        process that was suspended is not taken for one that hangs."""
        last, still = self._beat, 0
        while True:
            sleep(1)
            still = still + 1 if self._beat == last else 0
            last = self._beat
            if still > LOST_SECONDS or (self._broker.silent > LOST_SECONDS + 15 and still == 0):
                print(json.dumps({"event": "watchdog", "service": self._service, "still": still}), flush=True)
                os._exit(1)
