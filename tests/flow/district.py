"""The demo's district and people in a test's system."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from deploy.cli.people import district_of
from services.archive.bag import shelf
from services.archive.domain.proof import Proof
from services.archive.store import proof
from services.dispatch import store as dispatch
from services.gateway import accounts
from shared.contracts.station import GetCalendar, GivenDay, PublishYear
from shared.errors import Unavailable
from shared.hours import ALWAYS_OFF
from shared.store import Cause
from tests.system import ADMIN, System, eventually

DISTRICT = Path(__file__).parents[2] / "deploy" / "demo" / "district.yaml"
PARKS = 12


def load_stations(system: System) -> None:
    """Open the demo's stations; returns when intake knows them."""
    bus = system.bus()

    def ready() -> bool:
        try:
            bus.ask_now(district_of(DISTRICT), actor=ADMIN)
        except Unavailable:
            return False
        return count(system, "intake", "parks") == PARKS

    try:
        eventually(ready, seconds=60, what="the district")
    finally:
        bus.close()


def load_district(system: System) -> None:
    """Open the demo's stations; returns when intake knows them and nine categories are live."""
    load_stations(system)
    with system.api() as api:
        eventually(lambda: len([t for t in api.get("/targets")["targets"] if t["live"]]) >= 9, seconds=60)


def know_years(system: System) -> None:
    """Have this year's and the next one's holidays known, if the program did not bring them."""
    bus = system.bus()
    try:
        now = datetime.now(UTC).year
        known = bus.ask_now(GetCalendar(), actor=ADMIN).years
        for year in {now, now + 1} - set(known):
            days = tuple(
                GivenDay(day=f"{year}-{month:02}-{day:02}", working=False, name=name)
                for (month, day), name in ALWAYS_OFF.items()
            )
            bus.ask_now(PublishYear(year=year, days=days), actor=ADMIN, command_id=f"year-{year}")
    finally:
        bus.close()


def staff_password(system: System, account: str = "chen", role: str = "staff", park: str = "*") -> str:
    """Makes an account; returns its password."""
    engine = engine_of(system, "gateway")
    try:
        return accounts.add(engine, account, role, [park], "陈专员")
    finally:
        engine.dispose()


def client_password(system: System, account: str, credit_code: str) -> str:
    """Makes the account of an enterprise; returns its password."""
    engine = engine_of(system, "gateway")
    try:
        return accounts.add(engine, account, "client", (), "示例企业有限公司", client=credit_code)
    finally:
        engine.dispose()


def engine_of(system: System, service: str) -> sa.Engine:
    """A connection of the test's own to a service's database."""
    url = system.settings.database_url
    if url:
        options = {"options": f"-c search_path={service}"}
        return sa.create_engine(sa.make_url(url), connect_args=options, poolclass=sa.NullPool)
    return sa.create_engine(f"sqlite:///{system.settings.home}/db/{service}.sqlite3", poolclass=sa.NullPool)


def check_items(system: System) -> None:
    """No journey may leave an open item without a clock, or without an owner once it was accepted."""
    engine = engine_of(system, "dispatch")
    try:
        with dispatch.UnitOfWork(engine, Cause(kind="query", actor=ADMIN)) as uow:
            _, neglected = uow.items.neglected()
    finally:
        engine.dispose()
    assert neglected == []


def rows(system: System, service: str, query: str, **values: Any) -> list[Any]:
    engine = engine_of(system, service)
    try:
        with engine.connect() as connection:
            return list(connection.execute(sa.text(query), values))
    finally:
        engine.dispose()


def proof_of(system: System) -> Proof:
    """What `nqi verify` finds."""
    engine = engine_of(system, "archive")
    if engine.dialect.name == "sqlite":  # all of it at one moment
        sa.event.listen(engine, "connect", lambda connection, _: setattr(connection, "isolation_level", None))
        sa.event.listen(engine, "begin", lambda connection: connection.exec_driver_sql("BEGIN"))
    try:
        return proof(engine, system.settings.home, datetime.now(UTC))
    finally:
        engine.dispose()


def dossier_of(system: System, park: str, number: str) -> dict[str, bytes]:
    """The files of a sealed dossier, in the clear."""
    found = shelf(system.settings.home)
    return found.read(next(path for path in found.places() if path.startswith(f"{park}/") and path.endswith(number)))


def unpacked(system: System, park: str, number: str, into: Path) -> Path:
    """A sealed dossier in the clear, as whoever takes it along reads it."""
    for name, content in dossier_of(system, park, number).items():
        (into / number / name).parent.mkdir(parents=True, exist_ok=True)
        (into / number / name).write_bytes(content)
    return into / number


def count(system: System, service: str, table: str) -> int:
    return int(rows(system, service, f"SELECT count(*) FROM {table}")[0][0])
