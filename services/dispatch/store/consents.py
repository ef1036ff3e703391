"""What was heard of consents, in the database."""

from dataclasses import fields

import sqlalchemy as sa

from services.dispatch.domain.consents import Allowed, Consent
from services.dispatch.store.tables import metadata
from shared import store
from shared.store import Moment

consents = sa.Table(
    "consents",
    metadata,
    sa.Column("consent_id", sa.Text, primary_key=True),
    sa.Column("request_id", sa.Text, nullable=False, index=True),
    sa.Column("organization", sa.Text, nullable=False),
    sa.Column("given_at", Moment),
    sa.Column("withdrawn_at", Moment),
)


class Consents:
    def __init__(self, connection: sa.Connection) -> None:
        self._connection = connection

    def hear(self, consent: Consent) -> None:
        values = {f.name: getattr(consent, f.name) for f in fields(Consent)}
        known = {name: values[name] for name in ("given_at", "withdrawn_at") if values[name] is not None}
        self._connection.execute(
            store.insert(consents, self._connection)
            .values(values)
            .on_conflict_do_update(index_elements=["consent_id"], set_=known)
        )

    def of(self, request_id: str) -> Allowed:
        query = consents.select().where(consents.c.request_id == request_id)
        return Allowed.of(Consent(**row._asdict()) for row in self._connection.execute(query))
