"""The pages of staff, as a browser without scripts uses them."""

import re
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from shared.contracts.dispatch import (
    AcceptItem,
    AssessItem,
    GetItem,
    ItemPage,
    ListItems,
    RefuseItem,
)
from shared.contracts.intake import GetContact, GetRequest, Occasion, SubmitNeed
from shared.contracts.providers import FinishJob
from shared.errors import IllegalMove, Invalid
from tests.integration.gateway.reading import hidden, text_of
from tests.integration.gateway.samples import CODE, ITEM, METROLOGY, REQUEST, TAKEN, TIANAN, VERIFY, item


@pytest.fixture
def database_url() -> str:
    """SQLite: nothing here depends on the database."""
    return ""


def test_the_workbench_asks_to_sign_in_and_comes_back(told):
    answer = told.client.get("/desk/items/i1?view=all")
    assert answer.headers["location"] == "/signin?next=%2Fdesk%2Fitems%2Fi1%3Fview%3Dall"
    password = told.account()
    page = told.client.get(answer.headers["location"])
    answer = told.client.post("/signin", data={"account": "chen", "password": password, "next": hidden(page, "next")})
    assert answer.headers["location"] == "/desk/items/i1?view=all"
    assert "接手这件事" in text_of(told.client.get(answer.headers["location"]))


@pytest.mark.parametrize("after", ["https://evil.example", "//evil.example", "/\\evil.example", "javascript:x", ""])
def test_signing_in_leads_nowhere_else(told, after):
    password = told.account()
    answer = told.client.post("/signin", data={"account": "chen", "password": password, "next": after})
    assert answer.headers["location"] == "/desk"


def test_a_wrong_password_is_said_and_the_account_stays(told):
    page = told.client.post("/signin", data={"account": "chen", "password": "wrong"})
    assert page.status_code == 422
    assert "账号或密码不对" in text_of(page)
    assert 'value="chen"' in page.text


def test_signing_out_needs_the_pages_token_and_ends_the_session(told):
    told.sign_in()
    assert told.client.post("/signout").status_code == 403
    page = told.client.get("/desk/me")
    assert told.client.post("/signout", data={"csrf": hidden(page, "csrf")}).headers["location"] == "/signin"
    assert told.client.get("/desk").status_code == 303


def test_the_queue_has_its_views_counts_and_filters(told):
    told.sign_in()
    page = told.client.get("/desk", params={"view": "all", "search": "压力表", "park": "tianan"})
    said = text_of(page)
    assert "要办 1 件" in said
    assert "轮到我们 1 件" in said
    assert "全部 1" in said
    asked = [one.message for one in told.bus.of(ListItems) if not one.message.heir_id]
    assert {(one.owner_id, one.stage) for one in asked} == {("chen", ""), ("", "received"), ("", "")}
    assert all(one.search == "压力表" and one.park == "tianan" for one in asked)


def test_a_search_finds_what_lies_outside_the_view(told):
    told.sign_in()
    told.bus.answers[ListItems] = lambda asked: (
        ItemPage(items=(), counts={}) if asked.owner_id else ItemPage(items=(ITEM,), counts={"accepted": 1})
    )
    said = text_of(told.client.get("/desk", params={"view": "mine", "search": "天安2026-0001"}))
    assert "压力表要检定" in said


def test_an_empty_queue_says_so(told):
    told.sign_in()
    told.bus.answers[ListItems] = ItemPage(items=(), counts={})
    assert "没有没办完的事项" in text_of(told.client.get("/desk"))
    assert "没有符合条件的事项" in text_of(told.client.get("/desk?search=x"))


def steps_of(page: Any) -> set[str]:
    return set(re.findall(r'(?:action|href)="/desk/items/i1/(\w+)"', page.text))


@pytest.mark.parametrize(
    ("shown", "steps"),
    [
        (ITEM, {"accept", "withdraw"}),
        (item("accepted", "assess", "answer", "merge", "refuse", "withdraw"), {
            "assess", "answer", "merge", "refuse", "withdraw",
        }),
        (item("offered", "withdraw"), {"withdraw"}),
        (item("serving", "withdraw", job_id="j1", item=CODE), {"deliver", "withdraw"}),
        (item("told"), set()),
        (item("sealed"), set()),
    ],
)  # fmt: skip
def test_only_steps_that_the_state_allows_are_offered(told, shown, steps):
    told.sign_in()
    told.bus.answers[GetItem] = shown
    assert steps_of(told.client.get("/desk/items/i1")) == steps


def test_who_may_only_read_is_offered_no_step(told):
    told.sign_in("regulator", role="regulator", parks=("*",))
    told.bus.answers[GetContact] = Invalid("x")
    page = told.client.get("/desk/items/i1")
    assert steps_of(page) == set()
    assert "13900000000" not in page.text


