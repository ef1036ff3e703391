"""What matching, offers and terms keep: alike in the fake and in both databases."""

from dataclasses import replace
from datetime import timedelta

import pytest

from services.dispatch.domain.assessments import Assessment, Priority
from services.dispatch.domain.consents import Allowed, Consent
from services.dispatch.domain.life import Stage, Way
from services.dispatch.domain.matching import DEFAULTS
from services.dispatch.domain.offers import Status
from services.dispatch.domain.terms import Negotiation, Side
from shared.contracts.dispatch import Candidate, LeftOut, Part, Phrase, RankingView
from shared.errors import NotFound
from tests.builders import NOON
from tests.matching import DUE, TERMS, matching, offer, organization
from tests.system import ADMIN

DAY = timedelta(days=1)


def test_keeps_an_item_with_all_that_matching_needs(work):
    one = matching(assessment=3, priority="urgent")
    with work() as uow:
        uow.items.add(one)
        uow.commit()
    with work() as uow:
        assert uow.items.get("i1") == one
        one.invite("j1", "M01", NOON + DAY, NOON)
        uow.items.put(one)
        uow.commit()
    with work() as uow:
        assert uow.items.get("i1") == one
        assert [found.item_id for found in uow.items.overdue_offers(NOON + 2 * DAY, 10)] == ["i1"]


def test_finds_items_for_which_nobody_is_left(work):
    with work() as uow:
        for n, given in enumerate(({}, {"item": "5.4.b"}, {"stage": Stage.MATCHING}), 1):
            uow.items.add(matching(**{"item_id": f"i{n}", "stage": Stage.UNMATCHED, **given}))
        uow.commit()
    with work() as uow:
        assert [one.item_id for one in uow.items.unmatched(("5.3.d", "5.9.a"), 10)] == ["i1"]
        assert uow.items.unmatched((), 10) == []
        assert [one.item_id for one in uow.items.unmatched(None, 10)] == ["i1", "i2"]


def test_keeps_offers_and_what_became_of_them(work):
    one = offer(score=87.3)
    with work() as uow:
        uow.offers.add(one)
        uow.offers.add(offer(job_id="j2", target="M02"))
        uow.commit()
    with work() as uow:
        assert uow.offers.get("j1") == one
        one.accept("好", ADMIN, NOON)
        one.agree(DUE)
        one.finish(DUE, NOON + DAY)
        one.asked, one.rating = True, 5
        uow.offers.put(one)
        uow.commit()
    with work() as uow:
        assert uow.offers.get("j1") == one
        assert uow.offers.item_of("j1") == "i1"
        assert [found.job_id for found in uow.offers.of_item("i1")] == ["j1", "j2"]
        for nothing in (uow.offers.get, uow.offers.item_of):
            with pytest.raises(NotFound):
                nothing("nope")


def test_counts_what_is_in_hand_and_what_ended_within_the_time(work):
    ended = {"ended_at": NOON, "answered_at": NOON}
    with work() as uow:
        for job_id, given in {
            "open": {}, "hand": {"status": Status.ACCEPTED}, "old": {"status": Status.FINISHED, **ended},
            "new": {"status": Status.FINISHED, **ended, "ended_at": NOON + DAY},
            "gave up": {"status": Status.RELEASED, **ended, "ended_at": NOON + DAY},
            "declined": {"status": Status.DECLINED, **ended, "ended_at": NOON + DAY},
        }.items():  # fmt: skip
            uow.offers.add(offer(job_id=job_id, **given))
        uow.commit()
    with work() as uow:
        assert {one.job_id for one in uow.offers.counted(NOON)} == {"hand", "new", "gave up"}


def test_pages_open_offers_by_answer_by_time_then_what_is_in_hand_then_the_rest(work):
    with work() as uow:
        for job_id, given in {
            "j1": {"status": Status.FINISHED}, "j2": {"status": Status.ACCEPTED}, "j3": {"answer_by": NOON + 2 * DAY},
            "j4": {"answer_by": NOON + DAY}, "j5": {"status": Status.DECLINED}, "j6": {"target": "M02"},
            "j7": {"park": "shawan"},
        }.items():  # fmt: skip
            uow.offers.add(offer(job_id=job_id, **{"answer_by": NOON + 3 * DAY, **given}))
        uow.commit()

    def page(target="M01", parks=("*",), current=False, skip=0, limit=50):
        with work() as uow:
            return [one.job_id for one in uow.offers.page(target, parks, current, skip, limit)]

    assert page() == ["j4", "j3", "j7", "j2", "j5", "j1"]
    assert page(parks=("tianan",), current=True) == ["j4", "j3", "j2"]
    assert page(skip=2, limit=2) == ["j7", "j2"]
    assert page(target="", parks=("shawan",)) == ["j7"]
    with work() as uow:
        assert uow.offers.open_to("M01") == ["i1", "i1", "i1"]


