"""Accounts that act for an organization."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    op.add_column("accounts", sa.Column("organization", sa.Text, nullable=False, server_default=""))
