"""Providers' database: its repositories in one transaction."""

import sqlalchemy as sa

from services.providers.store.jobs import Desk, Jobs
from services.providers.store.organizations import Organizations, Parks
from services.providers.store.tables import metadata
from shared import keys, store
from shared.config import settings
from shared.personal import Cipher


class UnitOfWork(store.UnitOfWork):
    metadata = metadata
    jobs: Jobs
    desk: Desk
    organizations: Organizations
    parks: Parks

    def open(self, connection: sa.Connection) -> None:
        self.zone = settings().timezone
        self.jobs = Jobs(connection, lock=not self.reads)
        self.desk = Desk(connection)
        cipher = Cipher(keys.data_key(settings()))
        self.organizations = Organizations(connection, cipher, lock=not self.reads)
        self.parks = Parks(connection)
