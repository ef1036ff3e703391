"""Following a service on the workbench, by the API, and as its client sees it."""

from dataclasses import replace
from typing import Any

import pytest

from shared.contracts.archive import GetTimeline, Timeline
from shared.contracts.dispatch import (
    DeliverPart,
    FailService,
    FollowingView,
    GetFollowing,
    GetItem,
    ItemPage,
    ListItems,
    LogContact,
    LoggedContact,
    ReassignItem,
    ReportProgress,
    ReportView,
)
from shared.errors import Forbidden, IllegalMove, Invalid
from tests.integration.gateway.reading import hidden, text_of
from tests.integration.gateway.samples import AT, SUBMITTED, item

SERVING = item("serving", "reassign", "fail", "withdraw", job_id="j1", target="metrology", item="5.3.b")
REPORT = ReportView(
    report_id="p1", item_id="i1", job_id="j1", text="样品已上机", reported_at=AT, heard_at=AT, by="示例检测机构",
    share=60, next_step="出报告", expected_on="2026-12-02",
)  # fmt: skip
CONTACT = LoggedContact(
    contact_id="c1", item_id="i1", party="client", role="handler", how="phone", about="说明送样要求", contacted_at=AT,
    logged_at=AT, by_id="chen", by_name="陈专员",
)  # fmt: skip
ONE = "/desk/items/i1"


@pytest.fixture
def database_url() -> str:
    """SQLite: nothing here depends on the database."""
    return ""


@pytest.fixture
def desk(told: Any) -> Any:
    told.sign_in()
    told.bus.answers |= {
        GetItem: SERVING, GetFollowing: FollowingView(item_id="i1", progress=REPORT, contacts=(CONTACT,)),
        LogContact: CONTACT, ReportProgress: REPORT, ReassignItem: item("assessed"), FailService: item("assessed"),
        DeliverPart: SERVING,
    }  # fmt: skip
    return told


def send(desk: Any, step: str, **values: str) -> Any:
    page = desk.client.get(f"{ONE}/follow/{step}")
    kept = {name: hidden(page, name) for name in ("csrf", "key")}
    return desk.client.post(f"{ONE}/follow/{step}", data={**kept, **values})


@pytest.mark.clause("6.4.1", "6.4.2")
def test_the_item_says_how_far_it_is_and_who_was_spoken_to(desk):
    page = desk.client.get(ONE)
    said = text_of(page)
    for text in (
        "完成 60%",
        "样品已上机",
        "接下来：出报告",
        "预计 12月2日",
        "示例检测机构",
        "联系过 1 次",
        "记一次联系",
    ):
        assert text in said
    for step in ("report", "part", "reassign", "fail", "contact"):
        assert f"{ONE}/follow/{step}" in page.text


def test_a_regulator_reads_and_has_no_steps(desk):
    desk.client.post("/signout")
    desk.sign_in("lin", role="regulator")
    page = desk.client.get(ONE)
    assert "样品已上机" in text_of(page)
    assert "/follow/" not in page.text


def test_the_item_shows_without_what_cannot_be_seen_now(desk):
    desk.bus.answers[GetFollowing] = Forbidden("您没有权限做这件事，请联系服务站负责人")
    page = desk.client.get(ONE)
    assert page.status_code == 200
    assert "记一次联系" not in text_of(page)


@pytest.mark.clause("6.4.2")
def test_a_contact_is_logged_from_the_short_form(desk):
    page = desk.client.get(ONE)
    data = {"csrf": hidden(page, "csrf"), "key": "k1", "f.party": "client", "f.role": "head", "f.how": "visit"}
    answer = desk.client.post(f"{ONE}/follow/contact", data={**data, "f.about": "看了现场", "f.next_on": "2026-12-01"})
    assert answer.headers["location"] == f"{ONE}?said=contact"
    ((asked),) = desk.bus.of(LogContact)
    assert asked.message == LogContact(
        item_id="i1", party="client", role="head", how="visit", about="看了现场", next_on="2026-12-01"
    )
    assert "联系已经记下" in text_of(desk.client.get(answer.headers["location"]))


