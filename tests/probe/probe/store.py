"""Counts in the database."""

import sqlalchemy as sa

from shared import store

metadata = store.tables()

counts = sa.Table(
    "counts",
    metadata,
    sa.Column("name", sa.Text, primary_key=True),
    sa.Column("said", sa.Integer, nullable=False),
    sa.Column("heard", sa.Integer, nullable=False),
)


class UnitOfWork(store.UnitOfWork):
    metadata = metadata

    def open(self, connection):
        self._at = connection

    def get(self, name):
        row = self._at.execute(counts.select().where(counts.c.name == name)).first()
        return (row.said, row.heard) if row else (0, 0)

    def raise_(self, name, column):
        values = {"name": name, "said": 0, "heard": 0, column: 1}
        self._at.execute(
            store.insert(counts, self._at)
            .values(values)
            .on_conflict_do_update(index_elements=["name"], set_={column: counts.c[column] + 1})
        )
