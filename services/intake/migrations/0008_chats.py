"""Instant messages, who writes them, and what is answered."""

import sqlalchemy as sa
from alembic import op

from shared.store import Moment

revision = "0008"
down_revision = "0007"


def upgrade() -> None:
    op.create_table(
        "chat_people",
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("park", sa.Text(), nullable=False),
        sa.Column("company", sa.Text(), nullable=False),
        sa.Column("greeted_at", Moment()),
        sa.Column("asked_at", Moment()),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("key", name="pk_chat_people"),
    )
    op.create_table(
        "chats",
        sa.Column("message_id", sa.Text(), nullable=False),
        sa.Column("person", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("text", sa.LargeBinary(), nullable=False),
        sa.Column("arrived_at", Moment(), nullable=False),
        sa.Column("fate", sa.Text(), nullable=False),
        sa.Column("request_id", sa.Text(), nullable=False),
        sa.Column("number", sa.Text(), nullable=False),
        sa.Column("over", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("message_id", name="pk_chats"),
    )
    op.create_index("ix_chats_request_id", "chats", ["request_id"])
    op.create_index("ix_chats_person", "chats", ["person", "arrived_at"])
    op.create_index(
        "ix_chats_waiting",
        "chats",
        ["arrived_at"],
        postgresql_where=sa.text("fate = 'waiting'"),
        sqlite_where=sa.text("fate = 'waiting'"),
    )
    op.create_table(
        "chat_replies",
        sa.Column("reply_id", sa.Text(), nullable=False),
        sa.Column("fact", sa.Text(), nullable=False),
        sa.Column("person", sa.Text(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column("request_id", sa.Text(), nullable=False),
        sa.Column("written_by", sa.Text(), nullable=False),
        sa.Column("written_at", Moment(), nullable=False),
        sa.Column("way", sa.Text(), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("due_at", Moment()),
        sa.Column("trouble", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("reply_id", name="pk_chat_replies"),
        sa.UniqueConstraint("fact", name="uq_chat_replies_fact"),
    )
    op.create_index("ix_chat_replies_request_id", "chat_replies", ["request_id"])
    op.create_index(
        "ix_chat_replies_due",
        "chat_replies",
        ["due_at"],
        postgresql_where=sa.text("due_at IS NOT NULL"),
        sqlite_where=sa.text("due_at IS NOT NULL"),
    )
