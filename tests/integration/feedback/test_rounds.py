"""A service that is done over is asked about anew, and never twice about the same; on both databases."""

import pytest
import sqlalchemy as sa

from services.feedback import store
from services.feedback.handlers import told as handlers
from shared.contracts.dispatch import ItemReopened, ServiceFinished
from shared.contracts.feedback import AnswerSurvey
from shared.errors import IllegalMove
from shared.store import Cause
from tests.builders import NOON
from tests.conftest import fresh_database
from tests.system import ADMIN

ABOUT = {"park": "tianan", "request_id": "r1", "item_id": "i1", "occurred_at": NOON}


@pytest.fixture(params=["sqlite", "postgresql"])
def work(request, tmp_path):
    """Makes transactions on one store."""
    url = f"sqlite:///{tmp_path}/feedback.sqlite3"
    if request.param == "postgresql":
        url = fresh_database(request.getfixturevalue("postgres"))
    engine = sa.create_engine(url, poolclass=sa.NullPool)
    store.metadata.create_all(engine)
    yield lambda: store.UnitOfWork(engine, Cause(kind="clock", actor=ADMIN))
    engine.dispose()


def finish(work, version):
    event = ServiceFinished(
        **ABOUT,
        version=version,
        number="天安2026-0001",
        title="校准",
        category="x",
        item="5.3.d",
        result={},
        served_by="y",
    )
    handlers.tell_result(event, work())


def reopen(work, version):
    handlers.void_survey(ItemReopened(**ABOUT, version=version, number="天安2026-0001", reason="写错了"), work())


def surveys(work):
    with work() as uow:
        return uow.surveys.of_request("r1")


def said(work):
    with work() as uow:
        rows = uow._connection.execute(sa.text("SELECT routing_key, body FROM outbox ORDER BY id"))
        return [(row.routing_key, row.body) for row in rows]


def test_a_reopened_item_is_not_asked_about_until_it_is_finished_again(work):
    finish(work, 7)
    reopen(work, 9)
    assert [one.status for one in surveys(work)] == ["void"]
    lapsed = [body for key, body in said(work) if key == "feedback.survey_lapsed"]
    assert len(lapsed) == 1
    assert '"reason":"reopened"' in lapsed[0]
    with pytest.raises(IllegalMove):
        handlers.answer_survey(AnswerSurvey(token=surveys(work)[0].token, score=5), work())
    finish(work, 14)
    first, second = surveys(work)
    assert (first.status, second.status) == ("void", "open")
    assert first.token != second.token


def test_a_reopening_that_is_heard_late_leaves_the_later_round_alone(work):
    finish(work, 14)
    reopen(work, 9)
    assert [one.status for one in surveys(work)] == ["open"]


def test_an_answer_that_was_given_stays_given(work):
    finish(work, 7)
    handlers.answer_survey(AnswerSurvey(token=surveys(work)[0].token, score=2), work())
    reopen(work, 9)
    assert [(one.status, one.score) for one in surveys(work)] == [("answered", 2)]
