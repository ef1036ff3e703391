"""The private PostgreSQL on the real thing: who may connect, what it keeps, how it ends."""

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import create_engine, text
from sqlalchemy.exc import OperationalError
from sqlalchemy.pool import NullPool

from deploy.local import processes
from deploy.local.errors import AlreadyRunning, CommandFailed, NotRunning, PackageMissing, PortTaken
from deploy.local.postgres import Mode, Postgres
from tests.integration.local.sockets import LOOPBACK, listening

OWNER = """
import sys, time
from pathlib import Path
from deploy.local.postgres import Postgres
postgres = Postgres(Path(sys.argv[1]))
postgres.start()
print(postgres.pid, postgres.area, flush=True)
time.sleep(600)
"""


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Postgres]:
    """One for this module: unlike the session's it may be restarted."""
    with Postgres(tmp_path_factory.mktemp("数据 postgres")) as postgres:
        yield postgres


@pytest.fixture
def postgres(shared: Postgres) -> Postgres:
    if shared.pid is None:
        shared.start()
    return shared


def said(url: str, statement: str) -> list[tuple[object, ...]]:
    """The rows of one statement on a connection of its own, committed."""
    with create_engine(url, poolclass=NullPool).begin() as connection:
        answer = connection.execute(text(statement))
        return [tuple(row) for row in answer] if answer.returns_rows else []


def test_it_listens_on_loopback_only_and_takes_300_clients(postgres: Postgres) -> None:
    assert postgres.pid is not None
    assert {address for address, _ in listening([postgres.pid])} <= LOOPBACK
    assert said(postgres.url(), "SHOW max_connections") == [("300",)]
    assert said(postgres.url(), "SHOW fsync") == [("on",)]


def test_it_asks_for_the_password(postgres: Postgres) -> None:
    before, _, after = postgres.url().partition("nqi:")
    wrong = f"{before}nqi:wrong@{after.partition('@')[2]}"
    with pytest.raises(OperationalError, match="password authentication failed"):
        said(wrong, "SELECT 1")


def test_databases_come_and_go(postgres: Postgres) -> None:
    postgres.create("park-1")
    assert said(postgres.url("park-1"), "SELECT current_database()") == [("park-1",)]
    with pytest.raises(CommandFailed, match="already exists"):
        postgres.create("park-1")
    with create_engine(postgres.url("park-1")).connect():
        postgres.drop("park-1")  # Though somebody is connected.
    postgres.drop("park-1")
    with pytest.raises(OperationalError, match="does not exist"):
        said(postgres.url("park-1"), "SELECT 1")


@pytest.mark.parametrize("mode", ["fast", "immediate"])
def test_what_was_committed_and_the_url_survive_a_restart(postgres: Postgres, mode: Mode) -> None:
    url = postgres.url()
    said(url, f"CREATE TABLE {mode} AS SELECT 42 AS answer")
    before = postgres.pid
    postgres.restart(mode)
    assert postgres.pid != before
    assert postgres.url() == url
    assert said(url, f"SELECT answer FROM {mode}") == [(42,)]
    assert ("not properly shut down" in postgres.log.read_text()) == (mode == "immediate")


def test_stop_leaves_no_process_and_the_port_is_asked_back(postgres: Postgres) -> None:
    postmaster = postgres.pid
    assert postmaster is not None
    everyone = [postmaster, *processes.descendants(postmaster)]
    postgres.stop()
    assert all(map(processes.gone, everyone))
    assert postgres.pid is None
    with pytest.raises(NotRunning, match="start it first"):
        postgres.create("late")
    port = int(postgres.url().rpartition(":")[2].partition("/")[0])
    with processes.this_port(port) as taken:
        taken.listen()
        with pytest.raises(PortTaken, match=str(port)):
            postgres.start()


def test_it_is_not_started_twice(postgres: Postgres) -> None:
    with pytest.raises(AlreadyRunning):
        postgres.start()
    assert said(postgres.url(), "SELECT 1") == [(1,)]


def test_when_its_owner_is_killed_it_ends_and_its_folder_is_swept(tmp_path: Path, postgres: Postgres) -> None:
    with subprocess.Popen([sys.executable, "-c", OWNER, str(tmp_path)], stdout=subprocess.PIPE, text=True) as owner:
        assert owner.stdout is not None
        postmaster, area = owner.stdout.readline().split()
        everyone = processes.descendants(owner.pid)
        assert int(postmaster) in everyone
        owner.kill()
    assert processes.poll(lambda: all(map(processes.gone, everyone)), within=10)
    if Path(area).is_relative_to(tmp_path):
        return  # Not root: the folder lies in its home, and goes with that.
    os.utime(area, (0, 0))
    with Postgres(tmp_path):
        assert not Path(area).exists()
        assert postgres.area.exists()


def test_its_data_goes_with_the_object(tmp_path: Path) -> None:
    postgres = Postgres(tmp_path)
    postgres.start()
    area = postgres.area
    postgres.stop()
    assert area.exists()
    del postgres
    assert not area.exists()


def test_a_missing_package_and_a_server_never_started_are_one_sentence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(NotRunning, match="never started"):
        Postgres(tmp_path).log.exists()
    monkeypatch.setattr("deploy.local.postgres.VERSIONS", tmp_path)
    with pytest.raises(PackageMissing, match=r"setup\.py test"):
        Postgres(tmp_path).start()
