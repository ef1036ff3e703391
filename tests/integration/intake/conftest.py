"""Intake's transactions on both databases, and real mail servers."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
import sqlalchemy as sa

from services.intake import store
from shared.access import system
from shared.config import Settings, settings
from shared.files import Folder
from shared.store import Cause
from tests.conftest import fresh_database
from tests.mailservers import Dovecot, SmtpServer
from tests.unit.intake.fakes import FakeIntake

STATION = "station@example.com"


@pytest.fixture(scope="session")
def dovecot() -> Iterator[Dovecot]:
    with Dovecot() as server:
        yield server


@pytest.fixture
def smtp() -> Iterator[SmtpServer]:
    with SmtpServer() as server:
        yield server


@pytest.fixture
def shelf(tmp_path: Path) -> Folder:
    return Folder(tmp_path / "files")


@pytest.fixture
def given(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    """The settings of an intake with mail."""
    given = replace(
        settings(), home=tmp_path, mail_from=STATION, mail_parks=(("juda@example.com", "juda"),),
        site="https://station.example.com",
    )  # fmt: skip
    monkeypatch.setattr("services.intake.store.settings", lambda: given)
    return given


@pytest.fixture(params=["sqlite", "postgresql"])
def engine(request: pytest.FixtureRequest, given: Settings, tmp_path: Path) -> Iterator[sa.Engine]:
    """Intake's database, knowing two parks."""
    engine = _engine(request, tmp_path)
    yield engine
    engine.dispose()


def uow_of(engine: sa.Engine, kind: str = "clock") -> store.UnitOfWork:
    return store.UnitOfWork(engine, Cause(kind=kind, actor=system("intake")))


@pytest.fixture(params=["fake", "sqlite", "postgresql"])
def work(request: pytest.FixtureRequest, given: Settings, tmp_path: Path) -> Iterator[object]:
    """Makes transactions on one store: the fake, or a real one."""
    if request.param == "fake":
        fake = FakeIntake(actor=system("intake"))
        fake.parks.put("juda", "巨大")
        yield lambda: fake
        return
    engine = _engine(request, tmp_path)
    yield lambda: uow_of(engine)
    engine.dispose()


def _engine(request: pytest.FixtureRequest, tmp_path: Path) -> sa.Engine:
    if request.param == "sqlite":
        engine = sa.create_engine(f"sqlite:///{tmp_path}/intake.sqlite3", poolclass=sa.NullPool)
        sa.event.listen(engine, "connect", lambda connection, _: connection.execute("PRAGMA foreign_keys=ON"))
    else:
        engine = sa.create_engine(fresh_database(request.getfixturevalue("postgres")), poolclass=sa.NullPool)
    store.metadata.create_all(engine)
    with uow_of(engine) as uow:
        uow.parks.put("tianan", "天安")
        uow.parks.put("juda", "巨大")
        uow.commit()
    return engine
