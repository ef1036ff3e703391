"""Intake's database: its repositories in one transaction."""

import sqlalchemy as sa
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from services.intake.store.parks import Parks
from services.intake.store.requests import Requests
from services.intake.store.tables import metadata
from shared import keys, store
from shared.config import settings


class UnitOfWork(store.UnitOfWork):
    metadata = metadata
    requests: Requests
    parks: Parks

    def open(self, connection: sa.Connection) -> None:
        self.zone = settings().timezone
        self.requests = Requests(connection, AESGCM(keys.data_key(settings())))
        self.parks = Parks(connection)
