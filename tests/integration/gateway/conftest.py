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
from services.gateway.accounts.people import People
from services.gateway.app import build
from services.gateway.assets import Assets
from services.gateway.known import Known
from services.gateway.live import Live
from services.gateway.seals import Seals
from services.gateway.shell import Figures
from services.gateway.visit import Gateway
from shared import store
from shared.config import settings
from shared.contracts.dispatch import Guesses, ItemPage, ItemView, ListItems, ListTargets, SuggestCategory, TargetList
from shared.contracts.intake import NeedSubmitted, RequestView, SubmitNeed
from shared.contracts.station import ListStations, StationList, StationView
from shared.upgrade import upgrade
from tests.integration.gateway.bus import ToldBus

AT = datetime(2026, 11, 24, 2, 20, tzinfo=UTC)
REST = "番禺区质量基础设施“一站式”服务站"
TIANAN, JUDA = (
    StationView(
        park=park, park_name=name, short=short, official_name=name + REST, name_lines=(name, REST), district="番禺区",
        authority="广州市番禺区市场监督管理局", industries=("电子信息",),
    )
    for park, name, short in (("tianan", "天安节能科技园", "天安"), ("juda", "巨大创意产业园", "巨大"))
)  # fmt: skip
TAKEN = NeedSubmitted(request_id="r1", number="天安2026-0001", code="123456", park="tianan", received_at=AT)
REQUEST = RequestView(
    request_id="r1", number="天安2026-0001", park="tianan", company="示例企业", text="压力表要检定", channel="web",
    received_at=AT,
)  # fmt: skip
ITEM = ItemView(
    item_id="i1", request_id="r1", park="tianan", number="天安2026-0001", company="示例企业", text="压力表要检定",
    channel="web", stage="received", version=1, opened_at=AT, changed_at=AT, allowed=("accept", "withdraw"),
)  # fmt: skip


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
    hasher = PasswordHasher(time_cost=1, memory_cost=64, parallelism=1)
    monkeypatch.setattr(passwords, "_hasher", hasher)
    monkeypatch.setattr(passwords, "_NOBODY", hasher.hash("nobody"))


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
            SuggestCategory: Guesses(guesses=()),
            SubmitNeed: TAKEN,
            ListItems: ItemPage(items=(ITEM,), counts={"received": 1}),
        }
    )


@pytest.fixture
def live() -> Live:
    return Live(heartbeat=0.05)


@pytest.fixture
def station(engine: sa.Engine, bus: ToldBus, live: Live) -> Iterator[Station]:
    clock = Clock()
    gateway = Gateway(
        settings=settings(),
        bus=bus,  # type: ignore[arg-type]
        people=People(engine, clock),
        seals=Seals(b"k" * 32),
        known=Known(bus),  # type: ignore[arg-type]
        live=live,
        assets=Assets(),
        figures=Figures(),
    )
    app = build(gateway)

    def new_client(address: str = "192.0.2.1") -> TestClient:
        return TestClient(app, client=(address, 5000), follow_redirects=False, raise_server_exceptions=False)

    with new_client() as client:
        yield Station(client, bus, engine, new_client, clock)
