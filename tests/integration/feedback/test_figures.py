"""Figures are counted from what is kept, by group and within the reader's parks; on both databases."""

from datetime import UTC, datetime

import pytest

from services.feedback.domain.told import Status, Survey
from services.feedback.handlers import complaints, satisfaction
from shared.access import Actor, Role
from shared.contracts.feedback import FileComplaint, GetFigures, SetSurveyPlan, SurveyQuestion
from shared.errors import Forbidden
from tests.system import ADMIN

NOW = datetime.now(UTC)
MONTH = f"{NOW:%Y-%m}"
ON_DATABASES = pytest.mark.parametrize("transactions", ["sqlite", "postgresql"], indirect=True)
LI = Actor(id="li", role=Role.STAFF, name="李专员", parks=("tianan",))


@pytest.fixture
def kept(transactions):
    outcomes = [(Status.ANSWERED, 5), (Status.ANSWERED, 2), (Status.DECLINED, None), (Status.EXPIRED, None)]
    outcomes += [(Status.OPEN, None), (Status.VOID, None)]
    with transactions() as uow:
        for park in ("tianan", "juda"):
            for n, (status, score) in enumerate(outcomes):
                uow.surveys.add(
                    Survey(
                        survey_id=f"{park}{n}", token=f"{park}{n}", item_id=f"{park}{n}", request_id="r", park=park,
                        number="n", title="t", expires_at=NOW, status=status, score=score, month=MONTH, category="x",
                        told_in_time=n > 0, reasons=["slow"] if score == 2 else [],
                    )
                )  # fmt: skip
        left_out = Survey(
            survey_id="o", token="o", item_id="o", request_id="r", park="tianan", number="n", title="t",
            expires_at=NOW, status=Status.EXPIRED, month=MONTH, category="y", told_in_time=True, asked=False,
        )  # fmt: skip
        uow.surveys.add(left_out)
        uow.commit()
    complaints.file_complaint(FileComplaint(park="tianan", about="fee", text="贵"), transactions(LI))
    return transactions


@pytest.mark.clause("6.6.3")
@ON_DATABASES
def test_each_figure_has_its_base(kept):
    found = satisfaction.get_figures(GetFigures(park="tianan", since=MONTH, until="2099-12"), kept(LI))
    row = found.total
    assert (row.told, row.told_in_time.part, row.asked) == (7, 6, 5)
    assert (row.response.part, row.satisfied.part, row.satisfied.of) == (2, 1, 2)
    assert (row.declined, row.expired, row.waiting, row.complaints) == (1, 1, 1, 1)
    assert [(one.name, one.told) for one in found.by_category if one.told] == [("x", 6), ("y", 1)]
    assert found.reasons == {"slow": 1}
    assert sum(one.told for one in found.by_month) == 7


@ON_DATABASES
def test_readers_count_their_own_parks_alone(kept):
    own = satisfaction.get_figures(GetFigures(since=MONTH, until="2099-12"), kept(LI))
    assert [one.name for one in own.by_park] == ["tianan"]
    every = satisfaction.get_figures(GetFigures(since=MONTH, until="2099-12"), kept(ADMIN))
    assert {one.name: one.told for one in every.by_park} == {"juda": 6, "tianan": 7}
    with pytest.raises(Forbidden):
        satisfaction.get_figures(GetFigures(park="juda"), kept(LI))
    with pytest.raises(Forbidden):
        satisfaction.get_figures(GetFigures(), kept(Actor(id="c", role=Role.CLIENT)))


def test_versions_of_how_surveys_are_asked_stay(transactions):
    questions = (SurveyQuestion(key="speed", text="快不快", en="How fast"),)
    for share in (50, 20):
        command = SetSurveyPlan(
            share=share, delay_hours=0, remind=True, comment_below=3, questions=questions, reasons=()
        )
        satisfaction.set_survey_plan(command, transactions())
    with transactions() as uow:
        assert [uow.ask_plans.get(version).share for version in (0, 1, 2)] == [100, 50, 20]
        assert uow.ask_plans.last().questions == questions
