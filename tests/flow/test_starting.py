"""Services start in any order, on a broker that knows none of them."""

import subprocess
import sys

import pytest

from tests.flow.district import load_stations, staff_password
from tests.flow.journey import Journey
from tests.system import eventually

RUN = (sys.executable, "-c", "from deploy.cli.main import app; app()", "run")  # as `nqi run`
EARLY = ("station", "intake", "gateway")
LATE = ("dispatch", "providers", "feedback", "archive")


@pytest.fixture
def run():
    """Starts services as people start them; ends them after the test."""
    running: list[subprocess.Popen[bytes]] = []

    def run(system, *services: str) -> None:
        running.extend(subprocess.Popen([*RUN, service], env=system.environment) for service in services)

    yield run
    for process in running:
        process.terminate()
    for process in running:
        process.wait(timeout=30)


def test_a_need_accepted_before_its_readers_ever_ran_comes_to_its_end(start, database_url, run):
    system = start(database_url, services=EARLY)
    load_stations(system)
    password = staff_password(system)
    with system.api() as public, system.api() as staff:
        staff.sign_in("chen", password)
        one = Journey(public, staff)
        run(system, *LATE)
        eventually(lambda: staff.get("/items", search=one.number)["items"], 60, "the item")
        eventually(lambda: [t for t in public.get("/targets")["targets"] if t["live"]], 60, "live targets")
        one.to_the_end()
        seen = [entry["type"] for entry in one.own["timeline"]]
    assert seen[:2] == ["request_received", "item_opened"]
