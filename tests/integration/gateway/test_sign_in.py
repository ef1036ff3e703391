"""Sessions, their ends, forged requests, and guessing at passwords; on both databases."""

import asyncio
from datetime import timedelta

import pytest
import sqlalchemy as sa

from services.gateway import accounts
from services.gateway.accounts import store
from services.gateway.accounts.domain import IDLE, LIFETIME, Session
from services.gateway.accounts.people import People
from services.gateway.errors import TooMany
from shared.contracts.dispatch import AcceptItem
from shared.errors import Unproven
from tests.integration.gateway.samples import ITEM

SESSION = "/api/v1/session"


def sign_in(client, account, password):
    return client.post(SESSION, json={"account": account, "password": password})


def test_signing_in_says_who_it_is(station):
    told = station.sign_in()
    assert (told["account"], told["role"], told["name"], told["parks"]) == ("chen", "staff", "陈专员", ["tianan"])
    assert station.client.get(SESSION).json() == {**told, "token": ""}
    cookie = next(c for c in station.client.cookies.jar if c.name == "nqi_session")
    assert "HttpOnly" in cookie._rest
    assert cookie._rest["SameSite"] == "lax"
    assert not cookie.secure


def test_the_database_holds_no_token(station):
    token = station.sign_in()["token"]
    with station.engine.connect() as connection:
        kept = connection.execute(sa.select(store.sessions)).one()
    assert token not in str(kept)


def test_signing_in_again_ends_the_last_session(station):
    password = station.account()
    first = sign_in(station.client, "chen", password).json()["token"]
    second = sign_in(station.client, "chen", password).json()["token"]
    assert first != second
    assert station.new_client().get(SESSION, headers={"authorization": f"Bearer {first}"}).status_code == 401
    assert station.new_client().get(SESSION, headers={"authorization": f"Bearer {second}"}).status_code == 200


def test_signing_out_ends_the_session(station):
    told = station.sign_in()
    bearer = {"authorization": f"Bearer {told['token']}"}
    assert station.client.delete(SESSION, headers={"x-csrf-token": told["csrf"]}).status_code == 204
    assert station.client.get(SESSION, headers=bearer).status_code == 401


@pytest.mark.parametrize("end", [accounts.reset, accounts.disable])
def test_a_new_password_or_closing_the_account_ends_every_session(station, end):
    station.sign_in()
    end(station.engine, "chen")
    assert station.client.get(SESSION).status_code == 401


def test_a_closed_account_is_answered_like_a_wrong_password(station):
    password = station.account()
    accounts.disable(station.engine, "chen")
    closed = sign_in(station.client, "chen", password)
    wrong = sign_in(station.client, "chen", "wrong")
    nobody = sign_in(station.client, "nobody", "wrong")
    assert closed.status_code == wrong.status_code == nobody.status_code == 401
    assert closed.json() == wrong.json() == nobody.json()


def test_a_session_ends_when_nobody_uses_it(station):
    token = station.sign_in()["token"]
    bearer = {"authorization": f"Bearer {token}"}
    client = station.new_client()
    station.clock.passed = IDLE - timedelta(minutes=5)
    assert client.get(SESSION, headers=bearer).status_code == 200
    station.clock.passed = 2 * IDLE - timedelta(minutes=10)  # counted from the last use
    assert client.get(SESSION, headers=bearer).status_code == 200
    station.clock.passed = 3 * IDLE
    assert client.get(SESSION, headers=bearer).status_code == 401


def test_a_session_ends_after_a_week_however_much_it_is_used(station):
    token = station.sign_in()["token"]
    bearer = {"authorization": f"Bearer {token}"}
    client = station.new_client()
    passed = timedelta()
    while passed < LIFETIME - IDLE:
        passed += IDLE - timedelta(minutes=5)
        station.clock.passed = passed
        assert client.get(SESSION, headers=bearer).status_code == 200
    station.clock.passed = LIFETIME + timedelta(minutes=1)
    assert client.get(SESSION, headers=bearer).status_code == 401


