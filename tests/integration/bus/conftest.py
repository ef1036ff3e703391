import uuid
from collections.abc import Callable, Iterator
from datetime import UTC, datetime

import pytest

from shared.client import Bus
from shared.contracts.base import Who
from shared.ids import new_id
from tests.probe.contracts.probe import Counted, GetCount
from tests.system import ADMIN, System

PROBE = {"services": ("probe",), "module": "tests.probe.process"}


@pytest.fixture
def probe(start: Callable[..., System], database_url: str) -> System:
    """The probe service, fresh, on both databases."""
    return start(database_url, **PROBE)


@pytest.fixture
def name() -> str:
    """Whose count it is: a test of its own in a probe that many share."""
    return uuid.uuid4().hex


@pytest.fixture
def bus(probe: System) -> Iterator[Bus]:
    bus = probe.bus()
    yield bus
    bus.close()


def heard(bus: Bus, name: str) -> int:
    return int(bus.ask_now(GetCount(name=name), actor=ADMIN).heard)


def counted(name: str, mood: str = "ok") -> Counted:
    """The event, as if the probe had said it."""
    return Counted(
        park="p",
        event_id=new_id(),
        occurred_at=datetime.now(UTC),
        actor=Who(id="t", role="system"),
        name=name,
        mood=mood,
    )
