from datetime import timedelta

import pytest

from services.feedback.domain.told import LIFE, Status, Survey
from shared.errors import IllegalMove, Invalid
from tests.builders import NOON


@pytest.fixture
def survey():
    return Survey(
        survey_id="s", token="t", item_id="i", request_id="r", park="p", number="n", title="校准",
        expires_at=NOON + timedelta(days=7),
    )  # fmt: skip


@pytest.mark.clause("6.6.3")
@pytest.mark.parametrize("score", [0, 6, -1])
def test_a_score_outside_the_scale_is_refused(survey, score):
    with pytest.raises(Invalid):
        survey.answer(score, "", NOON)
    assert survey.status is Status.OPEN


@pytest.mark.parametrize("act", ["answer", "decline", "expire"])
def test_a_survey_ends_once(survey, act):
    acts = {
        "answer": lambda: survey.answer(5, "", NOON),
        "decline": lambda: survey.decline(NOON),
        "expire": survey.expire,
    }
    acts[act]()
    for again in acts.values():
        with pytest.raises(IllegalMove):
            again()


def test_after_its_time_it_can_only_expire(survey):
    late = NOON + timedelta(days=7)
    for act in (lambda: survey.answer(5, "", late), lambda: survey.decline(late)):
        with pytest.raises(Invalid):
            act()
    survey.expire()
    assert survey.score is None


def test_nothing_but_an_answer_gives_a_score(survey):
    survey.decline(NOON)
    assert survey.score is None
    assert {move.target for move in LIFE} == {Status.ANSWERED, Status.DECLINED, Status.EXPIRED, Status.VOID}
