"""Services that do not go as planned: taken back, failed, delivered in part."""

import pytest

from services.dispatch.domain.life import Stage
from services.dispatch.handlers import flow, outcomes
from shared.access import Actor, Role
from shared.contracts.dispatch import DeliverPart, FailService, ReassignItem
from shared.contracts.providers import JobAccepted, JobFinished
from shared.errors import Forbidden, IllegalMove, Invalid
from tests.builders import NOON, target
from tests.unit.dispatch.test_following import LAB, serving, work

PART = DeliverPart(item_id="i1", done="10 块已检", missing="2 块待修", next_step="修好后补检")
JOB = {
    "park": "tianan", "request_id": "r1", "item_id": "i1", "event_id": "e9", "occurred_at": NOON, "job_id": "j1",
    "target": "L01",
}  # fmt: skip


@pytest.mark.parametrize("stage", [Stage.OFFERED, Stage.SERVING])
@pytest.mark.clause("6.4.1")
def test_a_job_is_taken_back_with_a_reason_and_the_item_waits_to_be_assessed(stage):
    uow = work(serving(stage=stage))
    view = outcomes.reassign_item(ReassignItem(item_id="i1", reason="设备检修"), uow)
    assert (view.stage, view.job_id, view.target, view.note) == ("assessed", "", "", "设备检修")
    kept = uow.items.get("i1")
    assert (kept.declined, kept.waiting_since) == (["L01"], NOON)
    assert [(said.type(), topic) for said, topic in uow.said] == [("item_reassigned", ""), ("job_withdrawn", "L01")]
    assert {said.job_id for said, _ in uow.said} == {"j1"}


def test_what_the_former_target_says_later_moves_nothing():
    uow = work()
    outcomes.reassign_item(ReassignItem(item_id="i1", reason="设备检修"), uow)
    flow.start_service(JobAccepted(**JOB), uow)
    flow.finish_service(JobFinished(**JOB, result={}, served_by="x"), uow)
    assert uow.items.get("i1").stage is Stage.ASSESSED


def test_it_is_not_offered_again_to_who_lost_it():
    uow = work()
    outcomes.reassign_item(ReassignItem(item_id="i1", reason="设备检修"), uow)
    with uow:
        uow.targets.put(target(target="L01"))
        uow.commit()
    assert uow.items.waiting_for(["L01"], 9) == []


@pytest.mark.clause("6.4.1")
def test_a_service_that_failed_is_assessed_anew_and_the_client_is_told():
    uow = work(actor=LAB)
    view = outcomes.fail_service(FailService(item_id="i1", reason="样品已损坏"), uow)
    assert (view.stage, view.note) == ("assessed", "样品已损坏")
    assert uow.types == ["service_failed", "job_withdrawn"]
    assert uow.said[0][0].reason == "样品已损坏"


@pytest.mark.clause("6.4.1")
def test_a_part_is_told_and_the_service_goes_on():
    uow = work()
    assert outcomes.deliver_part(PART, uow).stage == "serving"
    ((said, _),) = uow.said
    assert (said.type(), said.done, said.missing, said.over) == ("part_delivered", "10 块已检", "2 块待修", False)
    flow.finish_service(JobFinished(**JOB, result={"ok": 1}, served_by="x"), uow)
    assert uow.items.get("i1").stage is Stage.FINISHED


@pytest.mark.clause("6.4.1")
def test_a_part_may_be_all_there_will_be():
    uow = work()
    command = DeliverPart(**{**vars(PART), "over": True})
    assert outcomes.deliver_part(command, uow).stage == "finished"
    assert uow.types == ["part_delivered", "service_finished", "job_withdrawn"]
    assert uow.said[1][0].result == {"done": "10 块已检", "missing": "2 块待修", "next_step": "修好后补检"}
    assert uow.said[2][1] == "L01"


@pytest.mark.parametrize("name", ["done", "missing", "next_step"])
def test_a_part_says_all_three_things(name):
    uow = work()
    with pytest.raises(Invalid) as refused:
        outcomes.deliver_part(DeliverPart(**{**vars(PART), name: " "}), uow)
    assert name in refused.value.fields
    assert uow.said == []


@pytest.mark.parametrize(
    ("step", "command", "stages"),
    [
        (outcomes.reassign_item, ReassignItem(item_id="i1", reason="x"), {Stage.AGREED, Stage.OFFERED, Stage.SERVING}),
        (outcomes.fail_service, FailService(item_id="i1", reason="x"), {Stage.AGREED, Stage.SERVING}),
        (outcomes.deliver_part, PART, {Stage.SERVING}),
    ],
)
def test_only_where_the_state_allows_it(step, command, stages):
    for stage in set(Stage) - stages:
        uow = work(serving(stage=stage))
        with pytest.raises(IllegalMove):
            step(command, uow)
        assert uow.said == []


@pytest.mark.parametrize(
    ("step", "command"),
    [(outcomes.reassign_item, ReassignItem), (outcomes.fail_service, FailService)],
)
def test_a_reason_is_needed(step, command):
    with pytest.raises(Invalid):
        step(command(item_id="i1", reason=" "), work())


def test_only_the_station_takes_a_job_back():
    with pytest.raises(Forbidden):
        outcomes.reassign_item(ReassignItem(item_id="i1", reason="x"), work(actor=LAB))
    stranger = Actor(id="x", role=Role.ORGANIZATION, organization="L02")
    for step, command in (
        (outcomes.fail_service, FailService(item_id="i1", reason="x")),
        (outcomes.deliver_part, PART),
    ):
        with pytest.raises(Forbidden):
            step(command, work(actor=stranger))
