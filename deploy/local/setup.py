"""Brings what this project needs on a Debian machine, and does nothing when all is there: `setup.py run|test`.

It runs before any environment exists, so it stands on the standard library alone.
"""

from __future__ import annotations

import argparse
import contextlib
import fcntl
import hashlib
import importlib.util
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
VENV = ROOT / ".venv"
PAGES = ROOT / "services" / "gateway"
LOCK = ROOT / "requirements.lock"
PROJECT = ROOT / "pyproject.toml"
UNDONE = "the lines above say why (no network? disk full?); mend it and run the same command again"


class SetupFailed(Exception):
    """A step cannot be done; the text is one line: what and what to do."""


@dataclass(frozen=True)
class Need:
    """A Debian package, and how to see without asking anybody that what it brings is there."""

    package: str
    present: Callable[[], bool]
    services: tuple[str, ...] = ()  # What the package would start; we run processes of our own instead.


def _file(pattern: str) -> Callable[[], bool]:
    return lambda: any(Path("/").glob(pattern))


RUN = (
    Need(
        "rabbitmq-server",
        _file("usr/lib/rabbitmq/bin/rabbitmq-server"),
        services=("rabbitmq-server.service", "epmd.service", "epmd.socket"),
    ),
    Need("python3-venv", lambda: importlib.util.find_spec("ensurepip") is not None),
    Need("npm", lambda: shutil.which("npm") is not None),
    Need("fonts-noto-cjk", _file("usr/share/fonts/opentype/noto/NotoSansCJK-*")),
)
TEST = (
    *RUN,
    Need("postgresql", _file("usr/lib/postgresql/*/bin/postgres"), services=("postgresql.service",)),
    Need("dovecot-imapd", _file("usr/lib/dovecot/imap"), services=("dovecot.service", "dovecot.socket")),
    Need("chromium", _file("usr/bin/chromium")),
)


def missing(needs: Sequence[Need]) -> list[Need]:
    return [need for need in needs if not need.present()]


def install_command(needs: Sequence[Need]) -> list[str]:
    return ["apt-get", "install", "-y", "--no-install-recommends", *(need.package for need in needs)]


def bring_packages(needs: Sequence[Need], *, root: bool) -> None:
    """Installs the Debian packages that are missing; without root it says which and how, and stops."""
    lacking = missing(needs)
    if not lacking:
        return
    names = ", ".join(need.package for need in lacking)
    if not root:
        raise SetupFailed(f"missing: {names}; run: sudo {' '.join(install_command(lacking))}")
    if shutil.which("apt-get") is None:
        raise SetupFailed(f"missing: {names}; this machine has no apt-get, install what they bring in its own way")
    step(f"installing Debian packages: {names}")
    # invoke-rc.d starts nothing in runlevel 1; systemd does not look at it, hence the masks.
    quiet = {**os.environ, "DEBIAN_FRONTEND": "noninteractive", "RUNLEVEL": "1"}
    told = f"{names} could not be installed; {UNDONE}"
    run(["apt-get", "update", "-q"], told, environment=quiet, holds_lock=False)
    with masked([service for need in lacking for service in need.services]):
        run(install_command(lacking), told, environment=quiet, holds_lock=False)
    if still := missing(lacking):
        raise SetupFailed(f"{', '.join(need.package for need in still)} installed, but what it brings is not there")


@contextlib.contextmanager
def masked(services: Sequence[str]) -> Iterator[None]:
    """Keeps systemd, where it runs, from starting these; it forgets a runtime mask at the next boot at the latest."""
    if not services or not Path("/run/systemd/system").is_dir():
        yield
        return
    subprocess.run(["systemctl", "mask", "--runtime", "--quiet", *services], check=False)
    try:
        yield
    finally:
        subprocess.run(["systemctl", "unmask", "--runtime", "--quiet", *services], check=False)


