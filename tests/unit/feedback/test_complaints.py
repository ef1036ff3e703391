"""Complaints, from receipt to the end: stages, who may handle one, its clock, appeal, dispute, correction."""

from datetime import timedelta
from itertools import product

import pytest

from services.feedback.domain.complaints import LIFE, Complaint, Stage
from services.feedback.handlers import complaints, parties, plans, remedies
from shared.access import Actor, Role
from shared.contracts.base import Who
from shared.contracts.dispatch import HandOverAccepted, ItemAccepted, ServiceFinished, ServiceStarted
from shared.contracts.feedback import (
    AcceptDecision,
    AcknowledgeComplaint,
    AppealDecision,
    AssessComplaint,
    CarryOutDispute,
    CheckCorrection,
    ConcludeDispute,
    DecideComplaint,
    ExtendComplaint,
    FileComplaint,
    FinishCorrection,
    GetComplaint,
    GetOwnComplaint,
    ListComplaints,
    OrderCorrection,
    RecordFinding,
    SubmitDispute,
    TellDecision,
    WithdrawComplaint,
)
from shared.contracts.station import GivenLimit, LimitsSet
from shared.errors import Forbidden, IllegalMove, Invalid, NotFound
from tests.builders import NOON
from tests.unit.feedback.fakes import FakeFeedback

PUBLIC = Actor(id="public", role=Role.PUBLIC)
CHEN = Actor(id="chen", role=Role.STAFF, name="陈专员", parks=("tianan",))
LI = Actor(id="li", role=Role.STAFF, name="李专员", parks=("tianan",))
FAR = Actor(id="far", role=Role.STAFF, name="远专员", parks=("juda",))
REGULATOR = Actor(id="lin", role=Role.REGULATOR, parks=("tianan",))
CLIENT = Actor(id="client:1", role=Role.CLIENT, requests=("r1",))


@pytest.fixture
def uow():
    return FakeFeedback(now=NOON, actor=PUBLIC)


def tell(uow, actor, handler, command):
    uow.actor = actor
    return handler(command, uow)


def filed(uow, actor=PUBLIC, **given):
    values = {"park": "tianan", "about": "attitude", "text": "电话里不耐烦", **given}
    return tell(uow, actor, complaints.file_complaint, FileComplaint(**values))


def taken(uow, actor=LI, by=PUBLIC, **given):
    one = filed(uow, by, **given)
    tell(uow, actor, complaints.acknowledge_complaint, AcknowledgeComplaint(complaint_id=one.complaint_id))
    return one.complaint_id


def assess(uow, complaint_id, actor=LI, **given):
    values = {"severity": "medium", "complexity": "simple", "impact": "one", **given}
    return tell(uow, actor, complaints.assess_complaint, AssessComplaint(complaint_id=complaint_id, **values))


def decide(uow, complaint_id, actor=LI, outcome="confirmed"):
    command = DecideComplaint(complaint_id=complaint_id, outcome=outcome, response="apology", text="向您道歉")
    return tell(uow, actor, complaints.decide_complaint, command)


def told(uow, **given):
    complaint_id = taken(uow, **given)
    assess(uow, complaint_id)
    decide(uow, complaint_id)
    return complaint_id


def own(uow, complaint_id):
    return Actor(id="client:c", role=Role.CLIENT, requests=(complaint_id,))


def accepted(by, version=2):
    who = Who(id=by.id, role=by.role, name=by.name)
    about = {"park": "tianan", "request_id": "r1", "item_id": "i1", "event_id": "e", "occurred_at": NOON}
    return ItemAccepted(**about, version=version, actor=who)


@pytest.mark.parametrize(("stage", "trigger"), list(product(Stage, LIFE.triggers)))
def test_exactly_the_tables_rows_are_legal(stage, trigger):
    legal = {(move.source, move.trigger): move.target for move in LIFE}
    one = Complaint(
        complaint_id="c", number="n", code="0", park="p", channel="web", about="other", text="t", wish="",
        anonymous=False, repeated=False, company="", received_at=NOON, stage=stage,
    )  # fmt: skip
    if (stage, trigger) in legal:
        one._move(trigger)
        assert one.stage == legal[stage, trigger]
    else:
        with pytest.raises(IllegalMove):
            one._move(trigger)


