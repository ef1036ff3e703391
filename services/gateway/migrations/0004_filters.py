"""Filters of the queue that an account keeps."""

import sqlalchemy as sa
from alembic import op

from shared.store import Moment

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    op.create_table(
        "filters",
        sa.Column("account_id", sa.Text, nullable=False),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("query", sa.Text, nullable=False),
        sa.Column("saved_at", Moment, nullable=False),
        sa.PrimaryKeyConstraint("account_id", "name", name="pk_filters"),
        sa.ForeignKeyConstraint(["account_id"], ["accounts.id"], name="fk_filters_account_id", ondelete="CASCADE"),
    )
