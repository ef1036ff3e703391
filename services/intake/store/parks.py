"""Parks and their running numbers in the database."""

from functools import cache
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

from services.intake.domain.parks import number
from services.intake.store.tables import metadata
from shared import store

parks = sa.Table(
    "parks",
    metadata,
    sa.Column("park", sa.Text, primary_key=True),
    sa.Column("short", sa.Text, nullable=False),
)

numbers = sa.Table(
    "numbers",
    metadata,
    sa.Column("park", sa.Text, primary_key=True),
    sa.Column("year", sa.Integer, primary_key=True),
    sa.Column("last", sa.Integer, nullable=False),
)


class Parks:
    def __init__(self, connection: sa.Connection) -> None:
        self._connection = connection

    def all(self) -> list[str]:
        return list(self._connection.execute(sa.select(parks.c.park).order_by(parks.c.park)).scalars())

    def shorts(self) -> dict[str, str]:
        rows = self._connection.execute(parks.select().order_by(parks.c.park))
        return {row.park: row.short for row in rows}

    def put(self, park: str, short: str) -> None:
        self._connection.execute(
            store.insert(parks, self._connection)
            .values(park=park, short=short)
            .on_conflict_do_update(index_elements=["park"], set_={"short": short})
        )

    def next_number(self, park: str, year: int) -> str | None:
        row = self._connection.execute(
            _next_number(self._connection.dialect.name), {"park": park, "year": year}
        ).first()
        return number(row.short, year, row.last) if row else None


@cache
def _next_number(dialect: str) -> Any:
    """Count on in one statement, which does nothing for a park that is not there."""
    new = sa.select(parks.c.park, sa.bindparam("year", type_=sa.Integer), sa.literal(1))
    new = new.where(parks.c.park == sa.bindparam("park"))
    short = sa.select(parks.c.short).where(parks.c.park == sa.bindparam("park")).scalar_subquery().label("short")
    return (
        (postgresql if dialect == "postgresql" else sqlite)
        .insert(numbers)
        .from_select(["park", "year", "last"], new)
        .on_conflict_do_update(index_elements=["park", "year"], set_={"last": numbers.c.last + 1})
        .returning(numbers.c.last, short)
    )