@pytest.mark.clause("6.6.1", "6.6.2")
def test_a_nameless_complaint_by_web_is_followed_by_its_code_to_its_end(uow):
    one = filed(uow, anonymous=True)
    assert one.number == "投诉2026-0001"
    tell(uow, LI, complaints.acknowledge_complaint, AcknowledgeComplaint(complaint_id=one.complaint_id))
    assess(uow, one.complaint_id, at_once=True, action="先换人接待", safety=True, severity="high")
    tell(uow, LI, complaints.record_finding, RecordFinding(complaint_id=one.complaint_id, text="录音属实"))
    view = tell(uow, PUBLIC, complaints.get_own_complaint, GetOwnComplaint(number=one.number, code=one.code))
    assert (view.stage, view.handler_name, view.severity) == ("investigating", "李专员", "")
    assert [step.kind for step in view.steps] == ["received", "acknowledge"]
    decide(uow, one.complaint_id)
    view = tell(uow, PUBLIC, complaints.get_own_complaint, GetOwnComplaint(number=one.number, code=one.code))
    assert (view.stage, view.outcome, view.decision) == ("told", "confirmed", "向您道歉")
    tell(uow, own(uow, one.complaint_id), complaints.accept_decision, AcceptDecision(complaint_id=one.complaint_id))
    assert uow.types == [
        "complaint_received", "complaint_acknowledged", "complaint_assessed", "finding_recorded", "complaint_decided",
        "complaint_confirmed", "decision_told", "complaint_closed",
    ]  # fmt: skip
    assert {event.park for event, _ in uow.said} == {"tianan"}


@pytest.mark.clause("6.6.2")
@pytest.mark.parametrize("channel", ["im", "phone", "window", "letter"])
def test_staff_write_down_what_comes_otherwise_and_tell_the_decision_themselves(uow, channel):
    with pytest.raises(Forbidden):
        filed(uow, PUBLIC, channel=channel)
    with pytest.raises(Forbidden):
        filed(uow, FAR, channel=channel)
    complaint_id = taken(uow, by=CHEN, channel=channel, contact_name="王工", phone="020-00000001")
    assess(uow, complaint_id)
    assert decide(uow, complaint_id).stage == "decided"
    hidden = tell(uow, own(uow, complaint_id), complaints.get_complaint, GetComplaint(complaint_id=complaint_id))
    assert (hidden.decision, hidden.outcome) == ("", "")
    view = tell(uow, LI, complaints.tell_decision, TellDecision(complaint_id=complaint_id, how="phone", note="已接通"))
    assert (view.stage, view.phone) == ("told", "020-00000001")


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"text": " "}, "text"),
        ({"about": "weather"}, "about"),
        ({"channel": "pigeon"}, "channel"),
        ({"phone": "abc"}, "phone"),
        ({"email": "abc"}, "email"),
        ({"anonymous": True, "phone": "13900000000"}, "anonymous"),
        ({"item_id": "i1"}, "item_id"),
        ({"company": "x" * 201}, "company"),
        ({"wish": "x" * 2001}, "wish"),
    ],
)
def test_what_is_wrong_with_a_complaint_is_said_by_field(uow, given, field):
    with pytest.raises(Invalid) as refused:
        filed(uow, CHEN if given.get("channel") else PUBLIC, **given)
    assert field in refused.value.fields
    assert uow.said == []


def test_only_its_owner_or_staff_complain_of_a_request(uow):
    with pytest.raises(Forbidden):
        filed(uow, PUBLIC, request_id="r1")
    assert filed(uow, CLIENT, request_id="r1").number
    view = tell(uow, CLIENT, complaints.list_complaints, ListComplaints(request_id="r1")).complaints
    assert [(one.repeated, one.handler_id) for one in view] == [(False, "")]
    filed(uow, CLIENT, request_id="r1")
    newest = tell(uow, CHEN, complaints.list_complaints, ListComplaints(park="tianan")).complaints[0]
    assert newest.repeated
    with pytest.raises(Forbidden):
        tell(uow, CLIENT, complaints.list_complaints, ListComplaints(request_id="r2"))


