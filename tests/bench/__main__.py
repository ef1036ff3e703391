"""`make bench`: throughput, delays and memory on this machine, from one run; prints a table and one line of JSON."""

import argparse
import asyncio
import json
import socket
import statistics
import subprocess
import sys
import tempfile
import threading
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from http.client import HTTPConnection
from pathlib import Path
from typing import Any
from urllib.parse import quote

from deploy.local.broker import Broker
from deploy.local.postgres import Postgres
from deploy.local.supervisor import SERVICES
from tests.bench import peers, search
from tests.flow.district import count, load_district, rows, staff_password
from tests.probe.contracts.probe import Ping
from tests.system import ADMIN, Management, System, eventually

PARKS = ("juda", "tianan", "health", "ghmcy", "digital", "zhihuigu", "fanghuali", "hailunbao")


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=8, help="how long each load lasts")
    parser.add_argument("--only", choices=("postgresql", "sqlite"), help="one database instead of both")
    parser.add_argument("--dossiers", type=int, default=100_000, help="how many to search in")
    parser.add_argument("--search", action="store_true", help="measure the search of dossiers alone")
    given = parser.parse_args()
    found: dict[str, Any] = {}
    if given.search:
        _show_search(found := _search(given.dossiers, given.only))
        print(json.dumps(found))
        return 0
    with tempfile.TemporaryDirectory(prefix="nqi-bench-") as name, Broker(Path(name) / "broker") as broker:
        home, management = Path(name), Management(broker.management_uri)
        virtual_host = lambda: f"{broker.amqp_uri.rpartition('/')[0]}/{management.virtual_host()}"  # noqa: E731
        found["rpc_calls_per_second"] = _rpc(virtual_host(), home / "probe")
        if given.only != "sqlite":
            with _postgresql(home / "postgres") as database_url:
                found["postgresql"] = _measure(home / "system", virtual_host(), database_url, given.seconds)
        if given.only != "postgresql":
            found["sqlite"] = _measure(home / "sqlite", virtual_host(), "", given.seconds)
    found["search"] = _search(given.dossiers, given.only)
    _show(found)
    _show_search(found["search"])
    print(json.dumps(found))
    return 0


@contextmanager
def _postgresql(home: Path) -> Iterator[str]:
    postgres = Postgres(home)
    postgres.start()
    try:
        postgres.create("bench")
        yield postgres.url("bench")
    finally:
        postgres.stop()


def _search(count: int, only: str | None) -> dict[str, Any]:
    """The search of dossiers, without the rest of the system."""
    found: dict[str, Any] = {}
    with tempfile.TemporaryDirectory(prefix="nqi-bench-") as name:
        if only != "postgresql":
            found["sqlite"] = search.measure(Path(name) / "sqlite", "", count)
        if only != "sqlite":
            with _postgresql(Path(name) / "postgres") as database_url:
                found["postgresql"] = search.measure(Path(name) / "home", database_url, count)
    return found


def _measure(home: Path, uri: str, database_url: str, seconds: float) -> dict[str, Any]:
    """A whole system on one database: its start, its delays at rest, and what it does under load."""
    began = time.monotonic()
    system = System(home, uri, database_url).start()
    found: dict[str, Any] = {"seconds_to_ready": round(time.monotonic() - began, 1)}
    try:
        load_district(system)
        staff = _sign_in(system)
        _journeys(system, staff, seconds / 4, clients=1)
        found["delay_ms"] = _delays(system)
        found["http"] = {str(n): _http(system, n, seconds) for n in (1, 8)}
        _settle(system)
        found["journeys_per_second"] = _journeys(system, staff, 2 * seconds, clients=16)
        found["memory_mb"] = {service: _memory(system, service) for service in SERVICES}
    finally:
        system.stop()
    return found


