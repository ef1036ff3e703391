"""A private PostgreSQL cluster for tests, from Debian's package: on loopback, with a password, gone with its owner."""

import contextlib
import fcntl
import os
import pwd
import secrets
import shutil
import signal
import subprocess
import tempfile
import time
import weakref
from pathlib import Path
from types import TracebackType
from typing import Any, Literal, Self

from deploy.local import processes
from deploy.local.errors import (
    AlreadyRunning,
    CommandFailed,
    HomeUnusable,
    NotReady,
    NotRunning,
    PackageMissing,
    StoppedEarly,
)
from deploy.local.processes import LOOPBACK

VERSIONS = Path("/usr/lib/postgresql")
USER = "nqi"
COMMON = Path("/tmp")
PREFIX = "nqi-postgres-"

Mode = Literal["fast", "immediate"]
_SIGNALS: dict[Mode, signal.Signals] = {"fast": signal.SIGINT, "immediate": signal.SIGQUIT}


class Postgres:
    """One cluster, made at the first start, removed with this object; it ends when the process that started it does."""

    def __init__(self, home: Path) -> None:
        self._home = home.absolute()
        self._area: Path | None = None
        self._password = secrets.token_hex(16)
        self._port = 0
        self._server: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.stop()

    @property
    def area(self) -> Path:
        """The folder of its data and its log."""
        if self._area is None:
            raise NotRunning("this PostgreSQL was never started; start it first")
        return self._area

    @property
    def log(self) -> Path:
        return self.area / "postgres.log"

    @property
    def pid(self) -> int | None:
        """Of the postmaster while it lives."""
        if self._server is None or self._server.poll() is not None:
            return None
        status = self._status()
        return int(status[0]) if status and not processes.gone(int(status[0])) else None

    def url(self, database: str = "nqi") -> str:
        return f"postgresql+psycopg2://{USER}:{self._password}@{LOOPBACK}:{self._port}/{database}"

    def start(self, timeout: float = 60) -> None:
        """Returns when the server takes connections; it keeps its port over restarts. Raises a LocalFault."""
        if self._server is not None:
            raise AlreadyRunning("this PostgreSQL was started before; stop it first")
        until = time.monotonic() + timeout
        first = self._area is None
        if first:
            self._make_cluster()
        with contextlib.ExitStack() as undo:
            undo.callback(self.stop, "immediate")
            with processes.this_port(self._port) if self._port else processes.free_port() as kept:
                self._port = int(kept.getsockname()[1])
                self._launch()
                if not processes.poll(self._settled, within=until - time.monotonic()):
                    raise NotReady(f"PostgreSQL was not ready within {timeout:g} s; its log is {self.log}")
            if self.pid is None:
                raise StoppedEarly(f"PostgreSQL stopped while it started; its log is {self.log}")
            undo.pop_all()
        if first:
            self.create("nqi")

    def stop(self, mode: Mode = "fast", timeout: float = 20) -> None:
        """`fast` ends the sessions, then the server; `immediate` is a crash that the next start repairs."""
        if self._server is None:
            return
        everyone = processes.descendants(self._server.pid)
        if (postmaster := self.pid) is not None:
            with contextlib.suppress(subprocess.TimeoutExpired, ProcessLookupError):
                os.kill(postmaster, _SIGNALS[mode])
                self._server.wait(timeout)
        processes.kill_session(self._server)
        processes.kill_all(everyone)
        self._server = None

    def restart(self, mode: Mode = "fast") -> None:
        self.stop(mode)
        self.start()

    def create(self, database: str) -> None:
        self._tool("createdb", "--", database)

    def drop(self, database: str) -> None:
        """Also when somebody is still connected; no database of that name is no error."""
        self._tool("dropdb", "--force", "--if-exists", "--", database)

    def _make_cluster(self) -> None:
        _programs()  # Before anything is made.
        account = _account()
        try:
            if account is None:
                self._home.mkdir(parents=True, exist_ok=True)
            else:
                _sweep()
            # PostgreSQL refuses to run as root, and its user can reach neither /root nor, perhaps, the checkout.
            area = Path(tempfile.mkdtemp(prefix=PREFIX, dir=COMMON if account else self._home))
            lock = os.open(area, os.O_RDONLY)
        except OSError as error:
            raise HomeUnusable(f"{error.filename} cannot be used: {error.strerror}; choose another home") from error
        fcntl.flock(lock, fcntl.LOCK_EX)  # Falls when we die, and with it the claim to the folder.
        weakref.finalize(self, _remove, area, lock)
        secret = area / "password"
        secret.touch(0o600)
        secret.write_text(self._password)
        if account is not None:
            for path in (area, secret):
                os.chown(path, account.pw_uid, account.pw_gid)
        done = subprocess.run(
            [
                str(_programs() / "initdb"),
                f"--pgdata={area / 'data'}",
                f"--username={USER}",
                f"--pwfile={secret}",
                "--auth=scram-sha-256",
                "--encoding=UTF8",
                "--locale=C.UTF-8",
                "--no-sync",  # The cluster is empty: a power failure now costs nothing.
                "--no-instructions",
            ],
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
            **_as(account, area),
        )
        if done.returncode:
            raise CommandFailed(f"initdb: {' '.join(done.stderr.split())}")
        secret.unlink()
        self._area = area

    def _launch(self) -> None:
        settings = {
            "listen_addresses": LOOPBACK,
            "port": self._port,
            "unix_socket_directories": "",
            "max_connections": 300,
        }
        command = [str(_programs() / "postgres"), "-D", str(self.area / "data")]
        for name, value in settings.items():
            command += ["-c", f"{name}={value}"]
        with open(self.log, "ab") as log:
            self._server = processes.tethered(
                command, ending="INT", stdout=log, stderr=log, **_as(_account(), self.area)
            )

    def _settled(self) -> bool:
        assert self._server is not None
        if self._server.poll() is not None:
            return True
        status = self._status()
        return len(status) > 7 and status[7].strip() == "ready" and self.pid is not None

    def _status(self) -> list[str]:
        """The lines of postmaster.pid: the pid first, the state last; empty when there is none."""
        try:
            return (self.area / "data" / "postmaster.pid").read_text().splitlines()
        except FileNotFoundError:
            return []

    def _tool(self, name: str, *arguments: str) -> None:
        if self.pid is None:
            raise NotRunning(f"{name} needs a running PostgreSQL; start it first")
        done = subprocess.run(
            [str(_programs() / name), f"--host={LOOPBACK}", f"--port={self._port}", f"--username={USER}", *arguments],
            env={"PATH": "/usr/bin:/bin", "LC_ALL": "C.UTF-8", "PGPASSWORD": self._password},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode:
            raise CommandFailed(" ".join(done.stderr.split()))


def _programs() -> Path:
    """Of the newest version installed."""
    found = sorted(VERSIONS.glob("*/bin/postgres"), key=lambda path: int(path.parents[1].name))
    if not found:
        raise PackageMissing("PostgreSQL is not installed; run: python3 deploy/local/setup.py test")
    return found[-1].parent


def _remove(area: Path, lock: int) -> None:
    shutil.rmtree(area, ignore_errors=True)
    os.close(lock)


def _sweep() -> None:
    """Removes the common folders of owners that were killed; a fresh one may not have its lock yet."""
    for area in COMMON.glob(f"{PREFIX}*"):
        with contextlib.suppress(OSError):  # Another sweep was faster, or its owner lives.
            lock = os.open(area, os.O_RDONLY)
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
                if time.time() - area.stat().st_mtime > 60:
                    shutil.rmtree(area, ignore_errors=True)
            finally:
                os.close(lock)


def _account() -> pwd.struct_passwd | None:
    """Whom the server runs as when we are root; None when it may run as ourselves."""
    if os.geteuid() != 0:
        return None
    known = {entry.pw_name: entry for entry in pwd.getpwall()}
    return known.get("postgres") or known["nobody"]


def _as(account: pwd.struct_passwd | None, area: Path) -> dict[str, Any]:
    options: dict[str, Any] = {"cwd": area, "env": {"PATH": "/usr/bin:/bin", "LC_ALL": "C.UTF-8", "HOME": str(area)}}
    if account is not None:
        options |= {"user": account.pw_uid, "group": account.pw_gid, "extra_groups": []}
    return options
