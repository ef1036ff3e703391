"""Progress reports, and the log of contacts."""

import sqlalchemy as sa
from alembic import op

from shared.store import Moment

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    op.create_table(
        "reports",
        sa.Column("item_id", sa.Text(), nullable=False),
        sa.Column("report_id", sa.Text(), nullable=False),
        sa.Column("job_id", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("reported_at", Moment(), nullable=False),
        sa.Column("heard_at", Moment(), nullable=False),
        sa.Column("by", sa.Text(), nullable=False),
        sa.Column("share", sa.Integer(), nullable=True),
        sa.Column("next_step", sa.Text(), nullable=False),
        sa.Column("expected_on", sa.Text(), nullable=False),
        sa.Column("late", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("item_id", "report_id", name="pk_reports"),
    )
    op.create_table(
        "contact_logs",
        sa.Column("contact_id", sa.Text(), nullable=False),
        sa.Column("item_id", sa.Text(), nullable=False),
        sa.Column("park", sa.Text(), nullable=False),
        sa.Column("party", sa.Text(), nullable=False),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("how", sa.Text(), nullable=False),
        sa.Column("about", sa.Text(), nullable=False),
        sa.Column("contacted_at", Moment(), nullable=False),
        sa.Column("logged_at", Moment(), nullable=False),
        sa.Column("by_id", sa.Text(), nullable=False),
        sa.Column("by_name", sa.Text(), nullable=False),
        sa.Column("next_step", sa.Text(), nullable=False),
        sa.Column("next_on", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("contact_id", name="pk_contact_logs"),
    )
    op.create_index("ix_contact_logs_item_id", "contact_logs", ["item_id"], unique=False)
    op.create_index("ix_contact_logs_park", "contact_logs", ["park", "logged_at"], unique=False)
