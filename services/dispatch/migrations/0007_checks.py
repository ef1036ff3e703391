"""Checks of service quality, and how large their sample is."""

import sqlalchemy as sa
from alembic import op

from shared.store import Moment

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    op.add_column("follow_plans", sa.Column("check_share", sa.Integer(), nullable=False, server_default="10"))
    op.create_table(
        "checks",
        sa.Column("check_id", sa.Text(), nullable=False),
        sa.Column("item_id", sa.Text(), nullable=False),
        sa.Column("park", sa.Text(), nullable=False),
        sa.Column("number", sa.Text(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("sampled", sa.Boolean(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("ordered_at", Moment(), nullable=False),
        sa.Column("not_by", sa.JSON(), nullable=False),
        sa.Column("outcome", sa.Text(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("checked_at", Moment(), nullable=True),
        sa.Column("by_id", sa.Text(), nullable=False),
        sa.Column("by_name", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("check_id", name="pk_checks"),
    )
    op.create_index("ix_checks_item_id", "checks", ["item_id"], unique=False)
    op.create_index("ix_checks_park", "checks", ["park", "ordered_at"], unique=False)
