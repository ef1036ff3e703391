"""What dossiers lack, their numbers, checks and prints."""

import sqlalchemy as sa
from alembic import op

from shared.store import Moment

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    for name in ("year", "base"):
        op.add_column("heads", sa.Column(name, sa.Integer(), nullable=False, server_default="0"))
    op.drop_index("ix_dossiers_due", table_name="dossiers")
    op.add_column("dossiers", sa.Column("look_at", Moment(), nullable=True))
    op.add_column("dossiers", sa.Column("lacking", sa.JSON(), nullable=False, server_default="[]"))
    op.add_column("dossiers", sa.Column("file_number", sa.Text(), nullable=False, server_default=""))
    op.add_column("dossiers", sa.Column("checked_at", Moment(), nullable=True))
    op.add_column("dossiers", sa.Column("flaws", sa.JSON(), nullable=False, server_default="[]"))
    op.add_column("dossiers", sa.Column("print_sha256", sa.Text(), nullable=False, server_default=""))
    op.execute("UPDATE dossiers SET look_at = closed_at, checked_at = sealed_at")
    op.create_index(
        "ix_dossiers_look",
        "dossiers",
        ["look_at"],
        unique=False,
        postgresql_where=sa.text("sealed_at IS NULL"),
        sqlite_where=sa.text("sealed_at IS NULL"),
    )
    op.create_index("ix_dossiers_checked", "dossiers", ["checked_at"], unique=False)
