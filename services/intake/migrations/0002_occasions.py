"""Who took a need down, where and when; and what its sender calls it."""

import sqlalchemy as sa
from alembic import op

from shared.store import Moment

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    op.add_column("requests", sa.Column("taken_by", sa.Text()))
    op.add_column("requests", sa.Column("taken_place", sa.Text()))
    op.add_column("requests", sa.Column("taken_at", Moment()))
    op.add_column("requests", sa.Column("on_behalf", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.add_column("requests", sa.Column("reference", sa.Text(), nullable=False, server_default=""))
