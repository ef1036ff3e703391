"""What the repositories promise about clocks, kept by the fake and both databases alike; alarms, once in all."""

import threading
from datetime import timedelta

import pytest
import sqlalchemy as sa

from services.dispatch import store
from services.dispatch.domain.life import Stage
from services.dispatch.handlers import clocks
from services.dispatch.store.items import items
from shared.access import Actor, Role
from shared.clocks import Mark, MarkKind
from shared.contracts.dispatch import ListClocks, ListItems
from shared.contracts.station import Recipient
from shared.errors import NotFound
from shared.plans import Away, Kind, Setting
from shared.store import Cause
from tests.builders import NOON, item
from tests.conftest import fresh_database
from tests.fakes import FakeDispatch
from tests.system import ADMIN, STAFF


def engine_of(kind: str, request: pytest.FixtureRequest) -> sa.Engine:
    if kind == "sqlite":
        file = request.getfixturevalue("tmp_path") / "dispatch.sqlite3"
        engine = sa.create_engine(f"sqlite:///{file}", poolclass=sa.NullPool)
    else:
        engine = sa.create_engine(fresh_database(request.getfixturevalue("postgres")), poolclass=sa.NullPool)
    store.metadata.create_all(engine)
    return engine


@pytest.fixture(params=["fake", "sqlite", "postgresql"])
def work(request):
    """Makes transactions on one store."""
    if request.param == "fake":
        fake = FakeDispatch(now=NOON)
        return lambda: fake
    engine = engine_of(request.param, request)
    return lambda: store.UnitOfWork(engine, Cause(kind="clock", actor=ADMIN))


def put(work, *given):
    with work() as uow:
        for one in given:
            uow.items.add(one)
        uow.commit()


def test_marks_come_back_as_they_were(work):
    one = item(stage=Stage.ACCEPTED)
    one.pause("等企业", NOON, STAFF)
    one.resume(NOON + timedelta(seconds=1, microseconds=5), STAFF)
    one.assess("metrology", "5.3.d", "校准", {}, "", STAFF, NOON + timedelta(minutes=1))
    one.offer("j1", "metrology", NOON, NOON + timedelta(minutes=2), days=3)
    one.finish(NOON + timedelta(minutes=3))
    one.tell(NOON + timedelta(minutes=4), NOON + timedelta(days=8))
    put(work, one)
    with work() as uow:
        assert uow.items.get("i1") == one


def test_the_newest_word_of_a_setting_counts(work):
    def chain(version: int, name: str) -> Setting:
        steps = [{"account": name, "name": name, "role": ""}]
        return Setting(kind=Kind.CHAIN, key="tianan", version=version, content={"steps": steps})

    with work() as uow:
        assert uow.plans.hear(chain(2, "lin"))
        assert not uow.plans.hear(chain(1, "wang"))
        assert not uow.plans.hear(chain(2, "wang"))
        assert [one.account for one in uow.plans.of("tianan").chain] == ["lin"]
        assert [one.role for one in uow.plans.of("juda").chain] == ["operator"]
        uow.commit()
    with work() as uow:
        assert [one.role for one in uow.plans.of("juda", [chain(9, "x")]).chain] == ["operator"]
        assert [one.account for one in uow.plans.of("tianan", [chain(9, "x")]).chain] == ["x"]
        assert uow.plans.hear(chain(3, "wang"))
        assert [one.account for one in uow.plans.of("tianan").chain] == ["wang"]


def test_an_absence_counts_at_its_parks_until_it_ends(work):
    lin = Recipient(account="lin", name="林站长")
    with work() as uow:
        now = uow.now
        for absence_id, parks in (("a1", ("tianan",)), ("a2", ("*",))):
            since, until = now - timedelta(days=1), now + timedelta(days=1)
            uow.plans.note_absence(
                Away(absence_id=absence_id, account="lin", parks=parks, since=since, until=until)
            )  # fmt: skip
        uow.plans.end_absence("a2")
        uow.plans.end_absence("never noted")
        uow.commit()
    with work() as uow:
        assert not uow.plans.of("tianan").present(lin, now)
        assert uow.plans.of("juda").present(lin, now)


def test_what_runs_is_found_by_urgency(work):
    with work() as uow:
        now = uow.now
    paused = item(item_id="i9", stage=Stage.ACCEPTED, changed_at=now)
    paused.pause("等", now, STAFF)
    put(
        work, item(item_id="i1", stage=Stage.ACCEPTED, changed_at=now), item(item_id="i4", stage=Stage.SEALED),
        item(item_id="i2", opened_at=now - timedelta(9)), item(item_id="i3", opened_at=now - timedelta(8)), paused,
    )  # fmt: skip
    with work() as uow:
        found, figures = uow.items.with_clocks(ListClocks(), ("*",), uow.now)
        assert [one.item_id for one in found] == ["i2", "i3", "i1", "i9"]
        assert (figures.by_clock, figures.late, figures.paused) == ({"accept": 2, "assess": 2}, 2, 1)
        listed, _ = uow.items.page(ListItems(order="urgency"), ("*",))
        assert [one.item_id for one in listed] == ["i2", "i3", "i1", "i9", "i4"]
        for n, after in enumerate(("i2", "i3", "i1", "i9")):
            page, _ = uow.items.page(ListItems(order="urgency", limit=1, after=after), ("*",))
            assert [one.item_id for one in page] == [["i3", "i1", "i9", "i4"][n]]
        with pytest.raises(NotFound):
            uow.items.page(ListItems(order="urgency", after="nobody"), ("*",))
        assert uow.items.with_clocks(ListClocks(), ("juda",), uow.now)[0] == []


