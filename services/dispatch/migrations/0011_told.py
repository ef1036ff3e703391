"""Who was told of an item's running clock."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"


def upgrade() -> None:
    op.add_column("items", sa.Column("told", sa.Text(), server_default="", nullable=False))