def test_staff_see_how_to_reach_the_company(told):
    told.sign_in()
    assert 'href="tel:13900000000"' in told.client.get("/desk/items/i1").text


def test_the_slip_for_the_window_bears_the_official_name_and_no_code(told):
    told.sign_in()
    said = text_of(told.client.get("/desk/slips/i1"))
    for text in (*TIANAN.name_lines, "天安2026-0001", "已收到，等服务站受理"):
        assert text in said
    assert "123 456" not in said


def test_accepting_takes_one_button(told):
    told.sign_in()
    told.bus.answers[AcceptItem] = item("accepted")
    page = told.client.get("/desk/items/i1")
    data = {"csrf": hidden(page, "csrf"), "key": hidden(page, "key")}
    answer = told.client.post("/desk/items/i1/accept", data=data)
    assert "已受理，由您负责到底" in text_of(told.client.get(answer.headers["location"]))


def test_a_step_taken_by_somebody_else_meanwhile_is_said(told):
    told.sign_in()
    told.bus.answers[AcceptItem] = IllegalMove(
        "现在不能这样做：{state} 时没有“{trigger}”这一步", state="a", trigger="b"
    )
    page = told.client.get("/desk/items/i1")
    answer = told.client.post("/desk/items/i1/accept", data={"csrf": hidden(page, "csrf")})
    assert "已经往前走了" in text_of(told.client.get(answer.headers["location"]))


@pytest.fixture
def assessing(told):
    told.sign_in()
    told.bus.answers |= {
        GetItem: item("accepted", "assess", "refuse", "withdraw"),
        AssessItem: item("offered"),
        RefuseItem: item("refused"),
    }
    return told


def controls(form: Any, values: dict[str, Any]) -> dict[str, str]:
    """What a browser sends when the described form is filled in with these values."""
    sent = {}
    for name, value in values.items():
        if isinstance(value, list):
            sent[f"d.{name}.rows"] = str(len(value))
            for n, row in enumerate(value):
                sent |= {f"d.{name}.{n}.{cell}": str(said) for cell, said in row.items() if said is not False}
        elif value is not False:
            sent[f"d.{name}"] = "1" if value is True else str(value)
    return sent


def test_the_form_of_the_likeliest_item_is_drawn(assessing):
    page = assessing.client.get("/desk/items/i1")
    assert hidden(page, "drawn") == CODE
    for field in VERIFY.form.values():
        assert field.metadata["label"] in text_of(page)


def test_an_item_is_assessed_with_its_form_filled_in(assessing):
    page = assessing.client.get("/desk/items/i1")
    data = {
        "csrf": hidden(page, "csrf"), "key": "1", "pick": CODE, "drawn": CODE, "note": "请上门",
        **controls(VERIFY.form, dict(VERIFY.example)),
    }  # fmt: skip
    answer = assessing.client.post("/desk/items/i1/assess", data=data)
    assert answer.status_code == 303
    (asked,) = assessing.bus.of(AssessItem)
    assert (asked.message.category, asked.message.item, asked.message.note) == (METROLOGY.code, CODE, "请上门")
    example = {name: value for name, value in VERIFY.example.items() if value not in (None, False)}
    assert {name: asked.message.details[name] for name in example} == example


def test_choosing_another_item_without_scripts_draws_its_form_first(assessing):
    page = assessing.client.get("/desk/items/i1")
    data = {"csrf": hidden(page, "csrf"), "pick": CODE, "other": "5.3.d", "drawn": CODE, "note": "请上门"}
    page = assessing.client.post("/desk/items/i1/assess", data=data)
    assert page.status_code == 200
    assert hidden(page, "drawn") == "5.3.d"
    assert ">请上门</textarea>" in page.text
    assert not assessing.bus.of(AssessItem)


def test_a_row_is_added_without_scripts_and_nothing_is_lost(assessing):
    (name,) = [name for name, field in VERIFY.form.items() if field.metadata["kind"] == "table"]
    cell = next(iter(VERIFY.form[name].metadata["fields"]))["name"]
    page = assessing.client.get("/desk/items/i1")
    data = {
        "csrf": hidden(page, "csrf"), "pick": CODE, "drawn": CODE, "row": name, f"d.{name}.rows": "1",
        f"d.{name}.0.{cell}": "压力表",
    }  # fmt: skip
    page = assessing.client.post("/desk/items/i1/assess", data=data)
    assert hidden(page, f"d.{name}.rows") == "2"
    assert 'value="压力表"' in page.text


