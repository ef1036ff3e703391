"""Revisits: clients called again, and who is called."""

import sqlalchemy as sa
from alembic import op

from shared.store import Moment

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    op.create_table(
        "revisits",
        *(
            sa.Column(name, sa.Text(), nullable=False)
            for name in (
                "revisit_id", "item_id", "request_id", "park", "number", "title", "organization", "reason", "status",
                "solved", "text", "complaint", "by",
            )
        ),
        *(sa.Column(name, sa.Integer(), nullable=True) for name in ("mark", "score")),
        sa.Column("tried", sa.Integer(), nullable=False),
        sa.Column("reopen", sa.Boolean(), nullable=False),
        sa.Column("planned_at", Moment(), nullable=False),
        sa.Column("done_at", Moment(), nullable=True),
        sa.PrimaryKeyConstraint("revisit_id", name="pk_revisits"),
        sa.UniqueConstraint("item_id", name="uq_revisits_item_id"),
    )  # fmt: skip
    op.create_index("ix_revisits_status", "revisits", ["status", "park"], unique=False)
    op.create_table(
        "revisit_plans",
        *(
            sa.Column(name, sa.Integer(), nullable=False)
            for name in ("version", "share", "low_below", "new_organization")
        ),
        sa.Column("set_at", Moment(), nullable=False),
        sa.Column("set_by", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("version", name="pk_revisit_plans"),
    )
    op.create_index("ix_surveys_organization", "surveys", ["organization"], unique=False)
