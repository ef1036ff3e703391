"""From an assessment that wants an organization to its result: ranked, invited, answered, agreed, delivered."""

from datetime import timedelta

import pytest

from services.dispatch.domain import offers as domain
from services.dispatch.domain.items import Item
from services.dispatch.domain.life import Stage
from services.dispatch.domain.offers import Status
from services.dispatch.handlers import consents, flow, items, matching, offers, organizations, outcomes, targets, terms
from shared.access import Actor, Role
from shared.contracts.dispatch import (
    AcceptOffer,
    AgreeTerms,
    AssessItem,
    DeclineOffer,
    DeliverPart,
    DeliverResult,
    DropTerms,
    FailService,
    GetMatch,
    GetOffer,
    InviteOrganizations,
    ListOffers,
    ProposeTerms,
    ReassignItem,
    RefuseItem,
    SetWeights,
    StartJob,
    WithdrawItem,
)
from shared.contracts.feedback import ResultTold, SurveyAnswered, SurveyLapsed
from shared.contracts.intake import ConsentRecorded, ConsentWithdrawn
from shared.errors import Forbidden, IllegalMove, Invalid, NotFound
from tests.builders import NOON, item, qualification, target
from tests.fakes import FakeDispatch
from tests.matching import DUE, TERMS, offer, registered
from tests.matching import matching as matched

RESULT = [{"name": "conclusion", "label": "结论", "kind": "text", "required": True}]
DAY = timedelta(days=1)
CHEN = Actor(id="chen", role=Role.STAFF, name="陈专员", parks=("tianan",))
CLIENT = Actor(id="client", role=Role.CLIENT, requests=("r1",))


def of(code):
    return Actor(id=f"org.{code}", role=Role.ORGANIZATION, name=f"示例机构{code}", organization=code)


@pytest.fixture
def uow():
    """Three organizations, of which M01 fits best and M03 least; one item that was just accepted."""
    work = FakeDispatch(now=NOON)
    manifest = {**target().manifest, "items": {"5.3.d": {**target().manifest["items"]["5.3.d"], "result": RESULT}}}
    with work:
        work.targets.put(target(manifest=manifest))
        work.items.add(item(stage=Stage.ACCEPTED))
        work.commit()
    for code, price in (("M01", "low"), ("M02", "middle"), ("M03", "high")):
        organizations.know_organization(registered(organization=code, price=price), work)
    work.actor = CHEN
    return work


def kept(uow) -> Item:
    return uow.items.get("i1")


def stage(uow):
    return kept(uow).stage


def consented(uow, kind=ConsentRecorded, consent_id="c1", at=NOON, **given):
    hear = consents.know_consent if kind is ConsentRecorded else consents.forget_consent
    values = {"park": "tianan", "request_id": "r1", "number": "天安2026-0001", "purpose": "share_contact"}
    hear(kind(**{**values, "consent_id": consent_id, "occurred_at": at, **given}), uow)


def assess(uow, consent=True, **given):
    if consent:
        consented(uow)
    values = {"way": "match", "details": {"count": 1}, **given}
    return items.assess_item(AssessItem(item_id="i1", category="metrology", item="5.3.d", **values), uow)


def invite(uow, *codes, **given):
    return matching.invite_organizations(InviteOrganizations(item_id="i1", organizations=codes, **given), uow)


def job(uow, code):
    """The id of the newest offer to an organization."""
    return [one.job_id for one in uow.offers.of_item("i1") if one.target == code][-1]


def status(uow, code):
    return uow.offers.get(job(uow, code)).status


def accept(uow, code, who=None):
    uow.actor = who or of(code)
    return offers.accept_offer(AcceptOffer(job_id=job(uow, code)), uow)


def decline(uow, code, reason="排满了", who=None):
    uow.actor = who or of(code)
    return offers.decline_offer(DeclineOffer(job_id=job(uow, code), reason=reason), uow)


def propose(uow, who, side="", **changed):
    uow.actor = who
    return terms.propose_terms(ProposeTerms(item_id="i1", terms={**TERMS, **changed}, side=side), uow)


