"""Every channel, found by registry: it says who may use it, and records who, where and when."""

from dataclasses import replace
from datetime import timedelta

import pytest

from services.intake.channel import OCCASION, Channel, Hand, Registry
from services.intake.channel import receives as registry
from services.intake.domain.occasions import hand_of, on_behalf, recorded
from services.intake.domain.requests import check_need
from shared.access import Actor, Role, system
from shared.contracts.intake import Occasion, SubmitNeed
from shared.errors import Forbidden, Invalid
from tests.builders import NOON
from tests.system import PUBLIC, STAFF

CHANNELS = list(registry)
NEED = SubmitNeed(park="tianan", text="压力表要检定", company="示例企业")
ACTORS = {
    Hand.CLIENT: [PUBLIC, Actor(id="c", role=Role.CLIENT), Actor(id="r", role=Role.REGULATOR)],
    Hand.STAFF: [STAFF, Actor(id="o", role=Role.OPERATOR), Actor(id="a", role=Role.ADMIN)],
    Hand.PROGRAM: [system("intake")],
}
EVERYBODY = [actor for actors in ACTORS.values() for actor in actors]
every_channel = pytest.mark.parametrize("channel", CHANNELS, ids=lambda c: c.name)


def stated(channel: Channel, **occasion: object) -> SubmitNeed:
    """A need by this channel, with what it asks for, and more of the occasion."""
    asked = {part: NOON if part == "at" else "某处" for part in channel.asks}
    given = {**asked, **occasion}
    return replace(NEED, channel=channel.name, occasion=Occasion(**given) if given else None)


def writes(channel: Channel, actor: Actor) -> bool:
    return hand_of(actor) in channel.hands and hand_of(actor) is not Hand.CLIENT


@pytest.mark.clause("6.2.a", "6.2.b")
def test_the_ways_the_standard_names_are_there():
    assert {"web", "phone", "email", "im", "visit", "window"} <= {channel.name for channel in CHANNELS}


@every_channel
def test_it_has_a_name_in_both_languages_and_says_who_may_use_it(channel):
    assert channel.lacking() == []
    assert not channel.title.isascii()
    assert channel.title_en.isascii()
    assert channel.name.isidentifier()
    assert channel.hands


@pytest.mark.clause("6.2.a", "6.2.b")
@every_channel
@pytest.mark.parametrize("actor", EVERYBODY, ids=lambda a: a.id)
def test_a_need_is_taken_from_those_who_may_use_it_and_from_no_one_else(channel, actor):
    need = stated(channel) if writes(channel, actor) else replace(NEED, channel=channel.name)
    as_anybody = hand_of(actor) is Hand.STAFF and Hand.CLIENT in channel.hands
    if hand_of(actor) in channel.hands or as_anybody:
        check_need(need, actor, NOON)
    else:
        with pytest.raises(Forbidden):
            check_need(need, actor, NOON)


@pytest.mark.clause("6.2.a")
@every_channel
def test_what_somebody_writes_down_is_recorded_with_who_and_when(channel):
    for actor in EVERYBODY:
        kept = recorded(stated(channel), actor, NOON)
        if writes(channel, actor):
            assert kept is None or (kept.by == actor.name and kept.at == NOON)
            assert on_behalf(channel, actor) == (hand_of(actor) is Hand.STAFF)
        else:
            assert kept is None
            assert not on_behalf(channel, actor)


@every_channel
def test_what_is_said_of_the_occasion_is_kept_and_what_it_does_not_record_is_refused(channel):
    yesterday = NOON - timedelta(days=1)
    said = {"by": "李专员", "place": "某企业车间", "at": yesterday}
    for part in OCCASION:
        need = stated(channel, **{part: said[part]})
        if part in channel.records and Hand.STAFF in channel.hands:
            check_need(need, STAFF, NOON)
            assert getattr(recorded(need, STAFF, NOON), part) == said[part]
        else:
            with pytest.raises(Invalid) as refused:
                check_need(need, STAFF, NOON)
            assert f"occasion.{part}" in refused.value.fields


@every_channel
def test_what_it_asks_for_must_be_said(channel):
    if channel.asks:
        with pytest.raises(Invalid) as refused:
            check_need(replace(NEED, channel=channel.name), STAFF, NOON)
        assert set(refused.value.fields) == {f"occasion.{part}" for part in channel.asks}


@pytest.mark.parametrize(
    ("occasion", "part"),
    [
        ({"at": NOON + timedelta(hours=1)}, "at"), ({"at": NOON - timedelta(days=400)}, "at"),
        ({"by": "字" * 201}, "by"), ({"place": "字" * 201}, "place"),
    ],
)  # fmt: skip
def test_an_occasion_that_cannot_be_is_refused(occasion, part):
    with pytest.raises(Invalid) as refused:
        check_need(stated(registry["visit"], **occasion), STAFF, NOON)
    assert set(refused.value.fields) == {f"occasion.{part}"}


COURIER = Channel(name="courier", title="信使", title_en="Courier", hands=frozenset({Hand.STAFF}), records=("by", "at"))


@pytest.mark.parametrize(
    "faulty",
    [
        replace(COURIER, title=""), replace(COURIER, hands=frozenset()), replace(COURIER, records=("by", "mood", "at")),
        replace(COURIER, asks=("place",)), replace(COURIER, records=("place",)),
    ],
)  # fmt: skip
def test_an_incomplete_channel_is_not_registered(faulty):
    with pytest.raises(ValueError, match="lacks"):
        Registry()(faulty)


def test_a_channel_is_registered_once():
    registry = Registry()
    registry(COURIER)
    assert "courier" in registry
    with pytest.raises(ValueError, match="twice"):
        registry(COURIER)
