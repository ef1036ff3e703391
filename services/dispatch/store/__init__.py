"""Dispatch's database: its repositories in one transaction."""

import sqlalchemy as sa

from services.dispatch.domain.suggestion import Models
from services.dispatch.store.appointments import Appointments
from services.dispatch.store.checks import Checks
from services.dispatch.store.consents import Consents
from services.dispatch.store.corrections import Corrections, Parks
from services.dispatch.store.follow_ups import FollowUps
from services.dispatch.store.following import Following
from services.dispatch.store.items import Items
from services.dispatch.store.matching import Assessments, Rankings, Weights
from services.dispatch.store.notices import Notices
from services.dispatch.store.offers import Offers
from services.dispatch.store.organizations import Organizations
from services.dispatch.store.resources import Resources
from services.dispatch.store.standings import Standings
from services.dispatch.store.tables import metadata
from services.dispatch.store.targets import Targets
from services.dispatch.store.terms import Negotiations
from shared import store
from shared.config import settings
from shared.plan_store import Plans


class UnitOfWork(store.UnitOfWork):
    metadata = metadata
    items: Items
    targets: Targets
    standings: Standings
    resources: Resources
    appointments: Appointments
    following: Following
    follow_ups: FollowUps
    checks: Checks
    corrections: Corrections
    parks: Parks
    notices: Notices
    models = Models()  # of this process
    plans: Plans
    assessments: Assessments
    consents: Consents
    rankings: Rankings
    weights: Weights
    offers: Offers
    organizations: Organizations
    negotiations: Negotiations

    def open(self, connection: sa.Connection) -> None:
        given = settings()
        self.offer_seconds, self.remind_hours, self.zone = given.offer_seconds, given.remind_hours, given.timezone
        self.plans = Plans(connection, metadata, self.zone, self.now)
        self.items = Items(connection, lock=not self.reads, plans=self.plans, now=self.now)
        self.reopen_days = given.reopen_days
        self.targets = Targets(connection)
        self.standings = Standings(connection)
        self.resources = Resources(connection, lock=not self.reads)
        self.appointments = Appointments(connection)
        self.following, self.follow_ups = Following(connection), FollowUps(connection)
        self.checks = Checks(connection, lock=not self.reads)
        self.corrections = Corrections(connection)
        self.parks = Parks(connection)
        self.notices = Notices(connection)
        self.assessments, self.rankings, self.weights = (
            Assessments(connection), Rankings(connection), Weights(connection),
        )  # fmt: skip
        self.offers, self.negotiations = Offers(connection), Negotiations(connection)
        self.organizations, self.consents = Organizations(connection), Consents(connection)
