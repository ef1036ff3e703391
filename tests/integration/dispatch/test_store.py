"""The repository's promises, kept by the fake and by both databases alike."""

from datetime import timedelta

import pytest

from services.dispatch.domain.corrections import Correction
from services.dispatch.domain.life import Stage
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


def corrected(item_id, park="tianan", minutes=0):
    return Correction(
        item_id=item_id, park=park, category="ip", item="5.6.a", suggested="5.6.b",
        corrected_at=NOON + timedelta(minutes=minutes),
    )  # fmt: skip


def test_keeps_one_correction_of_each_item_and_tells_when_something_changed(work):
    put(work, *(item(item_id=f"i{n}", text=f"第 {n} 件") for n in range(1, 4)))
    with work() as uow:
        stamps = [uow.corrections.stamp(("tianan", "shawan"))]
        for one in (corrected("i1"), corrected("i2", "shawan", 1), corrected("i3", "far"), corrected("i1", minutes=2)):
            uow.corrections.put(one)
            stamps.append(uow.corrections.stamp(("tianan", "shawan")))
        uow.commit()
    with work() as uow:
        assert uow.corrections.get("i1") == corrected("i1", minutes=2)
        assert uow.corrections.get("nope") is None
        assert [text for _, _, text in uow.corrections.of(("tianan", "shawan"), 10)] == ["第 1 件", "第 2 件"]
        assert len(uow.corrections.of(("tianan", "shawan"), 1)) == 1
        assert uow.corrections.of((), 10) == []
    assert stamps[2] == stamps[3]  # another district's
    assert len(set(stamps)) == 4


def test_knows_the_parks_beside_a_park(work):
    with work() as uow:
        for park, district in (("b", "x"), ("a", "x"), ("c", "y"), ("c", "x")):
            uow.parks.put(park, district)
        assert uow.parks.beside("a") == ("a", "b", "c")
        assert uow.parks.beside("new") == ("new",)


def test_the_digest_of_a_target_changes_with_its_manifest_only(work):
    with work() as uow:
        uow.targets.put(target())
        before = uow.targets.digests()
        uow.targets.put(target(now=NOON + timedelta(seconds=5)))
        assert uow.targets.digests() == before
        uow.targets.put(target(manifest={**target().manifest, "title": "另一个"}))
        assert uow.targets.digests() != before


def test_finds_the_items_of_a_request_and_those_called_by_a_name(work):
    put(
        work, item(item_id="i1", part="a"), item(item_id="i2", part="b"),
        item(item_id="i3", part="b", stage=Stage.REJOINED),
        item(item_id="i4", request_id="r2", number="天安2026-0002"), item(item_id="i5", request_id="r5", park="shawan"),
    )  # fmt: skip
    with work() as uow:
        assert [one.item_id for one in uow.items.of_request("r1")] == ["i1", "i2", "i3"]
        assert [one.item_id for one in uow.items.named("tianan", "天安2026-0001")] == ["i1", "i2"]
        assert [one.item_id for one in uow.items.named("tianan", "天安2026-0001b")] == ["i2"]
        assert [one.item_id for one in uow.items.named("tianan", "天安2026-0002")] == ["i4"]
        assert uow.items.named("tianan", "天安2026-000") == uow.items.named("tianan", "") == []
        assert uow.items.glance("i4").number == "天安2026-0002"
        with pytest.raises(NotFound):
            uow.items.glance("nope")


def test_keeps_what_relates_an_item_to_others(work):
    one = item(
        heir_id="lin", heir_name="林专员", heir_reason="休假", heir_since=NOON,
        linked=[{"item_id": "i2", "number": "x"}],
        into_id="i9", into_request="r9", former_id="i0", former="n", split={"id": "s", "version": 1, "parts": 2},
        ended_at=NOON, survey_id="s1", past_surveys=["s0"], part="b",
    )  # fmt: skip
    put(work, one)
    with work() as uow:
        assert uow.items.get("i1") == one
        one.text = "改过的"
        uow.items.put(one)
        uow.commit()
    with work() as uow:
        assert uow.items.get("i1") == one
        assert [i.item_id for i in uow.items.page(ListItems(heir_id="lin"), ("*",))[0]] == ["i1"]
        assert uow.items.page(ListItems(heir_id="wu"), ("*",))[0] == []
