"""Files of requests in the database; their contents are in the file store."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from services.intake.domain.files import File
from services.intake.store.tables import metadata
from shared.store import Moment

files = sa.Table(
    "files",
    metadata,
    sa.Column("file_id", sa.Text, primary_key=True),
    sa.Column("sha256", sa.Text, nullable=False),
    sa.Column("name", sa.Text, nullable=False),
    sa.Column("content_type", sa.Text, nullable=False),
    sa.Column("size", sa.BigInteger, nullable=False),
    sa.Column("added_at", Moment, nullable=False),
    sa.Column("request_id", sa.ForeignKey("requests.request_id")),
    sa.Column("brought_by", sa.Text, nullable=False),
    sa.Column("mail_id", sa.ForeignKey("mails.mail_id")),  # the mail that holds it until a request has it
    sa.Index(None, "request_id"),
    sa.Index(None, "sha256"),
    sa.Index(None, "mail_id"),
)


class Files:
    def __init__(self, connection: sa.Connection, lock: bool) -> None:
        self._connection, self._lock = connection, lock

    def add(self, file: File) -> None:
        self._connection.execute(files.insert().values(**vars(file)))

    def get(self, file_ids: Iterable[str]) -> list[File]:
        wanted = list(file_ids)
        query = files.select().where(files.c.file_id.in_(wanted)).order_by(files.c.file_id)
        rows = self._connection.execute(query.with_for_update() if self._lock else query)
        found = {row.file_id: File(**row._asdict()) for row in rows}
        return [found[file_id] for file_id in wanted if file_id in found]

    def put(self, file: File) -> None:
        change = files.update().where(files.c.file_id == file.file_id)
        self._connection.execute(change.values(request_id=file.request_id, brought_by=file.brought_by))

    def of_request(self, request_id: str) -> list[File]:
        query = _by_age(files.c.request_id == request_id)
        return [File(**row._asdict()) for row in self._connection.execute(query)]

    def of_mail(self, mail_id: str) -> list[File]:
        held = sa.and_(files.c.mail_id == mail_id, files.c.request_id.is_(None))
        return [File(**row._asdict()) for row in self._connection.execute(_by_age(held))]

    def forget_unclaimed(self, before: datetime, most: int) -> int:
        due = (
            sa.select(files.c.file_id)
            .where(files.c.request_id.is_(None), files.c.mail_id.is_(None), files.c.added_at < before)
            .limit(most)
            .with_for_update(skip_locked=True)
        )
        found = list(self._connection.execute(due).scalars())
        self._connection.execute(files.delete().where(files.c.file_id.in_(found)))
        return len(found)

    def unknown(self, hashes: Iterable[str]) -> list[str]:
        wanted = list(hashes)
        known = set(self._connection.execute(sa.select(files.c.sha256).where(files.c.sha256.in_(wanted))).scalars())
        return [sha256 for sha256 in wanted if sha256 not in known]


def _by_age(condition: sa.ColumnElement[bool]) -> sa.Select[Any]:
    return files.select().where(condition).order_by(files.c.file_id)
