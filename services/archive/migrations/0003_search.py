"""What dossiers are found by."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from shared.store import Moment

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    op.create_table(
        "summaries",
        sa.Column("place", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("item_id", sa.Text(), nullable=False),
        sa.Column("request_id", sa.Text(), nullable=False),
        sa.Column("park", sa.Text(), nullable=False),
        sa.Column("number", sa.Text(), nullable=False),
        sa.Column("file_number", sa.Text(), nullable=False),
        sa.Column("company", sa.Text(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("category", sa.Text(), nullable=False),
        sa.Column("item", sa.Text(), nullable=False),
        sa.Column("by_organization", sa.Boolean(), nullable=False),
        sa.Column("score", sa.Integer(), nullable=True),
        sa.Column("closed_at", Moment(), nullable=False),
        sa.Column("sealed_at", Moment(), nullable=False),
        sa.Column("words", sa.Text().with_variant(postgresql.TSVECTOR(), "postgresql"), nullable=False),
        sa.PrimaryKeyConstraint("place", name="pk_summaries"),
        sa.UniqueConstraint("item_id", name="uq_summaries_item_id"),
    )
    op.create_index(
        "ix_summaries_words",
        "summaries",
        ["words"],
        unique=False,
        postgresql_using="gin",
        sqlite_where=sa.text("words IS NULL"),
    )
    if op.get_bind().dialect.name == "sqlite":
        op.execute(
            "CREATE VIRTUAL TABLE dossier_words USING fts5(words, content='summaries', content_rowid='place', "
            "tokenize='ascii', prefix='5')"  # one Chinese character is five letters
        )
    op.add_column("dossiers", sa.Column("listed", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.create_index(
        "ix_dossiers_unlisted",
        "dossiers",
        ["sealed_at"],
        unique=False,
        postgresql_where=sa.text("NOT listed AND sealed_at IS NOT NULL"),
        sqlite_where=sa.text("NOT listed AND sealed_at IS NOT NULL"),
    )
