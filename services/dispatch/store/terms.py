"""Proposals of terms in the database."""

from dataclasses import fields

import sqlalchemy as sa

from services.dispatch.domain.terms import Negotiation, Proposal, Side
from services.dispatch.store.tables import metadata
from shared import store
from shared.store import Moment

proposals = sa.Table(
    "proposals",
    metadata,
    sa.Column("job_id", sa.Text, primary_key=True),
    sa.Column("number", sa.Integer, primary_key=True),
    sa.Column("side", sa.Text, nullable=False),
    sa.Column("terms", sa.JSON, nullable=False),
    sa.Column("proposed_at", Moment, nullable=False),
    sa.Column("proposed_by", sa.Text, nullable=False),
    sa.Column("on_behalf", sa.Boolean, nullable=False),
    sa.Column("agreed_at", Moment),
    sa.Column("agreed_by", sa.Text, nullable=False),
    sa.Column("agreed_on_behalf", sa.Boolean, nullable=False),
)
AGREED = ("agreed_at", "agreed_by", "agreed_on_behalf")


class Negotiations:
    def __init__(self, connection: sa.Connection) -> None:
        self._connection = connection

    def of(self, job_id: str) -> Negotiation:
        query = proposals.select().where(proposals.c.job_id == job_id).order_by(proposals.c.number)
        found = []
        for row in self._connection.execute(query):
            values = {k: v for k, v in row._asdict().items() if k != "job_id"}
            found.append(Proposal(**{**values, "side": Side(row.side)}))
        return Negotiation(job_id=job_id, proposals=found)

    def put(self, negotiation: Negotiation) -> None:
        """Only the newest proposal is new or has changed."""
        proposal = negotiation.proposals[-1]
        values = {f.name: getattr(proposal, f.name) for f in fields(Proposal)}
        values |= {"job_id": negotiation.job_id, "side": str(proposal.side)}
        self._connection.execute(
            store.insert(proposals, self._connection)
            .values(values)
            .on_conflict_do_update(index_elements=["job_id", "number"], set_={name: values[name] for name in AGREED})
        )
