"""Mails that came, those of ours, and the files that mails hold."""

import sqlalchemy as sa
from alembic import op

from shared.store import Moment

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    op.create_table(
        "mails",
        sa.Column("mail_id", sa.Text(), nullable=False),
        sa.Column("message_id", sa.Text(), nullable=False),
        sa.Column("digest", sa.Text(), nullable=False),
        sa.Column("sender_mark", sa.Text(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("arrived_at", Moment(), nullable=False),
        sa.Column("fate", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("park", sa.Text(), nullable=False),
        sa.Column("request_id", sa.Text(), nullable=False),
        sa.Column("settled_by", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("mail_id", name="pk_mails"),
        sa.UniqueConstraint("message_id", name="uq_mails_message_id"),
    )
    op.create_index("ix_mails_sender_mark", "mails", ["sender_mark", "arrived_at"])
    op.create_index("ix_mails_request_id", "mails", ["request_id"])
    op.create_index("ix_mails_fate", "mails", ["fate", "mail_id"])
    op.create_table(
        "deliveries",
        sa.Column("delivery", sa.Text(), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("held_until", Moment(), nullable=True),
        sa.PrimaryKeyConstraint("delivery", name="pk_deliveries"),
    )
    op.create_table(
        "letters",
        sa.Column("letter_id", sa.Text(), nullable=False),
        sa.Column("fact", sa.Text(), nullable=False),
        sa.Column("request_id", sa.Text(), nullable=False),
        sa.Column("park", sa.Text(), nullable=False),
        sa.Column("message_id", sa.Text(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("answers", sa.Text(), nullable=False),
        sa.Column("written_by", sa.Text(), nullable=False),
        sa.Column("written_at", Moment(), nullable=False),
        sa.Column("way", sa.Text(), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("due_at", Moment(), nullable=True),
        sa.Column("trouble", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("letter_id", name="pk_letters"),
        sa.UniqueConstraint("fact", name="uq_letters_fact"),
        sa.UniqueConstraint("message_id", name="uq_letters_message_id"),
        sa.ForeignKeyConstraint(["request_id"], ["requests.request_id"], name="fk_letters_request_id"),
    )
    op.create_index("ix_letters_request_id", "letters", ["request_id"])
    op.create_index("ix_letters_due_at", "letters", ["due_at"])
    with op.batch_alter_table("files") as files:
        files.add_column(sa.Column("mail_id", sa.Text(), nullable=True))
        files.create_foreign_key("fk_files_mail_id", "mails", ["mail_id"], ["mail_id"])
    op.create_index("ix_files_mail_id", "files", ["mail_id"])
