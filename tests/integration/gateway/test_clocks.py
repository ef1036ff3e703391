"""Pages and operations of clocks, as a browser without scripts uses them."""

from datetime import UTC, datetime, timedelta

import pytest

from services.gateway import words
from shared.contracts.dispatch import (
    AcceptItem,
    ClockPage,
    ClockStep,
    ClockView,
    Due,
    GetClocks,
    GetItem,
    ItemClocks,
    ItemPage,
    ListClocks,
    ListItems,
    PauseItem,
    ResumeItem,
)
from shared.errors import Invalid
from shared.limits import DEFAULTS
from tests.integration.gateway.reading import hidden, text_of
from tests.integration.gateway.samples import item

NOW = datetime.now(UTC)


@pytest.fixture
def database_url() -> str:
    """SQLite: nothing here depends on the database."""
    return ""


def due(state: str = "ok", **given) -> Due:
    values = {
        "clock": "assess",
        "state": state,
        "at": datetime(2031, 11, 26, 9, 30, tzinfo=UTC),
        "minutes": 302,
        "days": 0,
        "more": True,
        "allowed": 450,
        "count": 1,
        "unit": "days",
    }
    return Due(**{**values, **given})


def owned(state: str = "ok", *allowed: str, **given):
    return item("accepted", *allowed, owner_id="chen", owner_name="陈专员", due=due(state, **given))


# --- the chip


@pytest.mark.parametrize(
    ("shown", "said"),
    [
        (due(), ("2031年11月26日（周三）17:30 前", "还剩 5 小时 2 分")),
        (due(minutes=1200, days=2), ("还有 2 个多工作日",)),
        (due(minutes=900, days=2, more=False), ("还有 2 个工作日",)),
        (due("soon", minutes=40), ("还剩 40 分",)),
        (due("late", minutes=-80), ("超 1 小时 20 分",)),
        (due("late", minutes=0), ("超时",)),
        (
            due("paused", at=None, paused_at=NOW - timedelta(hours=50), reason="等企业补材料"),
            ("等企业补材料", "已停 2 天"),
        ),
        (due("provisional", assumed=(2031,)), ("日历待公布",)),
    ],
)
def test_an_item_says_until_when_and_how_much_is_left(told, shown, said):
    told.sign_in()
    one = item("accepted", due=shown)
    told.bus.answers |= {GetItem: one, ListItems: ItemPage(items=(one,), counts={"accepted": 1})}
    for path in ("/desk?view=all", "/desk/items/i1"):
        text = text_of(told.client.get(path))
        assert all(part in text for part in said)
    assert 'href="/desk/items/i1/clock"' in told.client.get("/desk/items/i1").text


def test_the_queue_is_asked_for_by_urgency_and_grouped_by_it(told):
    told.sign_in()
    shown = [
        item("accepted", item_id="i1", due=due("late")),
        item("received", item_id="i2", due=due("soon")),
        item("accepted", item_id="i3", due=due()),
        item("accepted", item_id="i4", due=due("paused", at=None)),
    ]
    told.bus.answers[ListItems] = ItemPage(items=tuple(shown), counts={"accepted": 3, "received": 1})
    text = text_of(told.client.get("/desk?view=all"))
    heads = [text.index(f"{head} 1 件") for head in ("已超时", "快到时间", "轮到我们", "时限暂停中")]
    assert heads == sorted(heads)
    assert {one.message.order for one in told.bus.of(ListItems) if not one.message.heir_id} == {"urgency"}
    told.client.get("/desk?stage=sealed")
    assert told.bus.of(ListItems)[-1].message.order == ""


def test_the_client_sees_until_when_but_not_the_clocks_of_others(told):
    told.bus.answers[ListItems] = ItemPage(items=(owned(),), counts={})
    told.client.post("/track", data={"number": "天安2026-0001", "code": "123456"})
    page = told.client.get("/r/天安2026-0001")
    assert "还剩 5 小时 2 分" in text_of(page)
    assert "/clock/i1" in page.text
    told.bus.answers[ListItems] = ItemPage(items=(item("told", due=due(clock="rate")),), counts={})
    assert "还剩" not in text_of(told.client.get("/r/天安2026-0001"))


# --- why


