"""Deadlines on real processes: said once however many instances look, moved by calendars and limits, never lost."""

import json
import os
import subprocess
import sys
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from tests.flow.district import check_items, engine_of, load_district, rows, staff_password
from tests.flow.journey import Journey
from tests.system import System, eventually

ROOT = Path(__file__).parents[2]
NQI = [sys.executable, "-c", "from deploy.cli.main import app; app()"]
ALL_DAY = ["00:00-24:00"] * 7
PARK = "juda"  # whose hours this test sets


class Second:
    """One more instance of dispatch, as `nqi run` starts it."""

    def __init__(self, system: System) -> None:
        self._environment, self._process = system.environment, None

    def start(self) -> None:
        environment = {**os.environ, **self._environment}
        self._process = subprocess.Popen([*NQI, "run", "dispatch"], env=environment, cwd=ROOT)

    def stop(self) -> None:
        if self._process:
            self._process.terminate()
            self._process.wait(timeout=30)
        self._process = None


@pytest.fixture(scope="module")
def second(system):
    return system.second


@pytest.fixture(scope="module")
def system(tmp_path_factory, virtual_host):
    """A district with two instances of dispatch."""
    system = System(tmp_path_factory.mktemp("deadlines"), virtual_host())
    second = system.second = Second(system)
    try:
        system.start()
        load_district(system)
        system.passwords |= {
            "chen": staff_password(system), "boss": staff_password(system, "boss", role="operator"),
        }  # fmt: skip
        second.start()
        yield system
        check_items(system)
    finally:
        second.stop()
        system.stop()


@pytest.fixture(scope="module")
def apis(system):
    with system.api() as public, system.api() as staff, system.api() as boss:
        staff.sign_in("chen", system.passwords["chen"])
        boss.sign_in("boss", system.passwords["boss"])
        boss.post(f"/stations/{PARK}/hours", {"week": ALL_DAY})
        yield public, staff, boss


@pytest.fixture
def journey(apis):
    public, staff, _ = apis
    return lambda **given: Journey(public, staff, park=PARK, **given)


def nqi(system: System, *arguments: str, status: int = 0) -> str:
    done = subprocess.run(
        [*NQI, *arguments], env={**os.environ, "COLUMNS": "200", **system.environment}, capture_output=True, text=True,
        timeout=90, cwd=ROOT,
    )  # fmt: skip
    assert done.returncode == status, done.stdout + done.stderr
    return done.stdout + done.stderr


def age(system: System, item_id: str, hours: float) -> None:
    """As if all that happened to the item's clocks had happened so much earlier."""
    engine = engine_of(system, "dispatch")
    try:
        with engine.begin() as connection:
            (marks,) = connection.execute(sa.text("SELECT marks FROM items WHERE item_id = :id"), {"id": item_id}).one()
            found = json.loads(marks) if isinstance(marks, str) else marks
            for mark in found:
                mark["at"] = (datetime.fromisoformat(mark["at"]) - timedelta(hours=hours)).isoformat()
            connection.execute(
                sa.text("UPDATE items SET marks = :marks, alarm_at = opened_at WHERE item_id = :id"),
                {"id": item_id, "marks": json.dumps(found)},
            )
    finally:
        engine.dispose()


def said(system: System, request_id: str, kind: str) -> list[dict[str, Any]]:
    query = "SELECT body FROM ledger WHERE request_id = :r AND key = :k"
    return [json.loads(row.body) for row in rows(system, "archive", query, r=request_id, k=f"dispatch.{kind}")]


@pytest.mark.clause("6.4.1", "7.2.1.a")
def test_what_runs_late_is_warned_of_and_told_up_the_chain_once_by_two_instances(system, apis, journey):
    _, staff, boss = apis
    boss.post(f"/stations/{PARK}/chain", {"steps": [{"account": "lin", "name": "林站长"}, {"role": "operator"}]})
    many = [journey() for _ in range(6)]
    for one in many:
        age(system, one.item_id, 1.5)
    for one in many:
        eventually(lambda one=one: said(system, one.told["request_id"], "clock_warned"), seconds=30)
    for one in many:
        age(system, one.item_id, 1)
    for one in many:
        eventually(lambda one=one: said(system, one.told["request_id"], "clock_overdue"), seconds=30)
        assert one.item["due"]["state"] == "late"
    for one in many:
        assert len(said(system, one.told["request_id"], "clock_warned")) == 1
        (late,) = said(system, one.told["request_id"], "clock_overdue")
        assert [who["account"] or who["role"] for who in late["to"]] == ["staff", "lin"]
    board = staff.get("/clocks", park=PARK, clock="accept")
    assert board["late"] >= len(many)
    assert {item["item_id"] for item in board["items"][: len(many)]} == {one.item_id for one in many}


