"""The register of organizations, and the parks they may serve."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    op.create_table(
        "organizations",
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("status_reason", sa.Text(), nullable=False),
        sa.Column("excluded", sa.Text(), nullable=False),
        sa.Column("given", sa.JSON(), nullable=False),
        sa.Column("contact", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("code", name="pk_organizations"),
    )
    op.create_table(
        "parks",
        sa.Column("park", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("park", name="pk_parks"),
    )
