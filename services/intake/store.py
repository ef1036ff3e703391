"""Requests in the database; their contacts encrypted."""

import json
import os
from dataclasses import asdict
from functools import cache
from typing import Any

import sqlalchemy as sa
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from sqlalchemy.dialects import postgresql, sqlite

from services.intake.domain import Contact, Request, number
from shared import keys, store
from shared.config import settings
from shared.store import Moment

metadata = store.tables()

requests = sa.Table(
    "requests",
    metadata,
    sa.Column("request_id", sa.Text, primary_key=True),
    sa.Column("park", sa.Text, nullable=False),
    sa.Column("number", sa.Text, nullable=False, unique=True),
    sa.Column("company", sa.Text, nullable=False),
    sa.Column("text", sa.Text, nullable=False),
    sa.Column("channel", sa.Text, nullable=False),
    sa.Column("received_at", Moment, nullable=False),
    sa.Column("category", sa.Text, nullable=False),
    sa.Column("item", sa.Text, nullable=False),
    sa.Column("details", sa.JSON, nullable=False),
    sa.Column("contact", sa.LargeBinary, nullable=False),  # nonce + AES-256-GCM, bound to the request
)

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

NONCE_BYTES = 12
ADD_REQUEST = requests.insert()


class Requests:
    def __init__(self, connection: sa.Connection, cipher: AESGCM) -> None:
        self._connection, self._cipher = connection, cipher

    def add(self, request: Request) -> None:
        nonce = os.urandom(NONCE_BYTES)
        plain = json.dumps(asdict(request.contact)).encode()
        values = {c.name: getattr(request, c.name) for c in requests.columns}
        values["contact"] = nonce + self._cipher.encrypt(nonce, plain, request.request_id.encode())
        self._connection.execute(ADD_REQUEST, values)

    def get(self, request_id: str) -> Request | None:
        return self._one(requests.c.request_id == request_id)

    def by_number(self, number: str) -> Request | None:
        return self._one(requests.c.number == number)

    def _one(self, condition: sa.ColumnElement[bool]) -> Request | None:
        row = self._connection.execute(requests.select().where(condition)).first()
        if row is None:
            return None
        nonce, sealed = row.contact[:NONCE_BYTES], row.contact[NONCE_BYTES:]
        plain = self._cipher.decrypt(nonce, sealed, row.request_id.encode())
        return Request(**{**row._asdict(), "contact": Contact(**json.loads(plain))})


class Parks:
    def __init__(self, connection: sa.Connection) -> None:
        self._connection = connection

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


class UnitOfWork(store.UnitOfWork):
    metadata = metadata
    requests: Requests
    parks: Parks

    def open(self, connection: sa.Connection) -> None:
        self.zone = settings().timezone
        self.requests = Requests(connection, AESGCM(keys.data_key(settings())))
        self.parks = Parks(connection)