@pytest.mark.clause("7.2.1.a")
def test_a_pause_is_seen_by_all_and_moves_the_deadline(system, apis, journey):
    one = journey()
    one.step("accept")
    before = one.item["due"]
    paused = one.step("pause", reason="等企业寄来样品")
    assert (paused["due"]["state"], paused["due"]["reason"], paused["due"]["at"]) == ("paused", "等企业寄来样品", None)
    age(system, one.item_id, 4)
    resumed = one.step("resume", reason="样品到了")
    assert datetime.fromisoformat(resumed["due"]["at"]) >= datetime.fromisoformat(before["at"])
    own = one.public.get(f"/requests/{one.number}/items/{one.item_id}/clocks", {"X-Request-Code": one.code})
    (assess,) = [clock for clock in own["clocks"] if clock["clock"] == "assess"]
    assert [step["name"] for step in assess["steps"] if step["kind"] == "pause"] == ["等企业寄来样品"]
    seen = eventually(lambda: [e for e in one.own["timeline"] if e["type"] == "item_resumed"])
    assert seen[0]["data"]["reason"] == "样品到了"


def test_other_hours_and_other_limits_move_what_runs_and_the_preview_says_so(system, apis, journey):
    _, _, boss = apis
    one = journey()
    one.step("accept")
    closed = {"week": ["00:00-01:00"] + [""] * 6}
    preview = boss.post("/clocks/preview", {"what": "calendar", "park": PARK, **closed})
    assert preview["later"] >= 1
    before = one.item["due"]["at"]
    version = boss.get(f"/stations/{PARK}/hours")["version"]
    boss.post(f"/stations/{PARK}/hours", {**closed, "version": version})
    eventually(lambda: one.item["due"]["at"] > before)
    boss.post(f"/stations/{PARK}/hours", {"week": ALL_DAY})
    eventually(lambda: one.item["due"]["at"] == before)
    boss.post("/limits", {"limits": [{"clock": "assess", "count": 2, "unit": "hours"}]})
    eventually(lambda: one.item["due"]["at"] < before)
    boss.post("/limits", {"limits": []})
    eventually(lambda: one.item["due"]["at"] == before)


def test_a_year_nobody_knows_makes_a_deadline_provisional_until_it_is_imported(system, apis, journey, tmp_path):
    _, _, boss = apis
    one = journey()
    one.step("accept")
    boss.post("/limits", {"limits": [{"clock": "assess", "count": 250, "unit": "days"}]})
    due = eventually(lambda: (found := one.item["due"])["state"] == "provisional" and found)
    assert due["assumed"]
    for year in due["assumed"]:
        file = tmp_path / f"{year}.yaml"
        days = "".join(
            f"  - {{from: {year}-{day}, name: {name}}}\n"
            for day, name in (("01-01", "元旦"), ("05-01", "劳动节"), ("10-01", "国庆节"))
        )
        file.write_text(f"year: {year}\nholidays:\n{days}")
        assert f"{year}: 3 days off" in nqi(system, "calendar", "import", str(file))
        assert f"{year} (imported)" in nqi(system, "calendar", "show", PARK)
    eventually(lambda: one.item["due"]["state"] == "ok")
    assert "yaml" in nqi(system, "calendar", "import", str(tmp_path / "none.yaml"), status=1)
    boss.post("/limits", {"limits": []})


def test_the_doctor_finds_an_item_that_is_forgotten(system, journey):
    one = journey()
    assert "each with a clock" in nqi(system, "doctor", "--items")
    engine = engine_of(system, "dispatch")
    with engine.begin() as connection:
        forget = sa.text("UPDATE items SET clock = '', alarm_at = NULL WHERE item_id = :id")
        connection.execute(forget, {"id": one.item_id})
    assert f"{one.number} ({one.item_id}, received) has no clock" in nqi(system, "doctor", "--items", status=1)
    one.step("accept")  # whatever happens to it next gives it its clock back
    assert "each with a clock" in nqi(system, "doctor", "--items")
    engine.dispose()


def test_what_ran_late_while_nothing_ran_is_said_after_the_restart(system, second, journey):
    one = journey()
    item_id = one.item_id
    second.stop()
    system.kill("dispatch")  # its supervisor starts another
    age(system, item_id, 30)
    late = eventually(lambda: said(system, one.told["request_id"], "clock_overdue"), seconds=60)
    levels = [event["level"] for event in late]
    assert levels == sorted(set(levels))
