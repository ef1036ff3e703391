"""Processes and ports of this machine: who bears a mark, whose child is whose, how they end, which port is free."""

import contextlib
import errno
import os
import random
import signal
import socket
import subprocess
import time
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any

from deploy.local.errors import PortTaken

LOOPBACK = "127.0.0.1"
# Below Linux's range for outgoing connections: a client that keeps trying a dead server's port inside
# that range may one day be given this very port as its own, connect to itself and block it.
SERVER_PORTS = range(20000, 32000)

# The shell ends with what it runs; when the pipe on its own standard input speaks or ends, it ends that first.
_TETHER = """
ending="$1"; shift; exec 3<&0
"$@" </dev/null 3<&- & child=$!
{ read -r _; kill -s "$ending" "$child"; } <&3 & reader=$!
wait "$child"; code=$?; kill "$reader" 2>/dev/null; exit "$code"
"""


def tethered(command: Sequence[str], *, ending: str = "TERM", **options: Any) -> subprocess.Popen[bytes]:
    """Starts `command` in a session of its own; when we let go or die, it gets the signal `ending`."""
    shell = ["/bin/sh", "-c", _TETHER, "tether", ending, *command]
    return subprocess.Popen(shell, stdin=subprocess.PIPE, start_new_session=True, **options)


def let_go(process: subprocess.Popen[bytes]) -> None:
    """Asks a tethered process to end, by a word: a forked child of ours may keep the other end of its stdin open."""
    if process.stdin is None or process.stdin.closed:
        return
    with contextlib.suppress(BrokenPipeError):
        process.stdin.write(b"\n")
        process.stdin.flush()
    with contextlib.suppress(BrokenPipeError):
        process.stdin.close()


def kill_session(process: subprocess.Popen[bytes]) -> None:
    """SIGKILL for the process and the group it leads, even stopped ones; returns when it is gone."""
    if process.poll() is None:
        os.killpg(process.pid, signal.SIGKILL)
    let_go(process)
    process.wait()


def command_line(pid: int) -> list[str]:
    """The arguments of a process; empty for one that is gone or a zombie."""
    try:
        raw = Path(f"/proc/{pid}/cmdline").read_bytes()
    except (FileNotFoundError, ProcessLookupError, PermissionError):
        return []
    return raw.decode(errors="surrogateescape").split("\0")[:-1]


def bearing(mark: str) -> list[int]:
    """Every process that has `mark` as one whole argument."""
    return [pid for pid in _pids() if mark in command_line(pid)]


def descendants(pid: int) -> list[int]:
    """Children, their children and so on, as of now."""
    children: dict[int, list[int]] = {}
    for each in _pids():
        children.setdefault(_parent(each), []).append(each)
    found, ahead = [], [pid]
    while ahead:
        young = children.get(ahead.pop(), [])
        found += young
        ahead += young
    return found


def gone(pid: int) -> bool:
    """True also for a zombie: it holds no port, no file and no memory."""
    return not command_line(pid)


def kill_all(pids: Iterable[int], *, within: float = 5.0) -> None:
    """SIGKILL for each that is left; returns when they are gone, or after `within` seconds."""
    left = [pid for pid in pids if not gone(pid)]
    for pid in left:
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
    poll(lambda: all(gone(pid) for pid in left), within=within)


def poll(condition: Callable[[], bool], *, within: float, every: float = 0.02) -> bool:
    """Asks until the answer is yes or `within` seconds are over, and tells which."""
    until = time.monotonic() + within
    while not condition():
        if time.monotonic() >= until:
            return False
        time.sleep(every)
    return True


def answers(port: int) -> bool:
    """Whether somebody accepts TCP connections on this loopback port."""
    with socket.socket() as probe:
        probe.settimeout(1)
        return probe.connect_ex((LOOPBACK, port)) == 0


def free_port() -> socket.socket:
    """A free port, kept by a bound socket: nobody else gets it, but a server that sets SO_REUSEADDR can listen."""
    for port in random.sample(SERVER_PORTS, 200):
        keeper = socket.socket()
        try:
            keeper.bind((LOOPBACK, port))
        except OSError:
            keeper.close()
            continue
        keeper.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        return keeper
    raise PortTaken(f"no free port found from {SERVER_PORTS.start} to {SERVER_PORTS.stop - 1}; stop some servers")


def this_port(port: int) -> socket.socket:
    """The same for one wanted port; raises PortTaken when somebody listens there."""
    keeper = socket.socket()
    # Set first, so that connections still closing after the last server's death are no obstacle.
    keeper.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        keeper.bind((LOOPBACK, port))
    except OSError as error:
        keeper.close()
        if error.errno != errno.EADDRINUSE:
            raise
        raise PortTaken(f"port {port} on {LOOPBACK} is in use; stop what listens there or choose another") from error
    return keeper


def _pids() -> list[int]:
    return [int(entry) for entry in os.listdir("/proc") if entry.isdigit()]


def _parent(pid: int) -> int:
    try:
        status = Path(f"/proc/{pid}/stat").read_text(errors="replace")
    except (FileNotFoundError, ProcessLookupError, PermissionError):
        return 0
    return int(status.rpartition(")")[2].split()[1])  # The name before it may hold spaces and brackets.
