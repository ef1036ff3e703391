"""Offers to organizations in the database."""

from dataclasses import fields
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa

from services.dispatch.domain.offers import COUNTED, CURRENT, Offer, Status, found
from services.dispatch.store.tables import metadata
from shared.access import EVERYWHERE
from shared.errors import NotFound
from shared.store import Moment

offers = sa.Table(
    "offers",
    metadata,
    sa.Column("job_id", sa.Text, primary_key=True),
    sa.Column("item_id", sa.Text, nullable=False, index=True),
    sa.Column("park", sa.Text, nullable=False),
    sa.Column("target", sa.Text, nullable=False),
    sa.Column("item", sa.Text, nullable=False),
    sa.Column("assessment", sa.Integer, nullable=False),
    sa.Column("offered_at", Moment, nullable=False),
    sa.Column("answer_by", Moment, nullable=False),
    sa.Column("status", sa.Text, nullable=False),
    sa.Column("score", sa.Float),
    sa.Column("answered_at", Moment),
    sa.Column("answered_by", sa.Text, nullable=False),
    sa.Column("on_behalf", sa.Boolean, nullable=False),
    sa.Column("note", sa.Text, nullable=False),
    sa.Column("due_on", sa.Text),
    sa.Column("ended_at", Moment),
    sa.Column("timely", sa.Boolean),
    sa.Column("own_doing", sa.Boolean, nullable=False),
    sa.Column("asked", sa.Boolean, nullable=False),
    sa.Column("rating", sa.Integer),
    sa.Index("ix_offers_target", "target", "status", "job_id"),
    sa.Index("ix_offers_ended", "ended_at"),
)

NAMES = [f.name for f in fields(Offer)]
FIXED = {"job_id", "item_id", "park", "target", "item", "assessment", "offered_at"}
_GROUPS = sa.case({str(Status.OPEN): 0, str(Status.ACCEPTED): 1}, value=offers.c.status, else_=2)
_ANSWER_BY = sa.case((offers.c.status == str(Status.OPEN), offers.c.answer_by))


class Offers:
    def __init__(self, connection: sa.Connection) -> None:
        self._connection = connection

    def add(self, offer: Offer) -> None:
        self._connection.execute(offers.insert(), _values(offer))

    def get(self, job_id: str) -> Offer:
        row = self._connection.execute(offers.select().where(offers.c.job_id == job_id)).first()
        return found(_entity(row) if row else None)

    def item_of(self, job_id: str) -> str:
        item_id = self._connection.execute(sa.select(offers.c.item_id).where(offers.c.job_id == job_id)).scalar()
        if item_id is None:
            raise NotFound("没有这个邀请")
        return str(item_id)

    def put(self, offer: Offer) -> None:
        changed = {name: value for name, value in _values(offer).items() if name not in FIXED}
        self._connection.execute(offers.update().where(offers.c.job_id == offer.job_id).values(changed))

    def of_item(self, item_id: str) -> list[Offer]:
        return self._some(
            offers.select().where(offers.c.item_id == item_id).order_by(offers.c.offered_at, offers.c.job_id)
        )

    def open_to(self, target: str) -> list[str]:
        query = sa.select(offers.c.item_id).where(offers.c.target == target, offers.c.status == str(Status.OPEN))
        return sorted(self._connection.execute(query).scalars())

    def counted(self, since: datetime) -> list[Offer]:
        in_hand = offers.c.status == str(Status.ACCEPTED)
        ended = sa.and_(offers.c.ended_at > since, offers.c.status.in_([str(status) for status in COUNTED]))
        return self._some(offers.select().where(sa.or_(in_hand, ended)))

    def page(self, target: str, parks: tuple[str, ...], current: bool, skip: int, limit: int) -> list[Offer]:
        query = offers.select()
        if target:
            query = query.where(offers.c.target == target)
        if EVERYWHERE not in parks:
            query = query.where(offers.c.park.in_(parks))
        if current:
            query = query.where(offers.c.status.in_([str(status) for status in CURRENT]))
        ordered = query.order_by(_GROUPS, _ANSWER_BY, offers.c.job_id.desc())
        return self._some(ordered.offset(skip).limit(limit))

    def _some(self, query: sa.Select[Any]) -> list[Offer]:
        return [_entity(row) for row in self._connection.execute(query)]


def _values(offer: Offer) -> dict[str, Any]:
    values = {name: getattr(offer, name) for name in NAMES}
    return {**values, "status": str(offer.status), "due_on": offer.due_on and offer.due_on.isoformat()}


def _entity(row: sa.Row[Any]) -> Offer:
    values = row._asdict()
    due_on = date.fromisoformat(row.due_on) if row.due_on else None
    return Offer(**{**values, "status": Status(row.status), "due_on": due_on})
