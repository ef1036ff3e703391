"""Several needs in one message: where they may be, an item each, and back again."""

from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from deploy.cli.suggestions import installed
from services.dispatch.domain.life import ENDED, Stage
from services.dispatch.domain.relations import free_letters
from services.dispatch.domain.splitting import AT_MOST, parts_of
from services.dispatch.handlers import advice, items, splits
from shared.access import Actor, Role
from shared.contracts.dispatch import AcceptItem, GetAdvice, RefuseItem, SplitItem, UnsplitItem
from shared.errors import Forbidden, IllegalMove, Invalid
from tests.builders import NOON, item
from tests.fakes import FakeDispatch
from tests.system import ADMIN

WHOLE = "1. 液压台的测力传感器要校准；2. 新产品要做耐久性试验。两件事一起办可以吗？"
PARTS = ("液压台的测力传感器要校准", "新产品要做耐久性试验")
about = installed().likeliest


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        (WHOLE, PARTS),
        ("1、压力表要检定 2、商标要注册", ("压力表要检定", "商标要注册")),
        ("一、查标准；二、做检测", ("查标准", "做检测")),
        ("（1）产品要3C认证（2）员工要培训", ("产品要3C认证", "员工要培训")),
        ("①校准卡尺②申请专利", ("校准卡尺", "申请专利")),
        ("第一，想查标准。第二，想做检测。以上两件事请一并回复", ("想查标准", "想做检测")),
        ("卡尺要校准；另外商标怎么注册", ("卡尺要校准", "商标怎么注册")),
        ("卡尺要校准\n商标要注册\n谢谢", ("卡尺要校准", "商标要注册")),
        ("压力表要强检。还有，产品要出CMA报告。", ("压力表要强检", "产品要出CMA报告")),
    ],
)
def test_several_needs_are_seen(text, parts):
    assert parts_of(text, about) == parts


@pytest.mark.parametrize(
    "text",
    [
        "", "卡尺要校准", "卡尺要校准；卡尺还要检定", "1. 只有一条", "我们买了3.5吨叉车，2.要年检",
        "想做ISO 9001和14001认证", "线路1：卡尺校准\n线路2：千分尺校准", "2. 从二开始 3. 没有一",
        "厂里新买了12只压力表和一台电子天平，需要强制检定",
    ],
)  # fmt: skip
def test_one_need_is_left_whole(text):
    assert parts_of(text, about) == ()


@given(st.text(max_size=300))
@settings(max_examples=300, deadline=None)
def test_any_text_gives_no_part_or_several_that_are_in_it(text):
    parts = parts_of(text, about)
    assert len(parts) != 1
    assert len(parts) <= AT_MOST
    assert all(part in text and part.strip() == part for part in parts)


@pytest.fixture
def uow():
    uow = FakeDispatch(now=NOON)
    with uow:
        uow.items.add(item(text=WHOLE, evidence=["e1"], category="ip", item="5.6.a", details={"x": 1}))
        uow.commit()
    items.accept_item(AcceptItem(item_id="i1"), uow)
    uow.said.clear()
    return uow


def split(uow, *texts, item_id="i1"):
    return splits.split_item(SplitItem(item_id=item_id, texts=texts or PARTS), uow).items


def unsplit(uow, item_id="i1"):
    return splits.unsplit_item(UnsplitItem(item_id=item_id), uow).items


@pytest.mark.clause("6.2.b")
def test_each_part_is_an_item_of_the_same_request_with_the_same_owner(uow):
    first, second = split(uow)
    assert (first.item_id, first.part, first.text, first.item) == ("i1", "a", PARTS[0], "")
    assert (second.part, second.text, second.number, second.request_id) == ("b", PARTS[1], first.number, "r1")
    assert (second.stage, second.owner_id) == ("accepted", ADMIN.id)
    assert first.split_id == second.split_id != ""
    assert "unsplit" in first.allowed
    assert "unsplit" in second.allowed
    assert uow.types == ["item_opened", "item_accepted", "item_split", "item_split"]
    told = [event for event, _ in uow.said if event.type() == "item_split"]
    assert [(event.part, event.parts, event.origin) for event in told] == [("a", 2, "i1"), ("b", 2, "i1")]


