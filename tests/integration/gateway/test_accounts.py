"""What the system operator does with accounts; on both databases."""

from dataclasses import replace

import pytest

from services.gateway import accounts, host
from shared.config import CannotStart, settings
from shared.errors import Invalid, NotFound


def test_an_account_is_made_once(engine):
    password = accounts.add(engine, "chen", "staff", ["tianan", "juda"], "陈专员")
    assert len(password) == 19
    with pytest.raises(Invalid) as refused:
        accounts.add(engine, "chen", "admin", ["*"], "别人")
    assert "login" in refused.value.fields
    (account,) = accounts.list_accounts(engine)
    assert (account.id, account.role, account.parks, account.disabled_at) == ("chen", "staff", ("tianan", "juda"), None)


def test_an_account_of_an_organization_acts_for_it_and_nowhere_else(engine):
    accounts.add(engine, "lab", "organization", [], "示例机构", organization="GZ-JL")
    (account,) = accounts.list_accounts(engine)
    actor = account.actor()
    assert (actor.role, actor.organization, actor.parks) == ("organization", "GZ-JL", ())


def test_a_closed_account_is_listed_as_such(engine):
    accounts.add(engine, "chen", "staff", ["tianan"], "陈专员")
    accounts.disable(engine, "chen")
    assert accounts.list_accounts(engine)[0].disabled_at


@pytest.mark.parametrize("step", [accounts.disable, accounts.reset])
def test_an_account_that_is_not_there_is_named(engine, step):
    with pytest.raises(NotFound):
        step(engine, "nobody")


def test_demo_accounts_are_made_once_one_for_each_park_besides(engine):
    made = accounts.demo_accounts(engine, {"tianan": "天安", "juda": "巨大"}, {"GZ-JL": "示例计量院"})
    assert list(made) == ["admin", "operator", "regulator", "chen", "staff.tianan", "staff.juda", "org.gz-jl"]
    assert accounts.demo_accounts(engine, {"tianan": "天安", "juda": "巨大"}, {"GZ-JL": "示例计量院"}) == {}
    chen = next(account for account in accounts.list_accounts(engine) if account.id == "chen")
    assert (chen.display_name, chen.parks) == ("陈专员", ("tianan", "juda"))


def test_production_does_not_start_with_demo_accounts(engine, monkeypatch):
    accounts.demo_accounts(engine, {})
    given = replace(settings(), mode="production", amqp_given="amqp://127.0.0.1:1")
    with pytest.raises(CannotStart, match="remove-demo"):
        host.make(given)
    assert "admin" in accounts.remove_demo(engine)
    assert accounts.list_accounts(engine) == []
    monkeypatch.setattr("services.gateway.host.Assets", lambda: _Installed())
    monkeypatch.setattr("services.gateway.host.keys.signing_key", lambda _: b"k" * 32)
    assert host.make(given).settings.production


class _Installed:
    missing: list[str] = []


def test_the_gateway_does_not_start_without_a_broker(engine):
    with pytest.raises(CannotStart, match="no broker"):
        host.make(replace(settings(), amqp_given="", home=settings().home / "nowhere"))
