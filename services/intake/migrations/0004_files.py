"""Files of requests; their contents are in the file store."""

import sqlalchemy as sa
from alembic import op

from shared.store import Moment

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    op.create_table(
        "files",
        sa.Column("file_id", sa.Text(), nullable=False),
        sa.Column("sha256", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("content_type", sa.Text(), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("added_at", Moment(), nullable=False),
        sa.Column("request_id", sa.Text(), nullable=True),
        sa.Column("brought_by", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("file_id", name="pk_files"),
        sa.ForeignKeyConstraint(["request_id"], ["requests.request_id"], name="fk_files_request_id"),
    )
    op.create_index("ix_files_request_id", "files", ["request_id"])
    op.create_index("ix_files_sha256", "files", ["sha256"])
