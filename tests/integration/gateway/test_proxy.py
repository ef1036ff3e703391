"""Behind a reverse proxy, who calls and whether by https is what the proxy says; else nobody is believed."""

from dataclasses import replace

import pytest
from starlette.testclient import TestClient

from services.gateway.host import Server

FORWARDED = {"X-Forwarded-For": "203.0.113.9", "X-Forwarded-Proto": "https"}


@pytest.mark.parametrize(
    ("behind", "caller", "secure"), [(True, "127.0.0.1", True), (True, "192.0.2.1", False), (False, "127.0.0.1", False)]
)
def test_only_a_proxy_that_is_set_and_on_this_machine_is_believed(gateway, behind, caller, secure):
    server = Server(replace(gateway, settings=replace(gateway.settings, behind_proxy=behind)))
    server.config.load()
    with TestClient(server.config.loaded_app, client=(caller, 5000)) as client:
        answer = client.get("/?lang=en", headers=FORWARDED, follow_redirects=False)
    assert ("secure" in answer.headers["set-cookie"].lower()) == secure


def test_guesses_are_counted_for_each_caller_that_the_proxy_names(gateway):
    server = Server(replace(gateway, settings=replace(gateway.settings, behind_proxy=True)))
    server.config.load()
    with TestClient(server.config.loaded_app, client=("127.0.0.1", 5000), raise_server_exceptions=False) as client:

        def guess(address: str, number: int) -> int:
            body = {"account": f"nobody{number}", "password": "x" * 12}
            headers = {"X-Forwarded-For": address, "Idempotency-Key": f"{address}{number}"}
            return int(client.post("/api/v1/session", json=body, headers=headers).status_code)

        statuses = [guess("203.0.113.9", number) for number in range(32)]
        assert statuses[0] == 401
        assert statuses[-1] == 429
        assert guess("203.0.113.10", 99) == 401
