"""Pages about what an item lacks, whose it is and what it belongs with, as a browser without scripts uses them."""

from dataclasses import replace
from datetime import timedelta

import pytest

from services.gateway.accounts import add
from shared.contracts.archive import Entry, GetTimeline, Timeline
from shared.contracts.dispatch import (
    AcceptHandOver,
    Advice,
    Alike,
    AnswerNotice,
    Ask,
    CloseNotice,
    DeclineHandOver,
    GetAdvice,
    GetItem,
    HandedOver,
    IssueNotice,
    ItemPage,
    Linked,
    LinkItem,
    ListItems,
    ListOneTimeNotices,
    MergeItem,
    MoreAsk,
    NoticeList,
    OfferHandOver,
    OneTimeNotice,
    ReopenItem,
    SplitItem,
    SplitItems,
    UnlinkItem,
    UnmergeItem,
    UnsplitItem,
)
from shared.contracts.intake import ListSameClient, SameClient
from shared.errors import IllegalMove, Invalid
from tests.integration.gateway.reading import hidden, text_of
from tests.integration.gateway.samples import AT, CODE, VERIFY, item

ALIKE = Alike(
    item_id="i2", number="天安2026-0126", company="示例企业", text="也要检定", stage="serving", opened_at=AT,
    reasons=("company", "item"), likeness=42, mergeable=True,
)  # fmt: skip
ACCEPTED = item("accepted", "assess", "merge", "split", "ask", "withdraw", owner_id="chen", owner_name="陈专员")
ASKED = item("asked", "supply", "withdraw", asked=1, owner_id="chen", owner_name="陈专员", item=CODE)
FIELD = {"name": "count", "label": "数量", "en": "Count", "kind": "integer", "required": False, "example": "2"}
NOTICE = OneTimeNotice(
    notice_id="n1", item_id="i1", category="x", item=CODE, answers={"use": "投标"}, count=1, issued_at=AT,
    issued_by="陈专员", asks=(
        Ask(name="count", label="数量", why="看排得下几台", needed=True, field=FIELD),
        Ask(
            name="before", label="希望哪天前", why="", needed=False,
            field={"name": "before", "label": "希望哪天前", "en": "Before", "kind": "day", "required": False},
        ),
        Ask(
            name="use", label="报告用在哪里", why="", needed=True, given_at=AT,
            field={"name": "use", "label": "报告用在哪里", "en": "Use", "kind": "text", "required": False},
        ),
    ),
)  # fmt: skip


@pytest.fixture
def database_url() -> str:
    """SQLite: nothing here depends on the database."""
    return ""


@pytest.fixture
def desk(told):
    told.sign_in()
    told.bus.answers |= {
        GetItem: ACCEPTED, ListSameClient: SameClient(by_contact=("r2",)),
        GetAdvice: Advice(parts=("压力表要检定", "商标要注册"), alike=(ALIKE,)),
        ListOneTimeNotices: NoticeList(notices=(NOTICE,)),
    }  # fmt: skip
    return told


def post(desk, path, page, **data):
    return desk.client.post(path, data={"csrf": hidden(page, "csrf"), "key": "1", **data})


@pytest.mark.clause("6.2.b")
def test_parts_that_are_seen_are_confirmed_or_changed(desk):
    desk.bus.answers[SplitItem] = SplitItems(items=(replace(ACCEPTED, part="a"), replace(ACCEPTED, item_id="i3")))
    assert "这段话里像是有 2 件事" in text_of(desk.client.get("/desk/items/i1"))
    page = desk.client.get("/desk/items/i1/split")
    assert page.text.count('name="part"') == 2
    more = post(desk, "/desk/items/i1/split", page, part=["压力表要检定", "商标要注册"], row="part")
    assert more.text.count('name="part"') == 3
    answer = post(desk, "/desk/items/i1/split", page, part=["压力表要检定", "商标要注册，改过", ""])
    assert desk.bus.of(SplitItem)[0].message.texts == ("压力表要检定", "商标要注册，改过")
    assert answer.headers["location"] == "/desk/items/i1?said=split"


