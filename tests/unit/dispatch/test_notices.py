"""One-time notice: all that is missing is asked for at once, partial answers are kept, asking again needs a reason."""

from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.dispatch.domain.life import Stage
from services.dispatch.domain.notices import compose
from services.dispatch.handlers import items, notices
from shared import clocks
from shared.access import Actor, Role
from shared.contracts.dispatch import (
    AnswerNotice,
    AssessItem,
    CloseNotice,
    IssueNotice,
    ListOneTimeNotices,
    MoreAsk,
    WithdrawItem,
)
from shared.errors import Forbidden, IllegalMove, Invalid
from tests.builders import MANIFEST, NOON, item, target
from tests.fakes import FakeDispatch

FORM = [
    {"name": "count", "label": "数量", "en": "Count", "kind": "integer", "required": True, "least": 1},
    {"name": "use", "label": "报告用在哪里", "en": "Use", "kind": "text", "required": True, "hint": "投标要 CMA 报告"},
    {"name": "before", "label": "希望哪天前", "en": "Before", "kind": "day", "required": False},
    {
        "name": "samples", "label": "样品", "en": "Samples", "kind": "table", "required": True,
        "fields": [{"name": "name", "label": "名称", "en": "Name", "kind": "text", "required": True}],
    },
]  # fmt: skip
TESTED = {**MANIFEST, "items": {"5.3.d": {**MANIFEST["items"]["5.3.d"], "form": FORM}}}
CLIENT = Actor(id="c", role=Role.CLIENT, requests=("r1",))
ALL = {"count": 2, "use": "投标", "samples": [{"name": "卡尺"}]}


@pytest.fixture
def uow():
    uow = FakeDispatch(now=NOON)
    with uow:
        uow.targets.put(target(manifest=TESTED))
        uow.items.add(item(stage=Stage.ACCEPTED))
        uow.commit()
    return uow


def issue(uow, **more):
    return notices.issue_notice(IssueNotice(item_id="i1", category="metrology", item="5.3.d", **more), uow)


def answer(uow, actor=CLIENT, **answers):
    uow.actor, before = actor, uow.actor
    try:
        return notices.answer_notice(AnswerNotice(item_id="i1", answers=answers), uow)
    finally:
        uow.actor = before


def last(uow):
    return notices.list_one_time_notices(ListOneTimeNotices(request_id="r1", park="tianan"), uow).notices[-1]


def paused(uow):
    run = clocks.running(uow.items.get("i1").marks)
    return run is not None and run.paused is not None


@pytest.mark.clause("7.2.1.a")
def test_everything_the_form_needs_and_that_is_missing_is_asked_for_at_once(uow):
    view = issue(uow, details={"count": 3})
    assert (view.stage, view.asked, view.item, view.details) == ("asked", 1, "5.3.d", {"count": 3})
    assert [(ask.name, ask.needed, ask.why) for ask in last(uow).asks] == [
        ("use", True, "投标要 CMA 报告"), ("samples", True, ""),
    ]  # fmt: skip
    issued = uow.said[0][0]
    assert (issued.type(), issued.asks, issued.again) == ("notice_issued", ("报告用在哪里", "样品"), False)


@pytest.mark.clause("7.2.1.a")
def test_optional_fields_and_other_things_are_asked_for_along_with_it(uow):
    issue(uow, details={"count": 3}, also=("before",), more=(MoreAsk(what="产品图纸", why="看设备装不装得下"),))
    asks = {ask.label: ask for ask in last(uow).asks}
    assert list(asks) == ["报告用在哪里", "希望哪天前", "样品", "产品图纸"]
    assert not asks["希望哪天前"].needed
    assert (asks["产品图纸"].needed, asks["产品图纸"].why) == (True, "看设备装不装得下")


@pytest.mark.clause("7.2.1.a")
def test_partial_answers_are_kept_and_the_last_one_lets_it_go_on(uow):
    issue(uow, more=(MoreAsk(what="产品图纸", why=""),))
    assert answer(uow, count=2).stage == "asked"
    assert answer(uow, use="投标", samples=[{"name": "卡尺"}]).stage == "asked"
    done = answer(uow, more1="已发邮箱")
    assert (done.stage, done.details) == ("accepted", ALL)
    told = [event for event, _ in uow.said if event.type() == "notice_answered"]
    assert [(event.given, event.of, event.complete) for event in told] == [(1, 4, False), (3, 4, False), (4, 4, True)]
    assert told[0].now == ("数量",)
    assert last(uow).answers["more1"] == "已发邮箱"
    assert last(uow).answered_at == NOON


def test_what_was_given_can_be_given_anew_and_the_same_again_says_nothing(uow):
    issue(uow)
    answer(uow, count=2)
    count = len(uow.said)
    answer(uow, count=2)
    assert len(uow.said) == count
    answer(uow, count=5)
    assert last(uow).answers == {"count": 5}


def test_optional_ones_are_not_waited_for(uow):
    issue(uow, also=("before",))
    assert answer(uow, **ALL).stage == "accepted"


@pytest.mark.clause("7.2.1.a")
def test_asking_again_needs_a_reason_and_is_counted(uow):
    issue(uow)
    answer(uow, **ALL)
    with pytest.raises(Invalid) as refused:
        issue(uow, also=("before",))
    assert "reason" in refused.value.fields
    view = issue(uow, also=("before",), reason="漏问了日期")
    assert view.asked == 2
    again = [event for event, _ in uow.said if event.type() == "notice_issued"][-1]
    assert (again.again, again.count, again.reason, again.asks) == (True, 2, "漏问了日期", ("希望哪天前",))


