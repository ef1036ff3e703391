"""Complaints, and who had a hand in what they are about."""

import sqlalchemy as sa
from alembic import op

from shared.store import Moment

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    op.create_table(
        "complaints",
        *(
            sa.Column(name, sa.Text(), nullable=False)
            for name in (
                "complaint_id", "number", "code", "park", "channel", "about", "text", "wish", "company", "request_id",
                "item_id", "item_number", "title", "category", "organization", "stage", "handler_id", "handler_name",
                "outcome", "response", "decision",
            )
        ),
        *(sa.Column(name, sa.Boolean(), nullable=False) for name in ("anonymous", "repeated")),
        *(sa.Column(name, sa.Integer(), nullable=False) for name in ("round", "extra_days")),
        *(sa.Column(name, sa.JSON(), nullable=False) for name in ("hands", "before", "corrections", "steps", "marks")),
        *(sa.Column(name, sa.JSON(), nullable=True) for name in ("assessment", "dispute")),
        *(
            sa.Column(name, Moment(), nullable=True)
            for name in ("decided_at", "told_at", "appeal_until", "closed_at", "alarm_at")
        ),
        sa.Column("received_at", Moment(), nullable=False),
        sa.Column("contact", sa.LargeBinary(), nullable=False),
        sa.Column("in_time", sa.Boolean(), nullable=True),
        sa.PrimaryKeyConstraint("complaint_id", name="pk_complaints"),
        sa.UniqueConstraint("number", name="uq_complaints_number"),
    )  # fmt: skip
    op.create_index("ix_complaints_request_id", "complaints", ["request_id"], unique=False)
    op.create_index("ix_complaints_alarm_at", "complaints", ["alarm_at"], unique=False)
    op.create_index("ix_complaints_park", "complaints", ["park", "received_at"], unique=False)
    op.create_table(
        "complaint_numbers",
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("last", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("year", name="pk_complaint_numbers"),
    )
    op.create_table(
        "parties",
        *(
            sa.Column(name, sa.Text(), nullable=False)
            for name in (
                "item_id", "request_id", "park", "number", "title", "category", "item", "owner_id", "owner_name",
                "target",
            )
        ),
        sa.Column("hands", sa.JSON(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("item_id", name="pk_parties"),
    )  # fmt: skip
