"""The metadata that all of archive's tables are in, and the ends of its chains."""

from dataclasses import asdict, fields
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from services.archive.domain.ledger import NEVER, Head
from shared import store

metadata = store.tables()

heads = sa.Table(  # the ends of the chains: `ledger park` and `dossiers park`
    "heads",
    metadata,
    sa.Column("chain", sa.Text, primary_key=True),
    sa.Column("sequence", sa.Integer, nullable=False),
    sa.Column("hash", sa.Text, nullable=False),
    sa.Column("year", sa.Integer, nullable=False, server_default="0"),
    sa.Column("base", sa.Integer, nullable=False, server_default="0"),
)

ENDS = [one.name for one in fields(Head)]
READ_HEADS = (
    heads.select()
    .where(heads.c.chain.in_(sa.bindparam("chains", expanding=True)))
    .order_by(heads.c.chain)  # in one order everywhere, so that two instances never wait for each other
)
LOCK_HEADS = READ_HEADS.with_for_update()


class Chains:
    """The ends of chains, locked by whoever is about to lengthen them."""

    def __init__(self, connection: sa.Connection, kind: str, lock: bool) -> None:
        self._connection, self._kind, self._lock = connection, kind, lock

    def get(self, parks: list[str]) -> dict[str, Head]:
        names = {f"{self._kind} {park}": park for park in sorted(parks)}
        found = self._read(list(names))
        if (absent := [name for name in names if name not in found]) and self._lock:
            start = [{"chain": name, "sequence": 0, "hash": Head().hash} for name in absent]
            self._connection.execute(store.insert(heads, self._connection).on_conflict_do_nothing(), start)
            found |= self._read(absent)
        return {park: found.get(name, Head()) for name, park in names.items()}

    def _read(self, names: list[str]) -> dict[str, Head]:
        rows = self._connection.execute(LOCK_HEADS if self._lock else READ_HEADS, {"chains": names})
        return {row.chain: Head(**{name: getattr(row, name) for name in ENDS}) for row in rows}

    def put(self, ends: dict[str, Head]) -> None:
        rows = [{"chain": f"{self._kind} {park}", **asdict(head)} for park, head in ends.items()]
        statement = store.insert(heads, self._connection)
        new = {name: statement.excluded[name] for name in ENDS}
        self._connection.execute(statement.on_conflict_do_update(index_elements=["chain"], set_=new), rows)


def as_text(table: sa.Table, *names: str) -> list[sa.ColumnElement[Any]]:
    """The table's columns, these as the text that stands there, so that a damaged value can be read too."""
    return [sa.cast(c, sa.Text).label(c.name) if c.name in names else c for c in table.c]


def moment(text: str) -> datetime:
    """What `as_text` gave of a moment; NEVER if it is none."""
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        return NEVER