def test_what_is_wrong_with_a_part_is_said_at_it(desk):
    desk.bus.answers[SplitItem] = Invalid("请检查填写的内容", fields={"texts": "至少分成 2 件，一次最多 10 件"})
    page = desk.client.get("/desk/items/i1/split")
    page = post(desk, "/desk/items/i1/split", page, part=["只有一件"])
    assert page.status_code == 422
    assert "至少分成 2 件" in text_of(page)
    assert ">只有一件</textarea>" in page.text


@pytest.mark.parametrize(
    ("said", "shown", "step"),
    [
        ("split", replace(ACCEPTED, part="a", split_id="s", allowed=("unsplit",)), "unsplit"),
        ("merge", item("merged", "unmerge", into_id="i2", note="天安2026-0126"), "unmerge"),
        ("link&other=i2", replace(ACCEPTED, linked=(Linked(item_id="i2", number="天安2026-0126"),)), "unlink"),
    ],
)
def test_what_was_just_done_can_be_taken_back(desk, said, shown, step):
    desk.bus.answers |= {
        GetItem: shown, UnsplitItem: SplitItems(items=(ACCEPTED,)), UnmergeItem: ACCEPTED, UnlinkItem: ACCEPTED,
    }  # fmt: skip
    page = desk.client.get(f"/desk/items/i1?said={said}")
    assert "撤销" in text_of(page)
    answer = post(desk, f"/desk/items/i1/{step}", page, other="i2")
    assert answer.headers["location"] == f"/desk/items/i1?said={step}"
    asked = [one for kind in (UnsplitItem, UnmergeItem, UnlinkItem) for one in desk.bus.of(kind)]
    assert [one.message.item_id for one in asked] == ["i1"]


@pytest.mark.clause("6.3")
def test_a_need_that_may_be_the_same_is_shown_with_why_and_people_decide(desk):
    desk.bus.answers |= {MergeItem: ACCEPTED, LinkItem: ACCEPTED}
    page = desk.client.get("/desk/items/i1")
    said = text_of(page)
    assert "可能是同一件事" in said
    assert "同一家企业、像是同一项服务，文字 42% 相同" in said
    assert desk.bus.of(GetAdvice)[0].message.same_contact == ("r2",)
    for way, kind, where in (("merge", MergeItem, "said=merge"), ("link", LinkItem, "said=link&other=i2")):
        answer = post(desk, "/desk/items/i1/same", page, way=way, number="天安2026-0126", other="i2")
        assert answer.headers["location"] == f"/desk/items/i1?{where}"
        assert len(desk.bus.of(kind)) == 1


def test_what_has_moved_on_meanwhile_is_said(desk):
    desk.bus.answers[MergeItem] = IllegalMove("x")
    page = desk.client.get("/desk/items/i1")
    answer = post(desk, "/desk/items/i1/same", page, way="merge", number="x", other="i2")
    assert answer.headers["location"] == "/desk/items/i1?said=late"


def test_the_parts_of_a_request_show_each_other(desk):
    parts = (replace(ACCEPTED, part="a"), replace(ACCEPTED, item_id="i3", part="b", text="商标要注册"))
    desk.bus.answers |= {GetItem: parts[0], ListItems: ItemPage(items=tuple(reversed(parts)), counts={"accepted": 2})}
    said = text_of(desk.client.get("/desk/items/i1"))
    assert "同一个需求的 2 件" in said
    assert "天安2026-0001b" in said


# --- hand-over


@pytest.fixture
def colleagues(desk):
    add(desk.engine, "lin", "staff", ("tianan",), "林专员")
    add(desk.engine, "far", "staff", ("shawan",), "远专员")
    desk.bus.answers |= {
        ListItems: ItemPage(items=(ACCEPTED,), counts={"accepted": 1}), OfferHandOver: HandedOver(items=(ACCEPTED,)),
    }  # fmt: skip
    return desk


