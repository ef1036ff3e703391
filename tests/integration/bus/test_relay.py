"""The outbox's relay: it publishes what a crash left, and nothing that waits holds up the rest."""

from datetime import UTC, datetime, timedelta

from shared.amqp import connect
from shared.topology import EVERYTHING
from shared.wire import dump, encode
from tests.flow.district import engine_of, rows
from tests.integration.bus.conftest import PROBE, counted, heard
from tests.probe.contracts.probe import AddCount, Counted
from tests.probe.probe.store import metadata
from tests.system import ADMIN, System, eventually

NOBODYS = "probe.nobody_hears_this"


def leave(system: System, *said: tuple[str, Counted]) -> None:
    """Put events into the outbox as a process did that died before it could publish them."""
    long_ago = datetime.now(UTC) - timedelta(minutes=5)
    left = [
        {"event_id": one.event_id, "routing_key": key, "body": encode(dump(one)).decode(), "said_at": long_ago}
        for key, one in said
    ]
    engine = engine_of(system, "probe")
    try:
        with engine.begin() as connection:
            connection.execute(metadata.tables["outbox"].insert(), left)
    finally:
        engine.dispose()


def unsent(system: System) -> list[str]:
    return [row[0] for row in rows(system, "probe", "SELECT routing_key FROM outbox WHERE sent_at IS NULL")]


def test_what_was_published_is_soon_marked(probe, bus):
    bus.ask_now(AddCount(name="a", events=5), actor=ADMIN)
    eventually(lambda: heard(bus, "a") == 5)
    eventually(lambda: unsent(probe) == [])


def test_what_no_queue_takes_waits_and_holds_up_nothing(probe, bus):
    with connect(probe.settings.amqp_given, "test") as connection:
        connection.channel().queue_delete(EVERYTHING)
    homeless = [(NOBODYS, counted("x")) for _ in range(250)]
    leave(probe, *homeless, (Counted.key(), counted("left")))
    eventually(lambda: heard(bus, "left") == 1)
    bus.ask_now(AddCount(name="fresh", events=3), actor=ADMIN)
    eventually(lambda: heard(bus, "fresh") == 3)
    eventually(lambda: unsent(probe) == [NOBODYS] * 250)


def test_what_a_crash_left_is_published_by_another_instance(probe, bus, start):
    given = probe.settings
    start(given.database_url, amqp_uri=given.amqp_given, home=given.home, **PROBE)
    leave(probe, *[(Counted.key(), counted("left")) for _ in range(150)])
    eventually(lambda: unsent(probe) == [])
    eventually(lambda: heard(bus, "left") == 150, seconds=30)
