"""Intake's database: its repositories in one transaction."""

import sqlalchemy as sa

from services.intake.store.clients import Clients
from services.intake.store.consents import Consents
from services.intake.store.parks import Parks
from services.intake.store.requests import Requests
from services.intake.store.sealed import Cipher
from services.intake.store.tables import metadata
from shared import keys, store
from shared.config import settings


class UnitOfWork(store.UnitOfWork):
    metadata = metadata
    requests: Requests
    parks: Parks
    clients: Clients
    consents: Consents

    def open(self, connection: sa.Connection) -> None:
        self.zone = settings().timezone
        self.requests = Requests(connection, Cipher(keys.data_key(settings())))
        self.parks = Parks(connection)
        self.clients = Clients(connection)
        self.consents = Consents(connection, lock=not self.reads)
