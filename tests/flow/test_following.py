"""A service is followed through real processes: reports out of order, contacts, tasks, a delay, a part, another try."""

from datetime import date, timedelta

import pytest

from shared.contracts.providers import ReportJob
from tests.flow.journey import Journey
from tests.system import ADMIN, eventually


@pytest.mark.clause("6.4.1", "6.4.2")
def test_a_service_is_followed_to_its_end_in_parts(public, staff, running):
    one = Journey(public, staff, "水杯要全项检测")
    one.assess("5.4.b")
    job = one.until("serving")["job_id"]

    def seen():
        return staff.get(f"/items/{one.item_id}/following")

    eventually(lambda: {task["kind"] for task in seen()["follow_ups"]} == {"first", "ending"}, what="the tasks")

    bus = running.bus()
    try:
        reports = [ReportJob(job_id=job, report_id=f"lab-{n}", text=f"第 {n} 步", share=n * 30) for n in (1, 2)]
        for report in (*reports, reports[0]):  # the first once more, after the second
            bus.ask_now(report, actor=ADMIN)
        eventually(lambda: len(seen()["reports"]) == 2, what="two reports")
    finally:
        bus.close()
    assert (seen()["progress"]["share"], one.item["stage"]) == (60, "serving")

    one.step("contacts", party="client", how="phone", about="说明送样要求", next_on=_in_days(1))
    late = _in_days(60)
    one.step("delay", expected_on=late, reason="仪器送检")
    one.step("part", done="10 只已检", missing="2 只待补样", next_step="补样后再检")
    kinds = {"delay", "part"}
    eventually(lambda: kinds <= {notice["kind"] for notice in one.own["notices"]}, what="the client is told")
    shown = {"progress_reported", "delay_announced", "part_delivered"}
    eventually(lambda: shown <= {entry["type"] for entry in one.own["timeline"]}, what="the client's story")
    assert "contact_logged" not in [entry["type"] for entry in one.own["timeline"]]  # it is the staff's own
    assert {task["kind"] for task in seen()["follow_ups"]} == {"first", "ending", "agreed"}

    one.step("fail", reason="样品损坏")
    assert one.item["note"] == "样品损坏"
    eventually(lambda: staff.get(f"/jobs/{job}")["status"] == "withdrawn", what="the job is taken back")
    one.to_the_end("5.4.b")
    eventually(lambda: all(task["status"] != "open" for task in seen()["follow_ups"]), what="no task is left")


def _in_days(days: int) -> str:
    return (date.today() + timedelta(days=days)).isoformat()
