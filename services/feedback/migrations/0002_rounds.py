"""A service that is done over is asked about anew: one survey for each round of an item."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    op.add_column("surveys", sa.Column("version", sa.Integer(), server_default="0", nullable=False))
    with op.batch_alter_table("surveys") as surveys:
        surveys.drop_constraint("uq_surveys_item_id", type_="unique")
        surveys.create_unique_constraint("uq_surveys_item_id", ["item_id", "version"])
