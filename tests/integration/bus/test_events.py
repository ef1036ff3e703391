"""Events: each takes effect once, whatever fails; what cannot be handled is parked with its reason."""

import json
import signal
import time
from dataclasses import replace

import pytest

from deploy.cli.care import parked_messages
from shared import keys
from shared.amqp import (
    DELIVERY_LIMIT,
    EVENTS,
    ConfirmPublisher,
    Outgoing,
    connect,
    declare,
    declare_handler,
    drop,
)
from shared.errors import Unavailable
from shared.tokens import seal
from shared.wire import BODY_LIMIT, dump, encode
from tests.integration.bus.conftest import PROBE, counted, heard
from tests.probe.contracts.probe import AddCount, Counted, GetCount
from tests.system import ADMIN, System, eventually


def sealed(system: System, event: Counted) -> Outgoing:
    body = encode(dump(event))
    headers = {"seal": seal(event.event_id, body, keys.signing_key(system.settings))}
    return Outgoing(
        EVENTS, event.key(), body, {"message_id": event.event_id, "delivery_mode": 2, "application_headers": headers}
    )


def send(system: System, *messages: Outgoing) -> None:
    publisher = ConfirmPublisher(system.settings.amqp_given, "test")
    assert all(publisher.publish(list(messages)))
    publisher.close()


def reasons(system: System) -> list[str]:
    with parked_messages(system.settings.amqp_given) as messages:
        return [one.reason for one in messages()]


def test_what_is_said_is_heard_soon_and_once(probe, bus):
    began = time.monotonic()
    bus.ask_now(AddCount(name="a", events=5), actor=ADMIN)
    eventually(lambda: heard(bus, "a") == 5, seconds=5)
    assert time.monotonic() - began < 5
    time.sleep(0.5)
    assert heard(bus, "a") == 5


def test_an_event_that_comes_three_times_takes_effect_once(probe, bus):
    message = sealed(probe, counted("a"))
    send(probe, message, message, message)
    send(probe, sealed(probe, counted("b")))
    eventually(lambda: heard(bus, "b") == 1)
    assert heard(bus, "a") == 1


def test_an_event_is_tried_again_while_the_world_is_wrong(probe, bus):
    bus.ask_now(AddCount(name="later", mood="unavailable:2"), actor=ADMIN)
    eventually(lambda: heard(bus, "later") == 1, seconds=10)
    retries = [entry["after"] for entry in probe.events("retry")]
    assert retries == ["1s", "1s"]
    assert reasons(probe) == []


@pytest.mark.parametrize(("mood", "reason"), [("reject", "rejected"), ("bug", "failed")])
def test_an_event_that_cannot_be_handled_is_parked_and_the_next_is_handled(probe, bus, mood, reason):
    bus.ask_now(AddCount(name="x", mood=mood), actor=ADMIN)
    bus.ask_now(AddCount(name="y"), actor=ADMIN)
    eventually(lambda: heard(bus, "y") == 1)
    eventually(lambda: reasons(probe) == [reason])
    with parked_messages(probe.settings.amqp_given) as messages:
        (one,) = messages()
    assert one.queue == "probe.on_counted"
    assert json.loads(one.body)["name"] == "x"
    assert ("RuntimeError" in one.traceback) == (mood == "bug")
    assert heard(bus, "x") == 0


def forged(system: System) -> list[Outgoing]:
    """Messages that no handler may see."""
    good = sealed(system, counted("evil"))
    other = sealed(system, counted("evil"))
    deep = b'{"event_id":' + b"[" * 50_000 + b"]" * 50_000 + b"}"
    wrong = replace(counted("evil"), mood=7)  # type: ignore[arg-type]

    def with_body(body: bytes, **properties: object) -> Outgoing:
        return replace(good, body=body, properties={**good.properties, **properties})

    return [
        with_body(b"no json"),
        with_body(b"\xff\xfe{}"),
        with_body(b"\x80\x04\x95", content_type="application/x-python-serialize"),
        with_body(good.body, application_headers={}),
        with_body(good.body, application_headers={"seal": "x.y.z"}),
        with_body(good.body, application_headers=other.properties["application_headers"]),
        with_body(good.body.replace(b"evil", b"evi1")),
        with_body(b'{"event_id": 7}'),
        with_body(b"[]"),
        with_body(b'"' + b"x" * BODY_LIMIT + b'"'),
        with_body(deep),
        sealed(system, wrong),
    ]


