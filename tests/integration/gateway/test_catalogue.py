"""The service catalogue and the form of one item, as a browser without scripts uses them."""

import pytest

from services.gateway import visit
from shared.contracts.dispatch import ListTargets
from shared.contracts.intake import SubmitNeed
from shared.errors import Absent, Invalid, KeyReused
from tests.integration.gateway.reading import hidden, text_of
from tests.integration.gateway.samples import CODE, METROLOGY, VERIFY

NEED = {"item": CODE, "company": "示例企业", "contact": "13900000000", "key": "k1"}
ROW = {
    "d.instruments.rows": "1",
    "d.instruments.0.name": "压力表",
    "d.instruments.0.count": "12",
    "d.instruments.0.last_verified": "",
}


@pytest.fixture
def database_url() -> str:
    """SQLite: nothing here depends on the database."""
    return ""


def test_the_catalogue_lists_every_item_with_the_way_to_ask_for_it(told):
    page = told.client.get("/tianan/services")
    for letter, item in METROLOGY.items.items():
        assert item.title in text_of(page)
        assert f'href="/tianan/new?item=5.3.{letter}"' in page.text
    assert f'href="/tianan/new?item={CODE}"' in told.client.get("/tianan").text


def test_a_category_leads_to_its_place_in_the_catalogue(told):
    answer = told.client.get(f"/tianan/new?category={METROLOGY.code}")
    assert answer.headers["location"] == f"/tianan/services?category={METROLOGY.code}"
    assert told.client.get("/tianan/new").headers["location"] == "/tianan/services"


def test_the_form_asks_what_the_item_asks_and_requires_none_of_it(told):
    page = told.client.get(f"/tianan/new?item={CODE}")
    for one in VERIFY.form.values():
        assert one.metadata["label"] in text_of(page)
    assert "细节，都可以不填" in text_of(page)
    assert told.client.get("/tianan/new?item=9.9.z").status_code == 404


@pytest.mark.clause("6.2.b")
def test_a_need_may_come_with_its_details_at_once(told):
    told.client.get("/tianan")
    answer = told.client.post("/tianan/new", data={**NEED, **ROW, "text": "新买的压力表"})
    assert (answer.status_code, answer.headers["location"]) == (303, "/tianan/sent")
    (asked,) = told.bus.of(SubmitNeed)
    assert asked.message == SubmitNeed(
        park="tianan", text="新买的压力表", company="示例企业", phone="13900000000", category=METROLOGY.code, item=CODE,
        details={"instruments": [{"name": "压力表", "count": 12}]},
    )  # fmt: skip
    assert "天安2026-0001" in text_of(told.client.get("/tianan/sent"))


def test_nothing_but_who_asks_need_be_filled_in(told):
    told.client.post("/tianan/new", data=NEED)
    (asked,) = told.bus.of(SubmitNeed)
    assert (asked.message.text, asked.message.details) == (f"想办：{VERIFY.title}", {})


def test_what_does_not_fit_is_said_at_its_field_and_nothing_is_sent(told):
    page = told.client.post("/tianan/new", data={**NEED, **ROW, "d.instruments.0.count": "一打", "text": "新买的"})
    assert page.status_code == 422
    assert 'href="#f-d-instruments-0-count"' in page.text
    assert 'id="e-d-instruments-0-count"' in page.text
    assert 'value="一打"' in page.text
    assert ">新买的</textarea>" in page.text
    assert not told.bus.of(SubmitNeed)


def test_a_row_is_added_without_scripts_and_keeps_what_was_typed(told):
    page = told.client.post("/tianan/new", data={**NEED, **ROW, "row": "instruments"})
    assert page.status_code == 200
    assert hidden(page, "d.instruments.rows") == "2"
    assert 'value="压力表"' in page.text
    assert not told.bus.of(SubmitNeed)


def test_what_the_service_refuses_is_said_as_well(told):
    told.bus.answers[SubmitNeed] = Invalid("请检查填写的内容", fields={"company": "请填写企业名称"})
    page = told.client.post("/tianan/new", data={**NEED, "company": ""})
    assert "请填写企业名称" in text_of(page)


def test_a_form_changed_after_sending_gets_a_new_key(told):
    told.bus.answers[SubmitNeed] = KeyReused("这个幂等键已经用在内容不同的请求上，请换一个")
    page = told.client.post("/tianan/new", data=NEED)
    assert "请再点一次“提交需求”" in text_of(page)
    assert hidden(page, "key") != "k1"


def test_the_catalogue_says_so_when_it_cannot_be_had(told, monkeypatch):
    monkeypatch.setattr(visit, "PATIENCE", dict.fromkeys(visit.PATIENCE, 0.0))
    told.bus.answers[ListTargets] = Absent("这项服务暂时没有开，请稍后再试")
    assert told.client.get("/tianan/services").status_code == 503