def test_every_part_can_show_where_it_came_from(uow):
    _, second = split(uow)
    evidence = uow.items.get(second.item_id).evidence
    assert evidence[0] == "e1"  # the request as it was received
    said = [event.event_id for event, _ in uow.said if event.item_id == second.item_id]
    assert evidence[1:] == said


def test_what_nobody_has_accepted_is_split_and_still_has_to_be_accepted(uow):
    with uow:
        uow.items.add(item(item_id="i9", request_id="r9", text=WHOLE))
        uow.commit()
    assert {one.stage for one in split(uow, item_id="i9")} == {"received"}


@pytest.mark.clause("6.2.b")
def test_splitting_is_taken_back_while_nothing_has_happened(uow):
    _, second = split(uow)
    (whole,) = unsplit(uow, second.item_id)
    assert (whole.item_id, whole.text, whole.part, whole.category, whole.details) == ("i1", WHOLE, "", "ip", {"x": 1})
    gone = uow.items.get(second.item_id)
    assert (gone.stage, gone.stage in ENDED) == (Stage.REJOINED, True)
    assert uow.types[-2:] == ["split_undone", "split_undone"]
    with pytest.raises(IllegalMove):
        unsplit(uow)


@pytest.mark.parametrize("which", [0, 1])
def test_once_something_has_happened_to_any_part_it_is_not_taken_back(uow, which):
    parts = split(uow)
    items.refuse_item(RefuseItem(item_id=parts[which].item_id, reason="不在范围"), uow)
    for one in parts:
        with pytest.raises(IllegalMove):
            unsplit(uow, one.item_id)


def test_a_part_can_be_split_again_and_a_whole_one_anew(uow):
    first, second = split(uow)
    again = split(uow, "一半", "另一半", item_id=second.item_id)
    assert [one.part for one in again] == ["a", "b", "c"]
    unsplit(uow, second.item_id)
    with pytest.raises(IllegalMove):
        unsplit(uow, first.item_id)  # the second part has been changed and changed back
    with uow:
        uow.items.add(item(item_id="i9", request_id="r9", stage=Stage.ACCEPTED))
        uow.commit()
    split(uow, item_id="i9")
    unsplit(uow, "i9")
    assert [one.part for one in split(uow, "甲的事", "乙的事", "丙的事", item_id="i9")] == ["a", "b", "c"]


@pytest.mark.parametrize("texts", [("一件",), ("一件", " "), ("一件", "长" * 5001), ("件",) * 11])
def test_what_is_no_splitting_is_refused_and_nothing_changes(uow, texts):
    with pytest.raises(Invalid):
        split(uow, *texts)
    assert (uow.items.get("i1").text, uow.said) == (WHOLE, [])


@pytest.mark.parametrize("stage", [s for s in Stage if s not in (Stage.RECEIVED, Stage.ACCEPTED)])
def test_only_what_is_not_assessed_yet_is_split(uow, stage):
    with uow:
        uow.items.put(item(text=WHOLE, stage=stage))
        uow.commit()
    with pytest.raises(IllegalMove):
        split(uow)


def test_others_may_not_split(uow):
    for actor in (Actor(id="c", role=Role.CLIENT, requests=("r1",)), Actor(id="f", role=Role.STAFF, parks=("far",))):
        uow.actor = actor
        with pytest.raises(Forbidden):
            split(uow)
        with pytest.raises(Forbidden):
            unsplit(uow)


def test_the_parts_are_suggested_while_it_can_be_split(uow):
    assert advice.get_advice(GetAdvice(item_id="i1"), uow).parts == PARTS
    first, _ = split(uow)
    assert advice.get_advice(GetAdvice(item_id=first.item_id), uow).parts == ()


def test_letters_are_given_once_and_the_one_without_was_there_first():
    assert free_letters([], 2) == ["a", "b"]
    assert free_letters([""], 2) == ["b", "c"]
    assert free_letters(["a", "c"], 2) == ["b", "d"]
    with pytest.raises(IllegalMove):
        free_letters([], 27)


def test_time_does_not_move_what_is_split(uow):
    uow.now = NOON + timedelta(days=1)
    _, second = split(uow)
    assert second.opened_at == NOON  # it was stated then
