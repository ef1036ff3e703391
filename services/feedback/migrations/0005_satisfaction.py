"""How surveys are asked, by versions; whom one was about, and when, so that it can be counted."""

from typing import Any

import sqlalchemy as sa
from alembic import op

from shared.store import Moment

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    op.create_table(
        "survey_plans",
        sa.Column("version", sa.Integer(), nullable=False),
        *(sa.Column(name, sa.Integer(), nullable=False) for name in ("share", "delay_hours", "comment_below")),
        sa.Column("remind", sa.Boolean(), nullable=False),
        *(sa.Column(name, sa.JSON(), nullable=False) for name in ("questions", "reasons")),
        sa.Column("set_at", Moment(), nullable=False),
        sa.Column("set_by", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("version", name="pk_survey_plans"),
    )
    new: list[sa.Column[Any]] = [
        sa.Column("plan_version", sa.Integer(), server_default="0", nullable=False),
        sa.Column("asked", sa.Boolean(), server_default=sa.true(), nullable=False),
        sa.Column("asks_at", Moment(), nullable=True),
        sa.Column("remind_at", Moment(), nullable=True),
        sa.Column("told_in_time", sa.Boolean(), nullable=True),
        sa.Column("answers", sa.JSON(), server_default="{}", nullable=False),
        sa.Column("reasons", sa.JSON(), server_default="[]", nullable=False),
    ]
    for name in ("owner_id", "owner_name", "category", "item", "organization", "month"):
        new.append(sa.Column(name, sa.Text(), server_default="", nullable=False))
    for column in new:
        op.add_column("surveys", column)
    op.create_index("ix_surveys_month", "surveys", ["month", "park"], unique=False)
    due = sa.text("remind_at IS NOT NULL")
    op.create_index("ix_surveys_remind", "surveys", ["remind_at"], postgresql_where=due, sqlite_where=due)
    op.add_column("complaints", sa.Column("month", sa.Text(), server_default="", nullable=False))
    op.create_index("ix_complaints_month", "complaints", ["month", "park"], unique=False)