def explained() -> ItemClocks:
    day = datetime(2026, 9, 30, 8, 0, tzinfo=UTC)
    steps = (
        ClockStep(kind="begin", start=day),
        *(ClockStep(kind="off", day=f"2026-10-0{n}", name="国庆节") for n in range(1, 8)),
        ClockStep(kind="day", day="2026-10-08", count=1),
        ClockStep(kind="day", day="2026-10-09", count=2),
        ClockStep(kind="day", day="2026-10-10", count=3, name="国庆节补班"),
        ClockStep(kind="off", day="2026-10-11"),
        ClockStep(
            kind="pause", start=day + timedelta(days=8), end=day + timedelta(days=8, hours=1), minutes=60, name="停电"
        ),
        ClockStep(kind="close", start=day + timedelta(days=10)),
        ClockStep(
            kind="window",
            day="2026-10-12",
            start=day + timedelta(days=11, hours=-7),
            end=day + timedelta(days=11, hours=-6),
            minutes=60,
        ),
        ClockStep(kind="assumed", count=2027),
        ClockStep(kind="end", start=day + timedelta(days=11)),
    )
    common = {"started_at": day, "late": False, "spent": 75, "allowed": 900, "steps": steps}
    over = ClockView(
        clock="accept", state="done", stopped_at=day, due_at=day, limit="district", count=2, unit="hours", **common
    )
    late = ClockView(
        clock="file",
        state="done",
        stopped_at=day,
        due_at=day,
        limit="district",
        count=2,
        unit="hours",
        **{**common, "late": True},
    )
    on = ClockView(
        clock="assess", state="ok", stopped_at=None, due_at=day, limit="category", count=3, unit="days", **common
    )
    return ItemClocks(item_id="i1", clocks=(over, late, on))


@pytest.mark.clause("7.2.1.a")
def test_why_a_deadline_is_when_it_is_is_told_step_by_step(told):
    told.sign_in()
    told.bus.answers |= {GetItem: owned(), GetClocks: explained()}
    text = text_of(told.client.get("/desk/items/i1/clock"))
    for said in (
        "这一类服务自己的时限：3 个工作日",
        "当天不算",
        "10月1日（周四） 到 10月7日（周三） 国庆节，不算",
        "第 1–2 个工作日",
        "第 3 个工作日（国庆节补班）",
        "周末，不算",
        "暂停：停电。其中上班时间 1 小时，不算",
        "没有暂停的话，到这时为止",
        "算 1 小时",
        "2027 年 这一年的节假日安排还没有公布",
        "时限",
        "按时 用了 1 小时 15 分",
        "办完时已超时",
    ):
        assert said in text, said
    assert text.index("评估") < text.index("受理 ")


def test_the_client_is_told_too_and_only_with_the_code(told):
    told.bus.answers |= {GetItem: owned(), GetClocks: explained()}
    assert told.client.get("/r/天安2026-0001/clock/i1").headers["location"].startswith("/track")
    told.client.post("/track", data={"number": "天安2026-0001", "code": "123456"})
    text = text_of(told.client.get("/r/天安2026-0001/clock/i1"))
    assert "第 1–2 个工作日" in text
    assert "归档" not in text


# --- pausing


def test_a_clock_is_paused_with_a_reason_on_a_page_of_its_own(told):
    told.sign_in()
    told.bus.answers |= {GetItem: owned("ok", "pause"), PauseItem: owned("paused", at=None)}
    page = told.client.get("/desk/items/i1")
    assert 'href="/desk/items/i1/pause"' in page.text
    form = told.client.get("/desk/items/i1/pause")
    data = {"csrf": hidden(form, "csrf"), "key": hidden(form, "key"), "reason": "等企业寄来样品"}
    answer = told.client.post("/desk/items/i1/pause", data=data)
    assert told.bus.of(PauseItem)[0].message == PauseItem(item_id="i1", reason="等企业寄来样品")
    assert "时限已暂停" in text_of(told.client.get(answer.headers["location"]))


def test_without_a_reason_it_says_so_and_nothing_is_lost(told):
    told.sign_in()
    told.bus.answers |= {
        GetItem: owned("ok", "pause"),
        PauseItem: Invalid("x", fields={"reason": "请写明在等什么，企业会看到"}),
    }
    form = told.client.get("/desk/items/i1/pause")
    page = told.client.post("/desk/items/i1/pause", data={"csrf": hidden(form, "csrf")})
    assert page.status_code == 422
    assert "请写明在等什么" in text_of(page)


