"""Complaints are kept as they are, numbered without gaps, found by whoever may see them; on every store."""

from datetime import timedelta

from services.feedback.domain.parties import Party
from services.feedback.handlers import complaints, remedies
from shared.access import Actor, Role
from shared.contracts.feedback import (
    AcknowledgeComplaint,
    AppealDecision,
    AssessComplaint,
    DecideComplaint,
    FileComplaint,
    FinishCorrection,
    GetComplaint,
    ListComplaints,
    OrderCorrection,
    SubmitDispute,
)

LI = Actor(id="li", role=Role.STAFF, name="李专员", parks=("tianan",))
WANG = Actor(id="wang", role=Role.STAFF, name="王专员", parks=("tianan",))
PUBLIC = Actor(id="public", role=Role.PUBLIC)


def file(transactions, park="tianan", **given):
    command = FileComplaint(park=park, about="fee", text="收费没有说清楚", **given)
    return complaints.file_complaint(command, transactions(PUBLIC))


def handle(transactions, complaint_id, actor, outcome="confirmed"):
    about = {"complaint_id": complaint_id}
    complaints.acknowledge_complaint(AcknowledgeComplaint(**about), transactions(actor))
    if complaints.get_complaint(GetComplaint(**about), transactions(actor)).stage == "acknowledged":
        assess = AssessComplaint(**about, severity="high", complexity="complex", impact="several", safety=True)
        complaints.assess_complaint(assess, transactions(actor))
    decide = DecideComplaint(**about, outcome=outcome, response="refund", text="退还多收的费用")
    return complaints.decide_complaint(decide, transactions(actor))


def test_a_complaint_comes_back_as_it_was_put(transactions):
    one = file(transactions, phone="020-00000001", contact_name="王工").complaint_id
    handle(transactions, one, LI)
    correct = OrderCorrection(complaint_id=one, what="公示收费", due_on="2026-12-15")
    fix = remedies.order_correction(correct, transactions(LI)).corrections[0]
    done = FinishCorrection(complaint_id=one, correction_id=fix.correction_id, note="贴出来了")
    remedies.finish_correction(done, transactions(LI))
    client = Actor(id="client:1", role=Role.CLIENT, requests=(one,))
    complaints.appeal_decision(AppealDecision(complaint_id=one, text="没退"), transactions(client))
    handle(transactions, one, WANG, "partly")
    dispute = SubmitDispute(complaint_id=one, provider="示例调解中心", method="mediation", submitted_on="2026-12-01")
    shown = remedies.submit_dispute(dispute, transactions(WANG))
    again = complaints.get_complaint(GetComplaint(complaint_id=one), transactions(WANG))
    assert again == shown
    assert (again.phone, again.contact_name, again.severity, again.round) == ("020-00000001", "王工", "high", 2)
    assert (again.dispute.provider, again.corrections[0].note) == ("示例调解中心", "贴出来了")
    assert again.due is None


def test_numbers_have_no_gaps_and_pages_no_doubles(transactions):
    numbers = [file(transactions, park).number for park in ("tianan", "juda", "tianan")]
    assert [number[-4:] for number in numbers] == ["0001", "0002", "0003"]
    first = complaints.list_complaints(ListComplaints(limit=1), transactions(LI))
    assert ([one.number for one in first.complaints], first.counts) == ([numbers[2]], {"received": 2})
    rest = complaints.list_complaints(ListComplaints(after=first.next), transactions(LI))
    assert ([one.number for one in rest.complaints], rest.next) == ([numbers[0]], "")
    closed = ListComplaints(stage="closed", open=True)
    assert complaints.list_complaints(closed, transactions(LI)).complaints == ()


def test_an_alarm_is_due_when_its_time_has_come_and_another_plan_has_it_looked_at(transactions):
    one = file(transactions).complaint_id
    with transactions() as uow:
        now = uow.now
        assert uow.complaints.alarms(now, 10) == []
    with transactions() as uow:
        assert [c.complaint_id for c in uow.complaints.alarms(now + timedelta(days=400), 10)] == [one]
    with transactions() as uow:
        uow.complaints.look_again("juda", now)
        assert uow.complaints.alarms(now, 10) == []
        uow.complaints.look_again("tianan", now)
        assert len(uow.complaints.alarms(now, 10)) == 1


def test_what_is_known_of_an_item_is_held_once(transactions):
    party = Party(item_id="i1", request_id="r1", park="tianan", hands=("li",))
    with transactions() as uow:
        assert uow.parties.get("i1") is None
        uow.parties.put(uow.parties.hold(party))
        uow.commit()
    with transactions() as uow:
        other = Party(item_id="i1", request_id="r1", park="tianan")
        assert uow.parties.hold(other) == uow.parties.get("i1") == party


def test_a_second_complaint_of_the_same_is_known(transactions):
    client = Actor(id="client:1", role=Role.CLIENT, requests=("r1",))
    for item_id in ("i1", "i2", "i1"):
        command = FileComplaint(park="tianan", about="time", text="慢", request_id="r1", item_id=item_id)
        complaints.file_complaint(command, transactions(client))
    found = complaints.list_complaints(ListComplaints(request_id="r1"), transactions(client)).complaints
    assert [one.repeated for one in found] == [True, False, False]
