"""What the repository of quality checks promises, kept by the fake and by both databases alike."""

from datetime import timedelta

import pytest

from services.dispatch.domain.checks import Check
from shared.contracts.dispatch import ListChecks
from shared.errors import NotFound
from tests.builders import NOON


def check(n: int, **given) -> Check:
    values = {
        "check_id": f"q{n}", "item_id": f"i{n}", "park": "tianan", "number": "天安2026-0001", "title": "校准",
        "sampled": True, "reason": "", "ordered_at": NOON + timedelta(hours=n), "not_by": ["chen"],
    }  # fmt: skip
    return Check(**{**values, **given})


def test_checks_come_back_and_are_listed_and_counted_by_park(work):
    with work() as uow:
        for one in (check(2), check(1), check(3, park="shawan"), check(4, outcome="good", checked_at=NOON)):
            uow.checks.add(one)
        uow.commit()
    with work() as uow:
        one = uow.checks.get("q1")
        assert one == check(1)
        assert [found.check_id for found in uow.checks.page(ListChecks(), ("*",))] == ["q1", "q2", "q3"]
        assert [found.check_id for found in uow.checks.page(ListChecks(park="shawan"), ("*",))] == ["q3"]
        assert uow.checks.page(ListChecks(), ("juda",)) == []
        one.record("minor", "缺一页", "zhao", "赵", NOON)
        uow.checks.put(one)
        uow.commit()
    with work() as uow:
        assert uow.checks.get("q1") == one
        assert uow.checks.counts(ListChecks(), ("tianan",), NOON) == {"open": 1, "good": 1, "minor": 1}
        assert uow.checks.counts(ListChecks(), ("*",), NOON + timedelta(days=1)) == {"open": 2}
        with pytest.raises(NotFound):
            uow.checks.get("no")