def _rpc(uri: str, home: Path) -> dict[str, dict[str, int]]:
    """Calls per second of the same echo, each library's server in a process of its own."""
    found: dict[str, dict[str, int]] = {}
    probe = System(home, uri, services=("probe",), module="tests.probe.process").start()
    bus = probe.bus()
    command = [sys.executable, "-m", "tests.bench.peers"]
    others = [subprocess.Popen([*command, kind, uri]) for kind in ("raw", "aio-pika")]
    try:
        time.sleep(3)
        for outstanding in (1, 10, 50):
            count = 1500 if outstanding == 1 else 5000
            rounds: dict[str, list[float]] = {"nqi": [], "raw py-amqp": [], "aio-pika": []}
            for _ in range(3):  # in turn, so that the machine's moods meet all alike
                ask = lambda: bus.ask_soon(Ping(name="x"), actor=ADMIN)  # noqa: E731
                rounds["nqi"].append(peers.ask_ours(ask, outstanding, count))
                rounds["raw py-amqp"].append(peers.ask_raw(uri, outstanding, count))
                rounds["aio-pika"].append(asyncio.run(peers.ask_aio_pika(uri, outstanding, count)))
            found[str(outstanding)] = {name: round(statistics.median(rates)) for name, rates in rounds.items()}
    finally:
        bus.close()
        for other in others:
            other.kill()
            other.wait()
        probe.stop()
    return found


