"""The same echo by RPC with raw py-amqp and with aio-pika: `python -m tests.bench.peers KIND URI` serves it."""

import asyncio
import json
import sys
import threading
import time
import uuid
from collections.abc import Callable

import aio_pika
import amqp
from aio_pika.patterns import RPC

from shared.amqp import connect

QUEUE = "bench.raw"


def serve_raw(uri: str) -> None:
    channel = connect(uri, "bench").channel()
    channel.queue_declare(QUEUE, durable=False, auto_delete=True)
    channel.basic_qos(0, 50, False)

    def answer(message: amqp.Message) -> None:
        given = json.loads(message.body)
        body = json.dumps({"result": {"name": given["kwargs"]["name"], "said": 0, "heard": 0}})
        reply = amqp.Message(body, correlation_id=message.properties["correlation_id"])
        channel.basic_publish(reply, routing_key=message.properties["reply_to"])
        channel.basic_ack(message.delivery_info["delivery_tag"])

    channel.basic_consume(QUEUE, callback=answer)
    while True:
        try:
            channel.connection.drain_events(timeout=1)
        except TimeoutError:
            channel.connection.heartbeat_tick()


def ask_raw(uri: str, outstanding: int, count: int) -> float:
    """Calls per second of one thread that keeps `outstanding` calls on their way."""
    channel = connect(uri, "bench").channel()
    done = 0
    sent = 0

    def send() -> None:
        body = json.dumps({"args": [], "kwargs": {"name": "x"}})
        message = amqp.Message(body, reply_to="amq.rabbitmq.reply-to", correlation_id=uuid.uuid4().hex)
        channel.basic_publish(message, routing_key=QUEUE)

    def answered(message: amqp.Message) -> None:
        nonlocal done, sent
        json.loads(message.body)
        done += 1
        if sent < count:
            sent += 1
            send()

    channel.basic_consume("amq.rabbitmq.reply-to", no_ack=True, callback=answered)
    began = time.perf_counter()
    for _ in range(outstanding):
        sent += 1
        send()
    while done < count:
        channel.connection.drain_events(timeout=5)
    rate = count / (time.perf_counter() - began)
    channel.connection.close()
    return rate


async def serve_aio_pika(uri: str) -> None:
    connection = await aio_pika.connect(uri)
    channel = await connection.channel()
    await channel.set_qos(50)
    rpc = await RPC.create(channel)

    async def echo(*, name: str) -> dict[str, object]:
        return {"name": name, "said": 0, "heard": 0}

    await rpc.register("echo", echo, auto_delete=True)
    await asyncio.Future()


async def ask_aio_pika(uri: str, outstanding: int, count: int) -> float:
    """Calls per second with `outstanding` tasks."""
    connection = await aio_pika.connect(uri)
    channel = await connection.channel()
    rpc = await RPC.create(channel)

    async def ask(calls: int) -> None:
        for _ in range(calls):
            await rpc.call("echo", kwargs={"name": "x"})

    began = time.perf_counter()
    await asyncio.gather(*(ask(count // outstanding) for _ in range(outstanding)))
    rate = count / (time.perf_counter() - began)
    await connection.close()
    return rate


def ask_ours(ask_soon: Callable[[], "object"], outstanding: int, count: int) -> float:
    """Calls per second of one thread that keeps `outstanding` calls on their way."""
    free = threading.Semaphore(outstanding)
    over = threading.Event()
    left = count

    def answered(future) -> None:  # type: ignore[no-untyped-def]
        nonlocal left
        future.result()
        left -= 1
        if not left:
            over.set()
        free.release()

    began = time.perf_counter()
    for _ in range(count):
        free.acquire()
        ask_soon().add_done_callback(answered)  # type: ignore[attr-defined]
    over.wait()
    return count / (time.perf_counter() - began)


if __name__ == "__main__":
    kind, uri = sys.argv[1:]
    if kind == "raw":
        serve_raw(uri)
    else:
        asyncio.run(serve_aio_pika(uri))
