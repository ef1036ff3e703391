"""What the client is told besides results: that a service failed, or that a part of it is there."""

from typing import Any

import pytest

from services.feedback.handlers import told as handlers
from shared.contracts.dispatch import PartDelivered, ServiceFailed
from tests.builders import NOON
from tests.fakes import FakeWork

ABOUT = {
    "park": "tianan", "request_id": "r1", "event_id": "e1", "occurred_at": NOON, "item_id": "i1", "version": 7,
    "job_id": "j1", "number": "天安2026-0001", "title": "校准",
}  # fmt: skip


class Kept(list[Any]):
    """Notices as the handlers leave them."""

    add = list.append


@pytest.fixture
def uow():
    work = FakeWork(now=NOON)
    work.notices = Kept()
    return work


@pytest.mark.clause("6.4.1")
def test_a_failure_is_told_with_its_reason(uow):
    handlers.tell_failure(ServiceFailed(**ABOUT, target="L01", reason="样品已损坏"), uow)
    (notice,) = uow.notices
    assert (notice.kind, notice.body, notice.request_id) == ("failed", {"reason": "样品已损坏"}, "r1")


def part(over: bool) -> PartDelivered:
    return PartDelivered(**ABOUT, done="甲", missing="乙", next_step="丙", served_by="陈专员", over=over)


def test_a_part_is_told_and_one_that_ends_the_service_is_told_as_its_result(uow):
    handlers.tell_part(part(over=True), uow)
    assert uow.notices == []
    handlers.tell_part(part(over=False), uow)
    (notice,) = uow.notices
    assert (notice.kind, notice.body) == ("part", {"done": "甲", "missing": "乙", "next_step": "丙"})
