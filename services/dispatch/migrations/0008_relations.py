"""Items that change hands, are split, linked, merged into one another, and taken up again."""

import sqlalchemy as sa
from alembic import op

from shared.store import Moment

revision = "0008"
down_revision = "0007"


def upgrade() -> None:
    for name in ("heir_id", "heir_name", "heir_reason", "part", "into_id", "into_request", "former_id", "former"):
        op.add_column("items", sa.Column(name, sa.Text(), server_default="", nullable=False))
    op.add_column("items", sa.Column("survey_id", sa.Text(), server_default="", nullable=False))
    op.add_column("items", sa.Column("heir_since", Moment(), nullable=True))
    op.add_column("items", sa.Column("ended_at", Moment(), nullable=True))
    op.add_column("items", sa.Column("split", sa.JSON(), server_default="{}", nullable=False))
    op.add_column("items", sa.Column("linked", sa.JSON(), server_default="[]", nullable=False))
    op.add_column("items", sa.Column("past_surveys", sa.JSON(), server_default="[]", nullable=False))
