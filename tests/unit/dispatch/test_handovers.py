"""First-contact responsibility: the owner changes only when another has accepted."""

from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.dispatch.domain.life import ENDED, Stage
from services.dispatch.handlers import handovers, items
from shared.access import Actor, Role
from shared.contracts.dispatch import (
    AcceptHandOver,
    AcceptItem,
    DeclineHandOver,
    GetItem,
    ListItems,
    OfferHandOver,
    RefuseItem,
)
from shared.errors import Forbidden, IllegalMove, Invalid, Rejected
from tests.builders import NOON, item
from tests.fakes import FakeDispatch

CHEN = Actor(id="chen", role=Role.STAFF, name="陈专员", parks=("tianan",))
LIN = Actor(id="lin", role=Role.STAFF, name="林专员", parks=("tianan",))
WU = Actor(id="wu", role=Role.STAFF, name="吴专员", parks=("tianan",))
BOSS = Actor(id="boss", role=Role.OPERATOR, name="运营主管", parks=("*",))
FAR = Actor(id="far", role=Role.STAFF, name="远专员", parks=("shawan",))
CLIENT = Actor(id="c", role=Role.CLIENT, requests=("r1",))


@pytest.fixture
def uow():
    uow = FakeDispatch(now=NOON, actor=CHEN)
    with uow:
        for n in (1, 2, 3):
            uow.items.add(item(item_id=f"i{n}", stage=Stage.ACCEPTED, owner_id="chen", owner_name="陈专员"))
        uow.commit()
    return uow


def offer(uow, *item_ids, to=LIN, reason="下周休假", actor=CHEN):
    uow.actor = actor
    return handovers.offer_hand_over(
        OfferHandOver(item_ids=item_ids or ("i1",), to_id=to.id, to_name=to.name, reason=reason), uow
    )


def accept(uow, *item_ids, actor=LIN):
    uow.actor = actor
    return handovers.accept_hand_over(AcceptHandOver(item_ids=item_ids or ("i1",)), uow)


def decline(uow, *item_ids, actor=LIN, reason="手上已经很满"):
    uow.actor = actor
    return handovers.decline_hand_over(DeclineHandOver(item_ids=item_ids or ("i1",), reason=reason), uow)


def owner(uow, item_id="i1"):
    return uow.items.get(item_id).owner_id


@pytest.mark.clause("7.2.1.a")
def test_the_owner_stays_until_the_other_accepts(uow):
    (view,) = offer(uow).items
    assert (view.owner_name, view.heir_name, view.heir_reason, view.heir_since) == (
        "陈专员", "林专员", "下周休假", NOON,
    )  # fmt: skip
    assert owner(uow) == "chen"
    (view,) = accept(uow).items
    assert (view.owner_name, view.heir_id, view.heir_since) == ("林专员", "", None)
    offered, accepted = (event for event, _ in uow.said)
    assert (offered.type(), offered.to_name, offered.reason) == ("hand_over_offered", "林专员", "下周休假")
    assert (accepted.type(), accepted.owner_name, accepted.before) == ("hand_over_accepted", "林专员", "陈专员")
    assert accepted.version == offered.version + 1


@pytest.mark.clause("7.2.1.a")
def test_whoever_declines_says_why_and_the_owner_stays(uow):
    offer(uow)
    with pytest.raises(Invalid):
        decline(uow, reason=" ")
    decline(uow)
    assert (owner(uow), uow.items.get("i1").heir_id) == ("chen", "")
    assert uow.said[-1][0].reason == "手上已经很满"
    with pytest.raises(IllegalMove):
        accept(uow)


def test_the_owner_takes_it_back_without_a_word(uow):
    offer(uow)
    decline(uow, actor=CHEN, reason="")
    assert (owner(uow), uow.items.get("i1").heir_id) == ("chen", "")


def test_a_later_offer_takes_the_place_of_an_earlier_one(uow):
    offer(uow)
    offer(uow, to=WU)
    with pytest.raises(Forbidden):
        accept(uow, actor=LIN)
    accept(uow, actor=WU)
    assert owner(uow) == "wu"


