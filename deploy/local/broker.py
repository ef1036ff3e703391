"""A private RabbitMQ node as an ordinary child process: own data, cookie, ports and epmd, on loopback only."""

import contextlib
import fcntl
import json
import os
import socket
import subprocess
import time
from collections.abc import Iterator, Sequence
from dataclasses import asdict, astuple, fields
from pathlib import Path
from types import TracebackType
from typing import Self

from deploy.local import processes
from deploy.local.broker_files import NODE, PROGRAMS, USER, BrokerFiles, Ports
from deploy.local.errors import (
    AlreadyRunning,
    CommandFailed,
    HomeUnusable,
    LocalFault,
    NotReady,
    NotRunning,
    PackageMissing,
    PortTaken,
    StoppedEarly,
)
from deploy.local.processes import LOOPBACK

PLUGINS = ("rabbitmq_management", "rabbitmq_prometheus")

# Runs in the node and waits for a word on its stdin or its end, which our death brings at the latest.
# A plain SIGTERM is as orderly but takes 6 s: the statistics handler then asks the application controller,
# which is busy stopping it, so that both wait 5 s; init waits another. Halting at once would cut the log.
_STOP_WITH_US = (
    "spawn(fun()->P=open_port({fd,0,0},[in,eof]),receive{P,_}->"
    "catch gen_event:delete_handler(rabbit_event,rabbit_mgmt_db_handler,[]),"
    "try rabbit:stop() after"
    "[catch rabbit_logger_std_h:filesync(H)||H<-logger:get_handler_ids()],halt() end end end)."
)


