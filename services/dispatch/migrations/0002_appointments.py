"""Appointments, and what they hold."""

import sqlalchemy as sa
from alembic import op

from shared.store import Moment

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    op.add_column("items", sa.Column("way", sa.Text(), nullable=False, server_default=""))
    op.add_column("items", sa.Column("needs", sa.JSON(), nullable=False, server_default="[]"))
    op.add_column("items", sa.Column("minutes", sa.Integer(), nullable=False, server_default="0"))
    op.add_column("items", sa.Column("booked_for", Moment(), nullable=True))
    op.create_table(
        "resources",
        sa.Column("resource_id", sa.Text(), nullable=False),
        sa.Column("park", sa.Text(), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("capacity", sa.Integer(), nullable=False),
        sa.Column("minutes", sa.Integer(), nullable=False),
        sa.Column("week", sa.JSON(), nullable=False),
        sa.Column("closed", sa.JSON(), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("resource_id", name="pk_resources"),
        sa.UniqueConstraint("park", "code", name="uq_resources_park"),
    )
    op.create_table(
        "appointments",
        sa.Column("appointment_id", sa.Text(), nullable=False),
        sa.Column("item_id", sa.Text(), nullable=False),
        sa.Column("request_id", sa.Text(), nullable=False),
        sa.Column("park", sa.Text(), nullable=False),
        sa.Column("number", sa.Text(), nullable=False),
        sa.Column("company", sa.Text(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("starts_at", Moment(), nullable=False),
        sa.Column("ends_at", Moment(), nullable=False),
        sa.Column("booked_at", Moment(), nullable=False),
        sa.Column("changed_at", Moment(), nullable=False),
        sa.Column("remind_at", Moment(), nullable=True),
        sa.Column("resources", sa.JSON(), nullable=False),
        sa.Column("places", sa.JSON(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("appointment_id", name="pk_appointments"),
    )
    op.create_index("ix_appointments_request_id", "appointments", ["request_id"], unique=False)
    op.create_index("ix_appointments_park", "appointments", ["park", "starts_at"], unique=False)
    for name, column, where, unique in (
        ("ix_appointments_booked", "item_id", "status = 'booked'", True),
        ("ix_appointments_remind", "remind_at", "remind_at IS NOT NULL", False),
    ):
        op.create_index(
            name, "appointments", [column], unique=unique,
            postgresql_where=sa.text(where), sqlite_where=sa.text(where),
        )  # fmt: skip
    op.create_table(
        "places",
        sa.Column("resource_id", sa.Text(), nullable=False),
        sa.Column("cell", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("place", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("appointment_id", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("resource_id", "cell", "place", name="pk_places"),
    )
    op.create_index("ix_places_appointment_id", "places", ["appointment_id"], unique=False)
