"""What the repository of follow-ups promises on the fake and both databases; and that of two timers one acts."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta

import pytest
import sqlalchemy as sa

from services.dispatch import store
from services.dispatch.domain.follow_ups import Delay, FollowPlan, FollowUp, Kind, Status
from services.dispatch.domain.life import Stage
from services.dispatch.handlers import follow_ups
from shared.contracts.dispatch import ListFollowUps
from shared.errors import NotFound
from shared.store import Cause
from tests.builders import NOON, waiting
from tests.conftest import fresh_database
from tests.system import ADMIN

HOUR = timedelta(hours=1)
EVERYWHERE = ("*",)


def serving(n: int = 1, **given):
    one = waiting(item_id=f"i{n}", **given)
    one.offer(f"j{n}", "L01", NOON + HOUR, NOON)
    one.start("", NOON)
    return one


def task(n: int, item: int = 1, **given) -> FollowUp:
    values = {
        "follow_up_id": f"f{n}", "item_id": f"i{item}", "job_id": f"j{item}", "kind": Kind.FIRST, "nth": n,
        "due_at": NOON + n * HOUR, "made_at": NOON,
    }  # fmt: skip
    return FollowUp(**{**values, **given})


def keep(work, *things):
    with work() as uow:
        for one in things:
            {FollowUp: uow.follow_ups.add, Delay: uow.follow_ups.add_delay}.get(type(one), uow.items.add)(one)
        uow.commit()


def test_a_task_comes_back_as_it_was_kept_and_is_made_once(work):
    keep(work, serving(), task(1), task(2, kind=Kind.AGREED))
    with work() as uow:
        assert not uow.follow_ups.add(replace(task(1), follow_up_id="other"))
        one = uow.follow_ups.get("f1")
        assert one == task(1)
        one.done("c1", "chen", "陈专员", NOON)
        uow.follow_ups.put(one)
        uow.commit()
    with work() as uow:
        assert uow.follow_ups.of_item("i1") == [one, task(2, kind=Kind.AGREED)]
        with pytest.raises(NotFound):
            uow.follow_ups.get("other")


def test_finds_what_has_no_first_task_what_is_over_and_what_is_due(work):
    keep(
        work, serving(1), serving(2), waiting(item_id="i3"), serving(4, job_id=""), task(1), task(2, kind=Kind.AGREED),
        task(3, item=3), task(4, item=3, kind=Kind.AGREED, due_at=NOON), task(5, said_at=NOON),
    )  # fmt: skip
    with work() as uow:
        assert set(uow.follow_ups.unplanned(9)) == {"i2", "i4"}
        assert [one.follow_up_id for one in uow.follow_ups.obsolete(9)] == ["f3"]
        assert [one.follow_up_id for one in uow.follow_ups.unsaid(NOON + 9 * HOUR, 9)] == ["f4", "f1", "f2"]
        assert [one.follow_up_id for one in uow.follow_ups.unsaid(NOON, 9)] == ["f4"]
        closed = uow.items.get("i3")
        closed.stage = Stage.CLOSED
        uow.items.put(closed)
        assert {one.follow_up_id for one in uow.follow_ups.obsolete(9)} == {"f3", "f4"}


def test_lists_and_counts_by_park_and_owner(work):
    keep(
        work, serving(1, owner_id="chen"), serving(2, park="shawan"), task(1), task(2), task(3, item=2),
        task(4, status=Status.DONE, done_at=NOON), task(5, status=Status.SKIPPED, done_at=NOON - 31 * 24 * HOUR),
        Delay(
            delay_id="d1", item_id="i1", job_id="j1", park="tianan", expected_on="2026-12-10", reason="x",
            announced_at=NOON, by_name="陈专员", due_at=NOON,
        ),
    )  # fmt: skip
    now = NOON + HOUR
    with work() as uow:
        listed = lambda **given: [  # noqa: E731
            one.follow_up_id for one in uow.follow_ups.page(ListFollowUps(**given), EVERYWHERE, now)
        ]
        assert listed() == ["f1", "f2", "f3"]
        assert listed(after="f1", limit=1) == ["f2"]
        assert listed(park="shawan") == ["f3"]
        assert listed(owner_id="chen") == ["f1", "f2"]
        assert uow.follow_ups.page(ListFollowUps(), ("juda",), now) == []
        counts = uow.follow_ups.counts(ListFollowUps(owner_id="chen"), EVERYWHERE, now)
        assert counts == {"due": 1, "later": 1, "done": 1, "skipped": 0, "contacts": 0, "delays": 1}
        assert [one.delay_id for one in uow.follow_ups.delays("i1")] == ["d1"]


def test_the_plan_has_defaults_until_it_is_set(work):
    with work() as uow:
        assert uow.follow_ups.plan() == FollowPlan()
        for plan in (FollowPlan(first_share=50), FollowPlan(every_days=7)):
            uow.follow_ups.set_plan(plan)
        uow.commit()
    with work() as uow:
        assert uow.follow_ups.plan() == FollowPlan(every_days=7)


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request, tmp_path):
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path}/dispatch.sqlite3?timeout=20"
    return fresh_database(request.getfixturevalue("postgres"))


@pytest.mark.clause("6.4.1")
def test_of_two_instances_one_plans_and_one_says_each_task(url):
    """Two engines on one database, as two processes have, whose timers fire at the same moments."""
    engines = [sa.create_engine(url, poolclass=sa.NullPool) for _ in range(2)]
    store.metadata.create_all(engines[0])
    works = [lambda engine=engine: store.UnitOfWork(engine, Cause(kind="clock", actor=ADMIN)) for engine in engines]
    keep(works[0], *(serving(n) for n in range(20)), *(task(n, item=n, kind=Kind.AGREED) for n in range(20)))

    def run(work) -> None:
        for _ in range(3):
            follow_ups.plan_follow_ups(work())

    with ThreadPoolExecutor(2) as pool:
        list(pool.map(run, works))
    with works[0]() as uow:
        first = [one for n in range(20) for one in uow.follow_ups.of_item(f"i{n}") if one.kind is Kind.FIRST]
        assert len(first) == 20
    with engines[0].connect() as connection:
        said = list(connection.execute(sa.text("SELECT body FROM outbox WHERE routing_key = 'dispatch.follow_up_due'")))
    about = [body.split('"follow_up_id":"')[1].split('"')[0] for (body,) in said]
    assert len(about) == len(set(about)) >= 20
    assert {f"f{n}" for n in range(20)} <= set(about)
    for engine in engines:
        engine.dispose()
