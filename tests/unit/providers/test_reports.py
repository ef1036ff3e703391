"""What whoever serves a job says of it on the way."""

from typing import Any

import pytest

from services.providers.domain.jobs import Job, Status
from services.providers.handlers import jobs
from shared.access import Actor, Role
from shared.contracts.providers import ReportJob
from shared.errors import Forbidden, IllegalMove, Invalid, NotFound
from tests.builders import NOON
from tests.fakes import FakeWork

REPORT = {"job_id": "j1", "report_id": "lab-7", "text": "已上机", "share": 60}
LAB = Actor(id="lab", role=Role.ORGANIZATION, name="示例检测机构", organization="L01")


class Kept(dict[str, Job]):
    """Jobs by id."""


def work(actor: Actor = LAB, status: Status = Status.ACCEPTED) -> Any:
    uow = FakeWork(now=NOON, actor=actor)
    uow.jobs = Kept()
    uow.jobs["j1"] = Job(
        job_id="j1", item_id="i1", request_id="r1", park="tianan", target="L01", category="x", item="5.3.d",
        number="天安2026-0001", company="示例", text="校准", details={}, offered_at=NOON, status=status,
    )  # fmt: skip
    return uow


def test_a_report_is_said_for_dispatch():
    uow = work()
    jobs.report_job(ReportJob(**REPORT, next_step="出报告"), uow)
    ((said, _),) = uow.said
    assert (said.type(), said.report_id, said.share, said.served_by) == ("job_progressed", "lab-7", 60, "示例检测机构")
    assert said.reported_at == NOON


@pytest.mark.parametrize(
    "wrong", [{"report_id": ""}, {"text": " "}, {"share": 101}, {"expected_on": "soon"}, {"next_step": "长" * 2001}]
)
def test_a_wrong_report_is_refused(wrong):
    uow = work()
    with pytest.raises(Invalid) as refused:
        jobs.report_job(ReportJob(**{**REPORT, **wrong}), uow)
    assert refused.value.fields.keys() == wrong.keys()
    assert uow.said == []


def test_only_whoever_serves_it_reports_and_only_while_it_is_in_hand():
    for status in set(Status) - {Status.ACCEPTED}:
        with pytest.raises(IllegalMove):
            jobs.report_job(ReportJob(**REPORT), work(status=status))
    with pytest.raises(Forbidden):
        jobs.report_job(ReportJob(**REPORT), work(Actor(id="x", role=Role.ORGANIZATION, organization="L02")))
    with pytest.raises(NotFound):
        jobs.report_job(ReportJob(**{**REPORT, "job_id": "no"}), work())