def test_who_was_told_of_the_clock_that_runs_finds_it_until_it_stops(work):
    one, two = item(item_id="i1"), item(item_id="i2")
    one.marks.append(Mark(clock="accept", kind=MarkKind.WARN, at=NOON, to=("role:staff",)))
    one.marks.append(Mark(clock="accept", kind=MarkKind.LATE, at=NOON, level=1, to=("chen", "lin_2")))
    two.marks.append(Mark(clock="accept", kind=MarkKind.WARN, at=NOON, to=("chenxi",)))
    put(work, one, two)

    def found(*told: str) -> list[str]:
        with work() as uow:
            return [each.item_id for each in uow.items.with_clocks(ListClocks(), ("*",), uow.now, told)[0]]

    assert [found("chen"), found("chenxi", "role:staff"), found("lin%2"), found()] == [
        ["i1"], ["i1", "i2"], [], ["i1", "i2"],
    ]  # fmt: skip
    with work() as uow:
        kept = uow.items.get("i1")
        assert kept == one
        kept.accept(STAFF, uow.now)
        uow.items.put(kept)
        uow.commit()
    assert found("chen") == []


def test_another_plan_has_every_clock_of_the_park_looked_at(work):
    put(work, item(item_id="i1"), item(item_id="i2", park="juda"), item(item_id="i3", stage=Stage.SEALED))
    with work() as uow:
        for one in uow.items.alarms(uow.now, 10):
            one.marks.append(Mark(clock="accept", kind=MarkKind.LATE, at=uow.now, level=9))
            uow.items.put(one)
        assert uow.items.alarms(uow.now, 10) == []
        uow.items.look_again("juda", uow.now)
        assert [one.item_id for one in uow.items.alarms(uow.now, 10)] == ["i2"]
        uow.items.look_again("", uow.now)
        assert {one.item_id for one in uow.items.alarms(uow.now, 10)} == {"i1", "i2"}


def test_what_is_neglected_is_found(work):
    put(
        work, item(item_id="i1"), item(item_id="i2", stage=Stage.ACCEPTED, owner_id="chen"),
        item(item_id="i3", stage=Stage.ASSESSED), item(item_id="i4", stage=Stage.SEALED),
    )  # fmt: skip
    with work() as uow:
        count, found = uow.items.neglected()
        assert (count, [(one.item_id, one.stage, one.lacks) for one in found]) == (3, [("i3", "assessed", "no owner")])


@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
def test_a_stage_that_nobody_knows_and_a_clock_that_is_missing_are_found(request, kind):
    engine = engine_of(kind, request)

    def work():
        return store.UnitOfWork(engine, Cause(kind="clock", actor=ADMIN))

    put(work, item(item_id="i1"), item(item_id="i2"), item(item_id="i3"))
    with engine.connect() as connection:
        connection.execute(items.update().where(items.c.item_id == "i2").values(stage="lost"))
        connection.execute(items.update().where(items.c.item_id == "i3").values(clock=""))
        connection.commit()
    with work() as uow:
        assert [(one.item_id, one.lacks) for one in uow.items.neglected()[1]] == [
            ("i2", "no way to an ending"), ("i3", "no clock"),
        ]  # fmt: skip


@pytest.mark.clause("6.4.1")
@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
def test_many_instances_say_each_alarm_once(request, kind):
    engine, many = engine_of(kind, request), 120
    put(
        lambda: store.UnitOfWork(engine, Cause(kind="clock", actor=ADMIN)),
        *(item(item_id=f"i{n:03}", opened_at=NOON - timedelta(days=9)) for n in range(many)),
    )
    ready = threading.Barrier(4)

    def instance() -> None:
        ready.wait()
        actor = Actor(id="dispatch", role=Role.SYSTEM, parks=("*",))
        for _ in range(3):
            clocks.sound_clocks(store.UnitOfWork(engine, Cause(kind="clock", actor=actor)))

    threads = [threading.Thread(target=instance) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with engine.connect() as connection:
        said = connection.execute(sa.text("SELECT routing_key, count(*) FROM outbox GROUP BY routing_key")).all()
        assert [tuple(row) for row in said] == [("dispatch.clock_overdue", many)]
        assert connection.execute(sa.select(sa.func.count()).where(items.c.alarm_at.is_not(None))).scalar() == 0
