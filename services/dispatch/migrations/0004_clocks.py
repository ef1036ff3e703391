"""Marks of clocks on every item, and what station says of hours, limits, chains and absences."""

import sqlalchemy as sa
from alembic import op

from shared.store import Moment

revision = "0004"
down_revision = "0003"

ENDED = "('sealed', 'answered', 'merged', 'refused', 'withdrawn')"


def upgrade() -> None:
    for column in (
        sa.Column("days", sa.Integer(), nullable=True),
        sa.Column("marks", sa.JSON(), nullable=False, server_default="[]"),
        sa.Column("clock", sa.Text(), nullable=False, server_default=""),
        sa.Column("due_at", Moment(), nullable=True),
        sa.Column("warn_at", Moment(), nullable=True),
        sa.Column("alarm_at", Moment(), nullable=True),
    ):
        op.add_column("items", column)
    op.create_index(
        "ix_items_alarm",
        "items",
        ["alarm_at"],
        postgresql_where=sa.text("alarm_at IS NOT NULL"),
        sqlite_where=sa.text("alarm_at IS NOT NULL"),
    )
    # Open items are looked at once the service runs: their clocks start at their last change.
    op.execute(f"UPDATE items SET alarm_at = changed_at WHERE stage NOT IN {ENDED}")

    op.create_table(
        "settings",
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("content", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("kind", "key", name="pk_settings"),
    )
    op.create_table(
        "absences",
        sa.Column("absence_id", sa.Text(), nullable=False),
        sa.Column("account", sa.Text(), nullable=False),
        sa.Column("parks", sa.JSON(), nullable=False),
        sa.Column("since", Moment(), nullable=False),
        sa.Column("until", Moment(), nullable=False),
        sa.PrimaryKeyConstraint("absence_id", name="pk_absences"),
    )
    op.create_index("ix_absences_until", "absences", ["until"])
