"""The API of a running system: a need from its statement to its dossier, and what is heard live of it."""

import json
import signal
import threading
import time
from collections.abc import Iterator
from http.client import HTTPConnection
from queue import Queue
from socket import SHUT_RDWR
from typing import Any
from urllib.parse import quote

import httpx2
import pytest

from tests.browser.running import ITEM, PARK, PICK, Running, Stated
from tests.system import eventually


class Listener:
    """Reads a stream of server-sent events on a thread of its own."""

    def __init__(self, running: Running, path: str, headers: dict[str, str]) -> None:
        self.told: Queue[dict[str, str]] = Queue()
        self.ended = threading.Event()
        self._connection = HTTPConnection(running.url.removeprefix("http://"), timeout=60)
        self._connection.request("GET", quote(path, safe="/?=&"), headers=headers)
        self._socket = self._connection.sock
        self._answer = self._connection.getresponse()
        assert self._answer.headers["content-type"].startswith("text/event-stream")
        self._thread = threading.Thread(target=self._read, daemon=True)
        self._thread.start()

    def _read(self) -> None:
        while line := self._answer.readline():
            if line.startswith(b"data: "):
                self.told.put(json.loads(line.removeprefix(b"data: ")))
        self.ended.set()

    def until(self, key: str) -> dict[str, str]:
        """The next event of this key."""
        while True:
            news = self.told.get(timeout=20)
            if news["key"] == key:
                return news

    def close(self) -> None:
        if not self.ended.is_set():
            self._socket.shutdown(SHUT_RDWR)
        self._thread.join(5)
        self._connection.close()


@pytest.fixture
def listen(running: Running) -> Iterator[Any]:
    listeners: list[Listener] = []

    def start(path: str, **headers: str) -> Listener:
        listeners.append(Listener(running, f"/api/v1{path}", headers))
        return listeners[-1]

    yield start
    for listener in listeners:
        listener.close()


def test_a_need_goes_from_statement_to_dossier_over_the_api(running):
    stated = running.rate(running.deliver(running.state("接口上走完全程")), 4)
    whole = running.own(stated)
    assert [survey["score"] for survey in whole["surveys"]] == [4]
    assert [item["stage"] for item in whole["items"]] == ["sealed"]
    assert whole["missing"] == []
    happened = [entry["type"] for entry in whole["timeline"]]
    assert happened[0] == "request_received"
    (dossier,) = running.ask("/dossiers", request_id=stated.request_id)["dossiers"]
    assert (dossier["item_id"], len(dossier["digest"])) == (stated.item_id, 64)


def test_the_same_key_is_one_request_even_at_once(running):
    need = {"park": PARK, "text": "同一个键只算一次", "company": "示例企业N02"}
    answers: list[httpx2.Response] = []

    def send() -> None:
        answers.append(running.http.post("/requests", json=need, headers={"idempotency-key": "the-same"}))

    threads = [threading.Thread(target=send) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert {answer.status_code for answer in answers} == {201}
    assert len({answer.json()["number"] for answer in answers}) == 1
    other = running.http.post("/requests", json={**need, "text": "别的"}, headers={"idempotency-key": "the-same"})
    assert other.status_code == 422


def test_staff_hear_of_their_parks_and_a_client_of_the_own_request_only(running, listen):
    mine, others = running.state("听得到的"), running.state("听不到的")
    staff = listen("/events", **running.staff)
    client = listen(f"/events?number={mine.number}", **{"x-request-code": mine.code})
    running.accept(others)
    running.accept(mine)
    news = client.until("dispatch.item_accepted")
    assert news == {
        "key": "dispatch.item_accepted", "park": PARK, "request_id": mine.request_id, "item_id": mine.item_id,
    }  # fmt: skip
    heard = {staff.until("dispatch.item_accepted")["request_id"] for _ in range(2)}
    assert heard == {mine.request_id, others.request_id}


def test_a_wrong_code_hears_nothing(running):
    stated = running.state("听不到")
    answer = running.http.get("/events", params={"number": stated.number}, headers={"x-request-code": "x"})
    assert answer.status_code == 404


def test_a_client_may_not_take_the_steps_of_staff(running):
    stated = running.state("不能自己受理")
    assert running.http.post(f"/items/{stated.item_id}/accept").status_code == 401
    assert running.http.get("/items").status_code == 401


def test_a_wrong_result_is_refused_field_by_field(running):
    stated = running.serve(running.state("结果要填全"))
    job = running.ask(f"/items/{stated.item_id}")["job_id"]
    answer = running.http.post(f"/jobs/{job}/result", json={"result": {}}, headers=running.staff)
    required = {f"result.{name}" for name, field in ITEM.result.items() if field.required}
    assert answer.status_code == 422
    assert {one["field"] for one in answer.json()["errors"]} == required


def test_the_targets_bring_their_forms(running):
    targets = running.told(running.http.get("/targets"))["targets"]
    assert len([one for one in targets if one["kind"] == "category"]) == 9
    manifest = next(t["manifest"] for t in targets if PICK in t["manifest"]["items"])
    assert [field["name"] for field in manifest["items"][PICK]["form"]] == list(ITEM.form)


def test_streams_end_when_the_gateway_is_told_to_stop_and_it_comes_back(running, listen):
    stream = listen("/events", **running.staff)
    begun = time.monotonic()
    running.system.kill("gateway", signal.SIGTERM)
    assert stream.ended.wait(10)
    assert time.monotonic() - begun < 5
    eventually(lambda: running.system.healthy("gateway"), seconds=30, what="the gateway back")
    assert running.ask("/items", limit=1)["items"]  # the session is kept in the database


def test_a_need_is_taken_although_the_service_is_just_starting_again(running):
    running.system.kill("intake")
    stated: Stated = running.state("服务正在重新启动")
    assert stated.number