@pytest.mark.clause("7.2.1.a")
def test_several_items_are_handed_over_to_a_colleague_who_may_take_them(colleagues):
    assert 'href="/desk/handover?item=i1"' in colleagues.client.get("/desk/items/i1").text
    page = colleagues.client.get("/desk/handover?item=i1")
    assert "林专员" in text_of(page)
    assert "远专员" not in text_of(page)
    answer = post(colleagues, "/desk/handover?item=i1", page, items=["i1"], to="lin", reason="下周休假")
    assert answer.headers["location"] == "/desk/items/i1?said=handover"
    (asked,) = colleagues.bus.of(OfferHandOver)
    assert (asked.message.item_ids, asked.message.to_id, asked.message.to_name) == (("i1",), "lin", "林专员")


def test_nobody_else_can_be_asked_and_nothing_typed_is_lost(colleagues):
    page = colleagues.client.get("/desk/handover?item=i1")
    page = post(colleagues, "/desk/handover", page, items=["i1"], to="far", reason="下周休假")
    assert page.status_code == 422
    assert "这位同事不负责选中事项的园区" in text_of(page)
    assert ">下周休假</textarea>" in page.text
    assert not colleagues.bus.of(OfferHandOver)


@pytest.mark.clause("7.2.1.a")
def test_both_see_that_a_hand_over_waits(desk):
    desk.bus.answers[GetItem] = replace(ACCEPTED, heir_id="lin", heir_name="林专员", heir_reason="休假", heir_since=AT)
    assert "已请林专员接手，对方接手前仍由陈专员负责" in text_of(desk.client.get("/desk/items/i1"))
    mine = replace(ACCEPTED, owner_id="wu", owner_name="吴专员", heir_id="chen", heir_name="陈专员", heir_reason="休假")
    desk.bus.answers[GetItem] = mine
    assert "吴专员想把这件事交给您：休假" in text_of(desk.client.get("/desk/items/i1"))


def test_whoever_is_asked_takes_over_or_says_why_not(desk):
    mine = replace(ACCEPTED, owner_id="wu", owner_name="吴专员", heir_id="chen", heir_name="陈专员", heir_reason="休假")
    desk.bus.answers |= {
        ListItems: ItemPage(items=(mine,), counts={"accepted": 1}), AcceptHandOver: HandedOver(items=(mine,)),
        DeclineHandOver: Invalid("请检查填写的内容", fields={"reason": "请写明为什么不能接手"}),
    }  # fmt: skip
    assert "请我接手的 1" in text_of(desk.client.get("/desk"))
    page = desk.client.get("/desk/handover/answer")
    answer = post(desk, "/desk/handover/answer", page, items=["i1"], way="accept")
    assert answer.headers["location"] == "/desk/items/i1?said=taken"
    page = post(desk, "/desk/handover/answer", page, items=["i1"], way="decline")
    assert page.status_code == 422
    assert "请写明为什么不能接手" in text_of(page)


# --- one-time notice


@pytest.mark.clause("7.2.1.a")
def test_a_notice_is_composed_from_the_items_form(desk):
    desk.bus.answers[IssueNotice] = ASKED
    page = desk.client.get(f"/desk/items/i1/notice?pick={CODE}")
    said = text_of(page)
    required = [field.metadata["label"] for field in VERIFY.form.values() if field.required]
    assert required
    assert all(label in said for label in required)
    answer = post(
        desk, "/desk/items/i1/notice", page, item=CODE, what=["铭牌照片", "", ""], why=["核对型号", "", ""],
    )  # fmt: skip
    assert answer.headers["location"] == "/desk/items/i1?said=ask"
    asked = desk.bus.of(IssueNotice)[0].message
    assert (asked.item, asked.more) == (CODE, (MoreAsk(what="铭牌照片", why="核对型号"),))