def test_what_is_no_event_of_ours_is_parked_and_harms_nobody(probe, bus):
    before = probe.supervisor.pid("probe")
    messages = forged(probe)
    send(probe, *messages, sealed(probe, counted("good")))
    eventually(lambda: heard(bus, "good") == 1)
    eventually(lambda: len(reasons(probe)) == len(messages))
    assert set(reasons(probe)) == {"invalid"}
    assert heard(bus, "evil") == heard(bus, "evi1") == 0
    assert probe.supervisor.pid("probe") == before


def test_a_message_that_ends_every_process_it_comes_to_is_parked_by_the_broker(virtual_host):
    uri = virtual_host()
    with connect(uri, "set up") as connection:
        declare(connection.channel())
        declare_handler(connection.channel(), "victim", ["probe.counted"])
    publisher = ConfirmPublisher(uri, "test")
    assert publisher.publish([Outgoing(EVENTS, "probe.counted", b"deadly", {"message_id": "m", "delivery_mode": 2})])
    publisher.close()
    for _ in range(DELIVERY_LIMIT + 1):
        taken = []
        connection = connect(uri, "victim")
        connection.channel().basic_consume("victim", callback=taken.append)
        while not taken:
            connection.drain_events(timeout=5)
        drop(connection)  # as a process that died of it
    with parked_messages(uri) as messages:
        (one,) = eventually(lambda: list(messages()))
    assert (one.body, one.queue, one.reason) == (b"deadly", "victim", "broker: delivery_limit")


def test_work_in_flight_is_finished_and_acknowledged_on_sigterm(probe, bus):
    bus.ask_now(AddCount(name="slow", mood="slow:2"), actor=ADMIN)
    time.sleep(0.7)  # the handler is at work now
    pid = probe.kill("probe", signal.SIGTERM)
    eventually(lambda: probe.supervisor.pid("probe") not in (None, pid), seconds=30)
    eventually(lambda: heard_soon(bus, "slow") == 1, seconds=30)
    time.sleep(1)
    assert heard(bus, "slow") == 1
    assert not probe.events("retry")
    assert any("ended (status 0)" in line for who, line in probe.log if who == "up")


def heard_soon(bus, name: str) -> int:
    try:
        return heard(bus, name)
    except Unavailable:
        return -1  # the service is starting


def test_two_instances_share_the_work_and_publish_each_event_once(probe, bus, start):
    given = probe.settings
    second = start(given.database_url, amqp_uri=given.amqp_given, home=given.home, **PROBE)
    assert second.supervisor.pid("probe") != probe.supervisor.pid("probe")
    asked = [bus.ask_soon(AddCount(name="both", events=5), actor=ADMIN) for _ in range(40)]
    assert len([future.result() for future in asked]) == 40
    eventually(lambda: heard(bus, "both") == 200, seconds=20)
    time.sleep(0.5)
    assert heard(bus, "both") == 200
    probe.kill("probe")
    for _ in range(5):
        bus.ask_now(AddCount(name="after"), actor=ADMIN)
    eventually(lambda: heard(bus, "after") == 5)


@pytest.mark.parametrize("point", ["before_commit", "after_commit", "after_publish", "before_ack"])
def test_a_crash_at_any_named_point_loses_and_doubles_nothing(start, database_url, point):
    system = start(database_url, **PROBE, CRASH_AT=point)
    bus = system.bus()
    for n in range(10):
        command = f"command-{n}"
        eventually(lambda command=command: added(bus, command), seconds=60)
    assert (system.settings.home / f"crashed-probe-{point}").exists()
    eventually(lambda: heard_soon(bus, "c") == 10, seconds=30)
    assert bus.ask_now(GetCount(name="c"), actor=ADMIN).said == 10
    bus.close()


@pytest.mark.parametrize("point", ["before_commit", "after_commit", "before_ack"])
def test_a_crash_while_events_are_heard_loses_and_doubles_nothing(start, database_url, point):
    system = start(database_url, **PROBE, CRASH_AT=point)
    send(system, *[sealed(system, counted("c")) for _ in range(10)])
    eventually((system.settings.home / f"crashed-probe-{point}").exists)
    bus = system.bus()
    eventually(lambda: heard_soon(bus, "c") == 10, seconds=60)
    send(system, sealed(system, counted("after")))
    eventually(lambda: heard(bus, "after") == 1)
    assert heard(bus, "c") == 10
    bus.close()


def added(bus, command: str) -> bool:
    try:
        bus.ask_now(AddCount(name="c"), actor=ADMIN, command_id=command, deadline=3)
        return True
    except Unavailable:
        return False
