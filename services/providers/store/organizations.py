"""The register of organizations in the database; contacts encrypted."""

from dataclasses import replace
from typing import Any

import sqlalchemy as sa

from services.providers.domain.organizations import Organization, Status
from services.providers.store.tables import metadata
from shared import store
from shared.contracts.providers import GivenOrganization
from shared.personal import Cipher
from shared.wire import dump, load

CONTACT = ("contact_name", "phone", "email")

organizations = sa.Table(
    "organizations",
    metadata,
    sa.Column("code", sa.Text, primary_key=True),
    sa.Column("version", sa.Integer, nullable=False),
    sa.Column("status", sa.Text, nullable=False),
    sa.Column("status_reason", sa.Text, nullable=False),
    sa.Column("excluded", sa.Text, nullable=False),
    sa.Column("given", sa.JSON, nullable=False),  # the entry without its contact
    sa.Column("contact", sa.LargeBinary, nullable=False),  # encrypted, bound to the code
)

parks = sa.Table("parks", metadata, sa.Column("park", sa.Text, primary_key=True))


class Organizations:
    def __init__(self, connection: sa.Connection, cipher: Cipher, lock: bool) -> None:
        self._connection, self._cipher, self._lock = connection, cipher, lock

    def get(self, code: str) -> Organization | None:
        query = organizations.select().where(organizations.c.code == code)
        row = self._connection.execute(query.with_for_update() if self._lock else query).first()
        return self._entity(row) if row else None

    def add(self, organization: Organization) -> bool:
        values = self._values(organization)
        added = store.insert(organizations, self._connection).values(values).on_conflict_do_nothing()
        return bool(self._connection.execute(added).rowcount)

    def put(self, organization: Organization) -> None:
        values = self._values(organization)
        self._connection.execute(organizations.update().where(organizations.c.code == organization.code).values(values))

    def _values(self, organization: Organization) -> dict[str, Any]:
        given = organization.given
        contact = {name: getattr(given, name) for name in CONTACT}
        return {
            "code": given.code, "version": organization.version, "status": str(organization.status),
            "status_reason": organization.status_reason, "excluded": organization.excluded,
            "given": dump(replace(given, contact_name="", phone="", email="")),
            "contact": self._cipher.seal(contact, given.code),
        }  # fmt: skip

    def all(self) -> list[Organization]:
        return [self._entity(row) for row in self._connection.execute(organizations.select().order_by("code"))]

    def _entity(self, row: sa.Row[Any]) -> Organization:
        given = load(GivenOrganization, row.given)
        return Organization(
            given=replace(given, **self._cipher.open(row.contact, row.code)), version=row.version,
            status=Status(row.status), status_reason=row.status_reason, excluded=row.excluded,
        )  # fmt: skip


class Parks:
    def __init__(self, connection: sa.Connection) -> None:
        self._connection = connection

    def put(self, park: str) -> None:
        self._connection.execute(store.insert(parks, self._connection).values(park=park).on_conflict_do_nothing())

    def all(self) -> set[str]:
        return set(self._connection.execute(sa.select(parks.c.park)).scalars())
