from dataclasses import replace
from datetime import timedelta

import pytest

from services.dispatch.domain.life import Stage
from services.dispatch.handlers import duplicates, flow, items, targets
from shared.access import Actor, Role
from shared.contracts.archive import DossierSealed
from shared.contracts.dispatch import AcceptItem, AssessItem, GetItem, ListItems, MergeItem, RefuseItem, WithdrawItem
from shared.contracts.feedback import ResultTold, SurveyAnswered, SurveyLapsed
from shared.contracts.providers import JobAccepted, JobDeclined, JobFinished, TargetsAnnounced
from shared.errors import Early, Forbidden, IllegalMove, Invalid, NotFound
from tests.builders import MANIFEST, NOON, item, received, target, waiting
from tests.fakes import FakeDispatch

ABOUT = {"park": "tianan", "request_id": "r1", "item_id": "i1", "event_id": "e9", "occurred_at": NOON}
JOB = {**ABOUT, "job_id": "j1", "target": "metrology"}


@pytest.fixture
def uow():
    return FakeDispatch(now=NOON)


def put(uow, one):
    with uow:
        uow.items.add(one)
        uow.commit()


def know(uow, one=None):
    with uow:
        uow.targets.put(one or target())
        uow.commit()


def offered(**given):
    one = waiting(**given)
    one.offer("j1", "metrology", NOON + timedelta(hours=1), NOON)
    return one


def stage(uow, item_id="i1"):
    return uow.items.get(item_id).stage


def test_a_received_request_opens_an_item(uow):
    flow.open_item(received(), uow)
    assert uow.types == ["item_opened"]
    (one,) = uow.kept["items"].values()
    assert (one.stage, one.number) == (Stage.RECEIVED, "天安2026-0001")
    assert one.evidence == ["e1", uow.said[0][0].event_id]


@pytest.mark.clause("6.3")
def test_an_assessed_item_is_offered_to_its_live_target(uow):
    put(uow, item(stage=Stage.ACCEPTED))
    know(uow)
    view = items.assess_item(AssessItem(item_id="i1", category="metrology", item="5.3.d", details={"count": 2}), uow)
    assert (view.stage, view.title, view.details) == ("offered", "校准", {"count": 2})
    assert uow.types == ["item_assessed", "job_offered"]
    assert uow.said[1][1] == "metrology"


@pytest.mark.parametrize("known", [None, target(live=False)])
def test_without_a_live_target_it_waits_visibly(uow, known):
    put(uow, item(stage=Stage.ACCEPTED))
    if known:
        know(uow, known)
    view = items.assess_item(AssessItem(item_id="i1", category="metrology", item="5.3.d", details={"count": 2}), uow)
    assert (view.stage, view.waiting_since) == ("assessed", NOON)
    assert uow.types == ["item_assessed"]
    assert uow.said[0][0].waiting


def test_an_announcement_offers_what_waited_longest_first(uow):
    put(uow, waiting(item_id="i1", waiting_since=NOON))
    put(uow, waiting(item_id="i2", waiting_since=NOON - timedelta(hours=1)))
    put(uow, waiting(item_id="i3", declined=["metrology"]))
    targets.know_targets(TargetsAnnounced(park="", lease=15, targets=(MANIFEST,)), uow)
    assert [event.item_id for event, _ in uow.said] == ["i2", "i1"]
    assert stage(uow, "i3") == Stage.ASSESSED


def test_a_broken_announcement_changes_nothing(uow):
    with pytest.raises(Invalid):
        targets.know_targets(TargetsAnnounced(park="", lease=15, targets=(MANIFEST, {"code": "x"})), uow)
    assert not uow.kept


@pytest.mark.parametrize(
    "details",
    [{}, {"count": 0}, {"count": "two"}, {"count": 1, "more": 2}],
    ids=["missing", "range", "type", "unknown"],
)
def test_details_that_do_not_fit_are_refused_and_nothing_is_said(uow, details):
    put(uow, item(stage=Stage.ACCEPTED))
    know(uow)
    with pytest.raises(Invalid) as refused:
        items.assess_item(AssessItem(item_id="i1", category="metrology", item="5.3.d", details=details), uow)
    assert all(name.startswith("details.") for name in refused.value.fields)
    assert (stage(uow), uow.said) == (Stage.ACCEPTED, [])


def test_an_acceptance_starts_the_service(uow):
    put(uow, offered())
    flow.start_service(JobAccepted(**JOB), uow)
    assert (stage(uow), uow.types) == (Stage.SERVING, ["service_started"])


def test_a_result_that_comes_before_its_acceptance_counts_and_the_late_one_does_not(uow):
    put(uow, offered())
    flow.finish_service(JobFinished(**JOB, result={}, served_by="x"), uow)
    flow.start_service(JobAccepted(**JOB), uow)
    assert (stage(uow), uow.types) == (Stage.FINISHED, ["service_finished"])


@pytest.mark.parametrize(
    "late",
    [
        (flow.start_service, JobAccepted(**{**JOB, "job_id": "old"})),
        (flow.take_decline, JobDeclined(**{**JOB, "job_id": "old"}, reason="x")),
        (flow.finish_service, JobFinished(**{**JOB, "job_id": "old"}, result={}, served_by="x")),
    ],
)
def test_what_concerns_an_older_job_never_moves_the_item(uow, late):
    put(uow, offered())
    handler, event = late
    handler(event, uow)
    assert (stage(uow), uow.said) == (Stage.OFFERED, [])


