"""A database that goes away in the middle of a transaction is unavailable, whatever the transaction was doing."""

import pytest
import sqlalchemy as sa

from shared.errors import NotFound, Unavailable
from shared.ids import new_id
from shared.store import Cause
from tests.conftest import fresh_database
from tests.probe.probe.store import UnitOfWork, metadata
from tests.proxy import Proxy
from tests.system import ADMIN


@pytest.fixture
def proxy(postgres):
    with Proxy(fresh_database(postgres)) as proxy:
        yield proxy


@pytest.fixture
def work(proxy):
    engine = sa.create_engine(proxy.uri)
    metadata.create_all(engine)
    yield lambda kind: UnitOfWork(engine, Cause(kind=kind, id=new_id(), handler="h", digest="d", actor=ADMIN))
    engine.dispose()


def lose_it(uow, proxy, end=lambda uow: None) -> None:
    """Work whose database goes away before its `end`."""
    with uow:
        uow.get("x")
        proxy.reset()
        end(uow)


def refuse(uow) -> None:
    raise NotFound("no {name}", name="x")


@pytest.mark.parametrize("kind", ["query", "event", "command", "clock"])
def test_work_that_ends_without_a_commit(work, proxy, kind):
    with pytest.raises(Unavailable):
        lose_it(work(kind), proxy)


@pytest.mark.parametrize("kind", ["query", "event", "command", "clock"])
def test_work_that_is_refused_by_a_rule(work, proxy, kind):
    with pytest.raises(Unavailable):
        lose_it(work(kind), proxy, refuse)


@pytest.mark.parametrize("kind", ["event", "command", "clock"])
def test_work_that_commits(work, proxy, kind):
    with pytest.raises(Unavailable):
        lose_it(work(kind), proxy, lambda uow: uow.commit())


def test_an_event_that_meets_a_connection_which_died_while_idle_is_handled_on_the_next(work, proxy):
    with work("event") as uow:
        uow.get("x")
    proxy.reset()
    with work("event") as uow:
        uow.raise_("x", "heard")
        uow.commit()
