"""Consents in the database."""

import sqlalchemy as sa

from services.intake.domain.consents import Consent
from services.intake.store.tables import metadata
from shared.store import Moment

consents = sa.Table(
    "consents",
    metadata,
    sa.Column("consent_id", sa.Text, primary_key=True),
    sa.Column("request_id", sa.ForeignKey("requests.request_id"), nullable=False),
    sa.Column("park", sa.Text, nullable=False),
    sa.Column("number", sa.Text, nullable=False),
    sa.Column("purpose", sa.Text, nullable=False),
    sa.Column("organization", sa.Text, nullable=False),
    sa.Column("organization_name", sa.Text, nullable=False),
    sa.Column("note", sa.Text, nullable=False),
    sa.Column("given_at", Moment, nullable=False),
    sa.Column("given_by", sa.Text, nullable=False),
    sa.Column("given_by_role", sa.Text, nullable=False),
    sa.Column("withdrawn_at", Moment),
    sa.Column("withdrawn_by", sa.Text, nullable=False),
    sa.Column("reason", sa.Text, nullable=False),
    sa.Index(None, "request_id"),
)
MAY_CHANGE = ("withdrawn_at", "withdrawn_by", "reason")


class Consents:
    def __init__(self, connection: sa.Connection, lock: bool) -> None:
        self._connection, self._lock = connection, lock

    def add(self, consent: Consent) -> None:
        self._connection.execute(consents.insert().values(**vars(consent)))

    def get(self, consent_id: str) -> Consent | None:
        query = consents.select().where(consents.c.consent_id == consent_id)
        row = self._connection.execute(query.with_for_update() if self._lock else query).first()
        return Consent(**row._asdict()) if row else None

    def put(self, consent: Consent) -> None:
        values = {name: getattr(consent, name) for name in MAY_CHANGE}
        self._connection.execute(consents.update().where(consents.c.consent_id == consent.consent_id).values(**values))

    def of_requests(self, request_ids: list[str]) -> list[Consent]:
        query = consents.select().where(consents.c.request_id.in_(request_ids)).order_by(consents.c.consent_id)
        return [Consent(**row._asdict()) for row in self._connection.execute(query)]
