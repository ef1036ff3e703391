"""A database brought up by the migrations is the database the code describes, on both kinds."""

from importlib import import_module
from pathlib import Path

import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext

from deploy.local.supervisor import SERVICES
from shared import config, store
from shared.upgrade import upgrade


@pytest.fixture
def home(monkeypatch, tmp_path, database_url):
    """These settings, for code that asks for them."""
    monkeypatch.setenv("NQI_HOME", str(tmp_path))
    monkeypatch.setenv("DATABASE_URL", database_url)
    config.settings.cache_clear()
    yield
    config.settings.cache_clear()


def not_full_text(name, kind, _):
    """SQLite's full-text index is a table with tables of its own, which no metadata can describe."""
    return kind != "table" or not name.startswith("dossier_words")


@pytest.mark.parametrize("service", SERVICES)
def test_migrations_are_one_chain_in_the_order_of_their_files(service):
    files = sorted(path.stem for path in Path("services", service, "migrations").glob("0*.py"))
    found = [import_module(f"services.{service}.migrations.{name}") for name in files]
    chain = [f"{place:04}" for place in range(1, len(files) + 1)]
    assert [(one.down_revision, one.revision) for one in found] == list(zip([None, *chain], chain, strict=False))


@pytest.mark.parametrize("service", [s for s in SERVICES if s != "gateway"])
def test_migrations_make_what_the_code_describes(home, service):
    upgrade(service)
    upgrade(service)  # again changes nothing
    metadata = import_module(f"services.{service}.store").metadata
    engine = store.connect(service, pool=1)
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True, "include_name": not_full_text})
        found = compare_metadata(context, metadata)
        indexes = {index["name"] for table in metadata.tables for index in sa.inspect(connection).get_indexes(table)}
    engine.dispose()
    assert found == []
    assert {index.name for table in metadata.tables.values() for index in table.indexes} <= indexes
