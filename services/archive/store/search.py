"""What dossiers are found by, in the database: FTS5 beside the table on SQLite, a tsvector in it on PostgreSQL."""

from collections.abc import Iterator
from dataclasses import fields
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql

from services.archive.domain.search import Piece, Summary, asked, mark
from services.archive.store.tables import metadata
from shared.access import EVERYWHERE
from shared.contracts.archive import SearchDossiers
from shared.store import Moment

MOST_COUNTED = 1000
FULL_TEXT = "dossier_words"  # the FTS5 table on SQLite; its content is the summaries'

summaries = sa.Table(
    "summaries",
    metadata,
    sa.Column("place", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), primary_key=True),
    sa.Column("item_id", sa.Text, nullable=False, unique=True),
    sa.Column("request_id", sa.Text, nullable=False),
    sa.Column("park", sa.Text, nullable=False),
    sa.Column("number", sa.Text, nullable=False),
    sa.Column("file_number", sa.Text, nullable=False),
    sa.Column("company", sa.Text, nullable=False),
    sa.Column("title", sa.Text, nullable=False),
    sa.Column("category", sa.Text, nullable=False),
    sa.Column("item", sa.Text, nullable=False),
    sa.Column("by_organization", sa.Boolean, nullable=False),
    sa.Column("score", sa.Integer),
    sa.Column("closed_at", Moment, nullable=False),
    sa.Column("sealed_at", Moment, nullable=False),
    sa.Column("words", sa.Text().with_variant(postgresql.TSVECTOR(), "postgresql"), nullable=False),
    sa.Index("ix_summaries_words", "words", postgresql_using="gin", sqlite_where=sa.text("words IS NULL")),
)
SHOWN = [c for c in summaries.c if c.name != "words"]
NAMES = [one.name for one in fields(Summary) if one.name != "place"]


class Summaries:
    def __init__(self, connection: sa.Connection) -> None:
        self._connection = connection
        self._postgresql = connection.dialect.name == "postgresql"

    def add(self, new: list[Summary]) -> None:
        if not new:
            return
        rows = [{name: getattr(one, name) for name in NAMES} for one in new]
        statement = summaries.insert()
        if self._postgresql:
            statement = statement.values(
                {name: sa.bindparam(name) for name in NAMES}
                | {"words": sa.func.to_tsvector(sa.text("'simple'"), sa.bindparam("words", type_=sa.Text))}
            )
        self._connection.execute(statement, rows)
        if not self._postgresql:
            copy = sa.text(
                f"INSERT INTO {FULL_TEXT} (rowid, words) SELECT place, words FROM summaries WHERE item_id = :item_id"
            )
            self._connection.execute(copy, [{"item_id": row["item_id"]} for row in rows])

    def search(self, query: SearchDossiers, parks: tuple[str, ...]) -> tuple[list[Summary], int]:
        conditions = list(self._conditions(query, parks))
        some = sa.select(summaries.c.place).where(*conditions).limit(MOST_COUNTED).subquery()
        total = self._connection.execute(sa.select(sa.func.count()).select_from(some)).scalar_one()
        if query.after:
            conditions.append(summaries.c.place < int(query.after))
        wanted = sa.select(*SHOWN).where(*conditions).order_by(summaries.c.place.desc()).limit(query.limit)
        return [Summary(**row._asdict(), words="") for row in self._connection.execute(wanted)], total

    def _conditions(self, query: SearchDossiers, parks: tuple[str, ...]) -> Iterator[sa.ColumnElement[bool]]:
        """All of it is asked of the one index of words."""
        some = [[mark("park", park) for park in parks]] if EVERYWHERE not in parks else []
        for kind in ("park", "category", "year", "served"):
            if value := getattr(query, kind):
                some.append([mark(kind, value)])
        pieces = asked(query.text)
        if some or pieces:
            yield self._match(some, pieces)

    def _match(self, some: list[list[str]], pieces: list[Piece]) -> Any:
        if self._postgresql:
            groups = [f"({' | '.join(group)})" for group in some]
            told = [f"({' <-> '.join(piece.words)})" if not piece.begins else f"{piece.words[0]}:*" for piece in pieces]
            wanted = sa.func.to_tsquery(sa.text("'simple'"), sa.literal(" & ".join(groups + told)))
            return summaries.c.words.op("@@")(wanted)
        groups = [f"({' OR '.join(group)})" for group in some]
        told = [f'"{" ".join(piece.words)}"' if not piece.begins else f"{piece.words[0]}*" for piece in pieces]
        found = sa.text(f"SELECT rowid FROM {FULL_TEXT} WHERE {FULL_TEXT} MATCH :wanted")
        return summaries.c.place.in_(
            found.bindparams(wanted=" AND ".join(groups + told)).columns(sa.column("rowid", sa.Integer))
        )
