"""Dispatch's copy of the register of organizations."""

from typing import Any

import sqlalchemy as sa

from services.dispatch.domain.organizations import Organization
from services.dispatch.store.tables import metadata
from shared import store
from shared.contracts.providers import OrganizationRegistered
from shared.wire import dump, load

organizations = sa.Table(
    "organizations",
    metadata,
    sa.Column("code", sa.Text, primary_key=True),
    sa.Column("version", sa.Integer, nullable=False),
    sa.Column("entry", sa.JSON, nullable=False),  # as the register said it
)


class Organizations:
    def __init__(self, connection: sa.Connection) -> None:
        self._connection = connection

    def get(self, code: str) -> Organization | None:
        return self._one(organizations.select().where(organizations.c.code == code))

    def lock(self, code: str) -> Organization | None:
        return self._one(organizations.select().where(organizations.c.code == code).with_for_update())

    def put(self, organization: Organization) -> None:
        values = {
            "code": organization.code, "version": organization.version, "entry": dump(organization.registered()),
        }  # fmt: skip
        self._connection.execute(
            store.insert(organizations, self._connection)
            .values(values)
            .on_conflict_do_update(index_elements=["code"], set_=values)
        )

    def all(self) -> list[Organization]:
        return [_entity(row) for row in self._connection.execute(organizations.select().order_by("code"))]

    def _one(self, query: sa.Select[Any]) -> Organization | None:
        row = self._connection.execute(query).first()
        return _entity(row) if row else None


def _entity(row: sa.Row[Any]) -> Organization:
    return Organization.of(load(OrganizationRegistered, row.entry))