@pytest.mark.clause("6.6.1")
def test_whoever_had_a_hand_in_it_never_handles_it(uow):
    parties.know_party(accepted(CHEN), uow)
    one = filed(uow, CLIENT, request_id="r1", item_id="i1")
    with pytest.raises(Forbidden):
        tell(uow, CHEN, complaints.acknowledge_complaint, AcknowledgeComplaint(complaint_id=one.complaint_id))
    assert tell(uow, CHEN, complaints.get_complaint, GetComplaint(complaint_id=one.complaint_id)).barred
    taking = AcknowledgeComplaint(complaint_id=one.complaint_id)
    assert tell(uow, LI, complaints.acknowledge_complaint, taking).handler_name == "李专员"


def test_whom_it_turns_out_to_be_about_cannot_go_on_with_it(uow):
    complaint_id = taken(uow, LI)
    with pytest.raises(Forbidden):
        assess(uow, complaint_id, LI, against_id="li")
    tell(uow, CHEN, complaints.acknowledge_complaint, AcknowledgeComplaint(complaint_id=complaint_id))  # takes over
    assess(uow, complaint_id, CHEN, against_id="li", against_name="李专员")
    with pytest.raises(Forbidden):
        tell(uow, LI, complaints.acknowledge_complaint, AcknowledgeComplaint(complaint_id=complaint_id))


def test_only_who_has_taken_it_handles_it_and_only_in_its_park(uow):
    complaint_id = taken(uow, LI)
    for actor in (CHEN, FAR, REGULATOR, own(uow, complaint_id)):
        with pytest.raises(Forbidden):
            assess(uow, complaint_id, actor)
    with pytest.raises(IllegalMove):
        tell(uow, LI, complaints.acknowledge_complaint, AcknowledgeComplaint(complaint_id=complaint_id))
    with pytest.raises(Forbidden):
        tell(uow, FAR, complaints.get_complaint, GetComplaint(complaint_id=complaint_id))


def test_a_contact_is_for_who_may_handle_it_alone(uow):
    parties.know_party(accepted(CHEN), uow)
    one = filed(uow, CLIENT, request_id="r1", item_id="i1", phone="020-00000001")
    seen = GetComplaint(complaint_id=one.complaint_id)
    assert tell(uow, LI, complaints.get_complaint, seen).phone == "020-00000001"
    for actor in (REGULATOR, CHEN, CLIENT):
        assert tell(uow, actor, complaints.get_complaint, seen).phone == ""


def test_a_wrong_code_and_a_wrong_number_are_the_same(uow):
    one = filed(uow)
    wrong = "0" if one.code != "000000" else "1"
    texts = set()
    for number, code in ((one.number, wrong), ("投诉2026-9999", one.code)):
        with pytest.raises(NotFound) as refused:
            tell(uow, PUBLIC, complaints.get_own_complaint, GetOwnComplaint(number=number, code=code))
        texts.add(refused.value.text)
    assert len(texts) == 1


@pytest.mark.clause("6.6.2")
def test_it_has_ten_working_days_is_warned_of_and_goes_up_the_chain(uow):
    complaint_id = taken(uow)
    due = tell(uow, LI, complaints.get_complaint, GetComplaint(complaint_id=complaint_id)).due
    assert (due.count, due.unit, due.state) == (10, "days", "ok")
    uow.now = due.at - timedelta(days=1)
    remedies.sound_complaints(uow)
    remedies.sound_complaints(uow)
    assert uow.types.count("complaint_warned") == 1
    uow.now = due.at + timedelta(minutes=1)
    remedies.sound_complaints(uow)
    remedies.sound_complaints(uow)
    overdue = [event for event, _ in uow.said if event.type() == "complaint_overdue"]
    assert [(one.level, [who.account or who.role for who in one.to]) for one in overdue] == [(1, ["li", "operator"])]


