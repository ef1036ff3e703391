"""Two of each service: one takes over from the other, and both share the work."""

import subprocess
import sys
from collections import Counter

import pytest

from tests.chaos.audit import BACKEND
from tests.conftest import fresh_database
from tests.flow.district import load_district, staff_password
from tests.flow.journey import Journey
from tests.system import System, eventually

PROCESS = (sys.executable, "-m", "deploy.local.process")  # what `nqi run` becomes
NEEDS = 8


class Instances:
    """Two processes of each backend service."""

    def __init__(self, system: System) -> None:
        self._system = system
        self._processes: dict[str, list[subprocess.Popen[bytes]]] = {service: [] for service in BACKEND}

    def fill(self, *services: str) -> None:
        """Start what is missing of these, and return when two of each are ready."""
        eventually(lambda: self._full(services), seconds=120, what=f"two of each of {services}")

    def _full(self, services: tuple[str, ...]) -> bool:
        for service in services:
            running = self._processes[service]
            running[:] = [process for process in running if process.poll() is None]
            while len(running) < 2:
                running.append(subprocess.Popen([*PROCESS, service], env=self._system.environment))
        return all(
            self._system.healthy(service, process.pid) for service in services for process in self._processes[service]
        )

    def kill_first(self, service: str) -> None:
        first = self._processes[service].pop(0)
        first.kill()
        first.wait()

    def handled(self, service: str) -> list[Counter[str]]:
        return [self._system.handled(service, process.pid) for process in self._processes[service]]

    def stop(self) -> None:
        running = [process for processes in self._processes.values() for process in processes]
        for process in running:
            process.terminate()
        for process in running:
            process.wait(timeout=30)


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def system(request, tmp_path_factory, virtual_host):
    """A gateway under the supervisor; the other services are the tests' to start."""
    database_url = fresh_database(request.getfixturevalue("postgres")) if request.param == "postgresql" else ""
    system = System(tmp_path_factory.mktemp("scaling"), virtual_host(), database_url, services=("gateway",))
    try:
        yield system.start()
    finally:
        system.stop()


@pytest.fixture(scope="module")
def instances(system):
    instances = Instances(system)
    try:
        instances.fill(*BACKEND)
        load_district(system)
        system.passwords["chen"] = staff_password(system)
        yield instances
    finally:
        instances.stop()


@pytest.fixture
def journey(system, instances):
    with system.api() as public, system.api() as staff:
        staff.sign_in("chen", system.passwords["chen"])
        yield lambda: Journey(public, staff)


def test_two_instances_of_dispatch_share_the_work(instances, journey):
    before = instances.handled("dispatch")
    for _ in range(NEEDS):
        journey().to_the_end()
    shares = [now - then for now, then in zip(instances.handled("dispatch"), before, strict=True)]
    for entrypoint in ("on_request_received", "on_job_accepted", "on_job_finished", "on_result_told"):
        assert sum(share[entrypoint] for share in shares) == NEEDS
        assert all(share[entrypoint] for share in shares)


@pytest.mark.parametrize("service", BACKEND)
def test_a_second_instance_takes_over_when_the_first_is_killed(instances, journey, service):
    instances.fill(service)
    begun = journey()
    instances.kill_first(service)
    begun.to_the_end()
    journey().to_the_end()