@pytest.mark.parametrize("at", [s for s in Stage if s not in (Stage.OFFERED, Stage.AGREED, Stage.SERVING)])
@pytest.mark.parametrize("event", ["start", "decline", "finish"])
def test_a_job_report_never_moves_an_item_back(uow, at, event):
    put(uow, offered(stage=Stage.ASSESSED))
    one = uow.items.get("i1")
    one.stage = at
    put(uow, one)
    {
        "start": lambda: flow.start_service(JobAccepted(**JOB), uow),
        "decline": lambda: flow.take_decline(JobDeclined(**JOB, reason="x"), uow),
        "finish": lambda: flow.finish_service(JobFinished(**JOB, result={}, served_by="x"), uow),
    }[event]()
    assert stage(uow) == at


def test_telling_and_rating_close_the_item_with_all_its_evidence(uow):
    put(uow, offered())
    flow.finish_service(JobFinished(**{**JOB, "event_id": "f"}, result={}, served_by="x"), uow)
    told = ResultTold(**{**ABOUT, "event_id": "t"}, notice_id="n", survey_id="s", channel="web", expires_at=NOON)
    flow.note_told(told, uow)
    assert stage(uow) == Stage.TOLD
    flow.close_item(SurveyAnswered(**{**ABOUT, "event_id": "a"}, survey_id="s", score=5), uow)
    assert stage(uow) == Stage.CLOSED
    closed = uow.said[-1][0]
    assert closed.type() == "item_closed"
    assert {"f", "t", "a"} <= set(closed.evidence)
    assert {event.event_id for event, _ in uow.said[:-1]} <= set(closed.evidence)


def test_a_rating_that_overtakes_the_telling_closes_the_item_once(uow):
    put(uow, offered())
    flow.finish_service(JobFinished(**JOB, result={}, served_by="x"), uow)
    flow.close_item(SurveyLapsed(**ABOUT, survey_id="s", reason="expired"), uow)
    told = ResultTold(**ABOUT, notice_id="n", survey_id="s", channel="web", expires_at=NOON)
    flow.note_told(told, uow)
    assert stage(uow) == Stage.CLOSED
    assert uow.types.count("item_closed") == 1


def test_a_seal_that_comes_too_early_is_tried_again(uow):
    put(uow, offered())
    sealed = DossierSealed(**ABOUT, number="n", sequence=1, digest="d", previous="p")
    with pytest.raises(Early):
        flow.note_sealed(sealed, uow)
    one = replace(uow.items.get("i1"), stage=Stage.CLOSED)
    put(uow, one)
    flow.note_sealed(sealed, uow)
    flow.note_sealed(sealed, uow)
    assert stage(uow) == Stage.SEALED


def test_an_offer_nobody_answers_lapses(uow):
    one = offered()
    one.offer_until = NOON - timedelta(seconds=1)
    put(uow, one)
    targets.lapse_offers(uow)
    assert (stage(uow), uow.types, uow.said[0][1]) == (Stage.ASSESSED, ["job_withdrawn"], "metrology")


def test_withdrawing_takes_the_offer_back(uow):
    put(uow, offered())
    items.withdraw_item(WithdrawItem(item_id="i1", reason="不办了"), uow)
    assert uow.types == ["item_withdrawn", "job_withdrawn"]


def test_merging_needs_another_number_of_the_same_station(uow):
    put(uow, item())
    put(uow, item(item_id="i2", number="天安2026-0002"))
    put(uow, item(item_id="i3", number="沙湾2026-0001", park="shawan"))
    for wrong in ("天安2026-0001", "天安2026-9999", "沙湾2026-0001", ""):
        with pytest.raises(Invalid):
            duplicates.merge_item(MergeItem(item_id="i1", into=wrong), uow)
    assert duplicates.merge_item(MergeItem(item_id="i1", into="天安2026-0002"), uow).stage == "merged"


@pytest.mark.parametrize("reason", ["", "  ", "x" * 5001])
def test_a_refusal_needs_a_reason(uow, reason):
    put(uow, item())
    with pytest.raises(Invalid):
        items.refuse_item(RefuseItem(item_id="i1", reason=reason), uow)
    assert stage(uow) == Stage.RECEIVED


def test_an_illegal_step_changes_nothing(uow):
    put(uow, item(stage=Stage.SERVING))
    with pytest.raises(IllegalMove):
        items.accept_item(AcceptItem(item_id="i1"), uow)
    assert uow.said == []


def test_staff_of_another_park_may_neither_see_nor_touch_it(uow):
    put(uow, item())
    uow.actor = Actor(id="li", role=Role.STAFF, parks=("shawan",))
    with pytest.raises(Forbidden):
        items.get_item(GetItem(item_id="i1"), uow)
    with pytest.raises(Forbidden):
        items.accept_item(AcceptItem(item_id="i1"), uow)
    assert items.list_items(ListItems(), uow).items == ()


def test_a_client_sees_only_the_items_of_its_own_request(uow):
    put(uow, item())
    uow.actor = Actor(id="c", role=Role.CLIENT, requests=("r1",))
    assert len(items.list_items(ListItems(request_id="r1"), uow).items) == 1
    with pytest.raises(Forbidden):
        items.list_items(ListItems(request_id="r2"), uow)
    with pytest.raises(Forbidden):
        items.list_items(ListItems(), uow)


def test_what_is_not_there_is_not_found(uow):
    with pytest.raises(NotFound):
        items.accept_item(AcceptItem(item_id="nope"), uow)
