"""The same need stated twice: linked and merged by people, and both taken back."""

import pytest

from services.dispatch.domain.life import ENDED, Stage
from services.dispatch.handlers import duplicates, items
from shared.access import Actor, Role
from shared.contracts.dispatch import AcceptItem, GetItem, LinkItem, MergeItem, UnlinkItem, UnmergeItem
from shared.errors import Forbidden, IllegalMove, Invalid, NotFound
from tests.builders import NOON, item
from tests.fakes import FakeDispatch
from tests.system import ADMIN


@pytest.fixture
def uow():
    uow = FakeDispatch(now=NOON)
    with uow:
        uow.items.add(item(item_id="i1", request_id="r1", number="天安2026-0132", stage=Stage.ACCEPTED))
        uow.items.add(item(item_id="i2", request_id="r2", number="天安2026-0126", stage=Stage.SERVING))
        uow.items.add(item(item_id="i3", request_id="r3", number="天安2026-0140"))
        uow.items.add(item(item_id="i4", request_id="r4", number="沙湾2026-0001", park="shawan"))
        uow.commit()
    return uow


def merge(uow, item_id="i1", into="天安2026-0126"):
    return duplicates.merge_item(MergeItem(item_id=item_id, into=into), uow)


def link(uow, item_id="i1", other="天安2026-0126"):
    return duplicates.link_item(LinkItem(item_id=item_id, other=other), uow)


def linked(uow, item_id):
    return [(one["item_id"], one["number"]) for one in uow.items.get(item_id).linked]


@pytest.mark.clause("6.3")
def test_a_merged_item_says_where_it_is_handled(uow):
    view = merge(uow)
    assert (view.stage, view.into_id, view.into_request, view.note) == ("merged", "i2", "r2", "天安2026-0126")
    assert uow.items.get("i2").stage is Stage.SERVING
    (event,) = (event for event, _ in uow.said)
    assert (event.type(), event.into, event.into_id, event.into_request) == (
        "item_merged", "天安2026-0126", "i2", "r2",
    )  # fmt: skip


@pytest.mark.clause("6.3")
def test_merging_is_taken_back_and_the_need_has_to_be_assessed(uow):
    merge(uow)
    view = duplicates.unmerge_item(UnmergeItem(item_id="i1"), uow)
    assert (view.stage, view.into_id, view.note, view.owner_id) == ("accepted", "", "", ADMIN.id)
    assert uow.types == ["item_merged", "item_unmerged"]
    with pytest.raises(IllegalMove):
        duplicates.unmerge_item(UnmergeItem(item_id="i1"), uow)


def test_merging_into_a_merged_one_leads_to_where_that_is_handled(uow):
    merge(uow)
    assert merge(uow, "i3", "天安2026-0132").into_id == "i2"


def test_no_item_is_merged_into_itself_however_long_the_way(uow):
    merge(uow, "i1", "天安2026-0140")
    with pytest.raises(Invalid):
        merge(uow, "i3", "天安2026-0132")
    assert uow.items.get("i3").stage is Stage.RECEIVED


@pytest.mark.parametrize("stage", sorted(ENDED - {Stage.MERGED, Stage.REJOINED}))
def test_nothing_is_merged_into_what_is_over(uow, stage):
    with uow:
        uow.items.put(item(item_id="i2", request_id="r2", number="天安2026-0126", stage=stage))
        uow.commit()
    with pytest.raises(Invalid) as refused:
        merge(uow)
    assert "into" in refused.value.fields


def test_a_number_with_several_items_needs_the_letter(uow):
    with uow:
        uow.items.put(item(item_id="i2", request_id="r2", number="天安2026-0126", part="a", stage=Stage.ACCEPTED))
        uow.items.add(item(item_id="i5", request_id="r2", number="天安2026-0126", part="b", stage=Stage.ACCEPTED))
        uow.commit()
    with pytest.raises(Invalid) as refused:
        merge(uow)
    assert "天安2026-0126a、天安2026-0126b" in str(refused.value)
    assert merge(uow, into="天安2026-0126b").into_id == "i5"


@pytest.mark.clause("6.3")
def test_linked_items_refer_to_each_other_and_both_go_on(uow):
    view = link(uow)
    assert [(one.item_id, one.number) for one in view.linked] == [("i2", "天安2026-0126")]
    assert linked(uow, "i2") == [("i1", "天安2026-0132")]
    assert (uow.items.get("i1").stage, uow.items.get("i2").stage) == (Stage.ACCEPTED, Stage.SERVING)
    assert [(event.type(), event.item_id, event.other) for event, _ in uow.said] == [
        ("item_linked", "i1", "天安2026-0126"), ("item_linked", "i2", "天安2026-0132"),
    ]  # fmt: skip


def test_linking_twice_changes_nothing_more(uow):
    link(uow)
    version = uow.items.get("i2").version
    link(uow, "i2", "天安2026-0132")
    assert (len(uow.said), uow.items.get("i2").version) == (2, version)


@pytest.mark.clause("6.3")
def test_a_link_is_taken_back_from_either_side(uow):
    link(uow)
    duplicates.unlink_item(UnlinkItem(item_id="i2", other_id="i1"), uow)
    assert linked(uow, "i1") == linked(uow, "i2") == []
    assert uow.types[2:] == ["item_unlinked", "item_unlinked"]
    with pytest.raises(IllegalMove):
        duplicates.unlink_item(UnlinkItem(item_id="i1", other_id="i2"), uow)


@pytest.mark.parametrize("number", ["", "天安2026-0132", "天安2026-9999", "沙湾2026-0001", "2026"])
def test_only_another_number_of_the_same_station_will_do(uow, number):
    for attempt in (merge, link):
        with pytest.raises(Invalid):
            attempt(uow, "i1", number)
    assert uow.said == []


def test_others_may_do_none_of_it(uow):
    link(uow)
    for actor in (Actor(id="c", role=Role.CLIENT, requests=("r1",)), Actor(id="f", role=Role.STAFF, parks=("shawan",))):
        uow.actor = actor
        for attempt in (
            lambda: merge(uow), lambda: link(uow), lambda: duplicates.unmerge_item(UnmergeItem(item_id="i1"), uow),
            lambda: duplicates.unlink_item(UnlinkItem(item_id="i1", other_id="i2"), uow),
        ):  # fmt: skip
            with pytest.raises(Forbidden):
                attempt()


def test_what_is_not_there_cannot_be_unlinked(uow):
    with pytest.raises(NotFound):
        duplicates.unlink_item(UnlinkItem(item_id="i1", other_id="nope"), uow)


def test_a_client_does_not_learn_the_numbers_of_others(uow):
    link(uow)
    uow.actor = Actor(id="c", role=Role.CLIENT, requests=("r1",))
    assert items.get_item(GetItem(item_id="i1"), uow).linked == ()


def test_whoever_merges_what_nobody_had_taken_answers_for_it(uow):
    assert merge(uow, "i3").owner_id == ADMIN.id
    duplicates.unmerge_item(UnmergeItem(item_id="i3"), uow)
    with pytest.raises(IllegalMove):
        items.accept_item(AcceptItem(item_id="i3"), uow)
