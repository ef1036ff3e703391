"""The ledger in the database."""

from collections.abc import Iterator
from dataclasses import fields

import sqlalchemy as sa

from services.archive.domain.ledger import Head, Line
from services.archive.store.tables import Chains, as_text, metadata, moment
from shared.store import Moment

ledger = sa.Table(
    "ledger",
    metadata,
    sa.Column("park", sa.Text, primary_key=True),
    sa.Column("sequence", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("event_id", sa.Text, nullable=False, unique=True),
    sa.Column("key", sa.Text, nullable=False),
    sa.Column("request_id", sa.Text, nullable=False),
    sa.Column("item_id", sa.Text, nullable=False),
    sa.Column("occurred_at", Moment, nullable=False),
    sa.Column("body", sa.Text, nullable=False),
    sa.Column("previous", sa.Text, nullable=False),
    sa.Column("hash", sa.Text, nullable=False),
    sa.Index("ix_ledger_request", "request_id", "sequence"),
)

KNOWN = sa.select(ledger.c.event_id, ledger.c.body).where(ledger.c.event_id.in_(sa.bindparam("ids", expanding=True)))
ADD_LINES = ledger.insert()
OF_REQUEST = ledger.select().where(ledger.c.request_id == sa.bindparam("wanted")).order_by(ledger.c.sequence)
STEP = 1000  # lines read at once, so that no statement takes long
WALK = (
    sa.select(*as_text(ledger, "occurred_at"))
    .where(ledger.c.park == sa.bindparam("wanted"), ledger.c.sequence > sa.bindparam("after"))
    .order_by(ledger.c.sequence)
    .limit(STEP)
)
HASHES = sa.select(ledger.c.sequence, ledger.c.hash).where(
    ledger.c.park == sa.bindparam("wanted"), ledger.c.sequence.in_(sa.bindparam("sequences", expanding=True))
)
BEFORE = -(2**31)  # any sequence a column can hold, a damaged one too, comes after this


class Ledger:
    def __init__(self, connection: sa.Connection, lock: bool) -> None:
        self._connection = connection
        self._chains = Chains(connection, "ledger", lock)

    def heads(self, parks: list[str]) -> dict[str, Head]:
        return self._chains.get(parks)

    def known(self, event_ids: list[str]) -> dict[str, str]:
        return {row.event_id: row.body for row in self._connection.execute(KNOWN, {"ids": event_ids})}

    def append(self, lines: list[Line]) -> None:
        if not lines:
            return
        self._connection.execute(ADD_LINES, [{f.name: getattr(line, f.name) for f in fields(Line)} for line in lines])
        last = {line.park: Head(sequence=line.sequence, hash=line.hash) for line in lines}
        self._chains.put(last)

    def of_request(self, request_id: str) -> list[Line]:
        return [Line(**row._asdict()) for row in self._connection.execute(OF_REQUEST, {"wanted": request_id})]

    def parks(self) -> list[str]:
        return list(self._connection.execute(sa.select(ledger.c.park).distinct().order_by(ledger.c.park)).scalars())

    def walk(self, park: str) -> Iterator[Line]:
        after = BEFORE
        while True:
            rows = self._connection.execute(WALK, {"wanted": park, "after": after}).all()
            for row in rows:
                yield Line(**{**row._asdict(), "occurred_at": moment(row.occurred_at)})
            if len(rows) < STEP:
                return
            after = rows[-1].sequence

    def hashes(self, park: str, sequences: list[int]) -> dict[int, str]:
        rows = self._connection.execute(HASHES, {"wanted": park, "sequences": sequences})
        return {row.sequence: row.hash for row in rows}
