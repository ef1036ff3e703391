"""One-time notices in the database."""

from dataclasses import asdict, fields

import sqlalchemy as sa

from services.dispatch.domain.notices import Notice
from services.dispatch.store.tables import metadata
from shared.store import Moment

notices = sa.Table(
    "notices",
    metadata,
    sa.Column("notice_id", sa.Text, primary_key=True),
    sa.Column("item_id", sa.Text, nullable=False, index=True),
    sa.Column("request_id", sa.Text, nullable=False, index=True),
    sa.Column("park", sa.Text, nullable=False),
    sa.Column("category", sa.Text, nullable=False),
    sa.Column("item", sa.Text, nullable=False),
    sa.Column("asks", sa.JSON, nullable=False),
    sa.Column("count", sa.Integer, nullable=False),
    sa.Column("reason", sa.Text, nullable=False),
    sa.Column("issued_at", Moment, nullable=False),
    sa.Column("issued_by", sa.Text, nullable=False),
    sa.Column("answers", sa.JSON, nullable=False),
    sa.Column("given", sa.JSON, nullable=False),
    sa.Column("answered_at", Moment),
)

NAMES = [f.name for f in fields(Notice)]
CHANGED = ("answers", "given", "answered_at")
PUT_NOTICE = notices.update().where(notices.c.notice_id == sa.bindparam("id"))
LAST_OF = notices.select().where(notices.c.item_id == sa.bindparam("wanted")).order_by(notices.c.count.desc()).limit(1)
OF_REQUEST = notices.select().where(notices.c.request_id == sa.bindparam("wanted")).order_by(notices.c.notice_id)


class Notices:
    def __init__(self, connection: sa.Connection) -> None:
        self._connection = connection

    def add(self, notice: Notice) -> None:
        self._connection.execute(notices.insert(), asdict(notice))

    def put(self, notice: Notice) -> None:
        changed = {name: getattr(notice, name) for name in CHANGED}
        self._connection.execute(PUT_NOTICE, {"id": notice.notice_id, **changed})

    def last_of(self, item_id: str) -> Notice | None:
        row = self._connection.execute(LAST_OF, {"wanted": item_id}).first()
        return Notice(**row._asdict()) if row else None

    def of_request(self, request_id: str) -> list[Notice]:
        rows = self._connection.execute(OF_REQUEST, {"wanted": request_id})
        return [Notice(**row._asdict()) for row in rows]