def test_keeps_every_proposal_and_who_agreed(work):
    negotiation = Negotiation(job_id="j1")
    with work() as uow:
        assert uow.negotiations.of("j1") == negotiation
        negotiation.propose(Side.ORGANIZATION, TERMS, ADMIN, NOON)
        uow.negotiations.put(negotiation)
        uow.commit()
    with work() as uow:
        negotiation = uow.negotiations.of("j1")
        negotiation.propose(Side.CLIENT, {**TERMS, "price": 1000}, ADMIN, NOON + DAY)
        uow.negotiations.put(negotiation)
        negotiation.agree(Side.ORGANIZATION, 2, ADMIN, NOON + 2 * DAY)
        uow.negotiations.put(negotiation)
        uow.commit()
    with work() as uow:
        assert uow.negotiations.of("j1") == negotiation
        assert [one.agreed_at for one in negotiation.proposals] == [None, NOON + 2 * DAY]


def test_keeps_the_newest_of_an_organization_and_of_a_park(work):
    one = organization()
    with work() as uow:
        uow.organizations.put(one)
        uow.organizations.put(replace(one, version=2, active=False, excluded="投诉"))
        uow.organizations.put(organization(organization="M00"))
        uow.parks.put("tianan", "番禺区", ("软件",))
        uow.parks.put("tianan", "番禺区", ("电子信息", "软件"))
        uow.commit()
    with work() as uow:
        assert [found.code for found in uow.organizations.all()] == ["M00", "M01"]
        assert uow.organizations.get("M01") == replace(one, version=2, active=False, excluded="投诉")
        assert uow.organizations.lock("M99") is None
        assert uow.parks.industries("tianan") == ("电子信息", "软件")
        assert uow.parks.industries("mars") == ()


def test_keeps_both_ends_of_a_consent_whichever_is_heard_first(work):
    given = Consent(consent_id="c1", request_id="r1", organization="", given_at=NOON)
    taken_back = replace(given, given_at=None, withdrawn_at=NOON + DAY)
    for first, second in ((given, taken_back), (taken_back, given)):
        with work() as uow:
            uow.consents.hear(first)
            uow.consents.hear(second)
            uow.consents.hear(replace(given, consent_id="c2", organization="M01"))
            uow.consents.hear(replace(given, consent_id="c3", request_id="r2"))
            assert uow.consents.of("r1") == Allowed(any=False, said=(("M01", True),))
            assert uow.consents.of("r2") == Allowed(any=True)
            assert uow.consents.of("r3") == Allowed()


def ranking(ranking_id, **given):
    values = {"ranked_at": NOON, "weights": {"price": 100}, "candidates": (), "left_out": ()}
    return RankingView(ranking_id=ranking_id, **{**values, **given})


def test_keeps_every_ranking_as_it_was_explained(work):
    fact = Phrase(text="手上 {n} 件", params={"n": 2})
    candidate = Candidate(
        organization="M01", name="示例", score=87.3,
        parts=(Part(criterion="load", points=4.2, weight=7, facts=(fact,)),),
    )  # fmt: skip
    out = LeftOut(organization="M02", name="示例", rule="capacity", why=fact, firm=False)
    with work() as uow:
        assert uow.rankings.last("i1") == (None, 0)
        uow.rankings.add("i1", ranking("a"))
        uow.rankings.add("i1", ranking("b", ranked_at=NOON + DAY, candidates=(candidate,), left_out=(out,)))
        uow.rankings.add("i2", ranking("c"))
        uow.commit()
    with work() as uow:
        last, count = uow.rankings.last("i1")
        assert (last.ranking_id, count) == ("b", 2)
        assert (last.candidates, last.left_out) == ((candidate,), (out,))


def test_the_newest_weights_count(work):
    with work() as uow:
        assert uow.weights.get() == (DEFAULTS, "", None)
        uow.weights.set({"price": 100}, "甲", NOON)
        uow.weights.set({"load": 100}, "乙", NOON + DAY)
        uow.commit()
    with work() as uow:
        assert uow.weights.get() == ({"load": 100}, "乙", NOON + DAY)


def test_keeps_every_assessment(work):
    first = Assessment(
        item_id="i1", number=1, assessed_at=NOON, assessor_id="chen", assessor_name="陈专员", category="metrology",
        item="5.3.d", title="校准", details={"count": 1}, way=Way.MATCH, priority=Priority.URGENT, reason="x", note="",
    )  # fmt: skip
    second = replace(first, number=2, way=Way.AT_ONCE)
    with work() as uow:
        uow.assessments.add(first)
        uow.assessments.add(second)
        uow.assessments.add(replace(first, item_id="i2"))
        uow.commit()
    with work() as uow:
        assert uow.assessments.of_item("i1") == [second, first]