def agree(uow, who, number=1, side=""):
    uow.actor = who
    return terms.agree_terms(AgreeTerms(item_id="i1", number=number, side=side), uow)


def deliver(uow, code, who=None, result=None):
    uow.actor = who or of(code)
    command = DeliverResult(job_id=job(uow, code), result=result or {"conclusion": "合格"})
    return offers.deliver_result(command, uow)


@pytest.fixture
def invited(uow):
    assess(uow)
    invite(uow, "M01")
    return uow


@pytest.fixture
def agreeing(invited):
    accept(invited, "M01")
    return invited


@pytest.fixture
def agreed(agreeing):
    propose(agreeing, of("M01"))
    agree(agreeing, CLIENT)
    return agreeing


# --- assessed and ranked


@pytest.mark.clause("6.3.b")
def test_an_assessment_that_wants_an_organization_ranks_who_fits(uow):
    view = assess(uow, priority="urgent", reason="要授权机构的证书")
    assert (view.stage, view.way, view.priority) == ("matching", "match", "urgent")
    assert "invite" in view.allowed
    assert uow.types[-2:] == ["item_assessed", "candidates_ranked"]
    match = matching.get_match(GetMatch(item_id="i1"), uow)
    assert [one.organization for one in match.ranking.candidates] == ["M01", "M02", "M03"]
    assert match.ranking.weights["capability"] == 25


@pytest.mark.clause("6.3")
def test_every_assessment_is_kept_with_who_decided_it_and_why(uow):
    assess(uow, reason="第一次")
    uow.actor = Actor(id="lin", role=Role.STAFF, name="林站长", parks=("tianan",))
    items.assess_item(
        AssessItem(item_id="i1", category="metrology", item="5.3.d", details={"count": 2}, reason="自己能办"), uow
    )
    history = uow.assessments.of_item("i1")
    assert [(one.number, one.way, one.assessor_name, one.reason) for one in history] == [
        (2, "at_once", "林站长", "自己能办"), (1, "match", "陈专员", "第一次"),
    ]  # fmt: skip
    assert kept(uow).owner_name == "陈专员"


@pytest.mark.parametrize(
    ("given", "field"),
    [({"way": "magic"}, "way"), ({"priority": "highest"}, "priority"), ({"reason": "x" * 2001}, "reason")],
)
def test_an_assessment_that_makes_no_sense_changes_nothing(uow, given, field):
    said = len(uow.said)
    with pytest.raises(Invalid) as refused:
        assess(uow, **given)
    assert list(refused.value.fields) == [field]
    assert (stage(uow), len(uow.said), uow.assessments.of_item("i1")) == (Stage.ACCEPTED, said, [])


def say_of_the_item(uow, by):
    manifest = uow.targets.get("metrology").manifest
    entry = {**manifest["items"]["5.3.d"], "by": by}
    with uow:
        uow.targets.put(target(manifest={**manifest, "items": {"5.3.d": entry}}))
        uow.commit()


@pytest.mark.parametrize(("by", "stage", "refused"), [("match", "matching", "at_once"), ("self", "offered", "match")])
def test_a_category_may_say_who_serves_an_item(uow, by, stage, refused):
    say_of_the_item(uow, by)
    with pytest.raises(Invalid) as error:
        assess(uow, way=refused)
    assert list(error.value.fields) == ["way"]
    assert assess(uow, way="").stage == stage


def test_without_consent_nobody_can_be_invited_and_it_is_no_alarm(uow):
    assess(uow, consent=False)
    match = matching.get_match(GetMatch(item_id="i1"), uow)
    assert {one.rule for one in match.ranking.left_out} == {"consent"}
    assert stage(uow) is Stage.MATCHING
    with pytest.raises(Invalid):
        invite(uow, "M01")
    consented(uow)
    match = matching.get_match(GetMatch(item_id="i1"), uow)
    assert (len(match.ranking.candidates), match.rankings, match.consent) == (3, 2, True)


def test_consent_to_something_else_lets_nobody_be_invited(uow):
    assess(uow, consent=False)
    consented(uow, purpose="follow_up")
    assert not matching.get_match(GetMatch(item_id="i1"), uow).ranking.candidates