def test_another_limit_counts_from_when_it_was_heard(uow):
    complaint_id = taken(uow)
    limits = LimitsSet(park="", version=1, limits=(GivenLimit(clock="complaint", count=3, unit="days"),))
    plans.know_setting(limits, uow)
    assert tell(uow, LI, complaints.get_complaint, GetComplaint(complaint_id=complaint_id)).due.count == 3


@pytest.mark.clause("6.6.1")
def test_it_is_extended_only_in_time_told_and_not_for_ever(uow):
    complaint_id = taken(uow, by=CLIENT, request_id="r1")
    extend = ExtendComplaint(complaint_id=complaint_id, days=5, reason="等检测报告")
    before = tell(uow, LI, complaints.get_complaint, GetComplaint(complaint_id=complaint_id)).due.at
    view = tell(uow, LI, complaints.extend_complaint, extend)
    assert (view.extra_days, view.due.count) == (5, 15)
    assert view.due.at > before
    assert [notice.kind for notice in uow.notices.of_request("r1")][-1] == "complaint_extended"
    with pytest.raises(Invalid):
        tell(uow, LI, complaints.extend_complaint, ExtendComplaint(complaint_id=complaint_id, days=16, reason="再等"))
    uow.now = view.due.at + timedelta(seconds=1)
    with pytest.raises(IllegalMove):
        tell(uow, LI, complaints.extend_complaint, extend)


def test_an_appeal_is_looked_into_by_another_with_its_own_time_and_comes_once(uow):
    complaint_id = told(uow)
    appeal = AppealDecision(complaint_id=complaint_id, text="没有说清楚")
    view = tell(uow, own(uow, complaint_id), complaints.appeal_decision, appeal)
    assert (view.stage, view.round, view.handler_name) == ("appealed", 2, "")
    with pytest.raises(Forbidden):
        tell(uow, LI, complaints.acknowledge_complaint, AcknowledgeComplaint(complaint_id=complaint_id))
    assert tell(uow, CHEN, complaints.acknowledge_complaint, AcknowledgeComplaint(complaint_id=complaint_id)).due
    decide(uow, complaint_id, CHEN, "unfounded")
    with pytest.raises(IllegalMove):
        tell(uow, own(uow, complaint_id), complaints.appeal_decision, appeal)
    assert uow.types.count("complaint_confirmed") == 1


def test_without_an_appeal_in_time_it_closes_and_can_then_not_be_appealed(uow):
    complaint_id = told(uow)
    until = tell(uow, LI, complaints.get_complaint, GetComplaint(complaint_id=complaint_id)).appeal_until
    uow.now = until
    with pytest.raises(IllegalMove):
        tell(
            uow, own(uow, complaint_id), complaints.appeal_decision, AppealDecision(complaint_id=complaint_id, text="x")
        )
    remedies.sound_complaints(uow)
    remedies.sound_complaints(uow)
    closed = [event.reason for event, _ in uow.said if event.type() == "complaint_closed"]
    assert closed == ["lapsed"]


@pytest.mark.clause("6.6.1")
def test_a_dispute_goes_outside_after_the_appeal_and_is_followed_until_carried_out(uow):
    complaint_id = told(uow)
    submit = SubmitDispute(
        complaint_id=complaint_id, provider="示例调解中心", method="mediation", submitted_on="2026-12-01"
    )
    with pytest.raises(IllegalMove):
        tell(uow, LI, remedies.submit_dispute, submit)
    tell(
        uow, own(uow, complaint_id), complaints.appeal_decision, AppealDecision(complaint_id=complaint_id, text="不服")
    )
    tell(uow, CHEN, complaints.acknowledge_complaint, AcknowledgeComplaint(complaint_id=complaint_id))
    decide(uow, complaint_id, CHEN, "partly")
    assert tell(uow, CHEN, remedies.submit_dispute, submit).stage == "disputed"
    done = CarryOutDispute(complaint_id=complaint_id, carried_out_on="2026-12-20")
    with pytest.raises(IllegalMove):
        tell(uow, CHEN, remedies.carry_out_dispute, done)
    early = ConcludeDispute(complaint_id=complaint_id, outcome="退一半", concluded_on="2026-11-30")
    with pytest.raises(Invalid):
        tell(uow, CHEN, remedies.conclude_dispute, early)
    concluded = ConcludeDispute(complaint_id=complaint_id, outcome="退一半", concluded_on="2026-12-10")
    assert tell(uow, CHEN, remedies.conclude_dispute, concluded).dispute.outcome == "退一半"
    view = tell(uow, CHEN, remedies.carry_out_dispute, done)
    assert (view.stage, view.dispute.carried_out_on) == ("closed", "2026-12-20")


