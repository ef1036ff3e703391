"""Keyed digests of contacts in the database: the same contact is found by them, and nothing is learnt from them."""

import hashlib
import hmac

import sqlalchemy as sa

from services.intake.domain.requests import Request
from services.intake.domain.traces import traces
from services.intake.store.tables import metadata

contact_traces = sa.Table(
    "contact_traces",
    metadata,
    sa.Column("request_id", sa.Text, primary_key=True),
    sa.Column("digest", sa.Text, primary_key=True),
    sa.Column("park", sa.Text, nullable=False),
    sa.Index(None, "digest"),
)


class Traces:
    def __init__(self, connection: sa.Connection, key: bytes) -> None:
        self._connection = connection
        self._key = hmac.digest(key, b"contact traces", "sha256")  # not the key that seals

    def put(self, request: Request) -> None:
        rows = [
            {"request_id": request.request_id, "digest": digest, "park": request.park}
            for digest in self._digests(request)
        ]
        if rows:
            self._connection.execute(contact_traces.insert(), rows)

    def same_contact(self, request: Request, most: int) -> list[str]:
        found = (
            sa.select(contact_traces.c.request_id)
            .where(
                contact_traces.c.digest.in_(self._digests(request)),
                contact_traces.c.park == request.park,
                contact_traces.c.request_id != request.request_id,
            )
            .distinct()
            .order_by(contact_traces.c.request_id.desc())
            .limit(most)
        )
        return list(self._connection.execute(found).scalars())

    def _digests(self, request: Request) -> list[str]:
        return [hmac.new(self._key, one.encode(), hashlib.sha256).hexdigest() for one in traces(request.contact)]
