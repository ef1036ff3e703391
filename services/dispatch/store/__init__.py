"""Dispatch's database: its repositories in one transaction."""

import sqlalchemy as sa

from services.dispatch.store.items import Items
from services.dispatch.store.tables import metadata
from services.dispatch.store.targets import Targets
from shared import store
from shared.config import settings


class UnitOfWork(store.UnitOfWork):
    metadata = metadata
    items: Items
    targets: Targets

    def open(self, connection: sa.Connection) -> None:
        self.offer_seconds = settings().offer_seconds
        self.items = Items(connection, lock=not self.reads)
        self.targets = Targets(connection)
