"""WeCom's API against a stand-in over HTTP that checks what the real one checks."""

from dataclasses import replace

import pytest

from deploy.demo.wecom import StandIn
from services.intake.wecom.client import TEXT_BYTES, Client, NotEver, NotNow
from shared.config import settings


@pytest.fixture
def wecom():
    with StandIn().running() as wecom:
        yield wecom


def client_of(wecom, **changed):
    names = {name.removeprefix("NQI_").lower(): value for name, value in wecom.settings("tianan").items()}
    return Client(replace(settings(), **{**names, **changed}))


@pytest.fixture
def client(wecom):
    client = client_of(wecom)
    yield client
    client.close()


def test_a_text_reaches_its_user_and_the_token_is_asked_for_once(wecom, client):
    client.send("wang", "已收到")
    client.send("lin", "也收到")
    assert wecom.sent == [("wang", "已收到"), ("lin", "也收到")]
    assert wecom.tokens_given == 1


@pytest.mark.parametrize("code", [40014, 42001])
def test_a_token_that_ended_early_is_renewed_once(wecom, client, code):
    client.send("wang", "1")
    wecom.expire()
    client.send("wang", "2")
    assert wecom.tokens_given == 2
    wecom.troubles = [code]
    client.send("wang", "3")
    assert [text for _, text in wecom.sent] == ["1", "2", "3"]
    wecom.troubles = [code, code]
    with pytest.raises(NotNow):
        client.send("wang", "4")


def test_a_token_near_its_end_is_not_used(wecom, client, monkeypatch):
    monkeypatch.setattr("deploy.demo.wecom.TOKEN_SECONDS", 200)
    client.send("wang", "1")
    client.send("wang", "2")
    assert wecom.tokens_given == 2


@pytest.mark.parametrize("code", [-1, 45009, 60020])
def test_what_may_go_well_later_is_told_apart(wecom, client, code):
    wecom.troubles = [code]
    with pytest.raises(NotNow, match=str(code)):
        client.send("wang", "1")
    client.send("wang", "1")
    assert wecom.sent == [("wang", "1")]


@pytest.mark.parametrize("code", [40008, 82001])
def test_from_what_never_will(wecom, client, code):
    wecom.troubles = [code]
    with pytest.raises(NotEver, match=str(code)):
        client.send("wang", "1")


def test_a_user_who_is_gone_is_told(client):
    with pytest.raises(NotEver, match="gone"):
        client.send("gone", "1")


def test_while_it_is_down_nothing_is_lost_and_nothing_raised_but_that(wecom, client):
    wecom.down = True
    with pytest.raises(NotNow):
        client.send("wang", "1")
    wecom.down = False
    client.send("wang", "1")
    assert wecom.sent == [("wang", "1")]
    for wrong in ({"wecom_api": "http://127.0.0.1:1"}, {"wecom_secret": "wrong"}, {"wecom_corp_id": "wwother"}):
        other = client_of(wecom, **wrong)
        with pytest.raises(NotNow):
            other.send("wang", "1")
        other.close()


def test_sent_again_within_hours_it_is_seen_once(wecom, client):
    for _ in range(3):
        client.send("wang", "已收到，受理编号 天安2026-0001")
    assert len(wecom.sent) == 1
    assert wecom.asked == 3


def test_a_text_that_is_too_long_is_cut_between_characters(wecom, client):
    client.send("wang", "字" * 1000)
    ((_, text),) = wecom.sent
    assert set(text) == {"字"}
    assert TEXT_BYTES - 3 < len(text.encode()) <= TEXT_BYTES
