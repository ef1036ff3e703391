import uuid
from collections.abc import Callable, Iterator

import pytest

from shared.client import Bus
from tests.system import System

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
