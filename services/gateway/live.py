"""Live updates: what the bus says, passed on to the browsers that may know of it."""

import asyncio
import json
import time
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import contextmanager
from typing import Any

HEARTBEAT = 15.0  # seconds between comments that keep the connection open
LIFE = 600.0  # seconds; the browser connects anew, and shows again who it is
WAITING = 200  # events kept for a slow reader; what is more is dropped

Wanted = Callable[[dict[str, str]], bool]


class Live:
    """Hears events on the bus's thread and hands them to streams on the event loop."""

    def __init__(self, heartbeat: float = HEARTBEAT) -> None:
        self._loop: asyncio.AbstractEventLoop | None = None
        self._streams: dict[asyncio.Queue[dict[str, str] | None], Wanted] = {}
        self._heartbeat = heartbeat
        self._closed = False

    def open(self, loop: asyncio.AbstractEventLoop) -> None:
        self._loop = loop

    def close(self) -> None:
        """End every stream; called on the loop when the process is told to stop."""
        self._closed = True
        for queue in self._streams:
            _put(queue, None)

    def hear(self, key: str, body: dict[str, Any]) -> None:
        """Called by the bus, on its own thread. Only events about a request are of interest."""
        if self._loop is None or self._closed or not self._streams or not body.get("request_id"):
            return
        news = {name: str(body.get(name) or "") for name in ("park", "request_id", "item_id")}
        self._loop.call_soon_threadsafe(self._pass_on, {"key": key, **news})

    def _pass_on(self, news: dict[str, str]) -> None:
        for queue, wanted in self._streams.items():
            if wanted(news):
                _put(queue, news)

    @contextmanager
    def _stream(self, wanted: Wanted) -> Iterator[asyncio.Queue[dict[str, str] | None]]:
        queue: asyncio.Queue[dict[str, str] | None] = asyncio.Queue(WAITING)
        self._streams[queue] = wanted
        try:
            yield queue
        finally:
            del self._streams[queue]

    async def lines(self, wanted: Wanted) -> AsyncIterator[str]:
        """The text of one server-sent-events stream."""
        with self._stream(wanted) as queue:
            yield "retry: 3000\n: hello\n\n"
            end = time.monotonic() + LIFE
            while not self._closed and time.monotonic() < end:
                try:
                    async with asyncio.timeout(self._heartbeat):
                        news = await queue.get()
                except TimeoutError:
                    yield ": still here\n\n"
                    continue
                if news is None:
                    return
                yield f"data: {json.dumps(news)}\n\n"


def _put(queue: asyncio.Queue[dict[str, str] | None], news: dict[str, str] | None) -> None:
    if queue.full():
        queue.get_nowait()
    queue.put_nowait(news)
