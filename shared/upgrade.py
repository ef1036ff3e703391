"""Brings a service's database to the version of the code."""

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module
from pathlib import Path

import sqlalchemy as sa
from alembic import command
from alembic.config import Config
from alembic.util import CommandError

from shared.errors import Unavailable
from shared.store import connect, sqlite_path, unavailable


class DatabaseNewer(Exception):
    """The database was made by a later version of the code."""


class DatabaseUnreachable(Exception):
    """No connection to the database can be made."""


def upgrade(service: str) -> None:
    """Bring this service's database to the code's version; several processes may try at once.

    Raises DatabaseNewer if it was made by later code, DatabaseUnreachable if it cannot be opened.
    """
    engine = connect(service, pool=1)
    try:
        with unavailable(), _alone(engine, service) as connection:
            config = Config()
            config.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
            package = import_module(f"services.{service}")
            config.set_main_option("version_locations", str(Path(package.__path__[0]) / "migrations"))
            config.set_main_option("path_separator", "os")
            config.attributes["connection"] = connection
            command.upgrade(config, "head")
    except CommandError as error:
        raise DatabaseNewer(
            f"the database of {service} was made by a newer version of nqi-station: "
            "start that version, or restore a backup made before the upgrade"
        ) from error
    except Unavailable as error:
        cause = str(error.__cause__).strip().splitlines()[0]
        raise DatabaseUnreachable(
            f"the database of {service} cannot be opened ({cause}): check DATABASE_URL and that the server runs"
        ) from error
    finally:
        engine.dispose()


@contextmanager
def _alone(engine: sa.Engine, service: str) -> Iterator[sa.Connection]:
    """A connection in a transaction that no other process's upgrade of this service runs beside."""
    if engine.dialect.name == "sqlite":
        with open(sqlite_path(service).with_suffix(".lock"), "w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            with engine.connect() as connection:
                yield connection
                connection.commit()
        return
    with engine.connect() as connection:
        connection.execute(sa.text("SELECT pg_advisory_xact_lock(hashtext(:name))"), {"name": f"nqi {service}"})
        connection.execute(sa.text(f'CREATE SCHEMA IF NOT EXISTS "{service}"'))
        yield connection
        connection.commit()
