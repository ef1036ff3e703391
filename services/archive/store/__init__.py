"""Archive's database: its repositories in one transaction, and the shelf beside it."""

from datetime import datetime
from pathlib import Path

import sqlalchemy as sa

from services.archive.bag import Shelf, shelf
from services.archive.domain.proof import Proof, prove
from services.archive.store.dossiers import Dossiers
from services.archive.store.grants import Grants
from services.archive.store.ledger import Ledger
from services.archive.store.search import Summaries
from services.archive.store.tables import metadata
from shared import store
from shared.config import settings
from shared.store import unavailable


class UnitOfWork(store.UnitOfWork):
    metadata = metadata
    ledger: Ledger
    dossiers: Dossiers
    summaries: Summaries
    grants: Grants
    shelf: Shelf

    def open(self, connection: sa.Connection) -> None:
        given = settings()
        self.zone = given.timezone
        self.ledger = Ledger(connection, lock=not self.reads)
        self.dossiers = Dossiers(connection, lock=not self.reads)
        self.summaries = Summaries(connection)
        self.grants = Grants(connection, lock=not self.reads)
        self.shelf = shelf(given.home)


def proof(engine: sa.Engine, home: Path, now: datetime) -> Proof:
    """Look at the whole archive as it stands at this moment, while the system runs or not."""
    snapshot = {"isolation_level": "REPEATABLE READ"} if engine.dialect.name == "postgresql" else {}
    try:
        with unavailable(), engine.connect().execution_options(reads=True, **snapshot) as connection:
            return prove(Ledger(connection, lock=False), Dossiers(connection, lock=False), shelf(home), now)
    except sa.exc.DBAPIError as error:
        damaged = Proof()
        damaged.add("", "the database", f"cannot be read: {error.orig}")
        return damaged
