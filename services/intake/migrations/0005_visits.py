"""Lists of needs collected on visits."""

import sqlalchemy as sa
from alembic import op

from shared.store import Moment

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    op.create_table(
        "visit_lists",
        sa.Column("list_id", sa.Text(), nullable=False),
        sa.Column("park", sa.Text(), nullable=False),
        sa.Column("file_name", sa.Text(), nullable=False),
        sa.Column("columns", sa.JSON(), nullable=False),
        sa.Column("added_by", sa.JSON(), nullable=False),
        sa.Column("added_at", Moment(), nullable=False),
        sa.Column("stage", sa.Text(), nullable=False),
        sa.Column("confirmed_by", sa.JSON()),
        sa.PrimaryKeyConstraint("list_id", name="pk_visit_lists"),
    )
    op.create_index(
        "ix_visit_lists_running",
        "visit_lists",
        ["list_id"],
        postgresql_where=sa.text("stage = 'running'"),
        sqlite_where=sa.text("stage = 'running'"),
    )
    op.create_table(
        "visit_lines",
        sa.Column("list_id", sa.Text(), nullable=False),
        sa.Column("row", sa.Integer(), nullable=False),
        sa.Column("company", sa.Text(), nullable=False),
        sa.Column("mark", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("wrong", sa.JSON(), nullable=False),
        sa.Column("number", sa.Text(), nullable=False),
        sa.Column("given", sa.LargeBinary()),
        sa.PrimaryKeyConstraint("list_id", "row", name="pk_visit_lines"),
    )
    op.create_table(
        "visit_marks",
        sa.Column("mark", sa.Text(), nullable=False),
        sa.Column("number", sa.Text(), nullable=False),
        sa.Column("taken_at", Moment(), nullable=False),
        sa.PrimaryKeyConstraint("mark", name="pk_visit_marks"),
    )