def test_what_is_wrong_in_a_form_is_named_with_its_label(assessing):
    name = next(name for name, field in VERIFY.form.items() if field.required)
    assessing.bus.answers[AssessItem] = Invalid("请检查填写的内容", fields={f"details.{name}": "请填写这一项"})
    page = assessing.client.get("/desk/items/i1")
    data = {"csrf": hidden(page, "csrf"), "pick": CODE, "drawn": CODE, "note": "请上门"}
    page = assessing.client.post("/desk/items/i1/assess", data=data)
    assert page.status_code == 422
    assert f"{VERIFY.form[name].metadata['label']} · 请填写这一项" in text_of(page)
    assert f'id="e-d-{name}"' in page.text
    assert ">请上门</textarea>" in page.text


def test_a_result_is_delivered(told):
    told.sign_in()
    serving = item("serving", "withdraw", job_id="j1", item=CODE)
    told.bus.answers |= {GetItem: [serving, serving, item("finished")], FinishJob: None}
    page = told.client.get("/desk/items/i1")
    data = {"csrf": hidden(page, "csrf"), "key": "1", "job": hidden(page, "job"), "r.conclusion": "合格"}
    answer = told.client.post("/desk/items/i1/deliver", data=data)
    assert answer.status_code == 303
    (asked,) = told.bus.of(FinishJob)
    assert (asked.message.job_id, asked.message.result["conclusion"]) == ("j1", "合格")


def test_refusing_states_its_effect_and_asks_for_the_reason(assessing):
    page = assessing.client.get("/desk/items/i1/refuse")
    assert "企业会看到您写的原因" in text_of(page)
    assert "退回并说明" in text_of(page)
    assessing.bus.answers[RefuseItem] = Invalid("请检查填写的内容", fields={"reason": "请写明不受理的原因，企业会看到"})
    data = {"csrf": hidden(page, "csrf"), "key": "1", "text": ""}
    page = assessing.client.post("/desk/items/i1/refuse", data=data)
    assert page.status_code == 422
    assert "请写明不受理的原因" in text_of(page)


def test_a_step_that_does_not_exist_is_a_plain_page(told):
    told.sign_in()
    assert told.client.get("/desk/items/i1/explode").status_code == 404


@pytest.mark.clause("6.2.b")
def test_a_need_is_written_down_for_a_caller_and_taken_at_once(told):
    told.sign_in()
    told.bus.answers[AcceptItem] = item("accepted")
    page = told.client.get("/desk/new")
    assert "巨大创意产业园" not in page.text  # not one of hers
    data = {
        "csrf": hidden(page, "csrf"), "key": hidden(page, "key"), "park": "tianan", "channel": "phone",
        "text": "压力表要检定", "company": "示例企业", "phone": "13900000000",
    }  # fmt: skip
    answer = told.client.post("/desk/new", data=data)
    (asked,) = told.bus.of(SubmitNeed)
    assert (asked.message.channel, asked.actor.id) == ("phone", "chen")
    assert told.bus.of(AcceptItem)
    said = text_of(told.client.get(answer.headers["location"]))
    assert "请告诉对方" in said
    assert TAKEN.code in said


@pytest.mark.clause("6.2.a")
def test_a_visit_is_written_down_with_who_where_and_when(told):
    told.sign_in()
    told.bus.answers[AcceptItem] = item("accepted")
    page = told.client.get("/desk/new")
    assert 'value="陈专员"' in page.text  # who writes it, unless somebody else was told
    data = {
        "csrf": hidden(page, "csrf"), "key": hidden(page, "key"), "park": "tianan", "channel": "visit",
        "text": "压力表要检定", "company": "示例企业", "by": "李专员",
        "place": "示例企业车间", "at": "2026-11-20T10:30",
    }  # fmt: skip
    told.client.post("/desk/new", data=data)
    (asked,) = told.bus.of(SubmitNeed)
    at = datetime(2026, 11, 20, 2, 30, tzinfo=UTC)
    assert asked.message.occasion == Occasion(by="李专员", place="示例企业车间", at=at)
    told.bus.answers[GetRequest] = replace(REQUEST, channel="visit", occasion=asked.message.occasion, on_behalf=True)
    said = text_of(told.client.get("/desk/items/i1"))
    assert "李专员登记（走访）" in said
    assert "示例企业车间" in said


def test_a_call_keeps_no_place_and_a_time_that_is_none_is_named(told):
    told.sign_in()
    page = told.client.get("/desk/new")
    data = {
        "csrf": hidden(page, "csrf"), "key": hidden(page, "key"), "park": "tianan", "channel": "phone",
        "text": "压力表要检定", "company": "示例企业", "by": "陈专员", "place": "路上", "at": "yesterday",
    }  # fmt: skip
    refused = told.client.post("/desk/new", data=data)
    assert refused.status_code == 422
    assert 'id="e-at"' in refused.text
    told.client.post("/desk/new", data={**data, "at": ""})
    (asked,) = told.bus.of(SubmitNeed)
    assert asked.message.occasion == Occasion(by="陈专员")
