"""Open311 over the whole system: a client library from PyPI states a need, and sees it come to its end."""

import itertools
import uuid
from importlib import import_module

import pytest
import requests

from services.gateway.accounts.doors import Doors
from shared import keys
from tests.flow.district import engine_of, rows
from tests.flow.journey import Journey, category_of
from tests.system import eventually

ITEM = "5.4.b"


@pytest.fixture(scope="module")
def api_key(running):
    engine = engine_of(running, "gateway")
    try:
        return Doors(engine, keys.data_key(running.settings)).keys.add("city", ["tianan"])
    finally:
        engine.dispose()


@pytest.fixture
def three(monkeypatch):
    """The library as it is published. It was written for Python 2, where `filter` that is lazy was called `ifilter`."""
    monkeypatch.setattr(itertools, "ifilter", filter, raising=False)
    return import_module("three")


@pytest.fixture
def client(three, running, api_key):
    client = three.Three(f"{running.url}/open311/v2", api_key=api_key, jurisdiction="tianan")
    yield client
    client.session.close()


@pytest.mark.clause("6.2.b")
def test_a_client_library_from_pypi_works_against_us(client, running, public, staff):
    assert client.discovery()["endpoints"][0]["url"].endswith("/open311/v2")
    services = {one["service_code"]: one for one in client.services()}
    assert len([one for one in services.values() if one["service_code"][0].isdigit()]) == 37
    required = [one["code"] for one in client.services(ITEM)["attributes"] if one["required"]]
    assert required == ["company"]
    plugin = category_of(ITEM)
    example = plugin.items["b"].example
    attributes = {f"attribute[{name}]": str(value) for name, value in example.items()}
    (given,) = client.post(
        ITEM, description="千足金戒指要送检纯度和印记", name="王 工", phone="13900000000", address="示例楼 1 层",
        **{"attribute[company]": "示例企业N02"}, **attributes,
    )  # fmt: skip
    number, code = given["service_request_id"], given["service_notice"].split()[1][:6]
    token = client.post_response.headers["X-Request-Token"]
    assert client.token(token)[0]["service_request_id"] == number
    (found,) = eventually(lambda: (r := client.request(number)) and "status" in r[0] and r)
    assert (found["status"], found["service_code"]) == ("open", ITEM)
    assert number in [one["service_request_id"] for one in client.requests(ITEM, status="open")]

    one = Journey.of(public, staff, number, code)
    item = one.item
    assert (item["channel"], item["category"], item["item"]) == ("open311", plugin.code, ITEM)
    assert item["details"].keys() >= example.keys()
    assert "地点：示例楼 1 层" in item["text"]
    one.to_the_end(ITEM)
    assert client.request(number)[0]["status"] == "closed"
    assert number in [one["service_request_id"] for one in client.requests(status="closed")]
    assert number not in [one["service_request_id"] for one in client.requests(status="open")]
    said = str(client.requests()) + str(client.request(number))
    assert not [private for private in ("示例企业N02", "王", "13900000000", "戒指") if private in said]


def test_refusals_reach_the_library_as_the_specification_has_them(client, running):
    before = rows(running, "intake", "SELECT count(*) FROM requests")[0][0]
    (error,) = client.post(ITEM, description="x", api_key="wrong", **{"attribute[company]": "示例"})
    assert error["code"] == 403
    (error,) = client.post(ITEM, description="x")
    assert error["code"] == 400
    assert rows(running, "intake", "SELECT count(*) FROM requests")[0][0] == before


def test_posted_again_with_the_same_key_it_is_one_need(running, api_key):
    data = {
        "api_key": api_key, "service_code": "general", "description": "想查标准", "attribute[company]": "示例",
    }  # fmt: skip
    header = {"Idempotency-Key": uuid.uuid4().hex}
    url = f"{running.url}/open311/v2/requests.json"
    answers = [requests.post(url, data=data, headers=header, timeout=30).json()[0] for _ in range(3)]
    assert len({one["service_request_id"] for one in answers}) == 1
    other = requests.post(url, data={**data, "description": "另一件"}, headers=header, timeout=30)
    assert (other.status_code, other.json()[0]["code"]) == (400, 400)
