"""Lists of visits in SQLite and PostgreSQL: what is kept, what is sealed, and that instances take turns."""

import threading
from datetime import UTC, datetime

import pytest
import sqlalchemy as sa

from services.intake import store
from services.intake.handlers import visits
from shared.contracts.intake import AddVisits, ConfirmVisits, GetVisits, VisitRow
from shared.store import Cause
from tests.system import STAFF

TODAY = f"{datetime.now(UTC):%Y-%m-%d}"
ROWS = tuple(
    VisitRow(
        row=n, date=TODAY, place="3 栋", company=f"示例企业N{n}", text=f"第 {n} 件", phone="13900000000",
        contact_name="王工",
    )
    for n in range(2, 62)
)  # fmt: skip


@pytest.fixture
def engine(database_url, tmp_path):
    url = database_url or f"sqlite:///{tmp_path}/intake.sqlite3"
    engine = sa.create_engine(url, poolclass=sa.NullPool)
    if not database_url:

        @sa.event.listens_for(engine, "connect")
        def _set_up(connection, _):
            connection.isolation_level = None
            connection.execute("PRAGMA busy_timeout=5000")

        @sa.event.listens_for(engine, "begin")
        def _begin(connection):
            connection.exec_driver_sql("BEGIN IMMEDIATE")

    store.metadata.create_all(engine)
    yield engine
    engine.dispose()


@pytest.fixture
def work(engine):
    def work(kind="clock", actor=STAFF):
        return store.UnitOfWork(engine, Cause(kind=kind, actor=actor))

    with work() as uow:
        uow.parks.put("tianan", "天安")
        uow.commit()
    return work


def add(work, list_id, rows=ROWS):
    given = {"park": "tianan", "file_name": "走访.xlsx", "columns": {"text": "H"}}
    return visits.add_visits(AddVisits(list_id=list_id, rows=rows, last=True, **given), work())


def test_what_lines_say_is_sealed_until_it_is_taken_in_and_gone_after(work, engine):
    add(work, "l1")
    page = visits.get_visits(GetVisits(list_id="l1", after=3, limit=2), work())
    assert [line.given for line in page.lines] == list(ROWS[2:4])
    assert page.next == 5
    with engine.connect() as connection:
        kept = connection.exec_driver_sql("SELECT * FROM visit_lines").all()
        assert "13900000000" not in str(kept)
    visits.confirm_visits(ConfirmVisits(list_id="l1"), work())
    visits.take_some_in(work())
    with engine.connect() as connection:
        assert not connection.exec_driver_sql("SELECT given FROM visit_lines WHERE given IS NOT NULL").all()


@pytest.mark.clause("6.2.a")
def test_instances_that_take_in_at_the_same_time_register_each_need_once(work, engine):
    for one in ("l1", "l2"):
        add(work, one)
        visits.confirm_visits(ConfirmVisits(list_id=one), work())
    troubles = []

    def instance():
        try:
            for _ in range(20):
                visits.take_some_in(work())
        except Exception as error:  # the thread's end must not hide it
            troubles.append(error)

    threads = [threading.Thread(target=instance) for _ in range(3)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert troubles == []
    with engine.connect() as connection:
        numbers = connection.exec_driver_sql("SELECT number FROM requests").scalars().all()
        said = connection.exec_driver_sql("SELECT count(*) FROM outbox").scalar()
    assert sorted(numbers) == [f"天安2026-{n:04d}" for n in range(1, 61)]
    assert said == 60
    states = [visits.get_visits(GetVisits(list_id=one), work()).list for one in ("l1", "l2")]
    assert [one.state for one in states] == ["done", "done"]
    assert sum(one.taken for one in states) == 60
    assert sum(one.known for one in states) == 60
