"""The ledger and the register of dossiers in the database."""

from dataclasses import fields
from typing import Any

import sqlalchemy as sa

from services.archive.bag import Shelf
from services.archive.domain import Dossier, Head, Line
from shared import store
from shared.access import EVERYWHERE
from shared.config import settings
from shared.store import Moment

metadata = store.tables()

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

heads = sa.Table(  # the ends of the chains: `ledger park` and `dossiers park`
    "heads",
    metadata,
    sa.Column("chain", sa.Text, primary_key=True),
    sa.Column("sequence", sa.Integer, nullable=False),
    sa.Column("hash", sa.Text, nullable=False),
)

dossiers = sa.Table(
    "dossiers",
    metadata,
    sa.Column("item_id", sa.Text, primary_key=True),
    sa.Column("request_id", sa.Text, nullable=False, index=True),
    sa.Column("park", sa.Text, nullable=False),
    sa.Column("number", sa.Text, nullable=False),
    sa.Column("evidence", sa.JSON, nullable=False),
    sa.Column("closed_at", Moment, nullable=False),
    sa.Column("sequence", sa.Integer, nullable=False),
    sa.Column("digest", sa.Text, nullable=False),
    sa.Column("previous", sa.Text, nullable=False),
    sa.Column("path", sa.Text, nullable=False),
    sa.Column("sealed_at", Moment),
    sa.Index(
        "ix_dossiers_due", "closed_at",
        postgresql_where=sa.text("sealed_at IS NULL"), sqlite_where=sa.text("sealed_at IS NULL"),
    ),
)  # fmt: skip


LOCK_HEADS = (
    heads.select()
    .where(heads.c.chain.in_(sa.bindparam("chains", expanding=True)))
    .order_by(heads.c.chain)  # in one order everywhere, so that two instances never wait for each other
    .with_for_update()
)
KNOWN = sa.select(ledger.c.event_id).where(ledger.c.event_id.in_(sa.bindparam("ids", expanding=True)))
ADD_LINES = ledger.insert()
OF_REQUEST = ledger.select().where(ledger.c.request_id == sa.bindparam("wanted")).order_by(ledger.c.sequence)
OF_PARK = ledger.select().where(ledger.c.park == sa.bindparam("wanted")).order_by(ledger.c.sequence)


class _Chains:
    """The ends of chains, locked by whoever is about to lengthen them."""

    def __init__(self, connection: sa.Connection, kind: str) -> None:
        self._connection, self._kind = connection, kind

    def get(self, parks: list[str]) -> dict[str, Head]:
        names = {f"{self._kind} {park}": park for park in sorted(parks)}
        found = self._lock(list(names))
        if absent := [name for name in names if name not in found]:
            start = [{"chain": name, "sequence": 0, "hash": Head().hash} for name in absent]
            self._connection.execute(store.insert(heads, self._connection).on_conflict_do_nothing(), start)
            found |= self._lock(absent)
        return {park: found[name] for name, park in names.items()}

    def _lock(self, names: list[str]) -> dict[str, Head]:
        rows = self._connection.execute(LOCK_HEADS, {"chains": names})
        return {row.chain: Head(sequence=row.sequence, hash=row.hash) for row in rows}

    def put(self, ends: dict[str, Head]) -> None:
        rows = [
            {"chain": f"{self._kind} {park}", "sequence": head.sequence, "hash": head.hash}
            for park, head in ends.items()
        ]
        statement = store.insert(heads, self._connection)
        new = {"sequence": statement.excluded.sequence, "hash": statement.excluded.hash}
        self._connection.execute(statement.on_conflict_do_update(index_elements=["chain"], set_=new), rows)


class Ledger:
    def __init__(self, connection: sa.Connection) -> None:
        self._connection = connection
        self._chains = _Chains(connection, "ledger")

    def heads(self, parks: list[str]) -> dict[str, Head]:
        return self._chains.get(parks)

    def known(self, event_ids: list[str]) -> set[str]:
        return set(self._connection.execute(KNOWN, {"ids": event_ids}).scalars())

    def append(self, lines: list[Line]) -> None:
        if not lines:
            return
        self._connection.execute(ADD_LINES, [{f.name: getattr(line, f.name) for f in fields(Line)} for line in lines])
        last = {line.park: Head(sequence=line.sequence, hash=line.hash) for line in lines}
        self._chains.put(last)

    def of_request(self, request_id: str) -> list[Line]:
        return self._some(OF_REQUEST, wanted=request_id)

    def parks(self) -> list[str]:
        return list(self._connection.execute(sa.select(ledger.c.park).distinct().order_by(ledger.c.park)).scalars())

    def of_park(self, park: str) -> list[Line]:
        return self._some(OF_PARK, wanted=park)

    def _some(self, query: sa.Select[Any], **values: str) -> list[Line]:
        return [Line(**row._asdict()) for row in self._connection.execute(query, values)]


class Dossiers:
    def __init__(self, connection: sa.Connection) -> None:
        self._connection = connection
        self._chains = _Chains(connection, "dossiers")

    def add(self, dossier: Dossier) -> None:
        self._connection.execute(
            store.insert(dossiers, self._connection)
            .values({f.name: getattr(dossier, f.name) for f in fields(Dossier)})
            .on_conflict_do_nothing()
        )

    def due(self, most: int) -> list[Dossier]:
        query = (
            dossiers.select()
            .where(dossiers.c.sealed_at.is_(None))
            .order_by(dossiers.c.closed_at)
            .limit(most)
            .with_for_update(skip_locked=True)
        )
        return self._some(query)

    def head(self, park: str) -> Head:
        return self._chains.get([park])[park]

    def seal(self, dossier: Dossier) -> None:
        changed = {name: getattr(dossier, name) for name in ("sequence", "digest", "previous", "path", "sealed_at")}
        self._connection.execute(dossiers.update().where(dossiers.c.item_id == dossier.item_id).values(changed))
        self._chains.put({dossier.park: Head(sequence=dossier.sequence, hash=dossier.digest)})

    def page(
        self, park: str, request_id: str, parks: tuple[str, ...], after: str, limit: int
    ) -> tuple[list[Dossier], int]:
        conditions: list[sa.ColumnElement[bool]] = [dossiers.c.sealed_at.is_not(None)]
        if EVERYWHERE not in parks:
            conditions.append(dossiers.c.park.in_(parks))
        if park:
            conditions.append(dossiers.c.park == park)
        if request_id:
            conditions.append(dossiers.c.request_id == request_id)
        total = self._connection.execute(
            sa.select(sa.func.count()).select_from(dossiers).where(*conditions)
        ).scalar_one()
        if after:
            conditions.append(dossiers.c.item_id < after)
        return self._some(dossiers.select().where(*conditions).order_by(dossiers.c.item_id.desc()).limit(limit)), total

    def _some(self, query: sa.Select[Any]) -> list[Dossier]:
        return [Dossier(**row._asdict()) for row in self._connection.execute(query)]


class UnitOfWork(store.UnitOfWork):
    metadata = metadata
    ledger: Ledger
    dossiers: Dossiers
    shelf: Shelf

    def open(self, connection: sa.Connection) -> None:
        self.zone = settings().timezone
        self.ledger = Ledger(connection)
        self.dossiers = Dossiers(connection)
        self.shelf = Shelf(settings().home / "archive")
