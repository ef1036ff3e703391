"""Mails of ours in the database; address and words sealed."""

from datetime import datetime
from typing import Any

import sqlalchemy as sa

from services.intake.domain.letters import Letter, Way
from services.intake.store.sealed import Cipher
from services.intake.store.tables import metadata
from shared import store
from shared.store import Moment

letters = sa.Table(
    "letters",
    metadata,
    sa.Column("letter_id", sa.Text, primary_key=True),
    sa.Column("fact", sa.Text, nullable=False, unique=True),
    sa.Column("request_id", sa.ForeignKey("requests.request_id"), nullable=False),
    sa.Column("park", sa.Text, nullable=False),
    sa.Column("message_id", sa.Text, nullable=False, unique=True),
    sa.Column("content", sa.LargeBinary, nullable=False),  # address, subject, text; sealed, bound to the letter
    sa.Column("answers", sa.Text, nullable=False),
    sa.Column("written_by", sa.Text, nullable=False),
    sa.Column("written_at", Moment, nullable=False),
    sa.Column("way", sa.Text, nullable=False),
    sa.Column("tries", sa.Integer, nullable=False),
    sa.Column("due_at", Moment),
    sa.Column("trouble", sa.Text, nullable=False),
    sa.Index(None, "request_id"),
    sa.Index(None, "due_at"),
)

SEALED = ("to", "subject", "text")
OPEN = tuple(column.name for column in letters.columns if column.name != "content")
MAY_CHANGE = ("way", "tries", "due_at", "trouble")


class Letters:
    def __init__(self, connection: sa.Connection, cipher: Cipher) -> None:
        self._connection, self._cipher = connection, cipher

    def add(self, letter: Letter) -> bool:
        values = {name: getattr(letter, name) for name in OPEN}
        values["content"] = self._cipher.seal({name: getattr(letter, name) for name in SEALED}, letter.letter_id)
        made = store.insert(letters, self._connection).values(**values)
        return bool(self._connection.execute(made.on_conflict_do_nothing(index_elements=["fact"])).rowcount)

    def get(self, letter_id: str) -> Letter | None:
        return self._one(letters.select().where(letters.c.letter_id == letter_id))

    def put(self, letter: Letter) -> None:
        change = letters.update().where(letters.c.letter_id == letter.letter_id)
        self._connection.execute(change.values(**{name: getattr(letter, name) for name in MAY_CHANGE}))

    def by_message_id(self, message_id: str) -> Letter | None:
        return self._one(letters.select().where(letters.c.message_id == message_id))

    def due(self, now: datetime) -> Letter | None:
        waiting = letters.select().where(letters.c.due_at <= now).order_by(letters.c.due_at, letters.c.letter_id)
        return self._one(waiting.limit(1).with_for_update(skip_locked=True))

    def of_request(self, request_id: str) -> list[Letter]:
        query = letters.select().where(letters.c.request_id == request_id).order_by(letters.c.letter_id)
        return [self._letter(row) for row in self._connection.execute(query)]

    def _one(self, query: sa.Select[Any]) -> Letter | None:
        row = self._connection.execute(query).first()
        return self._letter(row) if row else None

    def _letter(self, row: sa.Row[Any]) -> Letter:
        values = {name: getattr(row, name) for name in OPEN}
        return Letter(**{**values, "way": Way(row.way), **self._cipher.open(row.content, row.letter_id)})
