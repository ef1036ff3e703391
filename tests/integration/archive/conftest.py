"""Archive's transactions on a real store with a shelf of its own: SQLite and PostgreSQL."""

from datetime import timedelta

import pytest

from services.archive import store
from shared import config
from shared.store import Cause, connect
from shared.upgrade import upgrade
from tests.builders import NOON
from tests.system import ADMIN


class Archive:
    """One archive: its engine, its home, and transactions at a time of the test's choosing."""

    def __init__(self, engine, home):
        self.engine, self.home, self.now = engine, home, NOON + timedelta(hours=2)

    def __call__(self, kind="clock", actor=ADMIN, **cause):
        work = store.UnitOfWork(self.engine, Cause(kind=kind, actor=actor, **cause))
        begin = work._begin

        def at_that_time():
            begin()
            work.now = self.now

        work._begin = at_that_time
        return work

    def proof(self, **later):
        return store.proof(self.engine, self.home, self.now + timedelta(**later))


@pytest.fixture
def archive(monkeypatch, tmp_path, database_url):
    monkeypatch.setenv("NQI_HOME", str(tmp_path))
    monkeypatch.setenv("DATABASE_URL", database_url)
    config.settings.cache_clear()
    upgrade("archive")
    engine = connect("archive", pool=3)
    yield Archive(engine, tmp_path)
    engine.dispose()
    config.settings.cache_clear()
