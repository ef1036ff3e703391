"""The private broker on a real RabbitMQ: where it listens, what it keeps, how it ends."""

import base64
import json
import os
import signal
import socket
import stat
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import kombu
import pytest

from deploy.local import processes
from deploy.local.broker import Broker
from deploy.local.broker_files import NODE
from deploy.local.errors import (
    AlreadyRunning,
    CommandFailed,
    HomeUnusable,
    NotReady,
    NotRunning,
    PackageMissing,
    PortTaken,
)
from tests.integration.local.sockets import LOOPBACK, listening

OWNER = """
import sys, time
from pathlib import Path
from deploy.local.broker import Broker
broker = Broker(Path(sys.argv[1]))
broker.start()
print(broker.pid, flush=True)
time.sleep(600)
"""


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Broker]:
    """One for this module: unlike the session's broker it may be killed. Its home is one that RabbitMQ cannot take."""
    with Broker(tmp_path_factory.mktemp("消息: broker")) as broker:
        yield broker


@pytest.fixture
def broker(shared: Broker) -> Broker:
    if shared.pid is None:
        shared.start()
    return shared


@pytest.fixture
def owner(tmp_path: Path) -> Iterator[tuple[subprocess.Popen[str], int]]:
    """Another process that started the broker of `tmp_path`, and the pid of the node."""
    with subprocess.Popen([sys.executable, "-c", OWNER, str(tmp_path)], stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        yield process, int(process.stdout.readline())
        process.kill()


def marked(home: Path) -> list[int]:
    return processes.bearing(f"broker={home / 'broker'}")


def publish(broker: Broker, queue: str, body: str) -> None:
    with kombu.Connection(broker.amqp_uri, transport_options={"confirm_publish": True}) as connection:
        durable = kombu.Queue(queue, durable=True, queue_arguments={"x-queue-type": "quorum"})
        connection.Producer().publish(body, routing_key=queue, declare=[durable], delivery_mode=2)


def take(broker: Broker, queue: str) -> str:
    taken: list[kombu.Message] = []
    with kombu.Connection(broker.amqp_uri) as connection, connection.channel() as channel:
        channel.basic_consume(queue, no_ack=True, callback=taken.append, consumer_tag="test")
        connection.drain_events(timeout=20)
    return str(taken[0].body)


def answer(uri: str) -> bytes:
    parts = urlsplit(uri)
    request = urllib.request.Request(f"http://{parts.hostname}:{parts.port}{parts.path}")
    if parts.username:
        account = f"{parts.username}:{parts.password}".encode()
        request.add_header("Authorization", f"Basic {base64.b64encode(account).decode()}")
    with urllib.request.urlopen(request, timeout=10) as response:
        return bytes(response.read())


def test_nothing_of_it_listens_beyond_loopback(broker: Broker) -> None:
    assert broker.ports is not None
    wanted = {broker.ports.amqp, broker.ports.management, broker.ports.metrics, broker.ports.distribution}
    found = listening(processes.descendants(os.getpid()))
    assert {address for address, _ in found} <= LOOPBACK
    assert wanted | {broker.ports.epmd} <= {port for _, port in found}


def test_management_and_metrics_answer_and_connection_json_names_them(broker: Broker) -> None:
    told = json.loads(broker.files.connection.read_text())
    assert stat.S_IMODE(broker.files.connection.stat().st_mode) == 0o600
    assert told["pid"] == broker.pid
    assert told["amqp_uri"] == broker.amqp_uri
    assert json.loads(answer(f"{told['management_uri']}/api/whoami"))["name"] == "nqi"
    assert b"rabbitmq_identity_info" in answer(told["metrics_uri"])


def test_rabbitmqctl_asks_this_node(broker: Broker) -> None:
    assert "nqi" in broker.ctl("list_users")
    with pytest.raises(CommandFailed, match="no_such_command"):
        broker.ctl("no_such_command")


def test_a_durable_message_and_the_ports_survive_a_kill(broker: Broker) -> None:
    publish(broker, "kept", "需求")
    # For up to a second RabbitMQ 3.10 has a new quorum queue's name in memory only, and a crash loses the queue.
    broker.ctl("eval", "[dets:sync(Table) || Table <- dets:all()].")
    uri, ports = broker.amqp_uri, broker.ports
    broker.kill()
    assert broker.pid is None
    broker.start()
    assert (broker.amqp_uri, broker.ports) == (uri, ports)
    assert take(broker, "kept") == "需求"


def test_a_running_broker_is_not_started_twice(broker: Broker, shared: Broker) -> None:
    for second in (broker, Broker(shared.files.folder.parent)):
        with pytest.raises(AlreadyRunning, match="runs"):
            second.start()
    assert "nqi" in broker.ctl("list_users")


def test_stop_is_orderly_and_leaves_no_process(broker: Broker) -> None:
    before = set(processes.descendants(os.getpid()))
    assert broker.pid in before
    home = broker.files.folder.parent
    broker.stop()
    assert "Successfully stopped RabbitMQ" in broker.files.log.read_text()
    left = [processes.command_line(pid) for pid in processes.descendants(os.getpid())]
    assert broker.ports is not None
    assert not [line for line in left if str(broker.ports.epmd) in line or str(home) in " ".join(line)]
    assert not processes.answers(broker.ports.epmd)
    assert marked(home) == []
    assert not broker.files.connection.exists()
    with pytest.raises(NotRunning):
        broker.ctl("status")


def test_stop_does_not_wait_for_ever(broker: Broker) -> None:
    node = broker.pid
    assert node is not None
    os.kill(node, signal.SIGSTOP)
    began = time.monotonic()
    broker.stop(timeout=0.5)
    assert time.monotonic() - began < 5
    assert processes.gone(node)


def test_it_ends_in_an_orderly_way_when_its_owner_is_killed(
    owner: tuple[subprocess.Popen[str], int], tmp_path: Path
) -> None:
    process, node = owner
    helpers = processes.descendants(process.pid)
    process.kill()
    assert processes.poll(lambda: all(map(processes.gone, helpers)), within=10)
    assert processes.gone(node)
    assert "Successfully stopped RabbitMQ" in Broker(tmp_path).files.log.read_text()


def test_a_leftover_that_hangs_is_reaped_by_the_next_start(
    owner: tuple[subprocess.Popen[str], int], tmp_path: Path
) -> None:
    process, node = owner
    os.kill(node, signal.SIGSTOP)
    process.kill()
    process.wait()
    assert marked(tmp_path) == [node]
    with Broker(tmp_path) as broker:
        assert processes.gone(node)
        assert marked(tmp_path) == [broker.pid]


def test_a_wanted_port_in_use_is_named(broker: Broker) -> None:
    broker.stop()
    assert broker.ports is not None
    with socket.create_server(("127.0.0.1", broker.ports.management)):
        for _ in "12":  # The second time shows that the first gave the home back.
            with pytest.raises(PortTaken, match=str(broker.ports.management)):
                broker.start()


def test_not_ready_in_time_says_where_the_log_is_and_leaves_nothing(tmp_path: Path) -> None:
    with pytest.raises(NotReady, match=r"broker\.log"):
        Broker(tmp_path).start(timeout=0.5)
    assert marked(tmp_path) == []


def test_a_first_start_that_was_cut_short_is_made_good_by_the_next(tmp_path: Path) -> None:
    with pytest.raises(NotReady):
        Broker(tmp_path).start(timeout=0.3)
    half = Broker(tmp_path).files.folder / "data" / NODE / "schema.DAT"
    half.parent.mkdir(parents=True, exist_ok=True)
    half.write_bytes(b"half")
    with Broker(tmp_path) as broker:
        broker.ctl("status")
        assert half.read_bytes() != b"half"
        assert not broker.files.unproven.exists()


def test_data_of_a_broker_that_was_ready_is_never_made_anew(tmp_path: Path) -> None:
    with Broker(tmp_path) as broker:
        broker.ctl("add_vhost", "kept")
    with pytest.raises(NotReady):
        Broker(tmp_path).start(timeout=0.3)
    with Broker(tmp_path) as broker:
        assert "kept" in broker.ctl("list_vhosts")


def test_a_missing_package_and_an_unusable_home_are_one_sentence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "file"
    file.touch()
    with pytest.raises(HomeUnusable, match="choose another home"):
        Broker(file).start()
    with pytest.raises(PackageMissing, match="rabbitmq_nonsense"):
        Broker(tmp_path, plugins=["rabbitmq_nonsense"]).start()
    monkeypatch.setattr("deploy.local.broker.PROGRAMS", tmp_path)
    with pytest.raises(PackageMissing, match=r"setup\.py run"):
        Broker(tmp_path).start()