@pytest.mark.clause("6.6.1")
def test_a_correction_is_checked_by_another_and_done_again_if_it_had_no_effect(uow):
    complaint_id = told(uow)
    order = OrderCorrection(complaint_id=complaint_id, what="补培训", due_on="2026-12-15", owner_id="chen")
    correction = tell(uow, LI, remedies.order_correction, order).corrections[0].correction_id
    about = {"complaint_id": complaint_id, "correction_id": correction}
    with pytest.raises(Forbidden):
        tell(uow, LI, remedies.finish_correction, FinishCorrection(**about, note="做了"))
    with pytest.raises(IllegalMove):
        tell(uow, LI, remedies.check_correction, CheckCorrection(**about, effective=True, note="好"))
    tell(uow, CHEN, remedies.finish_correction, FinishCorrection(**about, note="培训过了"))
    with pytest.raises(Forbidden):
        tell(uow, CHEN, remedies.check_correction, CheckCorrection(**about, effective=True, note="好"))
    again = tell(uow, LI, remedies.check_correction, CheckCorrection(**about, effective=False, note="又有人投诉"))
    assert (again.corrections[0].status, again.corrections[0].effective) == ("open", False)
    tell(uow, CHEN, remedies.finish_correction, FinishCorrection(**about, note="换了人"))
    view = tell(uow, LI, remedies.check_correction, CheckCorrection(**about, effective=True, note="没有再投诉"))
    assert (view.corrections[0].status, view.corrections[0].checked_by) == ("checked", "李专员")


def test_it_can_be_withdrawn_until_it_is_decided(uow):
    complaint_id = taken(uow)
    client = own(uow, complaint_id)
    view = tell(
        uow, client, complaints.withdraw_complaint, WithdrawComplaint(complaint_id=complaint_id, reason="说开了")
    )
    assert (view.stage, view.due) == ("withdrawn", None)
    with pytest.raises(IllegalMove):
        tell(uow, client, complaints.withdraw_complaint, WithdrawComplaint(complaint_id=complaint_id))


def test_a_confirmed_complaint_names_the_organization_that_served(uow):
    about = {"park": "tianan", "request_id": "r1", "item_id": "i1", "event_id": "e", "occurred_at": NOON}
    parties.know_party(ServiceStarted(**about, version=5, job_id="j", target="L01"), uow)
    finished = ServiceFinished(
        **about, version=6, number="天安2026-0001", title="校准", category="x", item="y", result={}, served_by="z"
    )
    parties.know_party(finished, uow)
    told(uow, by=CLIENT, request_id="r1", item_id="i1")
    confirmed = next(event for event, _ in uow.said if event.type() == "complaint_confirmed")
    assert (confirmed.organization, confirmed.category, confirmed.item_id) == ("L01", "x", "i1")


def test_what_is_heard_late_does_not_take_an_item_from_its_owner(uow):
    about = {"park": "tianan", "request_id": "r1", "item_id": "i1", "event_id": "e", "occurred_at": NOON}
    over = HandOverAccepted(**about, version=4, owner_id="li", owner_name="李专员", before="陈专员")
    parties.know_party(over, uow)
    parties.know_party(accepted(CHEN, version=2), uow)
    party = uow.parties.get("i1")
    assert (party.owner_id, party.hands) == ("li", ("chen", "li"))
