"""What staff corrected of suggestions, the parks by district, and a digest of each target's manifest."""

import sqlalchemy as sa
from alembic import op

from shared.store import Moment

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    op.create_table(
        "corrections",
        sa.Column("item_id", sa.Text(), nullable=False),
        sa.Column("park", sa.Text(), nullable=False),
        sa.Column("category", sa.Text(), nullable=False),
        sa.Column("item", sa.Text(), nullable=False),
        sa.Column("suggested", sa.Text(), nullable=False),
        sa.Column("corrected_at", Moment(), nullable=False),
        sa.PrimaryKeyConstraint("item_id", name="pk_corrections"),
    )
    op.create_index("ix_corrections_park", "corrections", ["park", "corrected_at"], unique=False)
    op.create_table(
        "parks",
        sa.Column("park", sa.Text(), nullable=False),
        sa.Column("district", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("park", name="pk_parks"),
    )
    op.add_column("targets", sa.Column("digest", sa.Text(), server_default="", nullable=False))
