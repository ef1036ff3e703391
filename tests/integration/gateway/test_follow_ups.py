"""The page of what is to be followed up, leaving a task out, the plan, and delays: pages and API."""

from dataclasses import replace
from typing import Any

import pytest

from shared.contracts.archive import GetTimeline, Timeline
from shared.contracts.dispatch import (
    AnnounceDelay,
    CheckPage,
    CheckView,
    DelayView,
    FollowingView,
    FollowPlanView,
    FollowUpPage,
    FollowUpView,
    GetCheck,
    GetFollowing,
    GetFollowPlan,
    GetItem,
    ItemPage,
    ListChecks,
    ListFollowUps,
    ListItems,
    OrderCheck,
    RecordCheck,
    SetFollowPlan,
    SkipFollowUp,
)
from shared.errors import Forbidden, IllegalMove, Invalid
from tests.integration.gateway.reading import hidden, text_of
from tests.integration.gateway.samples import AT, SUBMITTED
from tests.integration.gateway.test_follow import SERVING

DUE = FollowUpView(
    follow_up_id="f1", item_id="i1", kind="first", due_at=AT, status="open", due=True, number="天安2026-0001",
    company="示例企业", title="校准", owner_id="chen", owner_name="陈专员",
)  # fmt: skip
LATER = replace(DUE, follow_up_id="f2", kind="ending", due=False)
COUNTS = {"due": 1, "later": 1, "done": 5, "skipped": 2, "contacts": 7, "delays": 3}
PLAN = FollowPlanView(first_share=33, every_days=3, before_days=1)
DELAY = DelayView(
    delay_id="d1", expected_on="2026-12-10", reason="仪器送检", announced_at=AT, by_name="陈专员", due_at=AT
)  # fmt: skip


CHECK = CheckView(
    check_id="q1", item_id="i1", park="tianan", number="天安2026-0001", title="校准", sampled=True, reason="",
    ordered_at=AT,
)  # fmt: skip


@pytest.fixture
def database_url() -> str:
    """SQLite: nothing here depends on the database."""
    return ""


@pytest.fixture
def desk(told: Any) -> Any:
    told.bus.answers |= {
        ListFollowUps: FollowUpPage(follow_ups=(DUE, LATER), counts=COUNTS), GetFollowPlan: PLAN, SetFollowPlan: PLAN,
        ListChecks: CheckPage(checks=(CHECK,), counts={"open": 1, "good": 4}), GetCheck: CHECK, OrderCheck: CHECK,
        RecordCheck: replace(CHECK, outcome="good"),
        SkipFollowUp: replace(DUE, status="skipped"), GetItem: SERVING, AnnounceDelay: SERVING,
        GetFollowing: FollowingView(item_id="i1", follow_ups=(DUE, LATER), delays=(DELAY,), promised_at=AT),
    }  # fmt: skip
    return told


@pytest.mark.clause("6.4.2")
def test_the_page_lists_what_is_due_first_with_figures_and_the_plan(desk):
    desk.sign_in()
    page = desk.client.get("/desk/follow")
    said = text_of(page)
    assert said.index("该跟进了") < said.index("还没到时间")
    for text in ("要跟进 1 件", "第一次跟进", "到期前跟进", "跟进 5 次", "联系 7 次", "延期 3 次", "每 3 个工作日一次"):
        assert text in said
    assert "/desk/items/i1/follow/contact" in page.text
    assert "改跟进计划" not in said
    desk.client.get("/desk/follow?view=mine&after=f1")
    assert [one.message for one in desk.bus.of(ListFollowUps)][-1] == ListFollowUps(owner_id="chen", after="f1")
    assert "/desk/follow" in desk.client.get("/desk").text
    desk.bus.answers[ListFollowUps] = FollowUpPage(follow_ups=(), counts=dict.fromkeys(COUNTS, 0))
    assert "没有要跟进的" in text_of(desk.client.get("/desk/follow"))


def test_whoever_configures_the_district_changes_the_plan(desk):
    desk.sign_in("boss", role="admin", parks=("*",))
    page = desk.client.get("/desk/follow")
    data = {"csrf": hidden(page, "csrf"), "key": "k1", "first_share": "50", "every_days": "2", "before_days": "1"}
    data["check_share"] = "20"
    assert desk.client.post("/desk/follow", data=data).headers["location"] == "/desk/follow?said=plan"
    assert desk.bus.of(SetFollowPlan)[0].message == SetFollowPlan(
        first_share=50, every_days=2, before_days=1, check_share=20
    )
    desk.bus.answers[SetFollowPlan] = Invalid("请检查填写的内容", fields={"every_days": "要在 1 和 60 个工作日之间"})
    page = desk.client.post("/desk/follow", data={**data, "every_days": "abc"})
    assert page.status_code == 422
    assert "要在 1 和 60 个工作日之间" in text_of(page)
    assert 'value="abc"' in page.text


