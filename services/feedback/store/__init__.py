"""Feedback's database: its repositories in one transaction."""

import sqlalchemy as sa

from services.feedback.store.asking import AskPlans
from services.feedback.store.complaints import Complaints
from services.feedback.store.figures import Counting
from services.feedback.store.parties import Parties
from services.feedback.store.revisits import Revisits
from services.feedback.store.tables import metadata
from services.feedback.store.told import Notices, Surveys
from shared import keys, store
from shared.config import settings
from shared.personal import Cipher
from shared.plan_store import Plans


class UnitOfWork(store.UnitOfWork):
    metadata = metadata
    notices: Notices
    surveys: Surveys
    complaints: Complaints
    parties: Parties
    revisits: Revisits
    plans: Plans
    ask_plans: AskPlans
    counting: Counting

    def open(self, connection: sa.Connection) -> None:
        given = settings()
        self.survey_days, self.appeal_days, self.zone = given.survey_days, given.appeal_days, given.timezone
        self.plans = Plans(connection, metadata, given.timezone, self.now)
        cipher = Cipher(keys.data_key(given))
        self.complaints = Complaints(connection, cipher, lock=not self.reads)
        self.parties = Parties(connection)
        self.ask_plans, self.counting = AskPlans(connection), Counting(connection)
        self.revisits = Revisits(connection, lock=not self.reads)
        self.notices = Notices(connection)
        self.surveys = Surveys(connection, lock=not self.reads)