@pytest.mark.parametrize(
    ("given", "error"),
    [
        ({"actor": WU}, Forbidden),  # neither the owner nor the operator
        ({"actor": FAR}, Forbidden),
        ({"actor": CLIENT}, Forbidden),
        ({"to": CHEN}, IllegalMove),
        ({"reason": " "}, Invalid),
        ({"reason": "长" * 2001}, Invalid),
        ({"to": Actor(id="", role=Role.STAFF)}, Invalid),
    ],
)
def test_what_cannot_be_offered_changes_nothing(uow, given, error):
    with pytest.raises(error):
        offer(uow, **given)
    assert uow.items.get("i1").heir_id == ""
    assert uow.said == []


def test_the_operator_offers_it_for_an_owner_who_is_away(uow):
    offer(uow, actor=BOSS)
    accept(uow)
    assert owner(uow) == "lin"


def test_what_nobody_has_accepted_yet_is_not_handed_over(uow):
    with uow:
        uow.items.add(item(item_id="i1"))
        uow.commit()
    with pytest.raises(IllegalMove):
        offer(uow, actor=BOSS)


@pytest.mark.clause("7.2.1.a")
def test_several_are_handed_over_at_once_or_none(uow):
    assert len(offer(uow, "i1", "i2", "i3").items) == 3
    accept(uow, "i1", "i3")
    assert [owner(uow, f"i{n}") for n in (1, 2, 3)] == ["lin", "chen", "lin"]
    with pytest.raises(Forbidden):
        offer(uow, "i2", "i1", to=WU)  # i1 is no longer hers
    assert uow.items.get("i2").heir_id == "lin"
    for wrong in ((), tuple(f"x{n}" for n in range(101))):
        with pytest.raises(Invalid):
            handovers.accept_hand_over(AcceptHandOver(item_ids=wrong), uow)


@pytest.mark.parametrize("stage", sorted(ENDED))
def test_what_is_over_is_not_handed_over(uow, stage):
    with uow:
        uow.items.put(item(stage=stage, owner_id="chen"))
        uow.commit()
    with pytest.raises(IllegalMove):
        offer(uow)


def test_an_item_that_ends_asks_nobody_any_more(uow):
    offer(uow)
    uow.actor = CHEN
    items.refuse_item(RefuseItem(item_id="i1", reason="不在范围"), uow)
    assert uow.items.get("i1").heir_id == ""


def test_the_queue_shows_what_is_offered_to_somebody(uow):
    offer(uow, "i2")
    uow.actor = LIN
    assert [one.item_id for one in items.list_items(ListItems(heir_id="lin"), uow).items] == ["i2"]


def test_a_client_learns_the_owner_and_nothing_of_who_was_asked(uow):
    offer(uow)
    uow.actor = CLIENT
    view = items.get_item(GetItem(item_id="i1"), uow)
    assert (view.owner_name, view.heir_id, view.heir_name, view.heir_reason, view.heir_since) == (
        "陈专员", "", "", "", None,
    )  # fmt: skip


STEPS = st.lists(
    st.tuples(st.sampled_from(["take", "offer", "accept", "decline"]), st.sampled_from([CHEN, LIN, WU, BOSS]),
              st.sampled_from([CHEN, LIN, WU])), max_size=30,
)  # fmt: skip


@given(STEPS)
@settings(max_examples=200, deadline=None)
def test_the_owner_is_always_the_first_or_the_last_who_accepted(steps):
    uow = FakeDispatch(now=NOON)
    with uow:
        uow.items.add(item())
        uow.commit()
    answers = ""
    for n, (step, actor, to) in enumerate(steps):
        uow.now = NOON + timedelta(minutes=n)
        asked = uow.items.get("i1").heir_id
        try:
            if step == "take":
                uow.actor = actor
                items.accept_item(AcceptItem(item_id="i1"), uow)
                answers = actor.id
            elif step == "offer":
                offer(uow, to=to, actor=actor)
            elif step == "accept":
                accept(uow, actor=actor)
                assert asked == actor.id
                answers = actor.id
            else:
                decline(uow, actor=actor)
        except Rejected:
            continue
        finally:
            assert owner(uow) == answers
