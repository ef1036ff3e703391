"""Follow-up tasks by plan, and delays told in time."""

import sqlalchemy as sa
from alembic import op

from shared.store import Moment

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    op.create_table(
        "follow_ups",
        sa.Column("follow_up_id", sa.Text(), nullable=False),
        sa.Column("item_id", sa.Text(), nullable=False),
        sa.Column("job_id", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("nth", sa.Integer(), nullable=False),
        sa.Column("due_at", Moment(), nullable=False),
        sa.Column("made_at", Moment(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("said_at", Moment(), nullable=True),
        sa.Column("done_at", Moment(), nullable=True),
        sa.Column("contact_id", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("by_id", sa.Text(), nullable=False),
        sa.Column("by_name", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("follow_up_id", name="pk_follow_ups"),
        sa.UniqueConstraint("item_id", "job_id", "kind", "nth", name="uq_follow_ups_item_id"),
    )
    for name, table, column, where in (
        ("ix_follow_ups_open", "follow_ups", "due_at", "status = 'open'"),
        ("ix_items_serving", "items", "job_id", "stage = 'serving'"),
    ):
        op.create_index(
            name, table, [column], unique=False, postgresql_where=sa.text(where), sqlite_where=sa.text(where)
        )
    op.create_table(
        "delays",
        sa.Column("delay_id", sa.Text(), nullable=False),
        sa.Column("item_id", sa.Text(), nullable=False),
        sa.Column("job_id", sa.Text(), nullable=False),
        sa.Column("park", sa.Text(), nullable=False),
        sa.Column("expected_on", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("announced_at", Moment(), nullable=False),
        sa.Column("by_name", sa.Text(), nullable=False),
        sa.Column("due_at", Moment(), nullable=True),
        sa.PrimaryKeyConstraint("delay_id", name="pk_delays"),
    )
    op.create_index("ix_delays_item_id", "delays", ["item_id"], unique=False)
    op.create_table(
        "follow_plans",
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("first_share", sa.Integer(), nullable=False),
        sa.Column("every_days", sa.Integer(), nullable=False),
        sa.Column("before_days", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("name", name="pk_follow_plans"),
    )
