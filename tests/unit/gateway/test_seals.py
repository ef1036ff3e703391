"""What the browser keeps for us, and cannot change."""

import time

import pytest
from starlette.responses import Response

from services.gateway.grants import COOKIE, MOST, Grants
from services.gateway.seals import Seals

SEALS = Seals(b"k" * 32)


def cookie(response: Response) -> str:
    return response.headers["set-cookie"].partition(";")[0].partition("=")[2]


def kept(grants: Grants) -> Grants:
    response = Response()
    grants.write(response, SEALS, secure=False)
    return Grants.read({COOKIE: cookie(response)}, SEALS)


def test_opens_what_was_sealed_for_the_same_purpose():
    sealed = SEALS.seal("sent", {"number": "天安2026-0128"}, 60)
    assert SEALS.open("sent", sealed) == {"number": "天安2026-0128"}
    assert SEALS.open("grants", sealed) is None


@pytest.mark.parametrize("forged", ["", ".", "x", "x.y", "e30.AAAA", "\xff.\xff"])
def test_opens_nothing_that_was_made_up(forged):
    assert SEALS.open("sent", forged) is None


def test_opens_nothing_that_was_changed_or_signed_by_another_key():
    sealed = SEALS.seal("sent", "1", 60)
    assert SEALS.open("sent", "A" + sealed[1:]) is None
    assert Seals(b"x" * 32).open("sent", sealed) is None


def test_opens_nothing_whose_time_is_over(monkeypatch):
    sealed = SEALS.seal("sent", "1", 60)
    now = time.time()
    monkeypatch.setattr("services.gateway.seals.time.time", lambda: now + 61)
    assert SEALS.open("sent", sealed) is None


def test_a_grant_lets_its_browser_act_for_just_that_request():
    grants = kept(Grants().with_request("天安2026-0001", "r1", "tianan"))
    actor = grants.get("天安2026-0001").actor()
    assert (actor.role, actor.requests) == ("client", ("r1",))
    assert grants.get("天安2026-0002") is None


def test_the_oldest_grant_goes_when_there_are_too_many():
    grants = Grants()
    for n in range(MOST + 1):
        grants = grants.with_request(f"n{n}", f"r{n}", "tianan")
    assert grants.get("n0") is None
    assert grants.get(f"n{MOST}") is not None
    assert len(kept(grants).held) == MOST


def test_a_page_token_belongs_to_one_browser():
    one, other = (Grants().with_request("n", "r", "tianan") for _ in range(2))
    assert one.csrf(SEALS)
    assert one.csrf(SEALS) != other.csrf(SEALS)
    assert one.csrf(SEALS) == kept(one).csrf(SEALS)
    assert Grants().csrf(SEALS) == ""


def test_a_grant_ends(monkeypatch):
    response = Response()
    Grants().with_request("n", "r", "tianan").write(response, SEALS, secure=True)
    assert "Secure" in response.headers["set-cookie"]
    assert "HttpOnly" in response.headers["set-cookie"]
    now = time.time()
    monkeypatch.setattr("services.gateway.seals.time.time", lambda: now + 8 * 86400)
    assert Grants.read({COOKIE: cookie(response)}, SEALS).get("n") is None