def _http(system: System, clients: int, seconds: float) -> dict[str, float]:
    """POST /api/v1/requests from so many clients, each on one connection."""
    took: list[float] = []
    failed: list[int] = []
    until = time.perf_counter() + seconds

    def load(number: int) -> None:
        connection = HTTPConnection("127.0.0.1", system.port)
        park = PARKS[number % len(PARKS)]
        body = json.dumps(
            {"park": park, "text": "压力表要强制检定", "company": "示例企业", "phone": "13900000000"}
        ).encode()
        while time.perf_counter() < until:
            began = time.perf_counter()
            headers = {"Content-Type": "application/json", "Idempotency-Key": uuid.uuid4().hex}
            connection.request("POST", "/api/v1/requests", body, headers)
            answer = connection.getresponse()
            answer.read()
            took.append(time.perf_counter() - began)
            if answer.status != 201:
                failed.append(answer.status)
        connection.close()

    threads = [threading.Thread(target=load, args=(number,)) for number in range(clients)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not failed, f"not created: {failed[:5]}"
    cuts = statistics.quantiles(took, n=100)
    return {
        "per_second": round(len(took) / seconds),
        "p50_ms": round(cuts[49] * 1000, 1),
        "p99_ms": round(cuts[98] * 1000, 1),
    }


def _settle(system: System) -> None:
    """What the load left to do is done: every request has its item, and every event is on the ledger."""
    eventually(lambda: count(system, "dispatch", "items") == count(system, "intake", "requests"), seconds=120)
    eventually(lambda: not _unsent(system), seconds=120)


def _unsent(system: System) -> int:
    query = "SELECT count(*) FROM outbox WHERE sent_at IS NULL"
    return sum(rows(system, service, query)[0][0] for service in ("intake", "dispatch", "providers", "feedback"))


class _Live:
    """What the gateway's event stream says, as a page that follows requests reads it."""

    def __init__(self, system: System, headers: dict[str, str]) -> None:
        self._seen: dict[tuple[str, str], str] = {}
        self._news = threading.Condition()
        self._connection = HTTPConnection("127.0.0.1", system.port)
        self._connection.request("GET", "/api/v1/events", headers=headers)
        self._stream = self._connection.getresponse()
        self._reader = threading.Thread(target=self._read)
        self._reader.start()

    def close(self) -> None:
        assert self._connection.sock is not None
        self._connection.sock.shutdown(socket.SHUT_RDWR)  # ends the reader's wait for the next line
        self._reader.join()
        self._connection.close()

    def _read(self) -> None:
        for line in self._stream:
            if line.startswith(b"data: "):
                told = json.loads(line[6:])
                with self._news:
                    self._seen[told["request_id"], told["key"]] = told["item_id"]
                    self._news.notify_all()

    def wait(self, request_id: str, key: str) -> str:
        """The item of the event, once it was said."""
        with self._news:
            assert self._news.wait_for(lambda: (request_id, key) in self._seen, timeout=30), f"{key} was not said"
            return self._seen[request_id, key]


def _journeys(system: System, staff: dict[str, str], seconds: float, clients: int) -> float:
    """Needs from statement to sealed dossier: state, accept, assess, let a plugin serve, rate, wait for the seal."""
    live = _Live(system, staff)
    sealed = "SELECT count(*) FROM items WHERE stage = 'sealed'"
    before = rows(system, "dispatch", sealed)[0][0]
    until = time.perf_counter() + seconds
    numbers: list[str] = []

    def play(number: int) -> None:
        connection = HTTPConnection("127.0.0.1", system.port)
        while time.perf_counter() < until:
            numbers.append(_journey(connection, staff, live, PARKS[number % len(PARKS)]))
        connection.close()

    began = time.perf_counter()
    threads = [threading.Thread(target=play, args=(number,)) for number in range(clients)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    eventually(lambda: rows(system, "dispatch", sealed)[0][0] == before + len(numbers), seconds=60)
    live.close()
    return round(len(numbers) / (time.perf_counter() - began), 1)


FORM = {"instruments": [{"name": "压力表", "count": 1, "use": "safety"}]}


def _journey(connection: HTTPConnection, staff: dict[str, str], live: _Live, park: str) -> str:
    told = _call(connection, "POST", "/requests", {}, {"park": park, "text": "压力表要检定", "company": "示例"})
    number, code = told["number"], told["code"]
    item_id = live.wait(told["request_id"], "dispatch.item_opened")
    _call(connection, "POST", f"/items/{item_id}/accept", staff, {})
    body = {"category": "metrology", "item": "5.3.b", "details": FORM}
    _call(connection, "POST", f"/items/{item_id}/assess", staff, body)
    live.wait(told["request_id"], "feedback.result_told")
    (survey,) = _call(connection, "GET", f"/requests/{number}", {"X-Request-Code": code})["surveys"]
    _call(connection, "POST", f"/surveys/{survey['token']}/answer", {}, {"score": 5})
    return str(number)


def _call(connection: HTTPConnection, method: str, path: str, headers: dict[str, str], body: Any = None) -> Any:
    given = {**headers, "Content-Type": "application/json", "Idempotency-Key": uuid.uuid4().hex}
    connection.request(
        method, quote(f"/api/v1{path}", safe="/?=&-_."), json.dumps(body) if body is not None else None, given
    )
    answer = connection.getresponse()
    told = answer.read()
    assert answer.status < 300, f"{method} {path}: {answer.status} {told[:300]!r}"
    return json.loads(told)


def _sign_in(system: System) -> dict[str, str]:
    password = staff_password(system)
    connection = HTTPConnection("127.0.0.1", system.port)
    told = _call(connection, "POST", "/session", {}, {"account": "chen", "password": password})
    connection.close()
    return {"Authorization": f"Bearer {told['token']}"}


def _delays(system: System) -> dict[str, dict[str, float]]:
    """From saying an event to its handler, by handler: median and 99th percentile in milliseconds."""
    found = {}
    for service, handler in (("dispatch", "on_job_accepted"), ("feedback", "on_service_finished")):
        counts = system.histogram(service, "nqi_queue_wait_seconds", handler)
        found[f"{service}.{handler}"] = {f"p{q}": round(_quantile(counts, q / 100) * 1000, 1) for q in (50, 99)}
    return found


def _quantile(counts: list[tuple[float, float]], q: float) -> float:
    """From cumulative (upper bound, count) pairs, as Prometheus' histogram_quantile does it."""
    wanted, low, below = q * counts[-1][1], 0.0, 0.0
    for bound, cumulated in counts:
        if cumulated >= wanted:
            return low + (bound - low) * (wanted - below) / (cumulated - below) if bound != float("inf") else low
        low, below = bound, cumulated
    return low


def _memory(system: System, service: str) -> int:
    status = Path(f"/proc/{system.supervisor.pid(service)}/status").read_text()
    kilobytes = next(line for line in status.splitlines() if line.startswith("VmRSS")).split()[1]
    return round(int(kilobytes) / 1024)


def _show_search(found: dict[str, Any]) -> None:
    for database, one in found.items():
        print(f"search, {database}, {one['dossiers']} dossiers: p50 {one['p50_ms']} ms, p95 {one['p95_ms']} ms")


def _show(found: dict[str, Any]) -> None:
    for outstanding, rates in found["rpc_calls_per_second"].items():
        print(f"RPC, {outstanding:>2} outstanding: " + ", ".join(f"{name} {rate}/s" for name, rate in rates.items()))
    for database in ("postgresql", "sqlite"):
        if database not in found:
            continue
        measured = found[database]
        print(f"{database}: ready after {measured['seconds_to_ready']} s")
        print(f"  from saying to handling at rest, ms: {measured['delay_ms']}")
        for clients, one in measured["http"].items():
            print(f"  POST /requests, {clients} clients: {one}")
        print(f"  whole journeys: {measured['journeys_per_second']}/s")
        print(f"  memory, MB: {measured['memory_mb']}")


if __name__ == "__main__":
    sys.exit(main())
