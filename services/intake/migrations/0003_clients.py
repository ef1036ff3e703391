"""Clients by their credit code, and the consents of contacts."""

import sqlalchemy as sa
from alembic import op

from shared.store import Moment

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    op.add_column("requests", sa.Column("credit_code", sa.Text(), nullable=False, server_default=""))
    op.create_index("ix_requests_credit_code", "requests", ["credit_code"])
    op.create_table(
        "clients",
        sa.Column("credit_code", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("known_since", Moment(), nullable=False),
        sa.PrimaryKeyConstraint("credit_code", name="pk_clients"),
    )
    op.create_table(
        "consents",
        sa.Column("consent_id", sa.Text(), nullable=False),
        sa.Column("request_id", sa.Text(), nullable=False),
        sa.Column("park", sa.Text(), nullable=False),
        sa.Column("number", sa.Text(), nullable=False),
        sa.Column("purpose", sa.Text(), nullable=False),
        sa.Column("organization", sa.Text(), nullable=False),
        sa.Column("organization_name", sa.Text(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("given_at", Moment(), nullable=False),
        sa.Column("given_by", sa.Text(), nullable=False),
        sa.Column("given_by_role", sa.Text(), nullable=False),
        sa.Column("withdrawn_at", Moment(), nullable=True),
        sa.Column("withdrawn_by", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("consent_id", name="pk_consents"),
        sa.ForeignKeyConstraint(["request_id"], ["requests.request_id"], name="fk_consents_request_id"),
    )
    op.create_index("ix_consents_request_id", "consents", ["request_id"])
