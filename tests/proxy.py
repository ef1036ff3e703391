"""A TCP proxy before a broker or a database, to cut, freeze and slow connections with."""

import contextlib
import select
import socket
import struct
import threading
import time
from types import TracebackType
from typing import Self
from urllib.parse import urlsplit, urlunsplit

CHUNK = 65536


class Proxy:
    """Forwards every connection to the server named in `uri`, until told to misbehave."""

    def __init__(self, uri: str) -> None:
        parts = urlsplit(uri)
        assert parts.hostname is not None
        assert parts.port is not None
        self._server = (parts.hostname, parts.port)
        self._listener = socket.create_server(("127.0.0.1", 0))
        account = parts.netloc.rpartition("@")[0]
        place = f"127.0.0.1:{self._listener.getsockname()[1]}"
        self.uri = urlunsplit(parts._replace(netloc=f"{account}@{place}" if account else place))
        self._pairs: list[tuple[socket.socket, socket.socket]] = []
        self._lock = threading.Lock()
        self._frozen = {"to_server": False, "to_client": False}
        self._closed = False
        threading.Thread(target=self._accept, daemon=True).start()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.close()

    def reset(self) -> None:
        """End every connection with a TCP reset."""
        with self._lock:
            pairs, self._pairs = self._pairs, []
        for pair in pairs:
            for end in pair:
                with contextlib.suppress(OSError):
                    end.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
                    end.close()

    def black_hole(self) -> None:
        """Let nothing through in either direction, and tell nobody."""
        self._frozen = {"to_server": True, "to_client": True}

    def half_open(self) -> None:
        """Let nothing through to the clients: they speak and are heard, and hear nothing."""
        self._frozen = {"to_server": False, "to_client": True}

    def heal(self) -> None:
        """Forward again what comes from now on; a connection that lost bytes is of no use, so it is reset."""
        self._frozen = {"to_server": False, "to_client": False}
        self.reset()

    def close(self) -> None:
        self._closed = True
        self._listener.close()
        self.reset()

    def _accept(self) -> None:
        while not self._closed:
            try:
                client, _ = self._listener.accept()
            except OSError:
                return
            try:
                server = socket.create_connection(self._server, timeout=5)
            except OSError:
                client.close()
                continue
            for end in (client, server):
                end.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            with self._lock:
                self._pairs.append((client, server))
            threading.Thread(target=self._forward, args=(client, server), daemon=True).start()

    def _forward(self, client: socket.socket, server: socket.socket) -> None:
        ways = {client: (server, "to_server"), server: (client, "to_client")}
        try:
            while not self._closed:
                ready, _, _ = select.select([client, server], [], [], 0.2)
                for source in ready:
                    target, way = ways[source]
                    if self._frozen[way]:
                        time.sleep(0.05)  # what was sent stays in the sender's buffers, as on a dead line
                        continue
                    data = source.recv(CHUNK)
                    if not data:
                        return
                    target.sendall(data)
        except (OSError, ValueError):
            pass  # one end is gone, or was reset above
        finally:
            for end in (client, server):
                with contextlib.suppress(OSError):
                    end.close()