def test_a_consent_taken_back_asks_nobody_any_more_and_comes_back_only_by_a_new_one(uow):
    assess(uow)
    invite(uow, "M01")
    consented(uow, ConsentWithdrawn, at=NOON + DAY)
    assert (stage(uow), status(uow, "M01")) == (Stage.MATCHING, Status.WITHDRAWN)
    with pytest.raises(IllegalMove):
        accept(uow, "M01")
    uow.actor = CHEN
    consented(uow)  # heard once more
    assert not matching.get_match(GetMatch(item_id="i1"), uow).ranking.candidates
    consented(uow, consent_id="c2", at=NOON + 2 * DAY)
    assert len(matching.get_match(GetMatch(item_id="i1"), uow).ranking.candidates) == 3


def test_the_end_of_a_consent_may_be_heard_before_its_beginning(uow):
    consented(uow, ConsentWithdrawn, at=NOON + DAY)
    assess(uow)
    assert not matching.get_match(GetMatch(item_id="i1"), uow).ranking.candidates


def test_a_consent_to_one_organization_lets_just_that_one_be_invited(uow):
    assess(uow, consent=False)
    consented(uow, organization="M02")
    match = matching.get_match(GetMatch(item_id="i1"), uow)
    assert [one.organization for one in match.ranking.candidates] == ["M02"]


def test_when_nobody_fits_staff_are_alarmed_and_a_newcomer_ends_the_alarm(uow):
    for code in ("M01", "M02", "M03"):
        organizations.know_organization(registered(organization=code, version=2, status="suspended"), uow)
    assert assess(uow).stage == "unmatched"
    assert uow.types[-1] == "candidates_exhausted"
    assert (uow.said[-1][0].asked, uow.said[-1][0].left_out) == (0, 3)
    organizations.know_organization(registered(organization="M09", items=("5.4.b",)), uow)
    assert stage(uow) is Stage.UNMATCHED
    organizations.know_organization(registered(organization="M10"), uow)
    assert stage(uow) is Stage.MATCHING
    match = matching.get_match(GetMatch(item_id="i1"), uow)
    assert [one.organization for one in match.ranking.candidates] == ["M10"]


def test_whoever_has_room_again_ends_the_alarm(uow):
    for code in ("M02", "M03"):
        organizations.know_organization(registered(organization=code, version=2, status="suspended"), uow)
    organizations.know_organization(registered(organization="M01", version=2, capacity=1), uow)
    with uow:
        uow.offers.add(offer(job_id="j0", item_id="i0", status=Status.ACCEPTED))
        uow.commit()
    assert assess(uow).stage == "unmatched"
    said = len(uow.said)
    matching.look_again_at_all(uow)
    assert (stage(uow), len(uow.said)) == (Stage.UNMATCHED, said)  # nothing is new, and nothing is said
    with uow:
        done = uow.offers.get("j0")
        done.finish(DUE, NOON)
        uow.offers.put(done)
        uow.commit()
    matching.look_again_at_all(uow)
    assert (stage(uow), uow.types[-1]) == (Stage.MATCHING, "candidates_ranked")


# --- invited


def test_an_invitation_reaches_its_organization_with_the_time_to_answer(uow):
    assess(uow)
    match = invite(uow, "M01")
    (offered,) = [(event, topic) for event, topic in uow.said if event.type() == "job_offered"]
    assert (offered[1], offered[0].answer_by) == ("M01", match.item.due.at)  # one working day, as the clock says
    assert match.item.due.clock == "answer"
    assert (match.item.stage, match.item.target) == ("invited", "M01")
    assert match.offers[0].score == match.ranking.candidates[0].score


@pytest.mark.parametrize(
    ("codes", "given", "field"),
    [
        ((), {}, "organizations"),
        (("M99",), {"reason": "x"}, "organizations"),
        (("M02",), {}, "reason"),
        (("M01", "M03"), {}, "reason"),
        (("M01",), {"answer_by": NOON}, "answer_by"),
        (("M01",), {"answer_by": NOON + 61 * DAY}, "answer_by"),
    ],
)
def test_an_invitation_that_must_not_be_changes_nothing(uow, codes, given, field):
    assess(uow)
    said = len(uow.said)
    with pytest.raises(Invalid) as refused:
        invite(uow, *codes, **given)
    assert list(refused.value.fields) == [field]
    assert (stage(uow), len(uow.said), uow.offers.of_item("i1")) == (Stage.MATCHING, said, [])


