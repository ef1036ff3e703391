"""The gateway over its own database (SQLite and PostgreSQL) and a bus that the test tells what to answer."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from argon2 import PasswordHasher
from starlette.testclient import TestClient

from services.gateway import accounts
from services.gateway.accounts import passwords
from services.gateway.accounts.doors import Doors
from services.gateway.accounts.people import People
from services.gateway.app import build
from services.gateway.assets import Assets
from services.gateway.known import Known
from services.gateway.live import Live
from services.gateway.seals import Seals
from services.gateway.shell import Figures
from services.gateway.spool import Spool
from services.gateway.visit import Gateway
from shared import store
from shared.config import Settings, settings
from shared.contracts.dispatch import (
    ClockPage,
    Guesses,
    ItemPage,
    ListClocks,
    ListItems,
    ListTargets,
    SuggestCategory,
    TargetList,
)
from shared.contracts.intake import ListChannels, SubmitNeed
from shared.contracts.station import ListStations, StationList
from shared.upgrade import upgrade
from tests.browser.running import running
from tests.integration.gateway.bus import ToldBus
from tests.integration.gateway.samples import ANSWERS, CHANNELS, ITEM, JUDA, TAKEN, TIANAN

__all__ = ["running"]


@dataclass
class Clock:
    """The time, and how far the test has moved it on."""

    passed: timedelta = timedelta()

    def __call__(self) -> datetime:
        return datetime.now(UTC) + self.passed


@dataclass
class Station:
    """One running gateway: its browser-like client, its bus and its database."""

    client: TestClient
    bus: ToldBus
    engine: sa.Engine
    new_client: Callable[..., TestClient]
    clock: Clock

    def account(self, login: str = "chen", role: str = "staff", parks: tuple[str, ...] = ("tianan",)) -> str:
        return accounts.add(self.engine, login, role, parks, "陈专员")

    def sign_in(self, login: str = "chen", **given: Any) -> dict[str, Any]:
        """A session of a new account, as the API tells it; the client keeps the cookie."""
        password = self.account(login, **given)
        answer = self.client.post("/api/v1/session", json={"account": login, "password": password})
        assert answer.status_code == 200, answer.text
        return dict(answer.json())


@pytest.fixture(autouse=True)
def quick_hashes(monkeypatch: pytest.MonkeyPatch) -> None:
    """Real Argon2, at a cost that a hundred sign-ins can afford."""
    monkeypatch.setattr(passwords, "_hasher", PasswordHasher(time_cost=1, memory_cost=64, parallelism=1))


@pytest.fixture
def engine(tmp_path: Path, database_url: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[sa.Engine]:
    given = replace(settings(), home=tmp_path, database_url=database_url)
    monkeypatch.setattr("shared.store.settings", lambda: given)
    upgrade("gateway")
    engine = store.connect("gateway")
    yield engine
    engine.dispose()


@pytest.fixture
def bus() -> ToldBus:
    return ToldBus(
        {
            ListStations: StationList(stations=(TIANAN, JUDA)),
            ListTargets: TargetList(targets=()),
            ListChannels: CHANNELS,
            SuggestCategory: Guesses(guesses=()),
            SubmitNeed: TAKEN,
            ListItems: ItemPage(items=(ITEM,), counts={"received": 1}),
            ListClocks: ClockPage(items=(), by_clock={}, by_park={}, late=0, paused=0),
        }
    )


@pytest.fixture
def live() -> Live:
    return Live(heartbeat=0.05)


@pytest.fixture
def given() -> Settings:
    """The gateway's settings, for a test to change."""
    return settings()


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def gateway(engine: sa.Engine, bus: ToldBus, live: Live, given: Settings, clock: Clock) -> Gateway:
    return Gateway(
        settings=given,
        bus=bus,  # type: ignore[arg-type]
        people=People(engine, clock),
        doors=Doors(engine, b"d" * 32),
        spool=Spool(engine, bus, given),  # type: ignore[arg-type]
        seals=Seals(b"k" * 32),
        known=Known(bus),  # type: ignore[arg-type]
        live=live,
        assets=Assets(),
        figures=Figures(),
    )


@pytest.fixture
def station(gateway: Gateway, engine: sa.Engine, bus: ToldBus, clock: Clock) -> Iterator[Station]:
    app = build(gateway)

    def new_client(address: str = "192.0.2.1") -> TestClient:
        return TestClient(app, client=(address, 5000), follow_redirects=False, raise_server_exceptions=False)

    with new_client() as client:
        yield Station(client, bus, engine, new_client, clock)


@pytest.fixture
def told(station: Station) -> Station:
    """A station whose services know one request, one item and one category."""
    station.bus.answers |= ANSWERS
    return station
