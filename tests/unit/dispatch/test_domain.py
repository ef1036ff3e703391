import pytest

from services.dispatch.domain.life import ENDED, LIFE, Stage
from services.dispatch.domain.targets import check_manifest
from shared.errors import IllegalMove, Invalid
from tests.builders import MANIFEST, NOON, item, waiting
from tests.system import ADMIN

LEGAL = {(move.source, move.trigger): move.target for move in LIFE}


@pytest.mark.parametrize("state", list(Stage))
@pytest.mark.parametrize("trigger", LIFE.triggers)
def test_exactly_the_rows_of_the_table_are_legal(state, trigger):
    if (state, trigger) in LEGAL:
        assert LIFE.move(state, trigger) == LEGAL[state, trigger]
    else:
        with pytest.raises(IllegalMove):
            LIFE.move(state, trigger)


def test_every_stage_can_be_reached_and_every_stage_has_a_way_to_an_end():
    reached, ahead = set(), [Stage.RECEIVED]
    while ahead:
        stage = ahead.pop()
        reached.add(stage)
        ahead += [Stage(move.target) for move in LIFE if move.source == stage and move.target not in reached]
    assert reached == set(Stage)
    for stage in Stage:
        seen, ahead = set(), [stage]
        while ahead:
            one = ahead.pop()
            seen.add(one)
            ahead += [Stage(move.target) for move in LIFE if move.source == one and move.target not in seen]
        assert seen & ENDED, stage


def test_nothing_leads_out_of_an_end():
    assert not [move for move in LIFE if move.source in ENDED]


def test_the_version_counts_every_move():
    one = item()
    one.accept(ADMIN, NOON)
    one.assess("metrology", "5.3.d", "校准", {}, "", ADMIN, NOON)
    one.offer("j1", "metrology", NOON, NOON)
    assert one.version == 4


def test_whoever_accepts_first_stays_responsible():
    one = item()
    one.accept(ADMIN, NOON)
    assert (one.owner_id, one.owner_name) == (ADMIN.id, ADMIN.name)


def test_a_declined_item_waits_again_and_remembers_who_declined():
    one = waiting()
    one.offer("j1", "metrology", NOON, NOON)
    one.decline("排满了", NOON)
    assert (one.stage, one.job_id, one.declined, one.note) == (Stage.ASSESSED, "", ["metrology"], "排满了")
    assert one.waiting_since == NOON
    one.assess("metrology", "5.3.d", "校准", {}, "", ADMIN, NOON)
    assert one.declined == []


def test_an_item_is_not_concerned_by_a_job_of_the_past():
    one = waiting()
    assert not one.concerns("")
    one.offer("j1", "metrology", NOON, NOON)
    assert one.concerns("j1")
    one.lapse(NOON)
    assert not one.concerns("j1")


def test_the_view_shows_only_what_people_may_do():
    assert item().view().allowed == ("accept", "answer", "merge", "refuse", "withdraw")
    assert item(stage=Stage.SEALED).view().allowed == ()


@pytest.mark.parametrize("lacking", ["code", "kind", "clause", "title", "title_en", "items"])
def test_a_manifest_that_lacks_something_is_refused(lacking):
    with pytest.raises(Invalid):
        check_manifest({name: value for name, value in MANIFEST.items() if name != lacking})


@pytest.mark.parametrize("items", [{}, [], {"5.3.d": 7}, {"5.3.d": {"title": "x"}}, {"5.3.d": {"form": []}}])
def test_a_manifest_with_broken_items_is_refused(items):
    with pytest.raises(Invalid):
        check_manifest({**MANIFEST, "items": items})