def test_a_reason_overrules_the_order_and_soft_rules_but_never_a_firm_one(uow):
    organizations.know_organization(registered(organization="M02", version=2, parks=("shawan",)), uow)
    organizations.know_organization(
        registered(organization="M03", version=2, qualifications=(qualification(expires_on="2026-11-01"),)), uow
    )
    assess(uow)
    with pytest.raises(Invalid) as refused:
        invite(uow, "M03", reason="企业指定")
    assert refused.value.text.format(**refused.value.params) == "资质 2026-11-01 已到期"
    match = invite(uow, "M02", reason="企业指定")
    assert match.offers[0].target == "M02"
    assert uow.said[-1][0].reason == "企业指定"


def test_what_changed_since_the_page_was_drawn_counts(uow):
    assess(uow)
    organizations.know_organization(registered(organization="M01", version=2, status="suspended"), uow)
    with pytest.raises(Invalid):
        invite(uow, "M01")
    assert invite(uow, "M02").item.stage == "invited"


def test_several_are_asked_at_once_and_the_first_to_accept_has_it(uow):
    assess(uow)
    match = invite(uow, "M02", "M01")
    assert (match.item.stage, match.item.target) == ("invited", "")
    accept(uow, "M02")
    assert (stage(uow), kept(uow).target) == (Stage.AGREEING, "M02")
    assert uow.types[-2:] == ["offer_accepted", "job_withdrawn"]
    assert (uow.said[-1][1], status(uow, "M01")) == ("M01", Status.WITHDRAWN)
    with pytest.raises(IllegalMove) as late:
        accept(uow, "M01")
    assert late.value.text == "这件事已经由别家接手，不用您办了"


def test_one_of_several_that_declines_leaves_it_with_the_others(uow):
    assess(uow)
    invite(uow, "M01", "M02")
    decline(uow, "M01")
    assert (stage(uow), kept(uow).target, kept(uow).job_id) == (Stage.INVITED, "M02", job(uow, "M02"))
    accept(uow, "M02")
    assert stage(uow) is Stage.AGREEING


def test_a_person_may_name_the_time_to_answer_by(uow):
    assess(uow)
    match = invite(uow, "M01", answer_by=NOON + 3 * DAY)
    assert (match.offers[0].answer_by, match.item.due.at) == (NOON + 3 * DAY, NOON + 3 * DAY)


def test_agreed_days_are_when_the_clocks_are_due(agreed):
    item = kept(agreed)
    assert item.reading(agreed.plans.of("tianan"), NOON).due_at.date().isoformat() == "2026-11-26"
    agreed.actor = of("M01")
    offers.start_job(StartJob(job_id=job(agreed, "M01")), agreed)
    reading = kept(agreed).reading(agreed.plans.of("tianan"), NOON)
    assert (reading.run.clock, reading.due_at.date()) == ("serve", DUE)


def test_who_declines_is_not_asked_again_and_the_next_is(invited):
    decline(invited, "M01")
    assert (stage(invited), kept(invited).target) == (Stage.INVITED, "M02")
    assert invited.types[-3:] == ["offer_declined", "candidates_ranked", "job_offered"]
    match_before = invited.rankings.last("i1")[0]
    assert [(one.organization, one.rule) for one in match_before.left_out] == [("M01", "asked")]


def test_when_all_have_declined_staff_are_alarmed_and_may_begin_anew(invited):
    for code in ("M01", "M02", "M03"):
        decline(invited, code)
    assert stage(invited) is Stage.UNMATCHED
    assert (invited.types[-1], invited.said[-1][0].asked) == ("candidates_exhausted", 3)
    invited.actor = CHEN
    invite(invited, "M03", reason="电话里说下周有空")
    assert (stage(invited), kept(invited).target) == (Stage.INVITED, "M03")


