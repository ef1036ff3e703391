"""Keyed digests by which the same contact is recognised."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    op.create_table(
        "contact_traces",
        sa.Column("request_id", sa.Text(), nullable=False),
        sa.Column("digest", sa.Text(), nullable=False),
        sa.Column("park", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("request_id", "digest", name="pk_contact_traces"),
    )
    op.create_index("ix_contact_traces_digest", "contact_traces", ["digest"], unique=False)
