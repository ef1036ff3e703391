"""WeCom's callback at the gateway: proven, read, handed on at once or kept until intake is back."""

import time
from dataclasses import replace

import pytest
import sqlalchemy as sa

from deploy.demo.wecom import StandIn, xml_of
from services.gateway import spool
from shared.config import settings
from shared.contracts.intake import ChatTaken, TakeChat
from shared.errors import Absent, Invalid, KeyReused, TimedOut
from tests.system import eventually

WECOM = StandIn()


@pytest.fixture
def given():
    """WeCom is set up."""
    names = {name.removeprefix("NQI_").lower(): value for name, value in WECOM.settings("tianan").items()}
    return replace(settings(), **{name: value for name, value in names.items() if value})


@pytest.fixture(autouse=True)
def quick(monkeypatch):
    monkeypatch.setattr(spool, "PAUSE", 0.05)


@pytest.fixture
def told(told):
    told.bus.answers[TakeChat] = ChatTaken(fate="need", number="天安2026-0001")
    return told


def values(**changed):
    given = {
        "ToUserName": WECOM.corp_id, "FromUserName": "wang", "CreateTime": str(int(time.time())), "MsgType": "text",
        "Content": "商标被人抢注了 <怎么> & 维权？", "MsgId": "7432198765432100123", "AgentID": WECOM.agent_id,
    }  # fmt: skip
    return {name: value for name, value in {**given, **changed}.items() if value is not None}


def xml(**changed):

    return xml_of(values(**changed))


def deliver(told, message=None, **query):
    body, proof = WECOM.envelope(xml() if message is None else message)
    return told.client.post("/wecom", content=body, params={**proof, **query})


def kept(told):
    with told.engine.connect() as connection:
        return list(connection.execute(sa.select(spool.held)))


def test_the_address_is_proven_with_the_text_of_the_envelope(told):
    _, proof, sealed = WECOM.signed(b"1616140317555161061")
    answer = told.client.get("/wecom", params={**proof, "echostr": sealed})
    assert answer.text == "1616140317555161061"
    assert told.client.get("/wecom", params={**proof, "echostr": sealed, "nonce": "x"}).status_code == 403
    assert told.client.get("/wecom").status_code == 403


@pytest.mark.clause("6.2.b")
def test_a_message_is_handed_on_and_answered_with_nothing(told):
    answer = deliver(told)
    assert (answer.status_code, answer.text) == (200, "")
    (asked,) = told.bus.of(TakeChat)
    assert asked.message.text == "商标被人抢注了 <怎么> & 维权？"
    assert (asked.message.message_id, asked.message.sender, asked.message.kind) == (
        "wecom:7432198765432100123", "wang", "text",
    )  # fmt: skip
    assert abs(asked.message.sent_at.timestamp() - time.time()) < 60
    assert (asked.actor.id, asked.actor.role, asked.command_id) == ("wecom", "system", asked.message.message_id)
    assert kept(told) == []


def test_events_have_names_and_ids_of_their_own(told):
    deliver(told, xml(MsgType="event", Event="subscribe", MsgId=None, Content=None, CreateTime="1795480800"))
    (asked,) = told.bus.of(TakeChat)
    assert (asked.message.kind, asked.message.message_id) == ("event:subscribe", "wecom:wang:1795480800:subscribe")


@pytest.mark.parametrize(
    ("query", "status"), [({"msg_signature": "0" * 40}, 403), ({"timestamp": "1"}, 403), ({"nonce": ""}, 403)]
)
def test_what_is_not_wecoms_changes_nothing(told, query, status):
    assert deliver(told, **query).status_code == status
    assert not told.bus.of(TakeChat)


@pytest.mark.parametrize(
    ("message", "status"),
    [
        (xml(ToUserName="wwother"), 403), (xml(AgentID="9"), 403), (xml(MsgId=None), 400), (xml(FromUserName=""), 400),
        (xml(CreateTime="soon"), 400), (xml(CreateTime="9" * 20), 400), (b"no xml", 400), (b"", 400),
        (b'<!DOCTYPE x [<!ENTITY a "b">]><xml>&a;</xml>', 400), (b"<xml>\xff</xml>", 400), (b"<xml>" * 5000, 400),
    ],
)  # fmt: skip
def test_what_cannot_be_understood_changes_nothing(told, message, status):
    assert deliver(told, message).status_code == status
    assert not told.bus.of(TakeChat)


@pytest.mark.parametrize(
    ("body", "status"),
    [(b"", 400), (b"<xml/>", 403), (b'<!DOCTYPE x SYSTEM "file:///etc/passwd"><xml/>', 400), (b"x" * 70_000, 413)],
)
def test_so_does_what_has_no_envelope(told, body, status):
    _, proof = WECOM.envelope(xml())
    assert told.client.post("/wecom", content=body, params=proof).status_code == status
    assert not told.bus.of(TakeChat)


def test_delivered_again_it_is_the_same_command(told):
    deliver(told)
    deliver(told)
    told.bus.answers[TakeChat] = KeyReused("这个幂等键已经用在内容不同的请求上，请换一个")
    assert deliver(told).status_code == 200
    assert len({asked.command_id for asked in told.bus.of(TakeChat)}) == 1
    assert kept(told) == []


@pytest.mark.parametrize("away", [Absent("没有开"), TimedOut("没有回答"), Invalid("请检查", fields={"park": "没有"})])
def test_while_intake_is_away_it_is_kept_sealed_and_handed_on_after(told, away):
    told.bus.answers[TakeChat] = away
    assert deliver(told).status_code == 200
    (row,) = kept(told)
    assert row.message_id == "wecom:7432198765432100123"
    assert "商标" not in row.encrypted
    eventually(lambda: len(told.bus.of(TakeChat)) > 2, what="another try")
    assert len(kept(told)) == 1
    told.bus.answers[TakeChat] = ChatTaken(fate="need")
    eventually(lambda: not kept(told), what="the message handed on")
    assert told.bus.of(TakeChat)[-1].message.text == "商标被人抢注了 <怎么> & 维权？"


def test_one_that_is_refused_does_not_hold_up_the_others(told):
    told.bus.answers[TakeChat] = Absent("没有开")
    deliver(told)
    deliver(told, xml(MsgId="2"))
    refused = Invalid("请检查", fields={"park": "没有"})
    told.bus.answers[TakeChat] = lambda command: (
        refused if command.message_id.endswith("123") else ChatTaken(fate="need")
    )
    eventually(lambda: [row.message_id for row in kept(told)] == ["wecom:7432198765432100123"], what="the other one")