def test_a_paused_clock_is_resumed_with_one_button(told):
    told.sign_in()
    paused = owned("paused", "resume", at=None, paused_at=NOW, reason="等企业")
    told.bus.answers |= {GetItem: paused, ResumeItem: owned()}
    page = told.client.get("/desk/items/i1")
    assert "时限从 今天" in text_of(page)
    answer = told.client.post("/desk/items/i1/resume", data={"csrf": hidden(page, "csrf"), "key": "k"})
    assert answer.headers["location"] == "/desk/items/i1?said=resume"
    assert told.bus.of(ResumeItem)


# --- the board


def board(*items, **given) -> ClockPage:
    values = {"by_clock": {"assess": 2}, "by_park": {"tianan": 2}, "late": 1, "paused": 0}
    return ClockPage(items=items, **{**values, **given})


def test_the_board_shows_what_presses_first_and_lets_one_take_it(told):
    told.sign_in()
    received = item("received", "accept", item_id="i2", due=due("late", clock="accept", minutes=-30))
    told.bus.answers |= {ListClocks: board(received, owned(), next="i1"), AcceptItem: item("accepted")}
    page = told.client.get("/desk/clocks?clock=assess&park=tianan&mine=1")
    text = text_of(page)
    assert "1 件已超时" in text
    assert text.index("超 30 分") < text.index("还剩 5 小时")
    (asked,) = told.bus.of(ListClocks)
    assert (asked.message.clock, asked.message.park, asked.message.owner_id) == ("assess", "tianan", "chen")
    assert "after=i1" in page.text
    data = {"csrf": hidden(page, "csrf"), "key": hidden(page, "key")}
    told.client.post("/desk/items/i2/accept", data=data)
    assert told.bus.of(AcceptItem)[0].message.item_id == "i2"


@pytest.mark.clause("6.4.1")
def test_who_was_told_of_a_deadline_sees_it_on_the_desk_and_finds_it_on_the_board(told):
    told.sign_in()
    told.bus.answers[ListClocks] = board(owned(), by_clock={"accept": 1, "assess": 1})
    page = told.client.get("/desk")
    assert "2 件的时限提醒了您" in text_of(page)
    assert told.bus.of(ListClocks)[-1].message.told
    told.client.get("/desk/clocks?told=1")
    assert told.bus.of(ListClocks)[-1].message.told
    told.bus.answers[ListClocks] = board(by_clock={}, by_park={}, late=0)
    assert "提醒了您" not in text_of(told.client.get("/desk"))


def test_who_only_reads_takes_nothing_on_the_board(told):
    told.sign_in("lin", role="regulator", parks=("*",))
    told.bus.answers[ListClocks] = board(item("received", "accept", due=due()))
    assert "/accept" not in told.client.get("/desk/clocks").text


def test_an_empty_board_says_so(told):
    told.sign_in()
    told.bus.answers[ListClocks] = board(by_clock={}, by_park={}, late=0)
    text = text_of(told.client.get("/desk/clocks?clock=nonsense"))
    assert "没有超时的" in text
    assert "这里没有在走的时限" in text
    assert told.bus.of(ListClocks)[0].message.clock == ""


# --- the API


def test_the_api_pauses_resumes_lists_and_explains(told):
    session = told.sign_in()
    told.bus.answers |= {
        PauseItem: owned("paused", at=None),
        ResumeItem: owned(),
        GetClocks: explained(),
        ListClocks: board(owned()),
    }
    bearer = {"authorization": f"Bearer {session['token']}"}
    paused = told.client.post("/api/v1/items/i1/pause", json={"reason": "等"}, headers=bearer)
    assert paused.json()["due"]["state"] == "paused"
    assert told.client.post("/api/v1/items/i1/pause", json={}, headers=bearer).status_code == 422
    assert told.client.post("/api/v1/items/i1/resume", json={}, headers=bearer).status_code == 200
    clocks = told.client.get("/api/v1/items/i1/clocks", headers=bearer).json()["clocks"]
    assert [one["clock"] for one in clocks] == ["accept", "file", "assess"]
    listed = told.client.get("/api/v1/clocks?park=tianan&clock=serve", headers=bearer).json()
    assert listed["late"] == 1
    own = told.client.get("/api/v1/requests/天安2026-0001/items/i1/clocks", headers={"x-request-code": "123456"})
    assert own.status_code == 200
    told.client.cookies.clear()
    assert told.client.get("/api/v1/clocks").status_code == 401


def test_every_clock_has_a_name():
    assert set(words.CLOCKS) == set(DEFAULTS)
