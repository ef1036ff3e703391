"""Filters of the queue that an account keeps under a name."""

from dataclasses import dataclass
from datetime import datetime
from urllib.parse import parse_qsl, urlencode

import sqlalchemy as sa

from services.gateway.accounts.store import metadata
from shared.errors import Invalid
from shared.store import Moment, insert, unavailable

MOST = 20
NAME_LIMIT = 30
KEPT = ("view", "park", "stage", "search", "order")  # what of an address is a filter

filters = sa.Table(
    "filters",
    metadata,
    sa.Column("account_id", sa.ForeignKey("accounts.id", ondelete="CASCADE"), primary_key=True),
    sa.Column("name", sa.Text, primary_key=True),
    sa.Column("query", sa.Text, nullable=False),
    sa.Column("saved_at", Moment, nullable=False),
)


@dataclass(frozen=True)
class SavedFilter:
    """`query` is what stands behind the question mark of the queue's address."""

    name: str
    query: str


def plain(query: str) -> str:
    """Only what filters, in one order, so that the same filter is the same text."""
    given = dict(parse_qsl(query[:2000], errors="replace"))
    return urlencode([(name, given[name][:100]) for name in KEPT if given.get(name)])


class Filters:
    """The filters of every account; each call is one transaction."""

    def __init__(self, engine: sa.Engine) -> None:
        self._engine = engine

    def of(self, account_id: str) -> list[SavedFilter]:
        """In the order they were saved."""
        mine = filters.select().where(filters.c.account_id == account_id).order_by(filters.c.saved_at, filters.c.name)
        with unavailable(), self._engine.connect().execution_options(reads=True) as connection:
            return [SavedFilter(row.name, row.query) for row in connection.execute(mine)]

    def put(self, account_id: str, name: str, query: str, now: datetime) -> None:
        """In the place of one of the same name; raises Invalid."""
        name = name.strip()
        if not name or len(name) > NAME_LIMIT:
            raise Invalid("请检查填写的内容", fields={"name": "请起个名字，最多 30 个字"})
        if not plain(query):
            raise Invalid("请检查填写的内容", fields={"name": "先选好条件，再存为常用"})
        values = {"account_id": account_id, "name": name, "query": plain(query), "saved_at": now}
        with unavailable(), self._engine.begin() as connection:
            others = filters.c.account_id == account_id, filters.c.name != name
            count = connection.execute(sa.select(sa.func.count()).select_from(filters).where(*others)).scalar_one()
            if count >= MOST:
                raise Invalid("请检查填写的内容", fields={"name": "最多存 20 个，请先删掉不用的"})
            change = {"query": values["query"]}
            connection.execute(
                insert(filters, connection)
                .values(values)
                .on_conflict_do_update(index_elements=["account_id", "name"], set_=change)
            )

    def drop(self, account_id: str, name: str) -> None:
        with unavailable(), self._engine.begin() as connection:
            connection.execute(filters.delete().where(filters.c.account_id == account_id, filters.c.name == name))
