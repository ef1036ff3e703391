"""Many want the same at once: two dispatch processes, a real broker, both databases, and nothing is held twice."""

import random
import subprocess
import sys
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from services.dispatch import store
from services.dispatch.domain.resources import Kind, moment
from shared.access import Actor, Role
from shared.contracts.dispatch import BookAppointment, CancelAppointment, ListFreeTimes, MoveAppointment
from shared.errors import IllegalMove, Taken, Unavailable
from shared.store import Cause
from tests.booking import always_open, choosing, resource, week
from tests.conftest import fresh_database
from tests.flow.district import engine_of, rows
from tests.system import ADMIN, System, eventually

ANY_DAY = range(1, 8)
WANTED, PLACES, AT_ONCE = 500, 40, 50
DAY = (datetime.now(UTC) + timedelta(days=3)).date()


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def system(request, tmp_path_factory, virtual_host):
    """Two processes of dispatch on one database."""
    database_url = fresh_database(request.getfixturevalue("postgres")) if request.param == "postgresql" else ""
    system = System(tmp_path_factory.mktemp("rush"), virtual_host(), database_url, services=("dispatch",)).start()
    second = subprocess.Popen([sys.executable, "-m", "deploy.local.process", "dispatch"], env=system.environment)
    try:
        eventually(lambda: system.healthy("dispatch", second.pid), seconds=60, what="a second dispatch")
        yield system
    finally:
        second.terminate()
        second.wait(timeout=30)
        system.stop()


@pytest.fixture(scope="module")
def bus(system):
    bus = system.bus()
    yield bus
    bus.close()


def keep(system, *things):
    """Put items and resources where dispatch finds them."""
    engine = engine_of(system, "dispatch")
    with store.UnitOfWork(engine, Cause(kind="clock", actor=ADMIN)) as uow:
        always_open(uow, DAY)
        for one in things:
            (uow.items.add if hasattr(one, "item_id") else uow.resources.put)(one)
        uow.commit()
    engine.dispose()


def items(park, count, **given):
    return [
        choosing(item_id=f"{park}-{n}", request_id=f"r-{park}-{n}", number=f"{park}-{n}", park=park, **given)
        for n in range(count)
    ]


def at(hour, day=DAY):
    return moment(day, hour * 60, ZoneInfo("Asia/Shanghai"))


def ask(bus, command, key, actor=None):
    """What became of it; asked again when it is not known, as everybody does, with the same id."""
    own = Actor(id=f"client:{command.item_id}", role=Role.CLIENT, requests=(f"r-{command.item_id}",))
    for _ in range(20):
        try:
            bus.ask_now(command, actor=actor or own, command_id=f"command-{key}", deadline=30)
            return "done"
        except Unavailable:
            continue
        except (Taken, IllegalMove) as refused:
            return type(refused).__name__
    raise AssertionError(f"never an answer to {key}")


@pytest.mark.clause("6.3.a")
def test_five_hundred_who_want_forty_places_at_once_get_forty(system, bus):
    keep(system, resource("hall", park="p1", capacity=PLACES, week=week("09:00-17:00", ANY_DAY)), *items("p1", WANTED))
    with ThreadPoolExecutor(AT_ONCE) as pool:
        told = Counter(
            pool.map(lambda n: ask(bus, BookAppointment(item_id=f"p1-{n}", starts_at=at(10)), f"p1-{n}"), range(WANTED))
        )
    assert told == {"done": PLACES, "Taken": WANTED - PLACES}
    assert booked(system, "p1") == PLACES
    held = rows(system, "dispatch", "SELECT cell, count(*) FROM places WHERE resource_id = 'id-hall' GROUP BY cell")
    assert [count for _, count in held] == [PLACES] * 4
    said = "SELECT count(*) FROM outbox WHERE routing_key = 'dispatch.appointment_booked'"
    assert rows(system, "dispatch", said)[0][0] == PLACES
    times = bus.ask_now(ListFreeTimes(item_id=f"p1-{WANTED - 1}", day=DAY.isoformat(), days=1), actor=ADMIN).times
    assert at(10) not in {one.starts_at for one in times}


def booked(system, park):
    query = "SELECT count(*) FROM items WHERE park = :park AND stage = 'booked'"
    return rows(system, "dispatch", query, park=park)[0][0]


def test_persons_and_rooms_are_held_together_whatever_is_booked_moved_and_cancelled_at_once(system, bus):
    open_ = {"park": "p2", "week": week("09:00-12:00", ANY_DAY), "minutes": 30}
    keep(
        system, *(resource(f"post-{n}", **open_) for n in range(3)),
        *(resource(f"room-{n}", kind=Kind.ROOM, **open_) for n in range(2)),
        *items("p2", 60, needs=["post", "room"], minutes=60),
    )  # fmt: skip
    chance = random.Random(7)
    steps = [(n, chance.choice(["book", "book", "move", "cancel"]), chance.choice([9, 10, 11])) for n in range(240)]

    def take(step):
        n, name, hour = step
        item_id = f"p2-{n % 60}"
        command = {
            "book": BookAppointment(item_id=item_id, starts_at=at(hour)),
            "move": MoveAppointment(item_id=item_id, starts_at=at(hour)),
            "cancel": CancelAppointment(item_id=item_id),
        }[name]
        return ask(bus, command, f"p2-{n}")

    with ThreadPoolExecutor(AT_ONCE) as pool:
        told = Counter(pool.map(take, steps))
    assert told["done"]
    standing = rows(
        system, "dispatch", "SELECT appointment_id FROM appointments WHERE park = 'p2' AND status = 'booked'"
    )
    held = rows(
        system, "dispatch", "SELECT appointment_id, resource_id, cell, place FROM places WHERE resource_id <> 'id-hall'"
    )
    assert len(standing) == booked(system, "p2") <= 6  # two rooms, three hours
    assert {one for one, *_ in held} == {one for (one,) in standing}
    assert {place for *_, place in held} <= {0}
    kinds = Counter((one, found[:7]) for one, found, *_ in held)
    assert set(kinds.values()) <= {4}  # an hour of each
    assert len(kinds) == 2 * len(standing)


def test_each_client_is_reminded_once_though_two_processes_keep_the_clock_and_one_dies(system, bus):
    keep(
        system, resource("desk", park="p3", capacity=30, week=week("00:00-24:00", ANY_DAY)), *items("p3", 30),
    )  # fmt: skip
    for n in range(30):
        assert ask(bus, BookAppointment(item_id=f"p3-{n}", starts_at=at(10)), f"p3-{n}") == "done"
    engine = engine_of(system, "dispatch")
    with store.UnitOfWork(engine, Cause(kind="clock", actor=ADMIN)) as uow:
        for one in uow.appointments.of_park("p3", at(9), at(12)):
            one.remind_at = datetime.now(UTC)
            uow.appointments.put(one)
        uow.commit()
    engine.dispose()
    system.kill("dispatch")
    said = "SELECT body FROM outbox WHERE routing_key = 'dispatch.appointment_due'"
    eventually(lambda: len(rows(system, "dispatch", said)) >= 30, seconds=40, what="thirty reminders")
    due = "SELECT count(*) FROM appointments WHERE remind_at IS NOT NULL AND park = 'p3'"
    assert rows(system, "dispatch", due)[0][0] == 0
    assert len(rows(system, "dispatch", said)) == 30