def bring_environment() -> None:
    """Makes `.venv` with exactly the locked packages, and this project in it as editable."""
    python = VENV / "bin" / "python"
    pip = [str(python), "-m", "pip", "--disable-pip-version-check", "--no-input", "install", "--quiet"]
    here = f"{ROOT} {sys.version_info[:2]}".encode()  # An environment cannot be moved, nor change its Python.
    locked = Stamp(VENV / ".locked", LOCK, here)
    if not (python.exists() and locked.holds()):
        step("installing the Python packages into .venv; this takes a minute or two")
        # From nothing each time: what an older lock brought must not linger and hide that it is gone.
        run([sys.executable, "-m", "venv", "--clear", str(VENV)], f".venv could not be made; {UNDONE}")
        told = f"the Python packages could not be installed; {UNDONE}"
        run([*pip, "--require-hashes", "-r", str(LOCK)], told)
        locked.write()
    installed = Stamp(VENV / ".installed", PROJECT, here)
    if not installed.holds():
        step("installing nqi-station into .venv")
        installed.forget()
        told = f"nqi-station could not be installed into .venv; {UNDONE}"
        run([*pip, "--no-deps", "--no-build-isolation", "-e", str(ROOT)], told)
        installed.write()


def bring_page_libraries() -> None:
    """Installs what the pages load in the browser."""
    manifest = PAGES / "package.json"
    if not manifest.exists():
        return
    lock = PAGES / "package-lock.json"
    stamp = Stamp(PAGES / "node_modules" / ".installed", lock, manifest.read_bytes())
    if stamp.holds():
        return
    step("installing the page libraries into services/gateway/node_modules")
    stamp.forget()
    told = f"the page libraries could not be installed; {UNDONE}"
    run(["npm", "ci", "--ignore-scripts", "--no-progress"], told, folder=PAGES)
    stamp.write()


@dataclass(frozen=True)
class Stamp:
    """Says that a step was finished for this very content; written last, so an interrupted step is done again."""

    path: Path
    source: Path
    also: bytes

    def holds(self) -> bool:
        return self.path.exists() and self.path.read_text() == self._digest()

    def write(self) -> None:
        self.path.write_text(self._digest())

    def forget(self) -> None:
        self.path.unlink(missing_ok=True)

    def _digest(self) -> str:
        return hashlib.sha256(self.source.read_bytes() + b"\0" + self.also).hexdigest()


def run(
    command: Sequence[str],
    told: str,
    *,
    environment: dict[str, str] | None = None,
    folder: Path = ROOT,
    holds_lock: bool = True,
) -> None:
    """Runs a tool in silence; when it fails its output is shown and `told` is the reason given.

    It inherits the lock, so that when we are killed the next set-up waits for its end. Not so what might
    leave a server behind.
    """
    try:
        done = subprocess.run(
            command,
            cwd=folder,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            errors="replace",
            close_fds=not holds_lock,
            check=False,
        )
    except OSError as error:
        raise SetupFailed(f"{command[0]} cannot be run: {error.strerror}") from error
    if done.returncode:
        print(done.stdout.rstrip(), file=sys.stderr)
        raise SetupFailed(told)


def step(text: str) -> None:
    print(f"setup: {text}", flush=True)


@contextlib.contextmanager
def alone() -> Iterator[None]:
    """Lets one set-up of this checkout work at a time; a second one waits, then finds all done."""
    folder = os.open(ROOT, os.O_RDONLY)
    os.set_inheritable(folder, True)
    try:
        try:
            fcntl.flock(folder, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            step("waiting for another set-up of this checkout to finish")
            fcntl.flock(folder, fcntl.LOCK_EX)
        yield
    finally:
        os.close(folder)


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description="Install what is missing to run or to test nqi-station.")
    parser.add_argument("purpose", choices=["run", "test"])
    purpose = parser.parse_args(arguments).purpose
    try:
        if not (3, 11) <= sys.version_info < (3, 13):
            raise SetupFailed(
                f"Python 3.11 or 3.12 is needed and this is {sys.version.split()[0]};"
                f" run: python3.11 deploy/local/setup.py {purpose}"
            )
        with alone():
            bring_packages(RUN if purpose == "run" else TEST, root=os.geteuid() == 0)
            bring_environment()
            bring_page_libraries()
    except SetupFailed as failed:
        print(f"setup: {failed}", file=sys.stderr)
        return 1
    except OSError as error:
        print(
            f"setup: {error.filename or 'this checkout'}: {error.strerror}; free or allow it, then run again",
            file=sys.stderr,
        )
        return 1
    except KeyboardInterrupt:
        print("setup: interrupted; what was not finished is done again next time", file=sys.stderr)
        return 130
    return 0


if __name__ == "__main__":
    sys.exit(main())