@pytest.mark.parametrize("token", ["", "x", "\xff", "a" * 5000])
def test_made_up_tokens_open_nothing(station, token):
    headers = {"authorization": b"Bearer " + token.encode("latin-1")}
    assert station.client.get(SESSION, headers=headers).status_code == 401


# --- forged requests


def test_a_changing_request_by_cookie_needs_the_pages_token(station):
    told = station.sign_in()
    station.bus.answers[AcceptItem] = ITEM
    accept = "/api/v1/items/i1/accept"
    assert station.client.post(accept).status_code == 403
    assert station.client.post(accept, headers={"x-csrf-token": "made up"}).status_code == 403
    assert not station.bus.of(AcceptItem)
    assert station.client.post(accept, headers={"x-csrf-token": told["csrf"]}).status_code == 200


def test_a_changing_request_by_header_needs_none(station):
    told = station.sign_in()
    station.bus.answers[AcceptItem] = ITEM
    bearer = {"authorization": f"Bearer {told['token']}"}
    assert station.new_client().post("/api/v1/items/i1/accept", headers=bearer).status_code == 200


def test_a_form_of_another_site_is_refused(station):
    answer = station.client.post("/signin", data={"account": "a"}, headers={"sec-fetch-site": "cross-site"})
    assert answer.status_code == 403


def test_a_form_of_ours_needs_the_pages_token(station):
    station.sign_in()
    station.bus.answers[AcceptItem] = ITEM
    answer = station.client.post("/desk/items/i1/accept", data={"key": "1"})
    assert answer.status_code == 403
    assert not station.bus.of(AcceptItem)


# --- guessing


def guess(station, times, account="chen", address="192.0.2.1"):
    client = station.new_client(address)
    return [sign_in(client, account, f"wrong {n}").status_code for n in range(times)]


def test_guessing_at_an_account_has_to_wait_longer_and_longer(station):
    password = station.account()
    assert guess(station, 6) == [401] * 5 + [429]
    answer = sign_in(station.new_client("192.0.2.50"), "chen", password)  # from anywhere, right or wrong
    assert answer.status_code == 429
    assert 50 <= int(answer.headers["retry-after"]) <= 61
    station.clock.passed = timedelta(minutes=1, seconds=1)
    assert guess(station, 2) == [401, 429]
    station.clock.passed = timedelta(minutes=2, seconds=2)
    assert guess(station, 1) == [429]
    station.clock.passed = timedelta(minutes=3, seconds=5)
    assert sign_in(station.client, "chen", password).status_code == 200
    assert guess(station, 5) == [401] * 5


def test_an_account_that_does_not_exist_waits_alike(station):
    assert guess(station, 6, account="nobody") == [401] * 5 + [429]


def test_one_address_cannot_try_all_accounts(station):
    statuses = [sign_in(station.client, f"somebody{n}", "wrong").status_code for n in range(31)]
    assert statuses == [401] * 30 + [429]
    assert guess(station, 1, account="another", address="192.0.2.50") == [401]


def test_many_guesses_at_once_gain_nothing(engine):
    accounts.add(engine, "chen", "staff", ["tianan"], "陈专员")

    async def guess_all() -> list[Session | BaseException]:
        people = People(engine)
        guesses = (people.sign_in("chen", f"wrong {n}", "192.0.2.1") for n in range(12))
        return await asyncio.gather(*guesses, return_exceptions=True)

    outcomes = [type(outcome) for outcome in asyncio.run(guess_all())]
    assert outcomes.count(Unproven) == 5, outcomes
    assert outcomes.count(TooMany) == 7


def test_the_counters_hold_no_names(station):
    guess(station, 1, account="my-secret-password")
    with station.engine.connect() as connection:
        subjects = connection.execute(sa.select(store.guesses.c.subject)).scalars().all()
    assert len(subjects) == 2
    assert "secret" not in str(subjects)