def test_a_task_is_left_out_with_a_reason(desk):
    desk.sign_in()
    page = desk.client.get("/desk/follow-ups/f1/skip?item=i1")
    assert 'href="/desk/items/i1"' in page.text
    data = {"csrf": hidden(page, "csrf"), "key": "k1", "reason": "上午刚见过"}
    assert desk.client.post("/desk/follow-ups/f1/skip", data=data).headers["location"] == "/desk/items/i1?said=skip"
    assert desk.bus.of(SkipFollowUp)[0].message == SkipFollowUp(follow_up_id="f1", reason="上午刚见过")
    desk.bus.answers[SkipFollowUp] = Invalid("请检查填写的内容", fields={"reason": "请写明为什么不用跟进"})
    assert "请写明为什么不用跟进" in text_of(desk.client.post("/desk/follow-ups/f1/skip", data=data))
    desk.bus.answers[SkipFollowUp] = IllegalMove("现在不能这样做")
    assert desk.client.post("/desk/follow-ups/f1/skip", data=data).headers["location"] == "/desk/follow"


@pytest.mark.clause("6.4.1")
def test_a_check_is_listed_and_recorded_by_who_had_no_part(desk):
    desk.sign_in()
    said = text_of(desk.client.get("/desk/follow"))
    assert "要查办得怎么样的" in said
    assert "符合要求 4 件" in said
    page = desk.client.get("/desk/checks/q1")
    data = {"csrf": hidden(page, "csrf"), "key": "k", "outcome": "minor", "note": "缺一页"}
    assert desk.client.post("/desk/checks/q1", data=data).headers["location"] == "/desk/items/i1?said=checked"
    assert desk.bus.of(RecordCheck)[0].message == RecordCheck(check_id="q1", outcome="minor", note="缺一页")
    desk.bus.answers[RecordCheck] = Forbidden("办过这件事的人不能查自己，请换一位同事或运营机构来查")
    page = desk.client.post("/desk/checks/q1", data=data)
    assert page.status_code == 422
    assert "不能查自己" in text_of(page)
    data = {**data, "f.reason": "企业有疑问"}
    assert desk.client.post("/desk/items/i1/follow/check", data=data).headers["location"].endswith("said=check")
    assert desk.bus.of(OrderCheck)[0].message == OrderCheck(item_id="i1", reason="企业有疑问")


@pytest.mark.clause("6.4.1")
def test_the_item_shows_its_tasks_and_delays_and_a_delay_is_announced(desk):
    desk.sign_in()
    said = text_of(desk.client.get("/desk/items/i1"))
    for text in ("第一次跟进", "该跟进了", "到期前跟进", "告知过延期，到 12月10日", "仪器送检", "答应企业"):
        assert text in said
    page = desk.client.get("/desk/items/i1/follow/delay")
    data = {"csrf": hidden(page, "csrf"), "key": "k", "f.expected_on": "2026-12-10", "f.reason": "仪器送检"}
    assert desk.client.post("/desk/items/i1/follow/delay", data=data).headers["location"].endswith("said=delay")
    (asked,) = desk.bus.of(AnnounceDelay)
    assert asked.message == AnnounceDelay(item_id="i1", expected_on="2026-12-10", reason="仪器送检")


def test_the_client_is_told_of_the_delay(told):
    data = {"expected_on": "2026-12-10", "reason": "仪器送检", "delay_id": "d1"}
    delay = replace(
        SUBMITTED, sequence=2, event_id="e2", type="delay_announced", source="dispatch", item_id="i1", data=data
    )
    said_before = {"text": "已上机", "by": "陈专员", "reported_at": AT.isoformat(), "expected_on": "2026-12-01"}
    report = replace(delay, sequence=3, event_id="e3", type="progress_reported", data=said_before)
    told.bus.answers |= {
        GetTimeline: Timeline(request_id="r1", park="tianan", entries=(SUBMITTED, report, delay)),
        ListItems: ItemPage(items=(SERVING,), counts={"serving": 1}),
    }
    page = told.client.post("/track", data={"number": "天安2026-0001", "code": "123456"})
    said = text_of(told.client.get(page.headers["location"]))
    assert "要到 12月10日（周四） 才办完：仪器送检" in said
    assert said.count("预计 12月1日") == 1  # in what happened; now something else is told


def test_all_of_it_goes_by_the_api(desk):
    token = desk.sign_in("boss", role="admin", parks=("*",))["token"]
    desk.client.cookies.clear()
    headers = {"authorization": f"Bearer {token}"}
    api = "/api/v1"
    assert desk.client.get(f"{api}/follow-ups?owner_id=chen", headers=headers).json()["counts"] == COUNTS
    assert desk.client.get(f"{api}/follow-plan", headers=headers).json()["every_days"] == 3
    for path, body in (
        ("follow-ups/f1/skip", {"reason": "x"}),
        ("items/i1/delay", {"expected_on": "2026-12-10", "reason": "x"}),
        ("items/i1/checks", {"reason": "x"}),
        ("checks/q1", {"outcome": "good"}),
        ("follow-plan", {"first_share": 50, "every_days": 2, "before_days": 1}),
    ):
        assert desk.client.post(f"{api}/{path}", json=body, headers=headers).status_code == 200
        assert desk.client.post(f"{api}/{path}", json={}, headers=headers).status_code == 422