@pytest.mark.parametrize(
    ("step", "values", "command"),
    [
        ("report", {"f.text": "好", "f.share": "60"}, ReportProgress(item_id="i1", text="好", share=60)),
        (
            "part",
            {"f.done": "甲", "f.missing": "乙", "f.next_step": "丙", "f.over": "1"},
            DeliverPart(item_id="i1", done="甲", missing="乙", next_step="丙", over=True),
        ),
        ("reassign", {"f.reason": "检修"}, ReassignItem(item_id="i1", reason="检修")),
        ("fail", {"f.reason": "损坏"}, FailService(item_id="i1", reason="损坏")),
    ],
)
def test_each_step_has_a_page_that_states_its_effect(desk, step, values, command):
    answer = send(desk, step, **values)
    assert answer.headers["location"] == f"{ONE}?said={step}"
    (asked,) = desk.bus.of(type(command))
    assert asked.message == command


def test_what_is_wrong_is_said_at_its_field_and_what_was_typed_stays(desk):
    page = send(desk, "contact", **{"f.party": "client", "f.role": "head", "f.how": "phone"})
    assert page.status_code == 422
    assert "有 1 处要改" in text_of(page)
    assert "谈了什么 · 请填写这一项" in text_of(page)
    page = send(desk, "report", **{"f.text": "好", "f.share": "很多"})
    assert "这一项要填数字" in text_of(page)
    assert desk.bus.of(LogContact) == desk.bus.of(ReportProgress) == []
    desk.bus.answers[ReportProgress] = Invalid("请检查填写的内容", fields={"expected_on": "日期要写成 2026-11-30 这样"})
    page = send(desk, "report", **{"f.text": "很好", "f.expected_on": "明天"})
    assert "预计哪天办完 · 日期要写成" in text_of(page)
    assert "很好" in page.text


def test_a_step_that_comes_too_late_says_so_and_an_unknown_one_is_no_page(desk):
    desk.bus.answers[ReassignItem] = IllegalMove("现在不能这样做")
    assert send(desk, "reassign", **{"f.reason": "检修"}).headers["location"] == f"{ONE}?said=late"
    assert desk.client.get(f"{ONE}/follow/nonsense").status_code == 404


@pytest.mark.parametrize(
    ("path", "body", "command", "answer"),
    [
        ("reports", {"text": "好", "share": 60, "report_id": "x"}, ReportProgress, REPORT),
        ("contacts", {"party": "client", "how": "phone", "about": "排期"}, LogContact, CONTACT),
        ("reassign", {"reason": "检修"}, ReassignItem, item("assessed")),
        ("fail", {"reason": "损坏"}, FailService, item("assessed")),
        ("part", {"done": "甲", "missing": "乙", "next_step": "丙"}, DeliverPart, SERVING),
    ],
)
def test_all_of_it_goes_by_the_api(desk, path, body, command, answer):
    desk.client.cookies.clear()
    token = desk.sign_in("zhao")["token"]
    headers = {"authorization": f"Bearer {token}"}
    told = desk.client.post(f"/api/v1/items/i1/{path}", json=body, headers=headers)
    assert told.status_code == 200, told.text
    (asked,) = desk.bus.of(command)
    assert body.items() <= vars(asked.message).items()
    required = next(iter(body))
    refused = desk.client.post(f"/api/v1/items/i1/{path}", json={**body, required: ""}, headers=headers)
    assert refused.status_code == 422
    assert desk.client.get("/api/v1/items/i1/following", headers=headers).json()["progress"]["share"] == 60


@pytest.mark.clause("6.4.1")
def test_the_client_sees_the_newest_report_and_neither_late_ones_nor_contacts(told):
    def entry(n: int, kind: str, **data: Any) -> Any:
        return replace(SUBMITTED, sequence=n, event_id=f"e{n}", type=kind, source="dispatch", item_id="i1", data=data)

    def reported(n: int, text: str, share: int, late: bool = False) -> Any:
        at = AT.replace(minute=n).isoformat()
        return entry(n, "progress_reported", text=text, share=share, by="示例检测机构", reported_at=at, late=late)

    contact = entry(4, "contact_logged", party="client", how="phone", about="内部的话")
    entries = (SUBMITTED, reported(2, "收样了", 10), reported(3, "已上机", 60), contact, reported(5, "旧消息", 5, True))
    told.bus.answers |= {
        GetTimeline: Timeline(request_id="r1", park="tianan", entries=entries),
        ListItems: ItemPage(items=(SERVING,), counts={"serving": 1}),
    }
    page = told.client.post("/track", data={"number": "天安2026-0001", "code": "123456"})
    said = text_of(told.client.get(page.headers["location"]))
    assert "完成 60%" in said
    assert "示例检测机构报进展，完成 10%" in said
    assert "旧消息" not in said
    assert "内部的话" not in said