def test_an_offer_nobody_answers_lapses_and_the_next_is_asked(invited):
    invited.now = uow_offer(invited).answer_by + timedelta(seconds=1)
    targets.lapse_offers(invited)
    assert (status(invited, "M01"), kept(invited).target) == (Status.LAPSED, "M02")
    assert invited.types[-3:] == ["job_withdrawn", "candidates_ranked", "job_offered"]
    targets.lapse_offers(invited)
    assert kept(invited).target == "M02"


def test_of_several_only_those_lapse_whose_time_is_over(uow):
    assess(uow)
    invite(uow, "M01", "M02")
    other = uow.offers.get(job(uow, "M02"))
    other.answer_by = NOON + 9 * DAY
    with uow:
        uow.offers.put(other)
        uow.commit()
    uow.now = NOON + 8 * DAY
    targets.lapse_offers(uow)
    assert (status(uow, "M01"), status(uow, "M02"), kept(uow).offer_until) == (
        Status.LAPSED, Status.OPEN, NOON + 9 * DAY,
    )  # fmt: skip


def test_it_is_too_late_to_accept_even_before_the_clock_has_looked(invited):
    invited.now = uow_offer(invited).answer_by + timedelta(seconds=1)
    with pytest.raises(IllegalMove) as late:
        accept(invited, "M01")
    assert late.value.text == "答复的时间已经过了"
    assert stage(invited) is Stage.INVITED


def test_declining_needs_a_reason(invited):
    with pytest.raises(Invalid) as refused:
        decline(invited, "M01", reason=" ")
    assert list(refused.value.fields) == ["reason"]


def test_staff_write_down_what_was_said_by_telephone(invited):
    view = accept(invited, "M01", CHEN)
    assert (view.on_behalf, view.answered_by) == (True, "陈专员")
    assert invited.said[-1][0].on_behalf


@pytest.mark.parametrize(
    "who", [of("M02"), CLIENT, Actor(id="li", role=Role.STAFF, parks=("shawan",)), Actor(id="p", role=Role.PUBLIC)]
)
def test_nobody_else_may_answer_for_an_organization(invited, who):
    for step in (accept, decline):
        with pytest.raises(Forbidden):
            step(invited, "M01", who=who)
    with pytest.raises(Forbidden):
        offers.get_offer(GetOffer(job_id=job(invited, "M01")), invited)
    assert stage(invited) is Stage.INVITED


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"status": "suspended"}, "暂停接件"),
        ({"excluded": "投诉"}, "因投诉暂不推荐：投诉"),
        ({"qualifications": ()}, "没有这一项的资质"),
    ],
)
def test_who_no_longer_may_cannot_accept(uow, change, says):
    assess(uow)
    invite(uow, "M01")
    with uow:  # it was changed, and the open offers were not yet looked at
        uow.organizations.put(domain_of(registered(organization="M01", version=2, **change)))
        uow.commit()
    with pytest.raises(IllegalMove) as refused:
        accept(uow, "M01")
    assert refused.value.text.format(**refused.value.params) == says
    assert (stage(uow), status(uow, "M01")) == (Stage.INVITED, Status.OPEN)


def domain_of(event):
    from services.dispatch.domain.organizations import Organization

    return Organization.of(event)


def test_who_is_full_cannot_accept_one_more(uow):
    organizations.know_organization(registered(organization="M01", version=2, price="low", capacity=1), uow)
    with uow:
        uow.items.add(item(item_id="i2", request_id="r2", stage=Stage.ACCEPTED))
        uow.commit()
    assess(uow)
    consented(uow, request_id="r2", consent_id="c2")
    invite(uow, "M01")
    items.assess_item(
        AssessItem(
            item_id="i2", category="metrology", item="5.3.d", way="match", details={"count": 1}
        ),
        uow,
    )  # fmt: skip
    matching.invite_organizations(InviteOrganizations(item_id="i2", organizations=("M01",)), uow)
    accept(uow, "M01")
    (second,) = uow.offers.of_item("i2")
    with pytest.raises(IllegalMove) as refused:
        offers.accept_offer(AcceptOffer(job_id=second.job_id), uow)
    assert refused.value.text == "手上 {n} 件，已到上限"


