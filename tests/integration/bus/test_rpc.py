"""Calls: answered or refused, never twice in effect, and no request ends the process."""

import json
import threading
import time

import amqp
import pytest

from shared import keys
from shared.access import Actor, Role
from shared.amqp import RPC, Outgoing, connect, publish
from shared.client import Bus
from shared.contracts.intake import GetRequest
from shared.errors import (
    Absent,
    Interrupted,
    Invalid,
    KeyReused,
    NotFound,
    ServiceError,
    TimedOut,
    Unavailable,
    Unproven,
)
from shared.tokens import actor_token, seal
from shared.wire import encode
from tests.conftest import fresh_database
from tests.integration.bus.conftest import PROBE
from tests.probe.contracts.probe import AddCount, GetCount
from tests.proxy import Proxy
from tests.system import ADMIN, System, eventually


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def probe(request, tmp_path_factory, virtual_host):
    """One probe for all these tests; each has a count of its own."""
    database_url = fresh_database(request.getfixturevalue("postgres")) if request.param == "postgresql" else ""
    system = System(tmp_path_factory.mktemp("home"), virtual_host(), database_url, **PROBE)
    yield system.start()
    system.stop()


@pytest.fixture(scope="module")
def bus(probe):
    bus = probe.bus()
    yield bus
    bus.close()


def test_a_repeated_command_gets_the_same_answer_and_has_one_effect(probe, bus, name):
    answers = {bus.ask_now(AddCount(name=name), actor=ADMIN, command_id=f"id-{name}") for _ in range(3)}
    assert len(answers) == 1
    assert bus.ask_now(GetCount(name=name), actor=ADMIN).said == 1


def test_the_same_command_many_times_at_once_has_one_effect(probe, bus, name):
    asked = [bus.ask_soon(AddCount(name=name), actor=ADMIN, command_id=f"id-{name}") for _ in range(20)]
    assert len({future.result() for future in asked}) == 1
    assert bus.ask_now(GetCount(name=name), actor=ADMIN).said == 1


def test_a_key_cannot_be_used_for_another_command(probe, bus, name):
    bus.ask_now(AddCount(name=name), actor=ADMIN, command_id=f"id-{name}")
    with pytest.raises(KeyReused):
        bus.ask_now(AddCount(name=f"{name}-b"), actor=ADMIN, command_id=f"id-{name}")
    assert bus.ask_now(GetCount(name=f"{name}-b"), actor=ADMIN).said == 0


@pytest.mark.parametrize(
    ("mood", "error"),
    [("missing", NotFound), ("reject", Invalid), ("unavailable:9", Unavailable), ("bug", ServiceError)],
)
def test_an_error_arrives_as_what_it_was(probe, bus, mood, error):
    with pytest.raises(error) as raised:
        bus.ask_now(GetCount(name="n", mood=mood), actor=ADMIN)
    assert type(raised.value) is error
    if mood == "missing":
        assert str(raised.value) == "no n"
    if mood == "reject":
        assert raised.value.fields == {"name": "wrong"}


def test_who_cannot_prove_to_act_is_refused(probe, bus, name):
    stranger = Bus(probe.settings.amqp_given, b"x" * 32, "stranger").start(wait=5)
    with pytest.raises(Unproven):
        stranger.ask_now(AddCount(name=name), actor=ADMIN)
    stranger.close()
    assert bus.ask_now(GetCount(name=name), actor=ADMIN).said == 0


def raw(system, headers: dict, body: bytes = b"", key: str = "probe.get_count", **properties) -> dict | None:
    """Send a call as anybody could; the answer's body, or None if none comes."""
    connection = connect(system.settings.amqp_given, "raw")
    channel = connection.channel()
    answers: list[amqp.Message] = []
    channel.basic_consume("amq.rabbitmq.reply-to", no_ack=True, callback=answers.append)
    properties = {"reply_to": "amq.rabbitmq.reply-to", "correlation_id": "1", **properties}
    properties = {name: value for name, value in properties.items() if value is not None}
    body = body or encode({"args": [], "kwargs": {"name": "a"}})
    publish(channel, Outgoing(RPC, key, body, {**properties, "application_headers": headers}), mandatory=False)
    try:
        connection.drain_events(timeout=1.5)
    except TimeoutError:
        return None
    finally:
        connection.collect()
    return json.loads(answers[0].body)


def token(system, **more) -> dict:
    return {"actor": actor_token(ADMIN, keys.signing_key(system.settings), **more)}


@pytest.mark.parametrize(
    ("headers", "error"),
    [({}, "Unproven"), ({"actor": "a.b.c"}, "Unproven"), ({"actor": 7}, "Unproven"), ("expired", "Unproven")],
)
def test_calls_without_a_good_token_are_refused(probe, headers, error):
    given = token(probe, seconds=-60) if headers == "expired" else headers
    assert raw(probe, given)["error"]["exc_type"] == error


