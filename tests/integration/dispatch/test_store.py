"""The repository's promises, kept by the fake and by both databases alike."""

from datetime import timedelta

import pytest

from services.dispatch.domain.items import Stage
from shared.contracts.dispatch import ListItems
from shared.errors import NotFound
from tests.builders import NOON, item, target, waiting


def put(work, *items):
    with work() as uow:
        for one in items:
            uow.items.add(one)
        uow.commit()


def test_returns_what_was_added_and_changed(work):
    one = waiting(details={"清单": [1, {"a": None}]}, evidence=["e1"])
    put(work, one)
    with work() as uow:
        assert uow.items.get("i1") == one
        one.offer("j1", "metrology", NOON + timedelta(hours=1), NOON)
        uow.items.put(one)
        uow.commit()
    with work() as uow:
        assert uow.items.get("i1") == one


def test_knows_nothing_else(work):
    with work() as uow, pytest.raises(NotFound):
        uow.items.get("nope")


def test_forgets_what_was_not_committed(work):
    with work() as uow:
        uow.items.add(item())
    with work() as uow, pytest.raises(NotFound):
        uow.items.get("i1")


def test_finds_who_waits_longest_first_and_nobody_whom_the_target_declined(work):
    put(
        work, waiting(item_id="i1"), waiting(item_id="i2", waiting_since=NOON - timedelta(hours=1)),
        waiting(item_id="i3", declined=["metrology"]), waiting(item_id="i4", category="ip"), item(item_id="i5"),
    )  # fmt: skip
    with work() as uow:
        assert [one.item_id for one in uow.items.waiting_for(["metrology", "brand"], 10)] == ["i2", "i1"]
        assert len(uow.items.waiting_for(["metrology"], 1)) == 1


def test_finds_offers_that_nobody_answered(work):
    late, early = waiting(item_id="i1"), waiting(item_id="i2")
    late.offer("j1", "metrology", NOON - timedelta(seconds=1), NOON)
    early.offer("j2", "metrology", NOON + timedelta(seconds=1), NOON)
    put(work, late, early)
    with work() as uow:
        assert [one.item_id for one in uow.items.overdue_offers(NOON, 10)] == ["i1"]


def test_pages_newest_first_with_counts_of_the_same_filter(work):
    put(
        work, item(item_id="i1", number="天安2026-0001"),
        item(item_id="i2", number="天安2026-0002", stage=Stage.SEALED),
        item(item_id="i3", number="沙湾2026-0001", park="shawan", company="100%_公司"),
    )  # fmt: skip
    with work() as uow:
        items, counts = uow.items.page(ListItems(), ("*",))
        assert ([one.item_id for one in items], counts) == (["i3", "i2", "i1"], {"received": 2, "sealed": 1})
        assert [one.item_id for one in uow.items.page(ListItems(limit=1, after="i3"), ("*",))[0]] == ["i2"]
        assert [one.item_id for one in uow.items.page(ListItems(), ("shawan",))[0]] == ["i3"]
        assert [one.item_id for one in uow.items.page(ListItems(open=True), ("*",))[0]] == ["i3", "i1"]
        assert [one.item_id for one in uow.items.page(ListItems(stage="sealed"), ("*",))[0]] == ["i2"]
        assert [one.item_id for one in uow.items.page(ListItems(search="天安2026"), ("*",))[0]] == ["i2", "i1"]
        assert [one.item_id for one in uow.items.page(ListItems(search="%_"), ("*",))[0]] == ["i3"]


def test_keeps_the_newest_announcement_of_each_target(work):
    with work() as uow:
        uow.targets.put(target())
        uow.targets.put(target(now=NOON + timedelta(seconds=5)))
        uow.commit()
    with work() as uow:
        assert uow.targets.get("metrology") == target(now=NOON + timedelta(seconds=5))
        assert len(uow.targets.all()) == 1
        assert uow.targets.get("nope") is None
