"""What the database keeps of contacts to recognise them: digests that tell nothing, found again on both kinds."""

import pytest
import sqlalchemy as sa

from services.intake import store
from services.intake.domain.requests import Contact, Request
from shared.store import Cause
from tests.builders import NOON
from tests.conftest import fresh_database
from tests.system import ADMIN


@pytest.fixture(params=["sqlite", "postgresql"])
def work(request, tmp_path, monkeypatch):
    """Makes transactions on one store."""
    url = f"sqlite:///{tmp_path}/intake.sqlite3"
    if request.param == "postgresql":
        url = fresh_database(request.getfixturevalue("postgres"))
    monkeypatch.setattr("shared.keys.data_key", lambda given: b"d" * 32)
    engine = sa.create_engine(url, poolclass=sa.NullPool)
    store.metadata.create_all(engine)
    yield lambda: store.UnitOfWork(engine, Cause(kind="clock", actor=ADMIN))
    engine.dispose()


def stated(request_id, phone="13900000000", email="", park="tianan"):
    return Request(
        request_id=request_id, park=park, number=request_id, company="示例", text="x", channel="web", received_at=NOON,
        contact=Contact(name="王工", phone=phone, email=email, code="1"),
    )  # fmt: skip


def test_the_same_contact_of_the_same_park_is_found_newest_first(work):
    requests = [
        stated("r1"), stated("r2", "+86 139 0000 0000"), stated("r3", "13900000001"), stated("r4", park="shawan"),
        stated("r5", "13900000001", "a@example.com"), stated("r6", "", "A@example.com"), stated("r7", "", ""),
    ]  # fmt: skip
    with work() as uow:
        for one in requests:
            uow.traces.put(one)
        uow.commit()
    with work() as uow:
        assert uow.traces.same_contact(requests[0], 10) == ["r2"]
        assert uow.traces.same_contact(requests[4], 10) == ["r6", "r3"]
        assert uow.traces.same_contact(requests[4], 1) == ["r6"]
        assert uow.traces.same_contact(requests[6], 10) == []


def test_nothing_of_a_contact_is_readable(work):
    with work() as uow:
        uow.traces.put(stated("r1", "13900000000", "wang@example.com"))
        rows = uow._connection.execute(sa.text("SELECT digest FROM contact_traces")).scalars().all()
    assert len(rows) == 2
    assert all(len(row) == 64 and int(row, 16) for row in rows)
