"""Feedback's transactions on one store: the fake, SQLite and PostgreSQL."""

import pytest
import sqlalchemy as sa

from services.feedback import store
from shared.store import Cause
from tests.builders import NOON
from tests.conftest import fresh_database
from tests.system import ADMIN
from tests.unit.feedback.fakes import FakeFeedback


@pytest.fixture(params=["fake", "sqlite", "postgresql"])
def transactions(request, tmp_path):
    """Makes transactions on one store, for whoever acts and whatever time it is."""
    if request.param == "fake":
        fake = FakeFeedback(now=NOON)

        def faked(actor=ADMIN):
            fake.actor = actor
            return fake

        yield faked
        return
    url = f"sqlite:///{tmp_path}/feedback.sqlite3"
    if request.param == "postgresql":
        url = fresh_database(request.getfixturevalue("postgres"))
    engine = sa.create_engine(url, poolclass=sa.NullPool)
    store.metadata.create_all(engine)
    yield lambda actor=ADMIN: store.UnitOfWork(engine, Cause(kind="clock", actor=actor))
    engine.dispose()
