"""Intake's database: its repositories in one transaction."""

from datetime import timedelta

import sqlalchemy as sa

from services.intake.domain.chats import Manners
from services.intake.domain.mails import Addresses
from services.intake.store.chats import Chats
from services.intake.store.clients import Clients
from services.intake.store.consents import Consents
from services.intake.store.files import Files
from services.intake.store.letters import Letters
from services.intake.store.mails import Mails
from services.intake.store.parks import Parks
from services.intake.store.requests import Requests
from services.intake.store.sealed import Cipher
from services.intake.store.submissions import Submissions
from services.intake.store.tables import metadata
from services.intake.store.traces import Traces
from services.intake.store.visits import VisitLists
from shared import keys, store
from shared.config import settings


class UnitOfWork(store.UnitOfWork):
    metadata = metadata
    requests: Requests
    parks: Parks
    clients: Clients
    consents: Consents
    files: Files
    submissions: Submissions
    visits: VisitLists
    traces: Traces
    mails: Mails
    letters: Letters
    chats: Chats

    def open(self, connection: sa.Connection) -> None:
        given = settings()
        self.zone, self.file_mb, self.request_mb = given.timezone, given.file_mb, given.request_mb
        self.addresses, self.site = Addresses(station=given.mail_from, parks=dict(given.mail_parks)), given.site
        cipher = Cipher(keys.data_key(given))
        self.requests = Requests(connection, cipher)
        self.mails = Mails(connection, cipher, lock=not self.reads)
        self.letters = Letters(connection, cipher)
        self.chats = Chats(connection, cipher)
        self.manners = Manners(
            park=given.wecom_park, ask=timedelta(minutes=given.wecom_ask_minutes),
            follow=timedelta(hours=given.wecom_follow_hours),
        )  # fmt: skip
        self.parks = Parks(connection)
        self.traces = Traces(connection, keys.data_key(given))
        self.submissions = Submissions(connection)
        self.visits = VisitLists(connection, cipher, lock=not self.reads)
        self.clients = Clients(connection)
        self.consents = Consents(connection, lock=not self.reads)
        self.files = Files(connection, lock=not self.reads)