def test_an_event_seal_is_no_actor_token(probe):
    given = {"actor": seal("id", b"{}", keys.signing_key(probe.settings))}
    assert raw(probe, given)["error"]["exc_type"] == "Unproven"


@pytest.mark.parametrize(
    "body",
    [b"no json", b"[]", b"7", b'{"args": [1], "kwargs": {}}', b'{"args": []}', b"\xff", b"[" * 100_000,
     b'{"args": [], "kwargs": {"name": "a", "more": 1}}', b'{"args": [], "kwargs": {"name": 7}}',
     b'{"args": [], "kwargs": {"name": "a\\u0000"}}', b'{"args": [], "kwargs": {"name": "\\ud800"}}'],
)  # fmt: skip
def test_nonsense_is_answered_as_invalid(probe, body):
    assert raw(probe, token(probe), body)["error"]["exc_type"] == "Invalid"


def test_no_request_can_end_the_process_or_make_it_write_to_our_queues(probe, bus, name):
    before = probe.supervisor.pid("probe")
    for reply_to in (None, "", "rpc.probe", "probe.on_counted", "nqi.parking", "x" * 255):
        for key in ("probe.get_count", "probe.no_such_method", "probe.__init__"):
            raw_silently(probe, token(probe), key=key, reply_to=reply_to)
    assert raw(probe, token(probe), key="probe.no_such_method")["error"]["exc_type"] == "NotFound"
    assert bus.ask_now(GetCount(name=name), actor=ADMIN).said == 0
    assert probe.supervisor.pid("probe") == before
    with connect(probe.settings.amqp_given, "look") as connection:
        for queue in ("nqi.parking", "probe.on_counted"):
            assert connection.channel().queue_declare(queue, passive=True).message_count == 0


def raw_silently(system, headers, key, reply_to) -> None:
    connection = connect(system.settings.amqp_given, "raw")
    properties = {"correlation_id": "1", "application_headers": headers}
    if reply_to is not None:
        properties["reply_to"] = reply_to
    publish(
        connection.channel(),
        Outgoing(RPC, key, encode({"args": [], "kwargs": {"name": "a"}}), properties),
        mandatory=False,
    )
    connection.close()


def test_a_call_whose_caller_gave_up_is_not_made(probe, bus, name):
    headers = {**token(probe), "command_id": "too-late-1", "deadline": time.time() - 1}
    assert raw(probe, headers, encode({"args": [], "kwargs": {"name": name}}), key="probe.add_count") is None
    assert bus.ask_now(GetCount(name=name), actor=ADMIN).said == 0


def test_a_command_needs_an_id(probe):
    body = encode({"args": [], "kwargs": {"name": "a"}})
    assert raw(probe, token(probe), body, key="probe.add_count")["error"]["exc_type"] == "Invalid"


def test_an_absent_service_is_an_error_at_once(probe, bus):
    began = time.monotonic()
    with pytest.raises(Absent):
        bus.ask_now(GetRequest(number="x"), actor=ADMIN)
    assert time.monotonic() - began < 1


def test_a_slow_answer_times_out_and_the_effect_is_found_by_its_id(probe, bus, name):
    with pytest.raises(TimedOut):
        bus.ask_now(AddCount(name=name, seconds=2), actor=ADMIN, command_id=f"id-{name}", deadline=0.5)
    answer = eventually(lambda: once_more(bus, name), seconds=10)
    assert answer.said == 1
    assert bus.ask_now(GetCount(name=name), actor=ADMIN).said == 1


def once_more(bus, name):
    try:
        return bus.ask_now(AddCount(name=name, seconds=2), actor=ADMIN, command_id=f"id-{name}")
    except Unavailable:
        return None


def test_many_threads_share_one_connection_without_a_mix_up(probe, bus):
    wrong: list[str] = []

    def ask(name: str) -> None:
        for _ in range(20):
            if bus.ask_now(GetCount(name=name), actor=ADMIN).name != name:
                wrong.append(name)

    threads = [threading.Thread(target=ask, args=(f"t{n}",)) for n in range(32)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not wrong


def test_a_broken_connection_fails_what_is_pending_and_is_made_anew(start, virtual_host):
    system = start(**PROBE)
    with Proxy(system.settings.amqp_given) as proxy:
        bus = system.bus(proxy.uri)
        pending = bus.ask_soon(AddCount(name="a", seconds=2), actor=ADMIN, command_id="interrupted")
        time.sleep(0.3)
        proxy.reset()
        with pytest.raises(Interrupted):
            pending.result(timeout=5)
        eventually(bus.ready, seconds=10)
        assert bus.ask_now(AddCount(name="a", seconds=2), actor=ADMIN, command_id="interrupted").said == 1
        bus.close()


def test_an_expired_actor_is_not_served_from_a_cache(probe):
    short = {"actor": actor_token(Actor(id="s", role=Role.ADMIN), keys.signing_key(probe.settings), seconds=-9)}
    assert raw(probe, short)["error"] is None  # within the leeway for clocks
    time.sleep(2.5)
    assert raw(probe, short)["error"]["exc_type"] == "Unproven"