def test_a_suspension_takes_open_offers_back_at_once(invited):
    organizations.know_organization(registered(organization="M01", version=2, status="suspended"), invited)
    assert (status(invited, "M01"), kept(invited).target) == (Status.WITHDRAWN, "M02")
    late = registered(organization="M01", version=1)
    organizations.know_organization(late, invited)
    assert not invited.organizations.get("M01").active


def test_assessing_anew_takes_offers_back_and_asks_from_the_beginning(invited):
    decline(invited, "M01")
    invited.actor = CHEN
    assess(invited)
    assert (stage(invited), status(invited, "M02"), kept(invited).job_id) == (Stage.MATCHING, Status.WITHDRAWN, "")
    assert invite(invited, "M01").item.target == "M01"


@pytest.mark.parametrize("step", ["invited", "agreeing", "agreed"])
def test_what_the_client_withdraws_is_told_to_its_organization(step, request):
    uow = request.getfixturevalue(step)
    uow.actor = CHEN
    items.withdraw_item(WithdrawItem(item_id="i1", reason="不办了"), uow)
    assert uow.types[-2:] == ["item_withdrawn", "job_withdrawn"]
    assert (uow.said[-1][1], status(uow, "M01")) == ("M01", Status.WITHDRAWN)


# --- agreed


@pytest.mark.clause("6.3.b")
def test_the_organization_proposes_the_client_changes_and_both_agree(agreeing):
    view = propose(agreeing, of("M01"))
    assert (view.turn, view.agreed) == ("client", 0)
    view = propose(agreeing, CLIENT, price=1000)
    assert (view.turn, [one.number for one in view.proposals]) == ("organization", [1, 2])
    view = agree(agreeing, of("M01"), 2)
    assert (view.turn, view.agreed, stage(agreeing)) == ("", 2, Stage.AGREED)
    said = agreeing.said[-1][0]
    assert (said.type(), said.terms["price"], said.side) == ("terms_agreed", 1000, "organization")
    assert uow_offer(agreeing).due_on == DUE


def uow_offer(uow, code="M01"):
    return uow.offers.get(job(uow, code))


def test_terms_are_agreed_only_by_the_other_side_and_only_the_newest(agreeing):
    propose(agreeing, of("M01"))
    propose(agreeing, of("M01"), price=900)
    for who, number in ((of("M01"), 2), (CLIENT, 1), (CLIENT, 3)):
        with pytest.raises(IllegalMove):
            agree(agreeing, who, number)
    assert stage(agreeing) is Stage.AGREEING
    agree(agreeing, CLIENT, 2)
    for again in (lambda: agree(agreeing, CLIENT, 2), lambda: propose(agreeing, of("M01"), price=1)):
        with pytest.raises(IllegalMove):
            again()


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"due_on": "2026-11-01"}, "terms.due_on"),
        ({"starts_on": "soon"}, "terms.starts_on"),
        ({"price": -1}, "terms.price"),
        ({"scope": ""}, "terms.scope"),
        ({"surprise": 1}, "terms.surprise"),
    ],
)
def test_terms_that_make_no_sense_are_refused_by_field(agreeing, changed, field):
    with pytest.raises(Invalid) as refused:
        propose(agreeing, of("M01"), **changed)
    assert list(refused.value.fields) == [field]


def test_the_same_terms_again_are_an_agreement_not_a_proposal(agreeing):
    propose(agreeing, of("M01"))
    with pytest.raises(IllegalMove):
        propose(agreeing, CLIENT)


def test_staff_write_terms_down_for_a_side_and_it_is_marked(agreeing):
    with pytest.raises(Invalid) as refused:
        propose(agreeing, CHEN)
    assert list(refused.value.fields) == ["side"]
    propose(agreeing, CHEN, side="organization")
    view = agree(agreeing, CHEN, side="client")
    (one,) = view.proposals
    assert (one.on_behalf, one.agreed_on_behalf, one.agreed_by) == (True, True, "陈专员")
    assert agreeing.said[-1][0].on_behalf


