"""Where a set of processes listens, read from /proc."""

import contextlib
import os
import socket
from collections.abc import Iterable
from pathlib import Path

LISTEN = "0A"
LOOPBACK = {"127.0.0.1", "::1"}


def listening(pids: Iterable[int]) -> set[tuple[str, int]]:
    """Every (address, port) on which one of these processes accepts connections."""
    inodes = {inode for pid in pids for inode in _socket_inodes(pid)}
    rows = [
        line.split() for table in ("tcp", "tcp6") for line in Path(f"/proc/net/{table}").read_text().splitlines()[1:]
    ]
    return {_address(row[1]) for row in rows if row[3] == LISTEN and row[9] in inodes}


def _socket_inodes(pid: int) -> set[str]:
    folder = Path(f"/proc/{pid}/fd")
    links = set()
    for link in folder.iterdir():
        with contextlib.suppress(FileNotFoundError):  # closed since it was listed
            links.add(os.readlink(link))
    return {link.removeprefix("socket:[").removesuffix("]") for link in links if link.startswith("socket:[")}


def _address(text: str) -> tuple[str, int]:
    """The kernel prints each 32-bit word of an address in the machine's byte order."""
    address, port = text.split(":")
    raw = b"".join(bytes.fromhex(address[at : at + 8])[::-1] for at in range(0, len(address), 8))
    return socket.inet_ntop(socket.AF_INET if len(raw) == 4 else socket.AF_INET6, raw), int(port, 16)
