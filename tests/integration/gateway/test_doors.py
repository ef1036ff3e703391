"""Keys and webhooks in the gateway's database, SQLite and PostgreSQL alike."""

import pytest

from services.gateway.accounts.doors import Doors
from shared.errors import Invalid, NotFound


@pytest.fixture
def doors(engine):
    return Doors(engine, b"d" * 32)


def test_a_key_is_told_once_and_kept_as_a_digest(doors, engine):
    key = doors.keys.add("app", ["tianan"])
    found = doors.keys.find(key)
    assert (found.name, found.parks, found.revoked_at) == ("app", ("tianan",), None)
    with engine.connect() as connection:
        assert key not in str(connection.exec_driver_sql("SELECT * FROM api_keys").all())
    assert doors.keys.find("another") is None


def test_a_revoked_key_opens_nothing_and_its_name_stays_taken(doors):
    key = doors.keys.add("app", ["*"])
    doors.keys.revoke("app")
    assert doors.keys.find(key) is None
    assert [one.revoked_at is not None for one in doors.keys.list()] == [True]
    with pytest.raises(Invalid):
        doors.keys.add("app", ["tianan"])
    with pytest.raises(NotFound):
        doors.keys.revoke("app")


@pytest.mark.parametrize(("name", "parks"), [("", ["a"]), ("A", ["a"]), ("ok", []), ("ok", ["*", "a"])])
def test_a_key_needs_a_name_and_parks(doors, name, parks):
    with pytest.raises(Invalid):
        doors.keys.add(name, parks)
    assert doors.keys.list() == []


def test_a_webhook_is_kept_with_its_mapping(doors):
    mapping = {"text": "/need/text", "company": "=示例企业"}
    doors.hooks.add("portal", ["tianan"], mapping)
    found = doors.hooks.find("portal")
    assert (found.parks, found.mapping) == (("tianan",), mapping)
    assert [one.name for one in doors.hooks.list()] == ["portal"]
    doors.hooks.revoke("portal")
    assert doors.hooks.find("portal") is None
    with pytest.raises(NotFound):
        doors.hooks.revoke("portal")
