"""Dispatch's transactions on one store: the fake, SQLite and PostgreSQL."""

import pytest
import sqlalchemy as sa

from services.dispatch import store
from shared.store import Cause
from tests.builders import NOON
from tests.conftest import fresh_database
from tests.fakes import FakeDispatch
from tests.system import ADMIN


@pytest.fixture(params=["fake", "sqlite", "postgresql"])
def work(request, tmp_path):
    """Makes transactions on one store."""
    if request.param == "fake":
        fake = FakeDispatch(now=NOON)
        yield lambda: fake
        return
    if request.param == "sqlite":
        engine = sa.create_engine(f"sqlite:///{tmp_path}/dispatch.sqlite3", poolclass=sa.NullPool)
    else:
        engine = sa.create_engine(fresh_database(request.getfixturevalue("postgres")), poolclass=sa.NullPool)
    store.metadata.create_all(engine)
    yield lambda: store.UnitOfWork(engine, Cause(kind="clock", actor=ADMIN))
    engine.dispose()
