"""Pages where a need is stated, as a browser without scripts uses them."""

import re
from urllib.parse import quote

import pytest
import segno

from services.gateway import visit
from shared.contracts.dispatch import (
    ListTargets,
)
from shared.contracts.intake import SubmitNeed
from shared.contracts.station import ListStations, StationList
from shared.errors import Absent, Invalid, KeyReused
from tests.integration.gateway.reading import hidden, text_of
from tests.integration.gateway.samples import CODE, METROLOGY, TIANAN, VERIFY

NEED = {"text": "压力表要检定", "company": "示例企业", "contact": "13900000000", "key": "k1"}


@pytest.fixture
def database_url() -> str:
    """SQLite: nothing here depends on the database."""
    return ""


def test_a_district_with_several_stations_asks_which_one(told):
    page = told.client.get("/")
    assert "天安节能科技园" in text_of(page)
    assert "巨大创意产业园" in text_of(page)
    found = told.client.get("/", params={"q": "巨大"})
    assert "巨大创意产业园" in text_of(found)
    assert "天安节能科技园" not in text_of(found)
    assert "没有找到" in text_of(told.client.get("/", params={"q": "火星"}))


def test_the_last_station_is_remembered_and_can_be_changed(told):
    told.client.get("/juda")
    assert told.client.get("/").headers["location"] == "/juda"
    assert "天安节能科技园" in text_of(told.client.get("/?choose=1"))


def test_a_district_with_one_station_goes_straight_there(told):
    told.bus.answers[ListStations] = StationList(stations=(TIANAN,))
    assert told.client.get("/").headers["location"] == "/tianan"


def test_the_landing_page_promises_nothing_that_is_not_configured(told):
    said = text_of(told.client.get("/tianan"))
    assert "您遇到了什么" in said
    assert METROLOGY.title in said
    assert "不想打字" not in said
    assert "工作小时" not in said


def test_the_landing_page_comes_even_if_the_categories_cannot_be_had(told, monkeypatch):
    monkeypatch.setattr(visit, "PATIENCE", dict.fromkeys(visit.PATIENCE, 0.0))
    told.bus.answers[ListTargets] = Absent("这项服务暂时没有开，请稍后再试")
    assert "您照样可以提交需求" in text_of(told.client.get("/tianan"))


def test_an_unknown_park_is_a_plain_page(told):
    answer = told.client.get("/mars")
    assert answer.status_code == 404
    assert "没有这个页面" in text_of(answer)


def test_without_scripts_a_button_shows_what_kind_of_need_it_is(told):
    page = told.client.post("/tianan", data={**NEED, "look": "1"})
    assert page.status_code == 200
    assert f"{METROLOGY.title} · {VERIFY.title}" in text_of(page)
    assert "因为您提到 压力表" in text_of(page)
    assert 'value="示例企业"' in page.text
    assert not told.bus.of(SubmitNeed)


def test_with_scripts_only_the_suggestions_are_renewed(told):
    part = told.client.post("/tianan/guess", data={"text": "压力表要检定"})
    assert VERIFY.title in part.text
    assert "<html" not in part.text
    assert told.client.post("/tianan/guess", data={"text": "短"}).text.strip() == ""


@pytest.mark.clause("6.2.b")
def test_a_need_is_taken_and_its_number_and_code_are_shown(told):
    told.client.get("/tianan")
    answer = told.client.post("/tianan", data={**NEED, "item": CODE})
    assert (answer.status_code, answer.headers["location"]) == (303, "/tianan/sent")
    (asked,) = told.bus.of(SubmitNeed)
    assert asked.message == SubmitNeed(
        park="tianan", text="压力表要检定", company="示例企业", phone="13900000000", category=METROLOGY.code, item=CODE
    )
    said = text_of(told.client.get("/tianan/sent"))
    assert "天安2026-0001" in said
    assert "123 456" in said


def test_the_slip_bears_a_qr_code_that_leads_to_tracking_and_holds_no_secret(told):
    told.client.get("/tianan")
    told.client.post("/tianan", data=NEED)
    wanted = segno.make(f"{told.client.base_url}/track?number={quote('天安2026-0001')}", error="m", micro=False)
    drawn = re.search(
        r'<svg[^>]*viewBox="0 0 (\d+) \1"[^>]*><path[^>]* d="([^"]+)"', told.client.get("/tianan/sent").text
    )
    assert drawn[1] == str(wanted.symbol_size(border=0)[0])
    assert f'd="{drawn[2]}"' in wanted.svg_inline(border=0)


def test_an_empty_form_is_told_all_that_is_missing_at_once(told):
    said = text_of(told.client.post("/tianan", data={"text": "", "company": "", "contact": "", "key": "k"}))
    for text in ("请写下您的需求", "请填写企业名称", "请留手机号或邮箱，办到哪一步好告诉您"):
        assert text in said
    assert told.bus.of(SubmitNeed) == []


def test_a_browser_that_keeps_no_cookies_sees_its_code_as_well(told):
    answer = told.client.post("/tianan", data=NEED)
    assert answer.status_code == 201
    assert "123 456" in text_of(answer)


def test_the_code_is_not_in_any_address(told):
    told.client.get("/tianan")
    answer = told.client.post("/tianan", data=NEED)
    assert "123456" not in answer.headers["location"]
    assert told.new_client().get("/tianan/sent").headers["location"] == "/track"


def test_a_form_sent_twice_is_one_need(told):
    for _ in range(2):
        told.client.post("/tianan", data=NEED)
    assert len({asked.command_id for asked in told.bus.of(SubmitNeed)}) == 1


def test_a_form_changed_after_sending_is_asked_for_again_with_a_new_key(told):
    told.bus.answers[SubmitNeed] = KeyReused("这个幂等键已经用在内容不同的请求上，请换一个")
    page = told.client.post("/tianan", data=NEED)
    assert "请再点一次“提交需求”" in text_of(page)
    assert hidden(page, "key") != "k1"
    assert ">压力表要检定</textarea>" in page.text


@pytest.mark.parametrize(
    ("contact", "said"),
    [
        ("", "请留手机号或邮箱"),
        ("1390000000", "手机号少了 1 位，请补全"),
    ],
)
def test_what_is_wrong_is_said_first_and_what_was_typed_stays(told, contact, said):
    page = told.client.post("/tianan", data={**NEED, "contact": contact})
    assert page.status_code == 422
    assert "<title>有误：" in page.text
    assert "有 1 处要改" in text_of(page)
    assert said in text_of(page)
    assert 'href="#f-contact"' in page.text
    assert 'aria-invalid="true"' in page.text
    assert ">压力表要检定</textarea>" in page.text
    assert f'value="{contact}"' in page.text


def test_what_the_service_finds_wrong_stands_at_its_field(told):
    told.bus.answers[SubmitNeed] = Invalid(
        "请检查填写的内容", fields={"text": "请写下您的需求", "company": "请填写企业名称", "phone": "没有这种渠道"}
    )
    page = told.client.post("/tianan", data={**NEED, "text": ""})
    assert "有 3 处要改" in text_of(page)
    for field in ("text", "company", "contact"):
        assert f'id="e-{field}"' in page.text


def test_what_was_typed_is_shown_as_text_and_never_as_markup(told):
    page = told.client.post("/tianan", data={**NEED, "text": '<script>alert(1)</script>"', "contact": ""})
    assert "<script>alert" not in page.text