@pytest.mark.clause("7.2.1.a")
def test_asking_again_shows_a_field_for_the_reason(desk):
    desk.bus.answers |= {
        GetItem: replace(ACCEPTED, asked=1),
        IssueNotice: Invalid("请检查填写的内容", fields={"reason": "已经告知过一次，再次告知要写明原因，企业会看到"}),
    }
    page = desk.client.get(f"/desk/items/i1/notice?pick={CODE}")
    assert "为什么再次告知" in text_of(page)
    page = post(desk, "/desk/items/i1/notice", page, item=CODE)
    assert page.status_code == 422
    assert "再次告知要写明原因" in text_of(page)


def test_staff_see_what_is_there_fill_in_for_the_client_or_go_on(desk):
    desk.bus.answers |= {GetItem: ASKED, AnswerNotice: ACCEPTED, CloseNotice: ACCEPTED}
    said = text_of(desk.client.get("/desk/items/i1"))
    assert "2 项齐了 1 项" in said
    assert "看排得下几台" in said
    page = desk.client.get("/desk/items/i1/answers")
    assert 'value="投标"' in page.text
    answer = post(desk, "/desk/items/i1/answers", page, **{"n.count": "3", "n.use": "投标"})
    assert answer.headers["location"] == "/desk/items/i1?said=supply"
    assert desk.bus.of(AnswerNotice)[0].message.answers == {"count": 3, "use": "投标"}
    page = desk.client.get("/desk/items/i1/go-on")
    answer = post(desk, "/desk/items/i1/go-on", page, reason="企业说先办着")
    assert answer.headers["location"] == "/desk/items/i1?said=go_on"


def open_request(told):
    answer = told.client.post("/track", data={"number": "天安2026-0001", "code": "123 456"})
    return told.client.get(answer.headers["location"])


@pytest.fixture
def client(told):
    told.bus.answers |= {
        GetItem: ASKED, ListItems: ItemPage(items=(ASKED,), counts={}), AnswerNotice: ACCEPTED,
        ListOneTimeNotices: NoticeList(notices=(NOTICE,)),
    }  # fmt: skip
    return told


@pytest.mark.clause("7.2.1.a")
def test_the_client_sees_all_that_is_missing_at_once_and_answers_it(client):
    page = open_request(client)
    said = text_of(page)
    assert "请补 2 项材料 2 项齐了 1 项" in said
    assert "看排得下几台 例如：2" in said
    assert "补齐前我们的时限暂停" in said
    page = client.client.get("/r/天安2026-0001/notice/i1")
    answer = post(client, "/r/天安2026-0001/notice/i1", page, **{"n.count": "3", "n.use": "投标"})
    assert answer.status_code == 303
    (asked,) = client.bus.of(AnswerNotice)
    assert asked.message.answers == {"count": 3, "use": "投标"}
    assert asked.actor.requests == ("r1",)


def test_what_does_not_fit_is_said_at_its_field_and_nothing_is_lost(client):
    client.bus.answers[AnswerNotice] = Invalid("请检查填写的内容", fields={"answers.count": "这一项要填数字"})
    open_request(client)
    page = client.client.get("/r/天安2026-0001/notice/i1")
    page = post(client, "/r/天安2026-0001/notice/i1", page, **{"n.count": "两台"})
    assert page.status_code == 422
    assert "数量 · 这一项要填数字" in text_of(page)
    assert 'value="两台"' in page.text


def test_answering_needs_the_pages_token(client):
    open_request(client)
    assert client.client.post("/r/天安2026-0001/notice/i1", data={"n.count": "3"}).status_code == 403


# --- reopening and merged numbers


@pytest.mark.clause("7.2.1.a")
def test_a_client_asks_to_have_it_done_over_with_a_reason(told):
    refused = item("refused", reopen_until=AT + timedelta(days=30))
    told.bus.answers |= {
        GetItem: refused, ListItems: ItemPage(items=(refused,), counts={}), ReopenItem: item("received"),
    }  # fmt: skip
    assert "没办好，要求重新办理" in text_of(open_request(told))
    page = told.client.get("/r/天安2026-0001/reopen/i1")
    answer = post(told, "/r/天安2026-0001/reopen/i1", page, reason="其实在范围内")
    assert answer.status_code == 303
    assert told.bus.of(ReopenItem)[0].message == ReopenItem(item_id="i1", reason="其实在范围内")


