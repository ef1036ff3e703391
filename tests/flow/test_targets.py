"""Dispatch targets come and go, from anywhere, and no file of the core is touched."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from deploy.cli.care import parked_messages
from deploy.cli.http import Refused
from deploy.local.supervisor import SERVICES
from tests.flow.district import check_items, load_stations, staff_password
from tests.flow.journey import Journey
from tests.system import System, eventually

DISTRIBUTION = Path(__file__).parents[1] / "plugins" / "distribution"
ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def system(tmp_path_factory, virtual_host):
    """Everything but providers."""
    services = tuple(service for service in SERVICES if service != "providers")
    system = System(tmp_path_factory.mktemp("targets"), virtual_host(), services=services, NQI_LEASE_SECONDS="6")
    try:
        system.start()
        load_stations(system)
        system.passwords["chen"] = staff_password(system)
        yield system
        check_items(system)
    finally:
        system.stop()


@pytest.fixture(scope="module")
def apis(system):
    with system.api() as public, system.api() as staff:
        staff.sign_in("chen", system.passwords["chen"])
        yield public, staff


@pytest.fixture(scope="module")
def installed(tmp_path_factory) -> Path:
    """A third party's distribution, built and installed where only `PYTHONPATH` finds it."""
    folder = tmp_path_factory.mktemp("distribution")
    source = folder / "source"
    subprocess.run(["cp", "-r", str(DISTRIBUTION), str(source)], check=True)
    build = [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", str(folder), str(source)]
    subprocess.run(build, check=True, capture_output=True)
    (wheel,) = folder.glob("*.whl")
    place = folder / "installed"
    pip = [
        sys.executable,
        "-m",
        "pip",
        "install",
        "--quiet",
        "--no-index",
        "--no-deps",
        "--target",
        str(place),
        str(wheel),
    ]
    subprocess.run(pip, check=True, capture_output=True)
    return place


@pytest.fixture
def providers(system):
    """`nqi run providers --only ...`, as many as a test wants."""
    running: list[subprocess.Popen] = []

    def run(only: str, *paths: Path) -> subprocess.Popen:
        environment = {**system.environment, "PYTHONPATH": os.pathsep.join([str(ROOT), *map(str, paths)])}
        command = [sys.executable, "-c", "from deploy.cli.main import app; app()", "run", "providers", "--only", only]
        running.append(subprocess.Popen(command, env=environment))
        return running[-1]

    yield run
    for process in running:
        process.terminate()
    for process in running:
        process.wait(timeout=20)


def live(public) -> set[str]:
    return {target["target"] for target in public.get("/targets")["targets"] if target["live"]}


def test_a_need_without_a_target_waits_visibly_and_is_served_when_one_comes(system, apis, providers):
    public, staff = apis
    one = Journey(public, staff)
    waiting = one.assess("5.3.b")
    assert (waiting["stage"], waiting["target"]) == ("assessed", "")
    assert waiting["waiting_since"]
    assert waiting["item_id"] in {item["item_id"] for item in staff.get("/items", stage="assessed")["items"]}
    assert one.own["items"][0]["waiting_since"]
    providers("metrology")
    one.until("told", seconds=40)
    one.rate()
    one.until("sealed")
    assert live(public) == {"metrology"}


def test_a_plugin_of_another_distribution_becomes_a_target(system, apis, providers, installed):
    public, staff = apis
    one = Journey(public, staff, text="出口的木托盘要熏蒸")
    providers("fumigation,refuses,crashes", installed)
    eventually(lambda: "fumigation" in live(public), seconds=40)
    (guess, *_) = public.post("/suggestions", {"text": one.item["text"]})["guesses"]
    assert (guess["category"], guess["item"]) == ("fumigation", "5.10.a")
    assert {"熏蒸", "木托盘"} <= set(guess["words"])
    one.step("accept")
    with pytest.raises(Refused):
        one.step("assess", category="fumigation", item="5.10.a", details={"pallets": 0})
    one.step("assess", category="fumigation", item="5.10.a", details={"pallets": 7})
    one.until("told")
    assert one.own["notices"][0]["body"]["result"] == {"certificate": "IPPC-7"}
    _one_that_refuses(public, staff)
    _one_that_crashes(system, public, staff)


def _one_that_refuses(public, staff) -> None:
    one = Journey(public, staff)
    one.step("accept")
    manifest = next(t["manifest"] for t in public.get("/targets")["targets"] if t["target"] == "refuses")
    one.step("assess", category="refuses", item=next(iter(manifest["items"])), details={"what": "x"})
    item = one.until("assessed")
    assert item["note"]
    assert item["waiting_since"]
    assert "assess" in item["allowed"]


def _one_that_crashes(system, public, staff) -> None:
    """Its job is parked with the traceback; its process goes on serving the others."""
    one = Journey(public, staff)
    one.step("accept")
    manifest = next(t["manifest"] for t in public.get("/targets")["targets"] if t["target"] == "crashes")
    one.step("assess", category="crashes", item=next(iter(manifest["items"])), details={"what": "x"})

    def parked() -> list:
        with parked_messages(system.settings.amqp_given) as messages:
            return list(messages())

    (message,) = eventually(parked)
    assert (message.queue, message.reason) == ("providers.on_job_offered.crashes", "failed")
    assert "RuntimeError" in message.traceback
    assert one.item["stage"] == "offered"
    other = Journey(public, staff)
    other.step("accept")
    other.step("assess", category="fumigation", item="5.10.a", details={"pallets": 1})
    other.until("told")


def test_a_target_that_falls_silent_gets_no_new_offers(system, apis, providers):
    public, staff = apis
    process = providers("brand")
    eventually(lambda: "brand" in live(public), seconds=40)
    process.kill()
    process.wait()
    eventually(lambda: "brand" not in live(public), seconds=20)
    one = Journey(public, staff)
    assert one.assess("5.7.a")["stage"] == "assessed"
