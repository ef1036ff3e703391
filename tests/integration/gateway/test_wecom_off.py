"""Where WeCom is not set up, its callback is not there."""

import pytest


@pytest.fixture
def database_url():
    """SQLite: nothing here depends on the database."""
    return ""


def test_there_is_no_callback(told):
    assert told.client.get("/wecom").status_code == 404
    assert told.client.post("/wecom", content=b"<xml/>").status_code == 404