def test_the_clock_stands_still_while_the_client_is_asked(uow):
    issue(uow)
    assert paused(uow)
    uow.now = NOON + timedelta(days=2)
    answer(uow, **ALL)
    assert not paused(uow)
    assert [t for t in uow.types if t in ("item_paused", "item_resumed")] == ["item_paused", "item_resumed"]
    runs = [run for run in clocks.runs(uow.items.get("i1").marks) if run.clock == "assess"]
    assert len(runs) == 1  # it goes on, it does not begin anew
    assert runs[0].pauses[0].end == uow.now


@pytest.mark.clause("7.2.1.a")
def test_staff_answer_for_the_client_or_wait_no_longer(uow):
    issue(uow)
    answer(uow, actor=uow.actor, count=2)
    with pytest.raises(Invalid):
        notices.close_notice(CloseNotice(item_id="i1", reason=" "), uow)
    view = notices.close_notice(CloseNotice(item_id="i1", reason="企业说先办着"), uow)
    assert (view.stage, view.details) == ("accepted", {"count": 2})
    closed = uow.said[-1][0]
    assert (closed.complete, closed.waived, closed.reason) == (True, ("报告用在哪里", "样品"), "企业说先办着")
    assert not paused(uow)


@pytest.mark.parametrize(
    "answers",
    [{}, {"count": 0}, {"count": "two"}, {"nothing": 1}, {"samples": [{"size": 1}]}, {"use": "长" * 201}],
)
def test_what_does_not_fit_changes_nothing(uow, answers):
    issue(uow)
    count = len(uow.said)
    with pytest.raises(Invalid):
        answer(uow, **answers)
    assert (last(uow).answers, len(uow.said)) == ({}, count)


@pytest.mark.parametrize(
    "more",
    [
        {"category": "nobody"}, {"item": "5.3.z"}, {"also": ("nothing",)}, {"more": (MoreAsk(what=" ", why=""),)},
        {"more": (MoreAsk(what="件", why=""),) * 11}, {"details": {"count": "two"}}, {"details": ALL},
    ],
)  # fmt: skip
def test_what_cannot_be_asked_changes_nothing(uow, more):
    given = {"category": "metrology", "item": "5.3.d", **more}
    with pytest.raises(Invalid):
        notices.issue_notice(IssueNotice(item_id="i1", **given), uow)
    assert (uow.items.get("i1").stage, uow.said) == (Stage.ACCEPTED, [])


@pytest.mark.parametrize("stage", [s for s in Stage if s is not Stage.ACCEPTED])
def test_only_what_is_accepted_and_not_assessed_is_asked_about(uow, stage):
    with uow:
        uow.items.put(item(stage=stage))
        uow.commit()
    with pytest.raises(IllegalMove):
        issue(uow)
    with pytest.raises(IllegalMove):
        answer(uow, count=2)


def test_others_may_neither_ask_nor_answer(uow):
    uow.actor = CLIENT
    with pytest.raises(Forbidden):
        issue(uow)
    uow.actor = Actor(id="chen", role=Role.STAFF, parks=("tianan",), name="陈专员")
    issue(uow)
    with pytest.raises(Forbidden):
        answer(uow, actor=Actor(id="d", role=Role.CLIENT, requests=("r2",)), count=2)
    uow.actor = Actor(id="d", role=Role.CLIENT, requests=("r2",))
    with pytest.raises(Forbidden):
        last(uow)


def test_a_withdrawn_item_is_no_longer_asked_about(uow):
    issue(uow)
    items.withdraw_item(WithdrawItem(item_id="i1"), uow)
    with pytest.raises(IllegalMove):
        answer(uow, count=2)


def test_what_was_answered_is_what_it_is_assessed_with(uow):
    issue(uow)
    details = answer(uow, **ALL).details
    command = AssessItem(item_id="i1", category="metrology", item="5.3.d", details=details)
    assert items.assess_item(command, uow).stage == "offered"


VALUES = {"count": st.integers(1, 9), "use": st.just("投标"), "samples": st.just([{"name": "卡尺"}])}


@given(st.lists(st.fixed_dictionaries({}, optional=VALUES), max_size=8))
@settings(max_examples=150, deadline=None)
def test_it_goes_on_exactly_when_all_that_is_needed_has_come(rounds):
    uow = FakeDispatch(now=NOON)
    with uow:
        uow.targets.put(target(manifest=TESTED))
        uow.items.add(item(stage=Stage.ACCEPTED))
        uow.commit()
    issue(uow)
    seen: dict[str, object] = {}
    for answers in rounds:
        if uow.items.get("i1").stage is not Stage.ASKED or not answers:
            continue
        answer(uow, **answers)
        seen |= answers
        assert (uow.items.get("i1").stage is Stage.ACCEPTED) == (set(seen) == set(VALUES))
    assert last(uow).answers == seen


def test_an_empty_form_has_nothing_to_ask():
    with pytest.raises(Invalid):
        compose([], {}, (), ())
    assert [ask["label"] for ask in compose([], {}, (), [("图纸", "")])] == ["图纸"]