class Broker:
    """One RabbitMQ node for one home; it ends when the process that started it does."""

    def __init__(self, home: Path, *, plugins: Sequence[str] = PLUGINS) -> None:
        self.files = BrokerFiles(home.absolute() / "broker", plugins)
        self.ports: Ports | None = None
        self._node: subprocess.Popen[bytes] | None = None
        self._epmd: subprocess.Popen[bytes] | None = None
        self._lock = -1

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.stop()

    @property
    def amqp_uri(self) -> str:
        return f"amqp://{USER}:{self.files.password}@{LOOPBACK}:{self._known_ports.amqp}/%2F"

    @property
    def management_uri(self) -> str:
        return f"http://{USER}:{self.files.password}@{LOOPBACK}:{self._known_ports.management}"

    @property
    def metrics_uri(self) -> str:
        return f"http://{LOOPBACK}:{self._known_ports.metrics}/metrics"

    @property
    def pid(self) -> int | None:
        """Of the Erlang VM while it lives."""
        return self._node.pid if self._node is not None and self._node.poll() is None else None

    def start(self, timeout: float = 60, ports: Ports | None = None) -> None:
        """Returns when the node takes AMQP connections.

        Ports are those given, else those this instance had before, else free ones. Raises a LocalFault.
        """
        until = time.monotonic() + timeout
        if not (PROGRAMS / "rabbitmq-server").exists():
            raise PackageMissing("RabbitMQ is not installed; run: python3 deploy/local/setup.py run")
        self._take_home()
        with contextlib.ExitStack() as undo:
            undo.callback(self.kill)
            self._end_leftovers()
            with _kept(ports or self.ports) as kept:
                self.files.prepare(kept)
                self._start_epmd(kept, until)
                self._start_node(kept)
                self._wait(kept, timeout, until)
            self.ports = kept
            self._tell()
            undo.pop_all()

    def stop(self, timeout: float = 20) -> None:
        """Ends the node in an orderly way, and by force what is left after `timeout` seconds."""
        if self._node is None:
            return
        helpers = processes.descendants(self._node.pid)
        processes.let_go(self._node)
        with contextlib.suppress(subprocess.TimeoutExpired):
            self._node.wait(timeout)
            processes.poll(lambda: all(map(processes.gone, helpers)), within=2)
        self.kill()

    def kill(self) -> None:
        """SIGKILL for the whole node at once, as if the power failed; its data and ports stay for the next start."""
        helpers = processes.descendants(self._node.pid) if self._node is not None else []
        for process in (self._node, self._epmd):
            if process is not None:
                processes.kill_session(process)
        processes.kill_all(helpers)
        self._node = self._epmd = None
        if self._lock >= 0:
            self.files.connection.unlink(missing_ok=True)
            os.close(self._lock)
            self._lock = -1

    def ctl(self, *arguments: str, timeout: float = 60) -> str:
        """What `rabbitmqctl` prints for these arguments, asked of this node."""
        if self.pid is None:
            raise NotRunning(f"the broker under {self.files.folder} is not running; start it first")
        try:
            done = subprocess.run(
                [str(PROGRAMS / "rabbitmqctl"), *arguments],
                cwd=self.files.folder,
                env=self.files.environment(self._known_ports),
                stdin=subprocess.DEVNULL,
                capture_output=True,
                text=True,
                timeout=timeout,
                check=False,
            )
        except subprocess.TimeoutExpired as error:
            raise CommandFailed(f"rabbitmqctl {' '.join(arguments)}: no answer within {timeout:g} s") from error
        if done.returncode:
            said = " ".join((done.stderr or done.stdout).split())
            raise CommandFailed(f"rabbitmqctl {' '.join(arguments)}: {said}")
        return done.stdout

    @property
    def _known_ports(self) -> Ports:
        if self.ports is None:
            raise NotRunning(f"the broker under {self.files.folder} was never started; start it first")
        return self.ports

    @property
    def _mark(self) -> str:
        """An argument on the node's command line, by which a leftover is known."""
        return f"broker={self.files.folder}"

    def _take_home(self) -> None:
        """Makes the folders and holds the home's lock, which falls when its holder dies."""
        if self._lock >= 0:
            raise AlreadyRunning(f"this broker already runs under {self.files.folder}; stop it first")
        try:
            self.files.make()
            lock = os.open(self.files.lock, os.O_CREAT | os.O_RDWR, 0o600)
        except OSError as error:
            raise HomeUnusable(f"{error.filename} cannot be used: {error.strerror}; choose another home") from error
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            os.close(lock)
            raise AlreadyRunning(
                f"another process already runs the broker under {self.files.folder}; stop it or choose another home"
            ) from error
        self._lock = lock

    def _end_leftovers(self) -> None:
        """A node whose owner died stops by itself; one that hangs is killed, which its data survives."""
        left = processes.bearing(self._mark)
        processes.poll(lambda: all(map(processes.gone, left)), within=3)
        helpers = [helper for pid in left for helper in processes.descendants(pid)]
        processes.kill_all([*left, *helpers])

    def _start_epmd(self, ports: Ports, until: float) -> None:
        """Our own port mapper rather than one the node starts: that one would outlive it."""
        with self.files.console() as console:
            self._epmd = processes.tethered(
                ["epmd", "-port", str(ports.epmd), "-address", LOOPBACK],
                env=self.files.environment(ports),
                cwd=self.files.folder,
                stdout=console,
                stderr=console,
            )
        if not processes.poll(lambda: processes.answers(ports.epmd), within=until - time.monotonic(), every=0.005):
            raise NotReady(f"Erlang's port mapper did not start; its words are in {self.files.words}")

    def _start_node(self, ports: Ports) -> None:
        distribution = str(ports.distribution)
        command = [
            str(PROGRAMS / "rabbitmq-server"),
            "-noinput",
            # Named at once, it need not start a second VM to see whether the name is taken.
            *("-sname", NODE),
            *("-kernel", "inet_dist_listen_min", distribution, "inet_dist_listen_max", distribution),
            *("-nqi", self._mark),
            *("-eval", _STOP_WITH_US),
        ]
        with self.files.console() as console:
            self._node = subprocess.Popen(
                command,
                env=self.files.environment(ports),
                cwd=self.files.folder,
                stdin=subprocess.PIPE,
                stdout=console,
                stderr=console,
                start_new_session=True,  # A Ctrl-C at the terminal is ours to handle.
                umask=0o077,
            )

    def _wait(self, ports: Ports, timeout: float, until: float) -> None:
        """Asks the node itself: its tools take longer, and see less."""
        assert self._node is not None
        while not _takes_amqp(ports.amqp):
            try:
                self._node.wait(0.02)
            except subprocess.TimeoutExpired:
                if time.monotonic() < until:
                    continue
                raise NotReady(f"the broker was not ready within {timeout:g} s; its log is {self.files.log}") from None
            raise self._why_it_stopped()

    def _why_it_stopped(self) -> LocalFault:
        words = self.files.words
        if "eaddrinuse" in words.read_text(errors="replace"):
            return PortTaken(f"the broker found one of its ports in use; start it again (its words are in {words})")
        return StoppedEarly(f"the broker stopped while it started; its words are in {words} and {self.files.log}")

    def _tell(self) -> None:
        """Tells programs that share the home where the broker is; it has been ready once."""
        self.files.unproven.unlink(missing_ok=True)
        told = {
            "amqp_uri": self.amqp_uri,
            "management_uri": self.management_uri,
            "metrics_uri": self.metrics_uri,
            "pid": self.pid,
            "ports": asdict(self._known_ports),
        }
        self.files.write(self.files.connection, json.dumps(told, indent=2) + "\n")


@contextlib.contextmanager
def _kept(wanted: Ports | None) -> Iterator[Ports]:
    """Keeps ports from everybody else until the node itself listens on them."""
    with contextlib.ExitStack() as keepers:

        def keep(keeper: socket.socket) -> int:
            return int(keepers.enter_context(keeper).getsockname()[1])

        if wanted is None:
            yield Ports(**{field.name: keep(processes.free_port()) for field in fields(Ports)})
        else:
            for port in astuple(wanted):
                keep(processes.this_port(port))
            yield wanted


def _takes_amqp(port: int) -> bool:
    try:
        with socket.create_connection((LOOPBACK, port), timeout=2) as probe:
            probe.sendall(b"AMQP\x00\x00\x09\x01")
            return probe.recv(1) == b"\x01"  # A method frame: connection.start.
    except OSError:
        return False
