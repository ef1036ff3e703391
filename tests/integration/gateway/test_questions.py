"""A question about the station is answered from its facts: to the client at once, and by staff with one tap."""

from dataclasses import replace

import pytest

from services.gateway.facts import answered
from services.gateway.language import EN, ZH, speech
from shared.contracts.dispatch import (
    Advice,
    AnswerItem,
    GetAdvice,
    GetItem,
    Guesses,
    ItemView,
    Question,
    SuggestCategory,
)
from shared.contracts.station import ListStations, StationList
from tests.integration.gateway.reading import hidden, text_of
from tests.integration.gateway.samples import ITEM, TIANAN, item

ASKED = Question(asks=("hours", "place"), words=("几点上班", "在哪栋楼"))
OPEN = replace(TIANAN, hours="周一至周五 9:00-17:30", address="1 号楼一层")
TEXT = "请问服务站几点上班？在哪栋楼？"


@pytest.fixture
def database_url() -> str:
    """SQLite: nothing here depends on the database."""
    return ""


@pytest.fixture
def asking(told):
    told.bus.answers |= {
        ListStations: StationList(stations=(OPEN,)),
        SuggestCategory: Guesses(guesses=(), question=ASKED),
        GetAdvice: Advice(question=ASKED),
        GetItem: ItemView(**{**vars(ITEM), "text": TEXT, "allowed": ("accept", "answer")}),
        AnswerItem: item("answered"),
    }
    return told


def test_the_client_reads_the_facts_before_submitting_and_may_submit_all_the_same(asking):
    page = asking.client.post("/tianan", data={"text": TEXT, "look": "1"})
    said = text_of(page)
    assert "您是想问开放时间、地址吗？" in said
    assert "周一至周五 9:00-17:30" in said
    assert "1 号楼一层" in said
    assert 'name="item"' not in page.text
    assert "提交需求" in said
    assert asking.bus.of(SuggestCategory)[0].message.park == "tianan"


@pytest.mark.clause("6.3")
@pytest.mark.parametrize("stage", ["received", "accepted"])
def test_staff_answer_a_question_with_one_tap(asking, stage):
    asking.sign_in()
    asking.bus.answers[GetItem] = item(stage, "accept" if stage == "received" else "assess", "answer", text=TEXT)
    page = asking.client.get("/desk/items/i1")
    said = text_of(page)
    assert "这是问开放时间、地址，不是服务需求" in said
    assert "因为提到 几点上班 、 在哪栋楼" in said
    assert said.count("其实是服务需求") == 1
    draft = hidden(page, "text")
    assert draft == "您好。服务站的开放时间是 周一至周五 9:00-17:30。地址是 1 号楼一层。"
    data = {"csrf": hidden(page, "csrf"), "key": hidden(page, "key"), "text": draft}
    assert asking.client.post("/desk/items/i1/answer", data=data).status_code == 303
    assert asking.bus.of(AnswerItem)[0].message.answer == draft


def test_the_draft_can_be_changed_first(asking):
    asking.sign_in()
    assert ">您好。服务站的开放时间是" in asking.client.get("/desk/items/i1/answer").text


def test_what_the_station_has_not_told_is_named_and_never_sent_with_one_tap(asking):
    asking.sign_in()
    asking.bus.answers[ListStations] = StationList(stations=(replace(OPEN, address=""),))
    page = asking.client.get("/desk/items/i1")
    assert "站里没有登记地址，请补上再答复" in text_of(page)
    assert 'name="text"' not in page.text


def test_who_asks_in_english_is_answered_in_english():
    reply = answered(ASKED, OPEN, speech(ZH), speech(EN))
    assert reply.asks == ["开放时间", "地址"]
    assert reply.draft == "Hello. The station is open 周一至周五 9:00-17:30. The address is 1 号楼一层."
    assert answered(ASKED, TIANAN, speech(ZH)).draft == ""


def test_the_api_says_that_it_is_a_question(asking):
    told = asking.client.post("/api/v1/suggestions", json={"text": TEXT, "park": "tianan"}).json()
    assert told == {"guesses": [], "question": {"asks": ["hours", "place"], "words": ["几点上班", "在哪栋楼"]}}
