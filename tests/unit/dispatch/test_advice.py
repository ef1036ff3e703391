"""What is suggested for one item, and how an assessment teaches it."""

from datetime import timedelta

import pytest

from services.dispatch.domain.life import Stage
from services.dispatch.handlers import advice, items
from shared.access import Actor, Role
from shared.contracts.dispatch import AssessItem, GetAdvice, SuggestCategory
from shared.contracts.station import StationOpened
from shared.errors import Forbidden
from tests.builders import MANIFEST, NOON, item, target
from tests.fakes import FakeDispatch

OTHER = {
    **MANIFEST, "code": "testing",
    "items": {"5.4.b": {"title": "送检", "title_en": "x", "form": [], "words": ["送检"]}},
}  # fmt: skip


@pytest.fixture
def uow():
    uow = FakeDispatch(now=NOON)
    with uow:
        uow.targets.put(target())
        uow.targets.put(target(target="testing", manifest=OTHER))
        for park, district in (("tianan", "番禺"), ("shawan", "番禺"), ("far", "别处")):
            advice.know_park(StationOpened(
                park=park, official_name="x", park_name="x", short="x", district=district), uow)  # fmt: skip
        uow.commit()
    return uow


def assess(uow, text="量具送去校准", category="testing", code="5.4.b", item_id="i1", **given):
    details = {"count": 1} if code == "5.3.d" else {}
    with uow:
        uow.items.add(item(item_id=item_id, text=text, stage=Stage.ACCEPTED, **given))
        uow.commit()
    items.assess_item(AssessItem(item_id=item_id, category=category, item=code, details=details), uow)


def first(uow, text, park="tianan"):
    guesses = advice.suggest_category(SuggestCategory(text=text, park=park), uow).guesses
    return guesses[0].item if guesses else None


@pytest.mark.clause("6.3")
def test_an_assessment_other_than_suggested_teaches_the_district_and_no_other(uow):
    assert first(uow, "量具送去校准") == "5.3.d"
    for n in range(3):
        assess(uow, text=f"量具送去校准{n * '呀'}", item_id=f"i{n}")
    assert first(uow, "量具送去校准", "tianan") == "5.4.b"
    assert first(uow, "量具送去校准", "shawan") == "5.4.b"
    assert first(uow, "量具送去校准", "far") == "5.3.d"
    assert first(uow, "量具送去校准", "") == "5.3.d"


def test_an_assessment_as_suggested_is_not_kept(uow):
    assess(uow, category="metrology", code="5.3.d")
    assert uow.kept.get("corrections", {}) == {}


def test_the_last_assessment_of_an_item_counts(uow):
    assess(uow)
    again = uow.items.get("i1")
    again.stage = Stage.ASSESSED
    with uow:
        uow.items.put(again)
        uow.commit()
    uow.now += timedelta(minutes=1)
    items.assess_item(AssessItem(item_id="i1", category="metrology", item="5.3.d", details={"count": 1}), uow)
    assert uow.corrections.get("i1").item == "5.3.d"


def test_a_park_whose_district_is_not_known_learns_for_itself(uow):
    assess(uow, text="老毛病", park="new")
    assert first(uow, "老毛病", "new") == "5.4.b"
    assert first(uow, "老毛病", "tianan") is None


def test_a_question_is_not_forced_into_a_category(uow):
    with uow:
        uow.items.add(item(text="几点开门？电话多少"))
        uow.commit()
    found = advice.get_advice(GetAdvice(item_id="i1"), uow)
    assert found.guesses == ()
    assert found.question is not None
    assert found.question.asks == ("hours", "phone")


def test_advice_is_for_those_who_see_the_park(uow):
    with uow:
        uow.items.add(item())
        uow.commit()
    uow.actor = Actor(id="c", role=Role.CLIENT, requests=("r1",))
    with pytest.raises(Forbidden):
        advice.get_advice(GetAdvice(item_id="i1"), uow)
