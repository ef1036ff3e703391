"""Surveys: whom to ask, when, by which version; reminded once; no answer is never a mark; shares with their base."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.feedback.domain.asking import DEFAULT
from services.feedback.domain.figures import LEAST, Counts, month_span, rows, share
from services.feedback.handlers import parties, satisfaction, told
from shared.access import Actor, Role
from shared.contracts.base import Who
from shared.contracts.dispatch import ItemAccepted, ServiceFinished, ServiceStarted
from shared.contracts.feedback import AnswerSurvey, GetSurvey, ListNotices, SetSurveyPlan, SurveyQuestion
from shared.errors import Forbidden, Invalid, Taken
from tests.builders import NOON
from tests.system import ADMIN
from tests.unit.feedback.fakes import FakeFeedback

CLIENT = Actor(id="client:1", role=Role.CLIENT, requests=("r1",))
STAFF = Actor(id="chen", role=Role.STAFF, name="陈专员", parks=("tianan",))
ABOUT = {"park": "tianan", "request_id": "r1", "item_id": "i1", "event_id": "e", "occurred_at": NOON}


@pytest.fixture
def uow():
    return FakeFeedback(now=NOON, actor=ADMIN)


def plan(uow, actor=ADMIN, **given):
    values = {"share": 100, "delay_hours": 0, "remind": True, "comment_below": 3, "questions": (), "reasons": ()}
    uow.actor = actor
    return satisfaction.set_survey_plan(SetSurveyPlan(**{**values, **given}), uow)


def finish(uow, version=6, item_id="i1", **given):
    event = ServiceFinished(
        **{**ABOUT, "item_id": item_id, **given}, version=version, number="天安2026-0001", title="校准", category="x",
        item="5.3.d", result={}, served_by="y",
    )  # fmt: skip
    told.tell_result(event, uow)
    return uow.surveys.of_request("r1")[-1]


def inbox(uow):
    uow.actor = CLIENT
    return told.list_notices(ListNotices(request_id="r1", park="tianan"), uow)


@pytest.mark.clause("6.6.3")
def test_who_served_is_frozen_when_the_survey_goes_out(uow):
    who = Who(id="chen", role="staff", name="陈专员")
    parties.know_party(ItemAccepted(**ABOUT, version=2, actor=who), uow)
    parties.know_party(ServiceStarted(**ABOUT, version=5, job_id="j", target="L01"), uow)
    survey = finish(uow)
    other = Who(id="li", role="staff", name="李专员")
    parties.know_party(ItemAccepted(**ABOUT, version=9, actor=other), uow)
    kept = uow.surveys.of_request("r1")[0]
    assert (kept.owner_id, kept.owner_name, kept.organization, kept.category) == ("chen", "陈专员", "L01", "x")
    assert (survey.month, survey.told_in_time) == ("2026-11", True)


@pytest.mark.clause("6.5.1")
def test_a_result_told_after_the_stations_limit_is_told_late(uow):
    uow.now = NOON + timedelta(days=5)
    assert finish(uow).told_in_time is False


@pytest.mark.clause("6.6.3")
def test_what_the_sample_leaves_out_is_told_but_never_asked_and_gets_no_mark(uow):
    plan(uow, share=0)
    survey = finish(uow)
    assert [notice.kind for notice in inbox(uow).notices] == ["result"]
    assert inbox(uow).surveys == ()
    uow.now = survey.expires_at
    told.expire_surveys(uow)
    lapsed = [event.reason for event, _ in uow.said if event.type() == "survey_lapsed"]
    assert lapsed == ["not_asked"]
    assert uow.surveys.of_request("r1")[0].score is None
    satisfaction.remind_of_surveys(uow)
    assert "survey_reminded" not in uow.types


def test_the_sample_has_about_the_share_and_answers_the_same_again():
    some = DEFAULT.__class__(**{**vars(DEFAULT), "share": 30})
    drawn = [some.samples(f"i{n}", 1) for n in range(2000)]
    assert drawn == [some.samples(f"i{n}", 1) for n in range(2000)]
    assert 500 < sum(drawn) < 700


@pytest.mark.clause("6.6.3")
def test_it_is_asked_after_the_delay_and_brought_to_mind_once(uow):
    plan(uow, delay_hours=24)
    survey = finish(uow)
    assert inbox(uow).surveys == ()
    uow.now = NOON + timedelta(hours=24)
    assert [one.status for one in inbox(uow).surveys] == ["open"]
    assert survey.expires_at == NOON + timedelta(hours=24, days=7)
    uow.now += timedelta(days=3.5)
    satisfaction.remind_of_surveys(uow)
    satisfaction.remind_of_surveys(uow)
    assert uow.types.count("survey_reminded") == 1
    assert [notice.kind for notice in uow.notices.of_request("r1")] == ["result", "survey_reminder"]


def test_who_has_answered_is_not_reminded(uow):
    survey = finish(uow)
    told.answer_survey(AnswerSurvey(token=survey.token, score=5), uow)
    uow.now = survey.remind_at
    satisfaction.remind_of_surveys(uow)
    assert "survey_reminded" not in uow.types


def test_nobody_is_reminded_where_the_plan_says_so(uow):
    plan(uow, remind=False)
    assert finish(uow).remind_at is None


@pytest.mark.clause("6.6.3")
def test_a_survey_is_answered_by_the_version_it_went_out_with(uow):
    first = (SurveyQuestion(key="speed", text="快不快"),)
    plan(uow, questions=first, reasons=(SurveyQuestion(key="slow", text="慢"),))
    token = finish(uow).token
    plan(uow, questions=(SurveyQuestion(key="manner", text="态度"),))
    assert told.get_survey(GetSurvey(token=token), uow).questions == first
    for wrong in ({"answers": {"manner": 5}}, {"answers": {"speed": 6}}, {"reasons": ("fee",)}):
        with pytest.raises(Invalid):
            told.answer_survey(AnswerSurvey(token=token, score=2, **wrong), uow)
    answer = AnswerSurvey(token=token, score=2, comment="慢", answers={"speed": 1}, reasons=("slow",))
    told.answer_survey(answer, uow)
    said = next(event for event, _ in uow.said if event.type() == "survey_answered")
    assert (said.answers, said.reasons, said.plan_version) == ({"speed": 1}, ("slow",), 1)


def test_a_version_is_made_from_the_one_that_was_seen_by_who_may(uow):
    assert plan(uow).version == 1
    assert plan(uow, version=1).version == 2
    with pytest.raises(Taken):
        plan(uow, version=1)
    with pytest.raises(Forbidden):
        plan(uow, STAFF)


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"share": 101}, "share"),
        ({"delay_hours": -1}, "delay_hours"),
        ({"comment_below": 6}, "comment_below"),
        ({"questions": (SurveyQuestion(key="A", text="x"),)}, "questions"),
        ({"questions": (SurveyQuestion(key="a", text=" "),)}, "questions"),
        ({"reasons": (SurveyQuestion(key="a", text="x"), SurveyQuestion(key="a", text="y"))}, "reasons"),
    ],
)
def test_what_is_wrong_with_a_plan_is_said_by_field(uow, given, field):
    with pytest.raises(Invalid) as refused:
        plan(uow, **given)
    assert field in refused.value.fields


@given(of=st.integers(1, 3000), data=st.data())
def test_a_share_lies_within_its_bounds_which_narrow_with_more_answers(of, data):
    part = data.draw(st.integers(0, of))
    one = share(part, of)
    assert 0 <= one.low <= part / of + 1e-4
    assert part / of - 1e-4 <= one.high <= 1
    more = share(part * 4, of * 4)
    assert more.high - more.low < one.high - one.low + 1e-9


def test_a_share_is_wilsons():
    one = share(45, 50)  # worked out by hand: 0.786 to 0.957
    assert (round(one.low, 3), round(one.high, 3)) == (0.786, 0.957)


@pytest.mark.clause("6.6.3")
def test_no_answer_is_counted_by_itself_and_few_answers_do_not_count():
    counts = Counts(told=40, asked=30, answered=LEAST - 1, satisfied=9, declined=2, expired=5)
    row = counts.row("tianan")
    assert (row.response.part, row.response.of, row.waiting) == (9, 30, 14)
    assert (row.satisfied.part, row.satisfied.of, row.satisfied.enough) == (9, 9, False)
    assert Counts(answered=LEAST, satisfied=1).row("x").satisfied.enough
    assert Counts(complaints=1).row("x").per_hundred is None


def test_rows_of_one_name_are_one():
    (row,) = rows([("a", Counts(told=200)), ("a", Counts(complaints=3, decided=2, in_time=1))])
    assert (row.per_hundred, row.handled_in_time.part, row.handled_in_time.of) == (1.5, 1, 2)


def test_the_last_twelve_months_where_none_are_named():
    assert month_span("", "", "2026-11") == ("2025-12", "2026-11")
    assert month_span("", "2026-12", "2026-11") == ("2026-01", "2026-12")
    for since, until in (("2026-12", "2026-11"), ("x", ""), ("2026-13", ""), ("", "20-1")):
        with pytest.raises(Invalid):
            month_span(since, until, "2026-11")
