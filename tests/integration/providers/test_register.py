"""The register's promises, kept by the fake and by both databases alike."""

import pytest
import sqlalchemy as sa

from services.providers import store
from services.providers.domain.organizations import Organization
from shared.store import Cause
from tests.builders import given_organization
from tests.conftest import fresh_database
from tests.register import FakeRegister
from tests.system import ADMIN


@pytest.fixture
def database(request, tmp_path, monkeypatch):
    """Makes an empty database of this kind."""
    made = []

    def make(kind):
        if kind == "sqlite":
            engine = sa.create_engine(f"sqlite:///{tmp_path}/providers.sqlite3", poolclass=sa.NullPool)
        else:
            engine = sa.create_engine(fresh_database(request.getfixturevalue("postgres")), poolclass=sa.NullPool)
        monkeypatch.setattr("services.providers.store.keys.data_key", lambda _: b"k" * 32)
        store.metadata.create_all(engine)
        made.append(engine)
        return engine

    yield make
    for engine in made:
        engine.dispose()


@pytest.fixture(params=["fake", "sqlite", "postgresql"])
def work(request, database):
    """Makes transactions on one store."""
    if request.param == "fake":
        fake = FakeRegister()
        return lambda: fake
    engine = database(request.param)
    return lambda: store.UnitOfWork(engine, Cause(kind="clock", actor=ADMIN))


def test_returns_what_was_entered_and_changed(work):
    one = Organization(given=given_organization())
    with work() as uow:
        assert uow.organizations.add(one)
        uow.commit()
    with work() as uow:
        assert uow.organizations.get("M01") == one
        one.change(given_organization(capacity=9, phone="020-99999999"))
        one.suspend("搬迁")
        one.exclude("投诉处理中")
        uow.organizations.put(one)
        uow.commit()
    with work() as uow:
        assert uow.organizations.get("M01") == one
        assert uow.organizations.get("M99") is None


def test_a_code_is_entered_once(work):
    with work() as uow:
        assert uow.organizations.add(Organization(given=given_organization()))
        assert not uow.organizations.add(Organization(given=given_organization(capacity=9)))
        uow.commit()
    with work() as uow:
        assert uow.organizations.get("M01").given.capacity == 3


def test_lists_by_code_and_forgets_what_was_not_committed(work):
    with work() as uow:
        for code in ("M02", "M01"):
            uow.organizations.add(Organization(given=given_organization(code=code)))
        uow.commit()
    with work() as uow:
        uow.organizations.add(Organization(given=given_organization(code="M03")))
    with work() as uow:
        assert [one.code for one in uow.organizations.all()] == ["M01", "M02"]


def test_knows_the_parks(work):
    with work() as uow:
        for park in ("tianan", "shawan", "tianan"):
            uow.parks.put(park)
        uow.commit()
    with work() as uow:
        assert uow.parks.all() == {"tianan", "shawan"}


@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
def test_contacts_are_kept_encrypted(database, kind):
    engine = database(kind)
    with store.UnitOfWork(engine, Cause(kind="clock", actor=ADMIN)) as uow:
        uow.organizations.add(Organization(given=given_organization(contact_name="张三", phone="13900000000")))
        uow.commit()
    with engine.connect() as connection:
        row = connection.execute(sa.select(store.metadata.tables["organizations"])).one()
    assert b"13900000000" not in bytes(row.contact)
    assert not [secret for secret in ("13900000000", "张三") if secret in str(row.given)]
