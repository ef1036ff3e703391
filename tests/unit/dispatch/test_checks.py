"""Checks of quality: a sample nobody can choose, and nobody checks what they served."""

import pytest

from services.dispatch.domain.checks import sampled
from services.dispatch.domain.follow_ups import FollowPlan
from services.dispatch.domain.life import Stage
from services.dispatch.handlers import checks, flow
from shared.access import Actor, Role
from shared.contracts.base import Who
from shared.contracts.dispatch import GetCheck, ListChecks, OrderCheck, RecordCheck
from shared.contracts.providers import JobFinished
from shared.errors import Forbidden, IllegalMove, Invalid, NotFound
from tests.builders import NOON
from tests.unit.dispatch.test_following import serving, work

OTHER = Actor(id="zhao", role=Role.OPERATOR, name="赵", parks=("tianan",))
FINISHED = JobFinished(
    park="tianan", request_id="r1", item_id="i1", event_id="e9", occurred_at=NOON, job_id="j1", target="L01",
    result={"ok": 1}, served_by="陈专员", actor=Who(id="li", role="staff", name="李专员"),
)  # fmt: skip


def test_the_sample_is_as_large_as_asked_for_and_told_by_the_id_alone():
    ids = [f"item-{n}" for n in range(2000)]
    for share in (0, 10, 50, 100):
        drawn = {one for one in ids if sampled(one, share)}
        assert drawn == {one for one in ids if sampled(one, share)}
        assert abs(len(drawn) / 20 - share) < 4
    assert {one for one in ids if sampled(one, 10)} <= {one for one in ids if sampled(one, 50)}


def drawn(share=100):
    uow = work()
    uow.kept["follow_plan"] = FollowPlan(check_share=share)
    flow.finish_service(FINISHED, uow)
    uow.actor = OTHER
    return uow


@pytest.mark.clause("6.4.1")
def test_what_was_served_is_drawn_and_looked_at_by_someone_else():
    uow = drawn()
    assert uow.types == ["service_finished", "check_ordered"]
    (check,) = checks.list_checks(ListChecks(), uow).checks
    record = RecordCheck(check_id=check.check_id, outcome="minor", note="报告缺一页")
    for account in ("chen", "li"):  # who is responsible, and who delivered
        uow.actor = Actor(id=account, role=Role.STAFF, parks=("tianan",))
        with pytest.raises(Forbidden):
            checks.record_check(record, uow)
    uow.actor = OTHER
    view = checks.record_check(record, uow)
    assert (view.outcome, view.note, view.by_name, view.sampled) == ("minor", "报告缺一页", "赵", True)
    assert uow.types[-1] == "quality_checked"
    assert checks.get_check(GetCheck(check_id=check.check_id), uow) == view
    assert checks.list_checks(ListChecks(), uow).counts == {"minor": 1}
    with pytest.raises(IllegalMove):
        checks.record_check(record, uow)


def test_what_is_not_in_the_sample_is_not_drawn():
    assert drawn(share=0).types == ["service_finished"]


@pytest.mark.clause("6.4.1")
def test_one_is_ordered_as_needed_even_of_a_sealed_item_which_stays_as_it_is():
    uow = work(serving(stage=Stage.SEALED), actor=OTHER)
    before = uow.items.get("i1")
    view = checks.order_check(OrderCheck(item_id="i1", reason="企业有疑问"), uow)
    assert (view.sampled, view.reason) == (False, "企业有疑问")
    checks.record_check(RecordCheck(check_id=view.check_id, outcome="good"), uow)
    assert uow.items.get("i1") == before


@pytest.mark.parametrize(
    ("given", "field"),
    [({"outcome": "fine"}, "outcome"), ({"outcome": "serious"}, "note"), ({"note": "13900000000"}, "note")],
)  # fmt: skip
def test_a_wrong_record_is_refused(given, field):
    uow = drawn()
    (check,) = checks.list_checks(ListChecks(), uow).checks
    with pytest.raises(Invalid) as refused:
        checks.record_check(RecordCheck(**{"check_id": check.check_id, "outcome": "good", **given}), uow)
    assert field in refused.value.fields
    assert checks.get_check(GetCheck(check_id=check.check_id), uow).outcome == ""


def test_only_where_there_is_something_to_look_at_and_only_by_who_may():
    for stage in set(Stage) - checks.CHECKABLE:
        with pytest.raises(IllegalMove):
            checks.order_check(OrderCheck(item_id="i1", reason="x"), work(serving(stage=stage)))
    for reason in (" ", "打13900000000"):
        with pytest.raises(Invalid):
            checks.order_check(OrderCheck(item_id="i1", reason=reason), work())
    with pytest.raises(Forbidden):
        checks.order_check(OrderCheck(item_id="i1", reason="x"), work(actor=Actor(id="c", role=Role.CLIENT)))
    with pytest.raises(NotFound):
        checks.get_check(GetCheck(check_id="no"), work())
