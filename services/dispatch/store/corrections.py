"""Corrections of suggestions, and the parks by district, in the database."""

from collections.abc import Hashable
from dataclasses import asdict

import sqlalchemy as sa

from services.dispatch.domain.corrections import Correction
from services.dispatch.store.items import items
from services.dispatch.store.tables import metadata
from shared import store
from shared.store import Moment

corrections = sa.Table(
    "corrections",
    metadata,
    sa.Column("item_id", sa.Text, primary_key=True),
    sa.Column("park", sa.Text, nullable=False),
    sa.Column("category", sa.Text, nullable=False),
    sa.Column("item", sa.Text, nullable=False),
    sa.Column("suggested", sa.Text, nullable=False),
    sa.Column("corrected_at", Moment, nullable=False),
    sa.Index("ix_corrections_park", "park", "corrected_at"),
)

parks = sa.Table(
    "parks",
    metadata,
    sa.Column("park", sa.Text, primary_key=True),
    sa.Column("district", sa.Text, nullable=False),
    sa.Column("industries", sa.JSON, nullable=False, server_default="[]"),
)

IN_PARKS = corrections.c.park.in_(sa.bindparam("parks", expanding=True))
GET_CORRECTION = corrections.select().where(corrections.c.item_id == sa.bindparam("id"))
NEWEST = (
    sa.select(corrections.c.category, corrections.c.item, items.c.text)
    .join(items, items.c.item_id == corrections.c.item_id)
    .where(IN_PARKS)
    .order_by(corrections.c.corrected_at.desc(), corrections.c.item_id)
)
STAMP = sa.select(sa.func.count(), sa.func.max(corrections.c.corrected_at)).where(IN_PARKS)
_own = parks.alias("own")
BESIDE = (
    sa.select(parks.c.park)
    .join(_own, _own.c.district == parks.c.district)
    .where(_own.c.park == sa.bindparam("wanted"))
    .order_by(parks.c.park)
)


class Corrections:
    def __init__(self, connection: sa.Connection) -> None:
        self._connection = connection

    def get(self, item_id: str) -> Correction | None:
        row = self._connection.execute(GET_CORRECTION, {"id": item_id}).first()
        return Correction(**row._asdict()) if row else None

    def put(self, correction: Correction) -> None:
        values = asdict(correction)
        self._connection.execute(
            store.insert(corrections, self._connection)
            .values(values)
            .on_conflict_do_update(index_elements=["item_id"], set_=values)
        )

    def of(self, parks: tuple[str, ...], most: int) -> list[tuple[str, str, str]]:
        rows = self._connection.execute(NEWEST.limit(most), {"parks": parks})
        return [(row.category, row.item, row.text) for row in rows]

    def stamp(self, parks: tuple[str, ...]) -> Hashable:
        count, newest = self._connection.execute(STAMP, {"parks": parks}).one()
        return count, newest


class Parks:
    def __init__(self, connection: sa.Connection) -> None:
        self._connection = connection

    def put(self, park: str, district: str, industries: tuple[str, ...] = ()) -> None:
        values = {"park": park, "district": district, "industries": list(industries)}
        self._connection.execute(
            store.insert(parks, self._connection)
            .values(values)
            .on_conflict_do_update(index_elements=["park"], set_=values)
        )

    def industries(self, park: str) -> tuple[str, ...]:
        query = sa.select(parks.c.industries).where(parks.c.park == park)
        return tuple(self._connection.execute(query).scalar() or ())

    def beside(self, park: str) -> tuple[str, ...]:
        return tuple(self._connection.execute(BESIDE, {"wanted": park}).scalars()) or (park,)
