"""What dossiers are found by, in the database: FTS5 beside the table on SQLite, a tsvector in it on PostgreSQL."""

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
FILTERS = ("park", "category", "year", "served")
words_table = sa.table(FULL_TEXT, sa.column("rowid", sa.Integer))
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
        wanted = self._wanted(query, parks)
        before = int(query.after) if query.after else None
        some = self._places(wanted).limit(MOST_COUNTED).subquery()
        total = self._connection.execute(sa.select(sa.func.count()).select_from(some)).scalar_one()
        page = self._places(wanted, before).order_by(sa.desc("place")).limit(query.limit)
        rows = self._connection.execute(
            sa.select(*SHOWN).where(summaries.c.place.in_(page)).order_by(summaries.c.place.desc())
        )
        return [Summary(**row._asdict(), words="") for row in rows], total

    def _wanted(self, query: SearchDossiers, parks: tuple[str, ...]) -> str:
        """All of it as one question to the index of words; empty for everything."""
        some = [[mark("park", park) for park in parks]] if EVERYWHERE not in parks else []
        some += [[mark(kind, value)] for kind in FILTERS if (value := getattr(query, kind))]
        either, both = (" | ", " & ") if self._postgresql else (" OR ", " AND ")
        groups = [f"({either.join(group)})" for group in some]
        return both.join([*groups, *map(self._piece, asked(query.text))])

    def _piece(self, piece: Piece) -> str:
        if self._postgresql:
            return f"{piece.words[0]}:*" if piece.begins else f"({' <-> '.join(piece.words)})"
        return f"{piece.words[0]}*" if piece.begins else f'"{" ".join(piece.words)}"'

    def _places(self, wanted: str, before: int | None = None) -> sa.Select[Any]:
        """Where what is wanted stands. FTS5 hands it out in order, so that the newest are found without the rest."""
        if wanted and not self._postgresql:
            found = sa.select(words_table.c.rowid.label("place")).where(
                sa.text(f"{FULL_TEXT} MATCH :wanted").bindparams(wanted=wanted)
            )
            return found if before is None else found.where(words_table.c.rowid < before)
        found = sa.select(summaries.c.place)
        if wanted:
            question = sa.func.to_tsquery(sa.text("'simple'"), sa.literal(wanted))
            found = found.where(summaries.c.words.op("@@")(question))
        return found if before is None else found.where(summaries.c.place < before)
