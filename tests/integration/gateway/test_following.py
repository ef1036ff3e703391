"""Pages where a client follows a request and rates it, as a browser without scripts uses them."""

import re
from datetime import UTC, datetime, timedelta
from html import unescape
from typing import Any

import pytest

from services.gateway import visit
from shared.contracts.archive import Entry, GetTimeline, Timeline
from shared.contracts.dispatch import (
    ItemPage,
    ListItems,
    WithdrawItem,
)
from shared.contracts.feedback import AnswerSurvey, DeclineSurvey, GetSurvey, Inbox, ListNotices, SurveyView
from shared.errors import Absent, IllegalMove, NotFound
from tests.integration.gateway.conftest import Station
from tests.integration.gateway.reading import hidden, text_of
from tests.integration.gateway.samples import AT, CODE, VERIFY, item

SURVEY = SurveyView(
    survey_id="s1", token="t1", item_id="i1", request_id="r1", park="tianan", number="天安2026-0001", title="检定",
    status="open", expires_at=datetime.now(UTC) + timedelta(days=7),
)  # fmt: skip


@pytest.fixture
def database_url() -> str:
    """SQLite: nothing here depends on the database."""
    return ""


def open_request(station: Station) -> Any:
    answer = station.client.post("/track", data={"number": "天安2026-0001", "code": "123 456"})
    assert answer.status_code == 303
    return station.client.get(answer.headers["location"])


def test_number_and_code_open_the_request(told):
    page = open_request(told)
    said = text_of(page)
    assert "您的这件事： 已收到，等服务站受理" in said
    assert "现在轮到服务站" in said
    assert "您提交了需求" in said
    assert "压力表要检定" in said


def test_a_wrong_code_is_said_at_its_field(told):
    page = told.client.post("/track", data={"number": "天安2026-0001", "code": "0"})
    assert page.status_code == 422
    assert "编号和查询码对不上" in text_of(page)
    assert 'value="天安2026-0001"' in page.text


def test_too_many_wrong_codes_are_a_plain_page(told):
    for n in range(5):
        told.client.post("/track", data={"number": "天安2026-0001", "code": f"{n}"})
    answer = told.client.post("/track", data={"number": "天安2026-0001", "code": "123456"})
    assert answer.status_code == 429
    assert "retry-after" in answer.headers
    assert "请稍等一会儿" in text_of(answer)


def test_a_request_of_another_asks_for_its_code(told):
    answer = told.client.get("/r/天安2026-0001")
    assert answer.status_code == 303
    assert answer.headers["location"].startswith("/track?number=")
    assert 'value="天安2026-0001"' in told.client.get(answer.headers["location"]).text


def test_a_grant_that_was_changed_opens_nothing(told):
    open_request(told)
    cookie = told.client.cookies["nqi_open"]
    told.client.cookies.clear()
    told.client.cookies.set("nqi_open", ("A" if cookie[0] != "A" else "B") + cookie[1:])
    assert told.client.get("/r/天安2026-0001").status_code == 303


@pytest.mark.parametrize(
    ("shown", "said"),
    [
        (item("accepted", owner_name="陈专员"), "陈专员正在评估怎么办，您不用做什么"),
        (item("assessed", waiting_since=AT, title="检定"), "起，还没有承办方能办这一项"),
        (item("serving", title="检定"), "正在办理，您不用做什么"),
        (item("answered", note="现行有效"), "这件事已经答复您 现行有效"),
        (item("merged", note="天安2026-0002"), "和 天安2026-0002 是同一件事"),
        (item("refused", note="不在范围"), "服务站不能办理，原因是： 不在范围"),
        (item("withdrawn"), "这件事已经撤回"),
        (item("sealed"), "没有下一步了"),
    ],
)
def test_every_state_says_whose_turn_it_is_or_that_it_is_over(told, shown, said):
    told.bus.answers[ListItems] = ItemPage(items=(shown,), counts={})
    assert said in text_of(open_request(told))


def test_the_page_comes_even_if_a_part_cannot_be_had(told, monkeypatch):
    monkeypatch.setattr(visit, "PATIENCE", dict.fromkeys(visit.PATIENCE, 0.0))
    for gone in (GetTimeline, ListNotices, ListItems):
        told.bus.answers[gone] = Absent("这项服务暂时没有开，请稍后再试")
    page = open_request(told)
    assert page.status_code == 200
    assert "暂时看不到" in text_of(page)


