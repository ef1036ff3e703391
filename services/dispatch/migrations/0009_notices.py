"""One-time notices, and by which company duplicates are looked for."""

import sqlalchemy as sa
from alembic import op

from shared.store import Moment

revision = "0009"
down_revision = "0008"


def upgrade() -> None:
    op.create_table(
        "notices",
        sa.Column("notice_id", sa.Text(), nullable=False),
        sa.Column("item_id", sa.Text(), nullable=False),
        sa.Column("request_id", sa.Text(), nullable=False),
        sa.Column("park", sa.Text(), nullable=False),
        sa.Column("category", sa.Text(), nullable=False),
        sa.Column("item", sa.Text(), nullable=False),
        sa.Column("asks", sa.JSON(), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("issued_at", Moment(), nullable=False),
        sa.Column("issued_by", sa.Text(), nullable=False),
        sa.Column("answers", sa.JSON(), nullable=False),
        sa.Column("given", sa.JSON(), nullable=False),
        sa.Column("answered_at", Moment(), nullable=True),
        sa.PrimaryKeyConstraint("notice_id", name="pk_notices"),
    )
    op.create_index("ix_notices_item_id", "notices", ["item_id"], unique=False)
    op.create_index("ix_notices_request_id", "notices", ["request_id"], unique=False)
    op.add_column("items", sa.Column("asked", sa.Integer(), server_default="0", nullable=False))
    op.add_column("items", sa.Column("company_key", sa.Text(), server_default="", nullable=False))
    op.create_index("ix_items_company", "items", ["park", "company_key"], unique=False)
