"""Feedback's database: its repositories in one transaction."""

import sqlalchemy as sa

from services.feedback.store.tables import metadata
from services.feedback.store.told import Notices, Surveys
from shared import store
from shared.config import settings
from shared.plan_store import Plans


class UnitOfWork(store.UnitOfWork):
    metadata = metadata
    notices: Notices
    surveys: Surveys
    plans: Plans

    def open(self, connection: sa.Connection) -> None:
        given = settings()
        self.survey_days = given.survey_days
        self.plans = Plans(connection, metadata, given.timezone, self.now)
        self.notices = Notices(connection)
        self.surveys = Surveys(connection, lock=not self.reads)