def test_nobody_speaks_for_the_other_side(agreeing):
    with pytest.raises(Invalid):
        propose(agreeing, of("M01"), side="client")
    for who in (of("M02"), Actor(id="c", role=Role.CLIENT, requests=("r2",))):
        with pytest.raises(Forbidden):
            propose(agreeing, who)


@pytest.mark.parametrize(("who", "own_doing"), [(of("M01"), True), (CLIENT, False)])
def test_who_cannot_agree_parts_and_the_next_is_asked(agreeing, who, own_doing):
    agreeing.actor = who
    terms.drop_terms(DropTerms(item_id="i1", reason="价格谈不拢"), agreeing)
    assert (stage(agreeing), kept(agreeing).target) == (Stage.INVITED, "M02")
    assert agreeing.types[-3:] == ["job_released", "candidates_ranked", "job_offered"]
    assert (status(agreeing, "M01"), uow_offer(agreeing).own_doing) == (Status.RELEASED, own_doing)
    (record,) = domain.records([uow_offer(agreeing)], "5.3.d").values()
    assert record.ended == own_doing


def test_there_are_no_terms_without_a_taker(invited):
    with pytest.raises(IllegalMove):
        propose(invited, CHEN, side="organization")


# --- served


def test_an_organization_starts_and_delivers_and_its_record_grows(agreed):
    agreed.actor = of("M01")
    offers.start_job(StartJob(job_id=job(agreed, "M01")), agreed)
    assert stage(agreed) is Stage.SERVING
    view = deliver(agreed, "M01")
    assert (view.status, stage(agreed)) == ("finished", Stage.FINISHED)
    finished = agreed.said[-1][0]
    assert (finished.type(), finished.served_by, finished.result) == (
        "service_finished", "示例机构M01", {"conclusion": "合格"},
    )  # fmt: skip
    about = {"park": "tianan", "request_id": "r1", "item_id": "i1", "event_id": "e9", "occurred_at": NOON}
    told = ResultTold(**about, notice_id="n", survey_id="s", channel="web", expires_at=NOON)
    flow.note_told(told, agreed)
    flow.close_item(SurveyAnswered(**about, survey_id="s", score=5), agreed)
    record = domain.records(agreed.offers.counted(NOON - 365 * DAY), "5.3.d")["M01"]
    assert (record.finished, record.timely, record.asked, record.satisfied, record.in_hand) == (1, 1, 1, 1, 0)
    assert record.finished_of_item == 1


def test_an_unanswered_survey_is_never_a_good_mark(agreed):
    deliver(agreed, "M01")
    about = {"park": "tianan", "request_id": "r1", "item_id": "i1", "event_id": "e9", "occurred_at": NOON}
    flow.close_item(SurveyLapsed(**about, survey_id="s", reason="expired"), agreed)
    record = domain.records(agreed.offers.counted(NOON - 365 * DAY), "5.3.d")["M01"]
    assert (record.asked, record.rated, record.satisfied) == (1, 0, 0)


def test_a_result_after_the_agreed_day_is_late(agreed):
    agreed.now = NOON.replace(month=12, day=5)
    deliver(agreed, "M01")
    assert uow_offer(agreed).timely is False


def test_a_result_that_does_not_fit_the_form_is_refused_by_field(agreed):
    with pytest.raises(Invalid) as refused:
        deliver(agreed, "M01", result={"verdict": "x"})
    assert set(refused.value.fields) == {"result.conclusion", "result.verdict"}
    assert stage(agreed) is Stage.AGREED


@pytest.mark.parametrize("own_doing", [False, True])
def test_a_job_that_is_taken_from_an_organization_is_no_longer_in_its_hands(agreed, own_doing):
    agreed.actor = CHEN
    if own_doing:
        outcomes.fail_service(FailService(item_id="i1", reason="设备坏了"), agreed)
    else:
        outcomes.reassign_item(ReassignItem(item_id="i1", reason="换一家"), agreed)
    offer = uow_offer(agreed)
    assert (stage(agreed), offer.status, offer.own_doing) == (Stage.ASSESSED, Status.RELEASED, own_doing)
    assert assess(agreed).stage == "matching"


