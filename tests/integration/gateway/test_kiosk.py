"""The self-service terminal, as a browser without scripts uses it."""

import re

import pytest

from services.gateway import visit
from shared.contracts.dispatch import ListTargets
from shared.contracts.intake import GetOwnRequest, SubmitNeed
from shared.errors import Absent, KeyReused
from tests.integration.gateway.reading import hidden, text_of
from tests.integration.gateway.samples import CODE, METROLOGY, VERIFY

NEED = {"text": "压力表要检定", "company": "示例企业", "phone": "13900000000", "key": "k1", "item": ""}
PAGES = ("", f"/items/{METROLOGY.code}", "/say", f"/say?item={CODE}", "/track")


@pytest.fixture
def database_url() -> str:
    """SQLite: nothing here depends on the database."""
    return ""


def test_the_start_has_a_door_for_every_category(told):
    page = told.client.get("/kiosk/tianan")
    assert "我要提需求" in text_of(page)
    assert f'href="/kiosk/tianan/items/{METROLOGY.code}"' in page.text
    items = told.client.get(f"/kiosk/tianan/items/{METROLOGY.code}")
    for letter, item in METROLOGY.items.items():
        assert item.title in text_of(items)
        assert f'href="/kiosk/tianan/say?item=5.3.{letter}"' in items.text


@pytest.mark.clause("6.2.b")
@pytest.mark.clause("4.4.1")
def test_a_need_is_said_by_a_few_taps_and_its_number_and_code_are_shown(told):
    page = told.client.get(f"/kiosk/tianan/say?item={CODE}")
    assert hidden(page, "item") == CODE
    answer = told.client.post("/kiosk/tianan/say", data={**NEED, "item": CODE, "text": ""})
    assert answer.status_code == 201
    assert "天安2026-0001" in text_of(answer)
    assert "123 456" in text_of(answer)
    (asked,) = told.bus.of(SubmitNeed)
    assert asked.message == SubmitNeed(
        park="tianan", text=f"想办：{VERIFY.title}", company="示例企业", phone="13900000000", channel="kiosk",
        category=METROLOGY.code, item=CODE,
    )  # fmt: skip


def test_a_need_in_own_words_needs_no_category(told):
    told.client.post("/kiosk/tianan/say", data=NEED)
    (asked,) = told.bus.of(SubmitNeed)
    assert (asked.message.text, asked.message.category, asked.message.item) == ("压力表要检定", "", "")


def test_everything_wrong_is_said_at_once_and_what_was_typed_stays(told):
    page = told.client.post("/kiosk/tianan/say", data={**NEED, "text": "", "company": "", "phone": "1390000"})
    assert page.status_code == 422
    assert "有 3 处要改" in text_of(page)
    assert "手机号是 11 位数字" in text_of(page)
    assert 'value="1390000"' in page.text
    assert not told.bus.of(SubmitNeed)


def test_touching_twice_is_one_need_and_a_changed_one_gets_a_new_key(told):
    for _ in range(2):
        told.client.post("/kiosk/tianan/say", data=NEED)
    assert len({asked.command_id for asked in told.bus.of(SubmitNeed)}) == 1
    told.bus.answers[SubmitNeed] = KeyReused("这个幂等键已经用在内容不同的请求上，请换一个")
    assert hidden(told.client.post("/kiosk/tianan/say", data=NEED), "key") != "k1"


def test_a_request_is_looked_at_with_its_code_and_nothing_stays_behind(told):
    answer = told.client.post("/kiosk/tianan/track", data={"number": "天安2026-0001", "code": "123 456"})
    assert answer.status_code == 200
    assert "已收到，等服务站受理" in text_of(answer)
    assert told.bus.of(GetOwnRequest)[-1].message.code == "123456"
    wrong = told.client.post("/kiosk/tianan/track", data={"number": "天安2026-0001", "code": "000000"})
    assert wrong.status_code == 422
    assert "编号和查询码对不上" in text_of(wrong)
    told.client.post("/kiosk/tianan/say", data=NEED)
    assert not told.client.cookies


@pytest.mark.parametrize("path", PAGES)
def test_no_page_leads_out_and_every_one_returns_to_the_start_without_scripts(told, path):
    page = told.client.get(f"/kiosk/tianan{path}")
    links = re.findall(r'<a [^>]*href="([^"]*)"', page.text)
    assert all(link == "#main" or link.startswith("/kiosk/tianan") for link in links), links
    refresh = re.search(r'<meta http-equiv="refresh" content="(\d+);url=([^"]*)"', page.text)
    if path:
        assert refresh
        assert 60 <= int(refresh[1]) <= 180
        assert refresh[2].startswith("/kiosk/tianan?")
    assert page.headers["cache-control"] == "no-store"


def test_the_next_person_finds_the_first_language_and_size(told):
    answer = told.client.get("/kiosk/tianan?lang=zh-CN&large=0")
    assert answer.headers["location"] == "/kiosk/tianan"
    assert "nqi_lang=zh-CN" in answer.headers["set-cookie"]


def test_what_goes_wrong_is_said_on_a_page_that_leads_back(told, monkeypatch):
    monkeypatch.setattr(visit, "PATIENCE", dict.fromkeys(visit.PATIENCE, 0.0))
    assert told.client.get("/kiosk/tianan/items/nothing").status_code == 404
    told.bus.answers[SubmitNeed] = Absent("这项服务暂时没有开，请稍后再试")
    page = told.client.post("/kiosk/tianan/say", data=NEED)
    assert page.status_code == 503
    assert 'href="/kiosk/tianan"' in page.text
    assert "/signin" not in page.text


def test_it_stays_of_use_while_services_are_away(told, monkeypatch):
    monkeypatch.setattr(visit, "PATIENCE", dict.fromkeys(visit.PATIENCE, 0.0))
    told.bus.answers[ListTargets] = Absent("这项服务暂时没有开，请稍后再试")
    assert "您照样可以提交需求" in text_of(told.client.get("/kiosk/tianan"))
