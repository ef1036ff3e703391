"""Accounts that act for an enterprise."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    op.add_column("accounts", sa.Column("client", sa.Text, nullable=False, server_default=""))
