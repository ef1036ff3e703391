"""Revisits: who is called, what a call brings, and what comes of it (6.5.2)."""

from itertools import product

import pytest

from services.feedback.domain.revisits import LIFE, Revisit, Status
from services.feedback.handlers import parties, revisits, told
from shared.access import Actor, Role
from shared.contracts.dispatch import ServiceFinished, ServiceStarted
from shared.contracts.feedback import (
    AnswerSurvey,
    GetRevisit,
    ListRevisits,
    RecordRevisit,
    SetRevisitPlan,
)
from shared.errors import Forbidden, IllegalMove, Invalid, Taken
from tests.builders import NOON
from tests.system import ADMIN
from tests.unit.feedback.fakes import FakeFeedback

LI = Actor(id="li", role=Role.STAFF, name="李专员", parks=("tianan",))
FAR = Actor(id="far", role=Role.STAFF, parks=("juda",))
REGULATOR = Actor(id="lin", role=Role.REGULATOR, parks=("tianan",))


@pytest.fixture
def uow():
    work = FakeFeedback(now=NOON, actor=ADMIN)
    plan(work, share=0)
    return work


def plan(uow, actor=ADMIN, **given):
    uow.actor = actor
    values = {"share": 0, "low_below": 3, "new_organization": 0, **given}
    return revisits.set_revisit_plan(SetRevisitPlan(**values), uow)


def rated(uow, score, item_id="i1", target=""):
    about = {"park": "tianan", "request_id": "r1", "item_id": item_id, "event_id": "e", "occurred_at": NOON}
    if target:
        parties.know_party(ServiceStarted(**about, version=5, job_id="j", target=target), uow)
    event = ServiceFinished(
        **about, version=6, number="天安2026-0001", title="校准", category="x", item="y", result={}, served_by="z"
    )
    told.tell_result(event, uow)
    survey = next(one for one in uow.surveys.of_request("r1") if one.item_id == item_id)
    if score is None:
        uow.now = survey.expires_at
        told.expire_surveys(uow)
    else:
        told.answer_survey(AnswerSurvey(token=survey.token, score=score), uow)
    return listed(uow)


def listed(uow, actor=LI, status="open"):
    uow.actor = actor
    return revisits.list_revisits(ListRevisits(status=status), uow).revisits


def record(uow, revisit, actor=LI, **given):
    uow.actor = actor
    return revisits.record_revisit(RecordRevisit(revisit_id=revisit.revisit_id, **{"reached": True, **given}), uow)


@pytest.mark.parametrize(("status", "trigger"), list(product(Status, LIFE.triggers)))
def test_exactly_the_tables_rows_are_legal(status, trigger):
    legal = {(move.source, move.trigger): move.target for move in LIFE}
    one = Revisit(
        revisit_id="v", item_id="i", request_id="r", park="p", number="n", title="t", organization="", reason="sampled",
        mark=None, planned_at=NOON, status=status,
    )  # fmt: skip
    if (status, trigger) in legal:
        one._move(trigger)
        assert one.status == legal[status, trigger]
    else:
        with pytest.raises(IllegalMove):
            one._move(trigger)


@pytest.mark.clause("6.5.2")
def test_a_low_mark_is_called_and_a_good_one_is_not(uow):
    assert rated(uow, 5) == ()
    (revisit,) = rated(uow, 2, "i2")
    assert (revisit.reason, revisit.mark, revisit.item_id) == ("low_mark", 2, "i2")
    assert uow.types.count("revisit_planned") == 1


def test_who_gave_no_answer_may_be_drawn(uow):
    plan(uow, share=100)
    (revisit,) = rated(uow, None)
    assert (revisit.reason, revisit.mark) == ("sampled", None)


@pytest.mark.clause("6.5.2")
def test_the_first_items_of_an_organization_are_called(uow):
    plan(uow, new_organization=2)
    found = [rated(uow, 5, f"i{n}", "L01") for n in range(3)][-1]
    assert [(one.reason, one.organization) for one in found] == [("new_organization", "L01")] * 2


@pytest.mark.clause("6.5.2")
def test_what_the_client_said_is_filed(uow):
    (revisit,) = rated(uow, 1)
    done = record(uow, revisit, solved="yes", score=4, text="后来解决了")
    assert (done.status, done.score, done.by) == ("done", 4, "李专员")
    said = next(event for event, _ in uow.said if event.type() == "revisit_done")
    assert (said.item_id, said.solved, said.text, said.complaint) == ("i1", "yes", "后来解决了", "")
    with pytest.raises(IllegalMove):
        record(uow, revisit, solved="yes")
    assert listed(uow, status="done") == (done,)


def test_who_is_not_reached_three_times_is_given_up_with_no_mark(uow):
    (revisit,) = rated(uow, 1)
    for tried in (1, 2, 3):
        one = record(uow, revisit, reached=False)
        assert one.tried == tried
    assert (one.status, one.score, one.solved) == ("unreached", None, "")
    assert uow.types.count("revisit_done") == 1
    with pytest.raises(IllegalMove):
        record(uow, revisit, reached=False)


@pytest.mark.clause("6.5.2")
def test_a_complaint_comes_of_it_or_nothing_does(uow):
    (revisit,) = rated(uow, 1)
    with pytest.raises(Invalid):
        record(uow, revisit, solved="partly", complain=True)
    assert listed(uow) == (revisit,)
    done = record(uow, revisit, solved="no", text="收费没有说清楚", complain=True, reopen=True)
    complaint = uow.complaints.by_number(done.complaint)
    assert (complaint.channel, complaint.item_id, complaint.text) == ("phone", "i1", "收费没有说清楚")
    assert "complaint_received" in uow.types
    assert done.reopen


@pytest.mark.parametrize(
    ("given", "field"),
    [({"solved": ""}, "solved"), ({"solved": "no"}, "text"), ({"solved": "yes", "score": 6}, "score")],
)
def test_what_is_wrong_with_a_call_is_said_by_field(uow, given, field):
    (revisit,) = rated(uow, 1)
    with pytest.raises(Invalid) as refused:
        record(uow, revisit, **given)
    assert field in refused.value.fields


def test_only_staff_of_the_park_call_and_readers_read(uow):
    (revisit,) = rated(uow, 1)
    for actor in (FAR, REGULATOR, Actor(id="c", role=Role.CLIENT, requests=("r1",))):
        with pytest.raises(Forbidden):
            record(uow, revisit, actor, solved="yes")
    uow.actor = REGULATOR
    assert revisits.get_revisit(GetRevisit(revisit_id=revisit.revisit_id), uow) == revisit
    uow.actor = FAR
    with pytest.raises(Forbidden):
        revisits.get_revisit(GetRevisit(revisit_id=revisit.revisit_id), uow)


def test_a_plan_is_set_by_who_may_from_the_one_that_was_seen(uow):
    with pytest.raises(Taken):
        plan(uow, version=0)
    with pytest.raises(Forbidden):
        plan(uow, LI)
    for wrong in ({"share": 101}, {"low_below": 6}, {"new_organization": -1}):
        with pytest.raises(Invalid):
            plan(uow, **wrong)
