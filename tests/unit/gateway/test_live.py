"""Live updates: who hears what, and how streams end."""

import asyncio
import json
from collections.abc import AsyncIterator

import pytest

from services.gateway.live import WAITING, Live

NEWS = {"park": "tianan", "request_id": "r1", "item_id": "i1", "secret": "not told"}


def run(test):
    return asyncio.run(asyncio.wait_for(test, 5))


async def told(lines: AsyncIterator[str]) -> dict[str, str]:
    async for line in lines:
        if line.startswith("data: "):
            return json.loads(line.removeprefix("data: "))
    raise AssertionError("the stream ended")


def test_passes_on_that_something_happened_and_not_what():
    async def test():
        live = Live()
        live.open(asyncio.get_running_loop())
        lines = live.lines(lambda news: True)
        assert "retry" in await anext(lines)
        await asyncio.to_thread(live.hear, "dispatch.item_accepted", NEWS)
        assert await told(lines) == {
            "key": "dispatch.item_accepted",
            "park": "tianan",
            "request_id": "r1",
            "item_id": "i1",
        }

    run(test())


def test_a_reader_hears_only_what_is_wanted():
    async def test():
        live = Live()
        live.open(asyncio.get_running_loop())
        lines = live.lines(lambda news: news["park"] == "juda")
        await anext(lines)
        live.hear("dispatch.item_accepted", NEWS)
        live.hear("dispatch.item_accepted", {**NEWS, "park": "juda"})
        assert (await told(lines))["park"] == "juda"

    run(test())


def test_heartbeats_of_targets_are_not_passed_on():
    async def test():
        live = Live(heartbeat=0.01)
        live.open(asyncio.get_running_loop())
        lines = live.lines(lambda news: True)
        await anext(lines)
        live.hear("providers.targets_announced", {"park": "", "targets": []})
        assert await anext(lines) == ": still here\n\n"

    run(test())


def test_every_stream_ends_when_the_process_is_told_to_stop():
    async def test():
        live = Live()
        live.open(asyncio.get_running_loop())
        lines = live.lines(lambda news: True)
        await anext(lines)
        live.close()
        with pytest.raises(StopAsyncIteration):
            await anext(lines)
        live.hear("dispatch.item_accepted", NEWS)  # too late, and no error

    run(test())


def test_a_slow_reader_loses_the_oldest_and_not_the_end():
    async def test():
        live = Live()
        live.open(asyncio.get_running_loop())
        lines = live.lines(lambda news: True)
        await anext(lines)
        for n in range(WAITING + 5):
            live.hear("dispatch.item_accepted", {**NEWS, "item_id": str(n)})
        await asyncio.sleep(0)
        assert (await told(lines))["item_id"] == "5"
        live.close()
        async for _ in lines:
            pass

    run(test())
