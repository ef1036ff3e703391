"""Consents: given for one recipient or purpose, withdrawn, and what may be told because of them."""

from dataclasses import replace

import pytest

from services.intake.handlers import consents, requests
from shared.access import Actor, Role, system
from shared.contracts.intake import (
    GetConsent,
    GetSharedContact,
    ListConsents,
    RecordConsent,
    SubmitNeed,
    WithdrawConsent,
)
from shared.errors import Forbidden, IllegalMove, Invalid, NotFound
from tests.system import PUBLIC, STAFF
from tests.unit.intake.fakes import FakeIntake

LAB, OTHER = "lab-a", "lab-b"
ELSEWHERE = Actor(id="li", role=Role.STAFF, parks=("juda",))


@pytest.fixture
def work() -> FakeIntake:
    work = FakeIntake(actor=PUBLIC)
    need = SubmitNeed(park="tianan", text="压力表要检定", company="示例企业", contact_name="王工", phone="13900000000")
    work.request_id = requests.submit_need(need, work).request_id
    work.owner = Actor(id="client", role=Role.CLIENT, requests=(work.request_id,))
    work.actor = work.owner
    return work


def record(work: FakeIntake, **given: str) -> str:
    return consents.record_consent(RecordConsent(request_id=work.request_id, **given), work).consent_id


def given(work: FakeIntake, organization: str) -> bool:
    before, work.actor = work.actor, system("dispatch")
    state = consents.get_consent(GetConsent(request_id=work.request_id, organization=organization), work)
    work.actor = before
    return state.given


def test_there_is_no_consent_unless_it_was_given(work):
    assert not given(work, LAB)


def test_consent_for_one_organization_is_none_for_another(work):
    record(work, organization=LAB, organization_name="甲实验室")
    assert (given(work, LAB), given(work, OTHER)) == (True, False)


def test_consent_for_any_holds_for_all_but_whom_it_was_withdrawn_from(work):
    record(work)
    one = record(work, organization=LAB)
    consents.withdraw_consent(WithdrawConsent(consent_id=one, reason="换一家"), work)
    assert (given(work, LAB), given(work, OTHER)) == (False, True)


def test_what_was_withdrawn_can_be_given_again_and_all_of_it_stays_on_record(work):
    first = record(work, organization=LAB)
    consents.withdraw_consent(WithdrawConsent(consent_id=first), work)
    with pytest.raises(IllegalMove):
        consents.withdraw_consent(WithdrawConsent(consent_id=first), work)
    work.now = work.now.replace(hour=9)
    record(work, organization=LAB)
    assert given(work, LAB)
    kept = consents.list_consents(ListConsents(request_id=work.request_id), work).consents
    assert [bool(one.withdrawn_at) for one in kept] == [True, False]
    assert [event.type() for event, _ in work.said[1:]] == ["consent_recorded", "consent_withdrawn", "consent_recorded"]


def test_another_purpose_is_another_consent(work):
    record(work, purpose="follow_up")
    assert not given(work, "")
    with pytest.raises(Invalid):
        record(work, purpose="anything")


def test_staff_write_down_a_consent_with_how_it_was_given(work):
    work.actor = STAFF
    with pytest.raises(Invalid) as refused:
        record(work, organization=LAB)
    assert set(refused.value.fields) == {"note"}
    record(work, organization=LAB, note="电话里口头同意")
    (kept,) = consents.list_consents(ListConsents(request_id=work.request_id), work).consents
    assert (kept.given_by, kept.given_by_role, kept.note) == ("陈专员", "staff", "电话里口头同意")


@pytest.mark.parametrize("actor", [PUBLIC, ELSEWHERE, Actor(id="c", role=Role.CLIENT, requests=("another",))])
def test_nobody_else_consents_withdraws_or_reads(work, actor):
    consent = record(work)
    work.actor = actor
    for act in (
        lambda: record(work, note="x"), lambda: consents.withdraw_consent(WithdrawConsent(consent_id=consent), work),
        lambda: consents.get_consent(GetConsent(request_id=work.request_id), work),
        lambda: consents.list_consents(ListConsents(request_id=work.request_id), work),
    ):  # fmt: skip
        with pytest.raises(Forbidden):
            act()


def test_a_contact_is_told_only_to_who_has_the_consent(work):
    ask = GetSharedContact(request_id=work.request_id, organization=LAB)
    work.actor = system("providers")
    with pytest.raises(Forbidden, match="还没有同意"):
        consents.get_shared_contact(ask, work)
    work.actor = work.owner
    record(work, organization=LAB)
    with pytest.raises(Forbidden):
        consents.get_shared_contact(ask, work)  # not for clients to ask
    work.actor = system("providers")
    assert consents.get_shared_contact(ask, work).phone == "13900000000"
    with pytest.raises(Forbidden):
        consents.get_shared_contact(replace(ask, organization=OTHER), work)


def test_no_event_says_who_consented(work):
    record(work, organization=LAB)
    assert "王工" not in str(work.said)
    assert "13900000000" not in str(work.said[1:])


def test_a_consent_that_is_not_there_cannot_be_withdrawn(work):
    with pytest.raises(NotFound):
        consents.withdraw_consent(WithdrawConsent(consent_id="nope"), work)
