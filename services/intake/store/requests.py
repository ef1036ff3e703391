"""Requests in the database; their contacts encrypted."""

import json
import os
from dataclasses import asdict

import sqlalchemy as sa
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from services.intake.channel import OCCASION
from services.intake.domain.requests import Contact, Request
from services.intake.store.tables import metadata
from shared.contracts.intake import Occasion
from shared.store import Moment

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
    sa.Column("taken_by", sa.Text),  # the occasion, if one is recorded
    sa.Column("taken_place", sa.Text),
    sa.Column("taken_at", Moment),
    sa.Column("on_behalf", sa.Boolean, nullable=False),
    sa.Column("reference", sa.Text, nullable=False),
)

NONCE_BYTES = 12
ADD_REQUEST = requests.insert()


class Requests:
    def __init__(self, connection: sa.Connection, cipher: AESGCM) -> None:
        self._connection, self._cipher = connection, cipher

    def add(self, request: Request) -> None:
        nonce = os.urandom(NONCE_BYTES)
        plain = json.dumps(asdict(request.contact)).encode()
        values = {c.name: getattr(request, c.name) for c in requests.columns if not c.name.startswith("taken_")}
        for part in OCCASION:
            values[f"taken_{part}"] = getattr(request.occasion, part, None)
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
        values = row._asdict()
        taken = {part: values.pop(f"taken_{part}") for part in OCCASION}
        occasion = Occasion(**taken) if taken["by"] is not None else None
        return Request(**{**values, "contact": Contact(**json.loads(plain)), "occasion": occasion})