def test_a_part_that_ends_the_service_counts_as_finished(agreed):
    agreed.actor = of("M01")
    offers.start_job(StartJob(job_id=job(agreed, "M01")), agreed)
    part = DeliverPart(item_id="i1", done="两把", missing="一把坏了", next_step="自行送修", over=True)
    outcomes.deliver_part(part, agreed)
    assert (stage(agreed), status(agreed, "M01")) == (Stage.FINISHED, Status.FINISHED)


def test_a_second_result_and_a_late_start_move_nothing_back(agreed):
    deliver(agreed, "M01")
    with pytest.raises(IllegalMove):
        deliver(agreed, "M01")
    with pytest.raises(IllegalMove):
        offers.start_job(StartJob(job_id=job(agreed, "M01")), agreed)
    with pytest.raises(IllegalMove):
        accept(agreed, "M01")
    assert stage(agreed) is Stage.FINISHED


def test_nothing_is_delivered_before_terms_are_agreed(agreeing):
    with pytest.raises(IllegalMove):
        deliver(agreeing, "M01")
    assert (stage(agreeing), status(agreeing, "M01")) == (Stage.AGREEING, Status.ACCEPTED)


def test_staff_deliver_for_an_organization_that_sent_its_report(agreed):
    assert deliver(agreed, "M01", CHEN).stage == "finished"


# --- who sees what


def test_an_organization_sees_only_its_own_offers_and_no_need_that_went_to_another(uow):
    assess(uow)
    invite(uow, "M01", "M02")
    accept(uow, "M02")
    uow.actor = of("M01")
    (lost,) = offers.list_offers(ListOffers(), uow).offers
    assert (lost.status, lost.text, lost.company, lost.details) == ("withdrawn", "", "", {})
    assert offers.list_offers(ListOffers(current=True), uow).offers == ()
    with pytest.raises(Forbidden):
        offers.list_offers(ListOffers(organization="M02"), uow)
    uow.actor = of("M02")
    (own,) = offers.list_offers(ListOffers(), uow).offers
    assert (own.text, own.turn) == ("卡尺要校准", "organization")


def test_an_organization_reaches_nothing_but_its_offers(invited):
    invited.actor = of("M01")
    for step in (
        lambda: items.get_item(GetMatch(item_id="i1"), invited),
        lambda: matching.get_match(GetMatch(item_id="i1"), invited),
        lambda: invite(invited, "M01"),
        lambda: items.refuse_item(RefuseItem(item_id="i1", reason="x"), invited),
    ):
        with pytest.raises(Forbidden):
            step()


def test_staff_see_the_offers_of_their_parks(invited):
    for parks, count in ((("tianan",), 1), (("shawan",), 0)):
        invited.actor = Actor(id="x", role=Role.STAFF, parks=parks)
        assert len(offers.list_offers(ListOffers(organization="M01"), invited).offers) == count


def test_an_offer_that_is_not_there_is_not_found(uow):
    with pytest.raises(NotFound):
        offers.accept_offer(AcceptOffer(job_id="nope"), uow)


# --- weights


def test_weights_are_set_for_the_district_by_who_answers_for_all_of_it(uow):
    even = {**dict.fromkeys(uow.weights.get()[0], 0), "price": 100}
    for actor in (CHEN, Actor(id="o", role=Role.OPERATOR, parks=("tianan",)), of("M01")):
        uow.actor = actor
        with pytest.raises(Forbidden):
            matching.set_weights(SetWeights(weights=even), uow)
    uow.actor = Actor(id="boss", role=Role.OPERATOR, name="运营主管", parks=("*",))
    assert matching.set_weights(SetWeights(weights=even), uow).set_by == "运营主管"
    assert uow.types[-1] == "weights_set"
    uow.actor = CHEN
    assess(uow)
    ranking = matching.get_match(GetMatch(item_id="i1"), uow).ranking
    assert [one.score for one in ranking.candidates] == [100, 60, 20]


def test_a_matched_item_of_the_builders_is_one_that_could_be():
    assert matched().view().allowed
