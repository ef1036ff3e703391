"""The repositories' promises, kept by the fakes and by both databases alike."""

from datetime import timedelta

import pytest
import sqlalchemy as sa

from services.station import store
from services.station.domain.absences import Absence
from services.station.domain.settings import Kind, Setting
from shared.errors import IllegalMove
from shared.store import Cause
from tests.builders import NOON
from tests.fake_station import FakeStation
from tests.system import ADMIN


@pytest.fixture(params=["fake", "sqlite", "postgresql"])
def work(request, tmp_path):
    """Makes transactions on one store."""
    if request.param == "fake":
        fake = FakeStation(now=NOON)
        yield lambda: fake
        return
    if request.param == "sqlite":
        engine = sa.create_engine(f"sqlite:///{tmp_path}/station.sqlite3", poolclass=sa.NullPool)
    else:
        from tests.conftest import fresh_database

        engine = sa.create_engine(fresh_database(request.getfixturevalue("postgres")), poolclass=sa.NullPool)
    store.metadata.create_all(engine)
    yield lambda: store.UnitOfWork(engine, Cause(kind="clock", actor=ADMIN))
    engine.dispose()


def setting(version: int, key: str = "tianan", kind: Kind = Kind.CALENDAR) -> Setting:
    return Setting(kind=kind, key=key, version=version, content={"n": version}, set_at=NOON, set_by="林")


def test_every_version_stays_and_the_latest_counts(work):
    with work() as uow:
        for one in (setting(1), setting(2), setting(1, "juda"), setting(1, kind=Kind.CHAIN)):
            uow.settings.add(one)
        uow.commit()
    with work() as uow:
        assert uow.settings.latest(Kind.CALENDAR, "tianan") == setting(2)
        assert uow.settings.latest(Kind.LIMITS, "") is None
        assert uow.settings.all(Kind.CALENDAR) == [setting(1, "juda"), setting(2)]


def test_a_version_is_added_once(work):
    with work() as uow:
        uow.settings.add(setting(1))
        with pytest.raises(IllegalMove):
            uow.settings.add(setting(1))


def absence(absence_id: str, days: int, **given) -> Absence:
    values = {
        "account": "chen", "name": "陈专员", "parks": ("tianan", "juda"), "since": NOON + timedelta(days=days),
        "until": NOON + timedelta(days=days + 1), "reason": "", "noted_by": "林",
    }  # fmt: skip
    return Absence(absence_id=absence_id, **{**values, **given})


def test_absences_that_are_not_over_come_soonest_first(work):
    with work() as uow:
        for one in (absence("a", 3), absence("b", 0), absence("c", -2), absence("d", 1, ended_at=NOON)):
            uow.absences.add(one)
        uow.commit()
    with work() as uow:
        assert [one.absence_id for one in uow.absences.ahead(NOON)] == ["b", "a"]
        one = uow.absences.get("a")
        assert one == absence("a", 3)
        one.end(NOON)
        uow.absences.put(one)
        assert [one.absence_id for one in uow.absences.ahead(NOON)] == ["b"]
        assert uow.absences.get("nobody") is None
