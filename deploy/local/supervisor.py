"""Every service as a process of its own on this machine: started, shown, restarted, stopped."""

import json
import os
import signal
import socket
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from deploy.local import processes
from deploy.local.broker import Broker
from deploy.local.errors import LocalFault
from deploy.local.process import SUPERVISOR
from shared.config import CannotStart, Settings

SERVICES = ("station", "intake", "dispatch", "providers", "feedback", "archive", "gateway")
STOP_SECONDS = 20
STEADY_SECONDS = 30  # a process that ran this long starts again without delay
SHORTEST_PAUSE, LONGEST_PAUSE = 0.5, 10.0
HOPELESS = 3  # quick deaths of a process that never got ready, before the supervisor gives up on all


@dataclass
class Child:
    """One service process and its successors."""

    service: str
    process: subprocess.Popen[str] | None = None
    started: float = 0.0
    pause: float = SHORTEST_PAUSE
    quick_deaths: int = 0
    ready: bool = False
    last_words: list[str] = field(default_factory=list)


class Supervisor:
    """Runs a broker (unless one is given) and all services until told to stop."""

    def __init__(
        self,
        given: Settings,
        say: Callable[[str, str], None],
        services: tuple[str, ...] = SERVICES,
        environment: Mapping[str, str] = os.environ,
        module: str = "deploy.local.process",
    ) -> None:
        self._given = given
        self._say = say
        self._environment = environment
        self._module = module
        self._broker: Broker | None = None
        self._children = {service: Child(service) for service in services}
        self._stopping = threading.Event()
        self._failed = ""
        self._threads: list[threading.Thread] = []

    def start(self) -> None:
        """Start all; returns at once. Raises CannotStart."""
        if "gateway" in self._children:
            _check_port(self._given.port)
        if not self._given.amqp_given:
            self._say("up", "starting a private broker")
            self._broker = Broker(self._given.home)
            try:
                self._broker.start()
            except LocalFault as error:
                raise CannotStart(str(error)) from error
        runs = self._given.home / "run"
        runs.mkdir(parents=True, exist_ok=True)
        for file in runs.glob("*.json"):
            if processes.gone(int(file.stem.rpartition("-")[2])):
                file.unlink()  # its process was killed
        for child in self._children.values():
            self._spawn(self._tend, child)
        if self._broker is not None:
            self._spawn(self._tend_broker, self._broker)

    def wait_ready(self, seconds: float = 60) -> None:
        """Return when every service says it is ready; raises CannotStart with what is missing."""
        deadline = time.monotonic() + seconds
        while any(not self._is_ready(child) for child in self._children.values()):
            if self._failed:
                raise CannotStart(self._failed)
            if self._stopping.is_set():
                return
            if time.monotonic() > deadline:
                missing = ", ".join(c.service for c in self._children.values() if not c.ready)
                raise CannotStart(f"not ready after {seconds:.0f} s: {missing}; their logs are above")
            time.sleep(0.1)

    def wait(self) -> None:
        """Return when stopped; raises CannotStart if a service proves unable to start."""
        while not self._stopping.wait(0.5):
            if self._failed:
                raise CannotStart(self._failed)

    def stop(self) -> None:
        """The gateway first, then the services, the broker last: work in flight is finished or given back."""
        self._stopping.set()
        gateway = [child for child in self._children.values() if child.service == "gateway"]
        others = [child for child in self._children.values() if child.service != "gateway"]
        for group in (gateway, others):
            for child in group:
                _signal(child, signal.SIGTERM)
            deadline = time.monotonic() + STOP_SECONDS
            for child in group:
                if not _ended(child, deadline - time.monotonic()):
                    self._say("up", f"{child.service} did not stop in {STOP_SECONDS} s and is killed")
                    _signal(child, signal.SIGKILL)
                    _ended(child, 5)
        for thread in self._threads:
            thread.join(timeout=2)
        if self._broker is not None:
            self._broker.stop()

    def pid(self, service: str) -> int | None:
        """The process that runs a service now."""
        process = self._children[service].process
        return process.pid if process and process.poll() is None else None

    def _spawn(self, work: Callable[..., None], *given: object) -> None:
        thread = threading.Thread(target=work, args=given, daemon=True)
        thread.start()
        self._threads.append(thread)

    def _tend_broker(self, broker: Broker) -> None:
        """Start the broker again, on the same ports, when it dies; the services find it by themselves."""
        pause = SHORTEST_PAUSE
        while not self._stopping.wait(pause):
            if broker.pid is not None:
                pause = SHORTEST_PAUSE
                continue
            self._say("up", "the broker ended; starting it again")
            broker.kill()
            try:
                broker.start()
            except LocalFault as error:
                pause = min(2 * pause, LONGEST_PAUSE)
                self._say("up", f"{error}; again in {pause:g} s")

    def _tend(self, child: Child) -> None:
        """Start the process, show what it says, and start it again when it dies."""
        while not self._stopping.is_set():
            self._run_once(child)
            if self._stopping.is_set():
                return
            assert child.process is not None
            if time.monotonic() - child.started > STEADY_SECONDS:
                child.pause, child.quick_deaths = SHORTEST_PAUSE, 0
            child.quick_deaths += 1
            if not child.ready and child.quick_deaths >= HOPELESS:
                self._failed = child.last_words[-1] if child.last_words else f"{child.service} cannot start"
                return
            self._say("up", f"{child.service} ended ({_how(child.process.returncode)}); again in {child.pause:g} s")
            self._stopping.wait(child.pause)
            child.pause = min(2 * child.pause, LONGEST_PAUSE)

    def _run_once(self, child: Child) -> None:
        child.started = time.monotonic()
        environment = {**self._environment, SUPERVISOR: str(os.getpid()), "NQI_HOME": str(self._given.home)}
        child.process = subprocess.Popen(
            [sys.executable, "-m", self._module, child.service],
            env=environment, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
            text=True, errors="replace", start_new_session=True,
        )  # fmt: skip
        assert child.process.stdout is not None
        log = self._given.home / "log" / f"{child.service}.log"
        log.parent.mkdir(parents=True, exist_ok=True)
        with open(log, "a", encoding="utf-8") as file, child.process.stdout as lines:
            for line in lines:
                file.write(line)
                file.flush()
                child.last_words = [*child.last_words[-4:], line.strip()]
                self._say(child.service, line.rstrip())
        child.process.wait()
        (self._given.home / "run" / f"{child.service}-{child.process.pid}.json").unlink(missing_ok=True)

    def _is_ready(self, child: Child) -> bool:
        if not child.ready and (address := self._health(child)):
            try:
                with urllib.request.urlopen(address, timeout=2) as answer:
                    child.ready = answer.status == 200
            except (urllib.error.URLError, OSError):
                child.ready = False
        return child.ready

    def _health(self, child: Child) -> str:
        if child.service == "gateway":
            return f"http://127.0.0.1:{self._given.port}/healthz"
        file = self._given.home / "run" / f"{child.service}-{self.pid(child.service)}.json"
        try:
            return f"http://{json.loads(file.read_text())[0]['targets'][0]}/healthz"
        except FileNotFoundError:
            return ""


def readable(line: str) -> str:
    """A JSON log line as a person reads it; any other line as it is."""
    try:
        entry = json.loads(line)
        said = entry.pop("event")
    except (ValueError, KeyError, AttributeError, TypeError):
        return line
    hidden = ("service", "level", "at", "trace_id", "exception", "traceback")
    details = " ".join(f"{k}={v}" for k, v in entry.items() if k not in hidden)
    trouble = entry.get("exception") or entry.get("traceback") or ""
    return f"{entry.get('at', '')[11:19]} {said} {details}".rstrip() + (f"\n{trouble}" if trouble else "")


def _check_port(port: int) -> None:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError as error:
            raise CannotStart(f"port {port} is in use: stop what uses it, or set NQI_PORT to another") from error


def _signal(child: Child, number: signal.Signals) -> None:
    if child.process and child.process.poll() is None:
        child.process.send_signal(number)


def _ended(child: Child, seconds: float) -> bool:
    if child.process is None:
        return True
    try:
        child.process.wait(timeout=max(seconds, 0.1))
        return True
    except subprocess.TimeoutExpired:
        return False


def _how(code: int | None) -> str:
    return f"signal {-code}" if code is not None and code < 0 else f"status {code}"
