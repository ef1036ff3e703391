"""Instant messages that wait for intake."""

import sqlalchemy as sa
from alembic import op

from shared.store import Moment

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    op.create_table(
        "held_chats",
        sa.Column("message_id", sa.Text, nullable=False),
        sa.Column("encrypted", sa.Text, nullable=False),
        sa.Column("held_at", Moment, nullable=False),
        sa.PrimaryKeyConstraint("message_id", name="pk_held_chats"),
    )
    op.create_index("ix_held_chats_held_at", "held_chats", ["held_at"])
