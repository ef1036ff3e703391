"""Rules about accounts and guessing."""

from datetime import UTC, datetime, timedelta

import pytest

from services.gateway.accounts.domain import (
    GUESSING,
    Account,
    Session,
    Subject,
    check_account,
    new_password,
)
from services.gateway.accounts.people import network
from shared.errors import Invalid

NOW = datetime(2026, 11, 24, 2, 20, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


@pytest.mark.parametrize(
    ("kind", "wrong", "wait"),
    [
        ("account", 4, timedelta()),
        ("account", 5, MINUTE),
        ("account", 6, 2 * MINUTE),
        ("account", 8, 8 * MINUTE),
        ("account", 500, 60 * MINUTE),
        ("address", 29, timedelta()),
        ("address", 30, MINUTE),
        ("number", 4, timedelta()),
        ("number", 5, 15 * MINUTE),
        ("number", 9, 15 * MINUTE),
    ],
)
def test_waits_grow_with_every_wrong_guess(kind, wrong, wait):
    assert GUESSING[kind].rest(wrong) == wait


@pytest.mark.parametrize("kind", list(GUESSING))
def test_guesses_are_forgotten_after_a_while(kind):
    rule = GUESSING[kind]
    assert rule.count(7, NOW, NOW + rule.forget - MINUTE) == 7
    assert rule.count(7, NOW, NOW + rule.forget) == 0
    assert rule.forget >= rule.longest


def test_a_subject_is_kept_as_a_digest_whatever_its_case():
    assert Subject("account", " Chen ").key == Subject("account", "chen").key
    assert Subject("account", "chen").key != Subject("number", "chen").key
    assert "chen" not in Subject("account", "chen").key


@pytest.mark.parametrize(
    ("address", "counted"),
    [
        ("192.0.2.7", "192.0.2.7"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("2001:db8:1:2:ffff::1", "2001:db8:1:2::/64"),
        ("::ffff:192.0.2.7", "192.0.2.7"),
        ("testclient", "testclient"),
        ("", ""),
    ],
)
def test_one_network_counts_as_one_address(address, counted):
    assert network(address) == counted


@pytest.mark.parametrize(
    ("login", "role", "parks", "name", "field"),
    [
        ("Chen", "staff", ["tianan"], "陈专员", "login"),
        ("c", "staff", ["tianan"], "陈专员", "login"),
        ("chen", "client", [], "陈专员", "client"),
        ("chen", "emperor", ["tianan"], "陈专员", "role"),
        ("chen", "staff", [], "陈专员", "parks"),
        ("chen", "staff", ["tianan", "*"], "陈专员", "parks"),
        ("chen", "staff", ["tianan"], " ", "display_name"),
    ],
)
def test_refuses_accounts_that_make_no_sense(login, role, parks, name, field):
    with pytest.raises(Invalid) as refused:
        check_account(login, role, parks, name)
    assert list(refused.value.fields) == [field]


@pytest.mark.parametrize(
    ("role", "parks", "organization", "field"),
    [
        ("organization", [], "", "organization"),
        ("organization", [], "gz-jl", "organization"),
        ("organization", ["tianan"], "GZ-JL", "parks"),
        ("staff", ["tianan"], "GZ-JL", "organization"),
    ],
)
def test_an_account_acts_for_an_organization_or_in_parks(role, parks, organization, field):
    with pytest.raises(Invalid) as refused:
        check_account("lab", role, parks, "示例机构", organization)
    assert list(refused.value.fields) == [field]
    check_account("lab", "organization", [], "示例机构", "GZ-JL")


def test_passwords_are_long_and_never_the_same():
    passwords = {new_password() for _ in range(100)}
    assert len(passwords) == 100
    assert all(len(password) == 19 for password in passwords)


def test_the_page_token_does_not_give_the_session_away():
    account = Account(id="chen", display_name="陈专员", role="staff", parks=("*",), demo=False, created_at=NOW)
    session = Session(token="secret", account=account)
    assert "secret" not in session.csrf
    assert session.csrf != Session(token="other", account=account).csrf
