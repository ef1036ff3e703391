"""How requests stand, read from the items."""

from collections.abc import Iterator
from dataclasses import fields
from typing import Any

import sqlalchemy as sa

from services.dispatch.store.items import items
from shared.contracts.dispatch import ListStandings, Standing

COLUMNS = [items.c[f.name] for f in fields(Standing)]


class Standings:
    def __init__(self, connection: sa.Connection) -> None:
        self._connection = connection

    def list(self, query: ListStandings) -> list[Standing]:
        wanted = sa.select(*COLUMNS).where(*_conditions(query)).order_by(items.c.item_id.desc())
        rows = self._connection.execute(wanted.offset(query.skip).limit(query.limit))
        return [Standing(**row._asdict()) for row in rows]


def _conditions(query: ListStandings) -> Iterator[Any]:
    if query.parks:
        yield items.c.park.in_(query.parks)
    if query.numbers:
        yield items.c.number.in_(query.numbers)
    if query.services:
        yield sa.or_(items.c.item.in_(query.services), items.c.category.in_(query.services))
    if query.since:
        yield items.c.opened_at >= query.since
    if query.until:
        yield items.c.opened_at <= query.until
    if query.closed is not None:
        sibling = items.alias("sibling")
        unfinished = sa.exists().where(sibling.c.number == items.c.number, sibling.c.stage.not_in(query.over))
        yield ~unfinished if query.closed else unfinished
