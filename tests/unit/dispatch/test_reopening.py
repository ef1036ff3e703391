"""Taken up again after it was over: in place while nothing is filed, else as another item."""

from datetime import timedelta

import pytest

from services.dispatch.domain.life import FILED, Stage
from services.dispatch.handlers import flow, items, reopening
from services.dispatch.handlers.work import REOPENED
from shared.access import Actor, Role
from shared.contracts.dispatch import AcceptItem, GetItem, ReopenItem
from shared.contracts.feedback import ResultTold, SurveyAnswered, SurveyLapsed
from shared.errors import Forbidden, IllegalMove, Invalid
from tests.builders import NOON, item
from tests.fakes import FakeDispatch

IN_PLACE = sorted(REOPENED - FILED)
CLIENT = Actor(id="c", role=Role.CLIENT, requests=("r1",))
LIN = Actor(id="lin", role=Role.STAFF, name="林专员", parks=("tianan",))
ABOUT = {"park": "tianan", "request_id": "r1", "item_id": "i1", "occurred_at": NOON}


@pytest.fixture
def uow():
    return FakeDispatch(now=NOON)


def ended(uow, stage, **given):
    values = {
        "stage": stage, "ended_at": NOON, "owner_id": "chen", "owner_name": "陈专员", "category": "metrology",
        "item": "5.3.d", "details": {"count": 2}, "evidence": ["e1", "e2"], **given,
    }  # fmt: skip
    with uow:
        uow.items.add(item(**values))
        uow.commit()


def reopen(uow, item_id="i1", reason="证书上的型号写错了"):
    return reopening.reopen_item(ReopenItem(item_id=item_id, reason=reason), uow)


@pytest.mark.clause("7.2.1.a")
@pytest.mark.parametrize("stage", IN_PLACE)
@pytest.mark.parametrize("actor", [CLIENT, LIN], ids=["client", "staff"])
def test_what_is_not_filed_is_taken_up_in_place_by_whoever_answered_for_it(uow, stage, actor):
    ended(uow, stage, job_id="j1", target="metrology", declined=["x"])
    uow.actor = actor
    view = reopen(uow)
    assert (view.item_id, view.stage, view.owner_id) == ("i1", "received", "chen")
    assert (view.job_id, view.target, view.item, view.details) == ("", "", "5.3.d", {"count": 2})
    assert uow.types == ["item_reopened"]
    assert uow.said[0][0].reason == "证书上的型号写错了"
    uow.actor = LIN
    assert items.accept_item(AcceptItem(item_id="i1"), uow).owner_id == "chen"  # no hand-over without being asked


@pytest.mark.clause("7.2.1.a", "7.2.3.1")
@pytest.mark.parametrize("stage", sorted(FILED))
def test_what_is_filed_stays_and_another_item_takes_it_up(uow, stage):
    ended(uow, stage)
    before = uow.items.get("i1")
    view = reopen(uow)
    assert uow.items.get("i1") == before
    assert view.item_id != "i1"
    assert (view.stage, view.part, view.former_id, view.former) == ("received", "b", "i1", "天安2026-0001")
    assert (view.request_id, view.owner_id, view.item) == ("r1", "chen", "5.3.d")
    assert uow.types == ["item_opened", "item_reopened"]
    assert uow.said[1][0].former == "天安2026-0001"
    new = uow.items.get(view.item_id)
    assert new.evidence == ["e1", *(event.event_id for event, _ in uow.said)]
    with pytest.raises(IllegalMove) as refused:
        reopen(uow)
    assert "天安2026-0001b" in str(refused.value)


@pytest.mark.parametrize("stage", [s for s in Stage if s not in REOPENED])
def test_what_is_under_way_is_not_reopened(uow, stage):
    ended(uow, stage)
    with pytest.raises(IllegalMove):
        reopen(uow)


@pytest.mark.parametrize("stage", sorted(REOPENED))
def test_it_can_be_reopened_for_some_days_only_and_says_so(uow, stage):
    ended(uow, stage)
    assert items.get_item(GetItem(item_id="i1"), uow).reopen_until == NOON + timedelta(days=30)
    uow.now = NOON + timedelta(days=30)
    assert items.get_item(GetItem(item_id="i1"), uow).reopen_until is None
    with pytest.raises(IllegalMove):
        reopen(uow)


@pytest.mark.parametrize("reason", ["", " ", "长" * 2001])
def test_it_needs_a_reason(uow, reason):
    ended(uow, Stage.REFUSED)
    with pytest.raises(Invalid):
        reopen(uow, reason=reason)


def test_others_may_not(uow):
    ended(uow, Stage.REFUSED)
    for actor in (Actor(id="d", role=Role.CLIENT, requests=("r2",)), Actor(id="p", role=Role.PUBLIC)):
        uow.actor = actor
        with pytest.raises(Forbidden):
            reopen(uow)


def told(uow, survey_id):
    flow.note_told(
        ResultTold(**ABOUT, event_id=f"t{survey_id}", notice_id="n", survey_id=survey_id, channel="web",
                   expires_at=NOON), uow,
    )  # fmt: skip


def lapsed(uow, survey_id):
    flow.close_item(SurveyLapsed(**ABOUT, event_id=f"l{survey_id}", survey_id=survey_id, reason="reopened"), uow)


def finish_again(uow):
    one = uow.items.get("i1")
    one.stage = Stage.FINISHED
    with uow:
        uow.items.put(one)
        uow.commit()


def stage(uow):
    return uow.items.get("i1").stage


@pytest.mark.parametrize("late", ["before", "finished", "told"])
def test_an_answer_about_the_round_before_never_closes_the_item(uow, late):
    ended(uow, Stage.FINISHED, ended_at=None)
    told(uow, "s1")
    reopen(uow)
    if late == "before":
        lapsed(uow, "s1")
        assert stage(uow) is Stage.RECEIVED
    finish_again(uow)
    if late == "finished":
        lapsed(uow, "s1")
        assert stage(uow) is Stage.FINISHED
    told(uow, "s2")
    if late == "told":
        flow.close_item(SurveyAnswered(**ABOUT, event_id="a", survey_id="s1", score=5), uow)
        assert stage(uow) is Stage.TOLD
    flow.close_item(SurveyAnswered(**ABOUT, event_id="b", survey_id="s2", score=4), uow)
    assert stage(uow) is Stage.CLOSED


def test_the_dossier_is_numbered_with_the_letter(uow):
    ended(uow, Stage.TOLD, part="b", survey_id="s1")
    flow.close_item(SurveyAnswered(**ABOUT, event_id="a", survey_id="s1", score=4), uow)
    assert uow.said[-1][0].number == "天安2026-0001b"
