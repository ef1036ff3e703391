"""A private broker and PostgreSQL for each process that runs tests; a virtual host and a database for each test."""

import uuid
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import settings as hypothesis_settings

from deploy.cli.http import Api
from deploy.local.broker import Broker
from deploy.local.postgres import Postgres
from tests.flow.district import check_items, load_district, staff_password
from tests.scheduling import Scheduling
from tests.system import Management, System

# How long an example takes says nothing on a machine that others use too; the run's own time limit holds.
hypothesis_settings.register_profile("here", deadline=None)
hypothesis_settings.load_profile("here")


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Scheduling:
    return Scheduling(config, log)


@pytest.fixture(scope="session")
def broker(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Broker]:
    with Broker(tmp_path_factory.mktemp("broker")) as broker:
        yield broker


@pytest.fixture(scope="session")
def postgres(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Postgres]:
    postgres = Postgres(tmp_path_factory.mktemp("postgres"))
    postgres.start()
    yield postgres
    postgres.stop()


@pytest.fixture(scope="session")
def virtual_host(broker: Broker) -> Callable[[], str]:
    """Makes a fresh virtual host and returns its URI."""
    management = Management(broker.management_uri)
    return lambda: broker.amqp_uri.rpartition("/")[0] + "/" + management.virtual_host()


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest) -> Iterator[str]:
    """Empty for SQLite; a fresh database of the private PostgreSQL otherwise."""
    if request.param == "sqlite":
        yield ""
        return
    yield fresh_database(request.getfixturevalue("postgres"))


def fresh_database(postgres: Postgres) -> str:
    name = f"test_{uuid.uuid4().hex[:10]}"
    postgres.create(name)
    return postgres.url(name)


@pytest.fixture
def start(tmp_path: Path, virtual_host: Callable[[], str]) -> Iterator[Callable[..., System]]:
    """Starts a system with a home and a virtual host of its own; stops it after the test."""
    started: list[System] = []

    def start(database_url: str = "", **given: object) -> System:
        home = given.pop("home", tmp_path / f"home{len(started)}")
        uri = str(given.pop("amqp_uri", "") or virtual_host())
        system = System(home, uri, database_url, **given)  # type: ignore[arg-type]
        started.append(system)
        return system.start()

    yield start
    for system in started:
        system.stop()


@pytest.fixture(scope="session")
def running(tmp_path_factory: pytest.TempPathFactory, virtual_host: Callable[[], str]) -> Iterator[System]:
    """One whole system on SQLite for all tests that only use it: the demo's district, staff `chen`."""
    system = System(tmp_path_factory.mktemp("running"), virtual_host())
    try:
        system.start()
        load_district(system)
        system.passwords["chen"] = staff_password(system)
        yield system
        check_items(system)
    finally:
        system.stop()


@pytest.fixture(scope="session")
def public(running: System) -> Iterator[Api]:
    """The API, as anybody uses it."""
    with running.api() as api:
        yield api


@pytest.fixture(scope="session")
def staff(running: System) -> Iterator[Api]:
    """The API, signed in as staff of every park."""
    with running.api() as api:
        api.sign_in("chen", running.passwords["chen"])
        yield api
