"""Requests in the database; their contacts encrypted."""

import json
import os
from dataclasses import asdict

import sqlalchemy as sa
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from services.intake.domain import Contact, Request
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


class Requests:
    def __init__(self, connection: sa.Connection, cipher: AESGCM) -> None:
        self._connection, self._cipher = connection, cipher

    def add(self, request: Request) -> None:
        nonce = os.urandom(NONCE_BYTES)
        plain = json.dumps(asdict(request.contact)).encode()
        values = {c.name: getattr(request, c.name) for c in requests.columns}
        values["contact"] = nonce + self._cipher.encrypt(nonce, plain, request.request_id.encode())
        self._connection.execute(requests.insert().values(values))

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

    def short(self, park: str) -> str | None:
        return self._connection.execute(sa.select(parks.c.short).where(parks.c.park == park)).scalar()

    def put(self, park: str, short: str) -> None:
        self._connection.execute(
            store.insert(parks, self._connection)
            .values(park=park, short=short)
            .on_conflict_do_update(index_elements=["park"], set_={"short": short})
        )

    def next_count(self, park: str, year: int) -> int:
        return int(
            self._connection.execute(
                store.insert(numbers, self._connection)
                .values(park=park, year=year, last=1)
                .on_conflict_do_update(index_elements=["park", "year"], set_={"last": numbers.c.last + 1})
                .returning(numbers.c.last)
            ).scalar_one()
        )


class UnitOfWork(store.UnitOfWork):
    metadata = metadata
    requests: Requests
    parks: Parks

    def open(self, connection: sa.Connection) -> None:
        self.zone = settings().timezone
        self.requests = Requests(connection, AESGCM(keys.data_key(settings())))
        self.parks = Parks(connection)