def test_staff_reopen_what_is_filed_and_come_to_the_new_item(desk):
    sealed = item("sealed", reopen_until=AT)
    desk.bus.answers |= {GetItem: sealed, ReopenItem: replace(ACCEPTED, item_id="i9", part="b")}
    assert 'href="/desk/items/i1/reopen"' in desk.client.get("/desk/items/i1").text
    page = desk.client.get("/desk/items/i1/reopen")
    assert "已经归档的不会改动" in text_of(page)
    answer = post(desk, "/desk/items/i1/reopen", page, reason="证书写错了")
    assert answer.headers["location"] == "/desk/items/i9?said=reopen"


@pytest.mark.clause("6.3")
def test_a_merged_number_shows_the_progress_of_the_other_and_nothing_that_another_wrote(told):
    merged = item("merged", into_id="i2", into_request="r2", note="天安2026-0126")
    other = item(
        "serving", item_id="i2", request_id="r2", number="天安2026-0126", text="别人的原话", company="别人",
        title="检定", item=CODE, owner_name="陈专员", details={"secret": "别人填的"},
    )  # fmt: skip

    def entry(kind, request_id, item_id, **data):
        return Entry(
            sequence=1, event_id=kind, type=kind, source="dispatch", occurred_at=AT, actor_id="chen",
            actor_role="staff", actor_name="陈专员", item_id=item_id, data=data,
        )  # fmt: skip

    mine = Timeline(request_id="r1", park="tianan", entries=(entry("item_merged", "r1", "i1", into="天安2026-0126"),))
    theirs = Timeline(
        request_id="r2", park="tianan",
        entries=(
            entry("item_opened", "r2", "i2", text="别人的原话"), entry("service_started", "r2", "i2", note="上门办"),
            entry("item_accepted", "r2", "i7"),
        ),
    )  # fmt: skip
    told.bus.answers |= {
        ListItems: ItemPage(items=(merged,), counts={}),
        GetItem: lambda query: other if query.item_id == "i2" else merged,
        GetTimeline: lambda query: theirs if query.request_id == "r2" else mine,
    }
    said = text_of(open_request(told))
    assert "您的编号和查询码照样能用" in said
    assert "开始办理" in said
    assert "上门办" in said
    assert "别人" not in said
    api = told.client.get("/api/v1/requests/天安2026-0001", headers={"x-request-code": "123456"}).json()
    (elsewhere,) = api["elsewhere"]
    assert elsewhere["handled_as"]["stage"] == "serving"
    assert [one["type"] for one in elsewhere["timeline"]] == ["service_started"]
    assert "别人" not in str(elsewhere)
    readers = {asked.actor.requests for asked in told.bus.of(GetItem) if asked.message.item_id == "i2"}
    assert readers == {("r2",)}


# --- saved filters


def test_a_filter_is_kept_under_a_name_by_each_account_and_dropped(desk):
    page = desk.client.get("/desk?view=all&stage=accepted")
    answer = post(desk, "/desk/filters", page, query="view=all&stage=accepted&evil=1", name="待评估的")
    assert answer.headers["location"] == "/desk?view=all&stage=accepted"
    assert "待评估的" in text_of(desk.client.get("/desk"))
    page = desk.client.get("/desk/me")
    assert "待评估的" in text_of(page)
    other = desk.new_client()
    password = desk.account("wu")
    other.post("/api/v1/session", json={"account": "wu", "password": password})
    assert "待评估的" not in text_of(other.get("/desk"))
    post(desk, "/desk/filters/drop", page, name="待评估的")
    assert "待评估的" not in text_of(desk.client.get("/desk"))


@pytest.mark.parametrize("name", ["", "名" * 31])
def test_a_filter_without_a_proper_name_is_refused(desk, name):
    page = desk.client.get("/desk?view=all&stage=accepted")
    assert post(desk, "/desk/filters", page, query="view=all&stage=accepted", name=name).status_code == 422