@pytest.mark.clause("6.6.3")
def test_a_finished_request_asks_how_it_was_without_scripts(told):
    told.bus.answers |= {
        ListItems: ItemPage(items=(item("told", title="检定"),), counts={}),
        ListNotices: Inbox(notices=(), surveys=(SURVEY,)),
        AnswerSurvey: SURVEY,
    }
    page = open_request(told)
    assert "现在轮到您" in text_of(page)
    assert "评价后这件事就归档" in text_of(page)
    assert page.text.count('name="score"') == 5
    assert "checked" not in page.text
    answer = told.client.post("/s/t1", data={"score": "5", "comment": "很快"})
    assert told.bus.of(AnswerSurvey)[0].message == AnswerSurvey(token="t1", score=5, comment="很快")
    assert answer.headers["location"].startswith("/r/")


@pytest.mark.clause("6.5.1")
def test_what_was_delivered_stands_under_its_labels(told):
    delivered = Entry(
        sequence=2, event_id="e2", type="service_finished", source="dispatch", occurred_at=AT, actor_id="chen",
        actor_role="staff", actor_name="陈专员", item_id="i1", data={"result": dict(VERIFY.example_result)},
    )  # fmt: skip
    told.bus.answers |= {
        ListItems: ItemPage(items=(item("told", item=CODE),), counts={}),
        GetTimeline: Timeline(request_id="r1", park="tianan", entries=(delivered,)),
    }
    said = text_of(open_request(told))
    required = [f.metadata["label"] for f in VERIFY.result.values() if f.required]
    assert required
    assert all(label in said for label in required)


def test_withdrawing_is_a_page_of_its_own_and_needs_its_token(told):
    told.bus.answers |= {
        ListItems: ItemPage(items=(item("received", "withdraw"),), counts={}),
        WithdrawItem: item("withdrawn"),
    }
    assert "不办了，撤回" in text_of(open_request(told))
    page = told.client.get("/r/天安2026-0001/withdraw/i1")
    assert "不能恢复" in text_of(page)
    url = "/r/天安2026-0001/withdraw/i1"
    assert told.client.post(url, data={"reason": "自己办了"}).status_code == 403
    assert not told.bus.of(WithdrawItem)
    answer = told.client.post(
        url, data={"reason": "自己办了", "csrf": hidden(page, "csrf"), "key": hidden(page, "key")}
    )
    assert answer.status_code == 303
    (asked,) = told.bus.of(WithdrawItem)
    assert asked.message == WithdrawItem(item_id="i1", reason="自己办了")
    assert asked.actor.requests == ("r1",)


def test_a_browser_can_forget_the_request(told):
    page = open_request(told)
    told.client.post("/r/天安2026-0001/forget", data={"csrf": hidden(page, "csrf")})
    assert told.client.get("/r/天安2026-0001").headers["location"].startswith("/track")


def test_news_are_counted_without_what_the_reader_did(told):
    page = open_request(told)
    address = unescape(re.search(r'hx-get="(/r/[^"]*news[^"]*)"', page.text)[1])
    assert told.client.get(address).text.strip() == ""
    (first,) = told.bus.answers[GetTimeline].entries
    accepted = type(first)(**{**vars(first), "type": "item_accepted", "source": "dispatch", "actor_role": "staff"})
    told.bus.answers[GetTimeline] = Timeline(request_id="r1", park="tianan", entries=(first, accepted))
    assert "有 1 条新情况" in text_of(told.client.get(address))


def test_a_survey_is_open_to_whoever_has_its_link_and_says_what_follows(told):
    told.bus.answers[GetSurvey] = SURVEY
    said = text_of(told.client.get("/s/t1"))
    assert "评价后这件事就归档，不能再改" in said
    assert "我们不会替您打分" in said


@pytest.mark.parametrize(
    ("status", "score", "said"),
    [
        ("answered", 5, "谢谢，您评价了：很满意"),
        ("declined", None, "好的，这次不评"),
        ("expired", None, "评价的时间已经过了"),
    ],
)
def test_a_closed_survey_says_how_it_ended(told, status, score, said):
    told.bus.answers[GetSurvey] = type(SURVEY)(**{**vars(SURVEY), "status": status, "score": score})
    page = told.client.get("/s/t1")
    assert said in text_of(page)
    assert 'name="score"' not in page.text


def test_a_second_tap_is_no_mistake(told):
    told.bus.answers[AnswerSurvey] = IllegalMove("x")
    told.bus.answers[DeclineSurvey] = IllegalMove("x")
    for answer in (told.client.post("/s/t1", data={"score": "3"}), told.client.post("/s/t1/decline")):
        assert (answer.status_code, answer.headers["location"]) == (303, "/s/t1")


def test_a_survey_that_does_not_exist_is_a_plain_page(told):
    told.bus.answers[GetSurvey] = NotFound("这个评价链接不对，请从通知里重新打开")
    answer = told.client.get("/s/nothing")
    assert answer.status_code == 404
    assert "请从通知里重新打开" in text_of(answer)
