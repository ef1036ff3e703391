"""Revisits on every store: one for an item, found by status, an organization's items counted."""

from services.feedback.domain.revisits import Revisit, RevisitPlan
from services.feedback.domain.told import Survey
from shared.contracts.feedback import ListRevisits
from tests.builders import NOON


def revisit(n, park="tianan"):
    return Revisit(
        revisit_id=f"v{n}", item_id=f"i{n}", request_id="r", park=park, number="n", title="t", organization="L01",
        reason="sampled", mark=2, planned_at=NOON,
    )  # fmt: skip


def survey(n, item_id):
    return Survey(
        survey_id=f"s{n}", token=f"s{n}", item_id=item_id, version=n, request_id="r", park="p", number="n", title="t",
        expires_at=NOON, organization="L01",
    )  # fmt: skip


def test_an_items_client_is_called_once_and_found_by_how_that_stands(transactions):
    with transactions() as uow:
        assert [uow.revisits.add(revisit(n)) for n in (1, 1, 2)] == [True, False, True]
        uow.revisits.add(revisit(3, "juda"))
        one = uow.revisits.get("v1")
        one.miss("没有人接", "李专员", NOON)
        uow.revisits.put(one)
        done = uow.revisits.get("v2")
        done.record("yes", 5, "好", False, "李专员", NOON)
        uow.revisits.put(done)
        uow.commit()
    with transactions() as uow:
        found, counts = uow.revisits.page(ListRevisits(limit=1), ("tianan",))
        assert (found, counts) == ([one], {"open": 1, "done": 1})
        assert uow.revisits.page(ListRevisits(after="v1"), ("tianan",))[0] == []
        assert uow.revisits.page(ListRevisits(status="done"), ("*",))[0] == [done]


def test_other_items_of_an_organization_are_counted_and_plans_follow_each_other(transactions):
    with transactions() as uow:
        for n, item_id in enumerate(("i1", "i1", "i2", "i3")):
            uow.surveys.add(survey(n, item_id))
        assert uow.revisits.served_before("L01", "i1") == 2
        assert uow.revisits.plan().version == 0
        uow.revisits.add_plan(RevisitPlan(version=1, share=5, low_below=2, new_organization=1, set_at=NOON, set_by="x"))
        assert uow.revisits.plan().share == 5
