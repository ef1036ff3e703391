"""Mails and what became of them, in the database; what is personal in them sealed."""

from datetime import datetime
from typing import Any

import sqlalchemy as sa

from services.intake.domain.mails import Fate, Taken
from services.intake.store.sealed import Cipher
from services.intake.store.tables import metadata
from shared import store
from shared.access import EVERYWHERE
from shared.store import Moment

mails = sa.Table(
    "mails",
    metadata,
    sa.Column("mail_id", sa.Text, primary_key=True),
    sa.Column("message_id", sa.Text, nullable=False, unique=True),
    sa.Column("digest", sa.Text, nullable=False),
    sa.Column("sender_mark", sa.Text, nullable=False),  # tells senders apart without naming them
    sa.Column("content", sa.LargeBinary, nullable=False),  # sender, subject and text; sealed, bound to the mail
    sa.Column("arrived_at", Moment, nullable=False),
    sa.Column("fate", sa.Text, nullable=False),
    sa.Column("reason", sa.Text, nullable=False),
    sa.Column("park", sa.Text, nullable=False),
    sa.Column("request_id", sa.Text, nullable=False),
    sa.Column("settled_by", sa.Text, nullable=False),
    sa.Index(None, "sender_mark", "arrived_at"),
    sa.Index(None, "request_id"),
    sa.Index(None, "fate", "mail_id"),
)

deliveries = sa.Table(  # mails in the mailbox that somebody is at, or that nobody could finish
    "deliveries",
    metadata,
    sa.Column("delivery", sa.Text, primary_key=True),
    sa.Column("tries", sa.Integer, nullable=False),
    sa.Column("held_until", Moment),
)

SEALED = ("sender", "sender_name", "subject", "text")
OPEN = ("mail_id", "message_id", "digest", "arrived_at", "fate", "reason", "park", "request_id", "settled_by")
MAY_CHANGE = ("fate", "reason", "park", "request_id", "settled_by")


class Mails:
    def __init__(self, connection: sa.Connection, cipher: Cipher, lock: bool) -> None:
        self._connection, self._cipher, self._lock = connection, cipher, lock

    def add(self, taken: Taken) -> bool:
        values = {name: getattr(taken, name) for name in OPEN}
        values["sender_mark"] = self._cipher.mark(taken.sender)
        values["content"] = self._cipher.seal({name: getattr(taken, name) for name in SEALED}, taken.mail_id)
        made = store.insert(mails, self._connection).values(**values)
        return bool(self._connection.execute(made.on_conflict_do_nothing(index_elements=["message_id"])).rowcount)

    def get(self, mail_id: str) -> Taken | None:
        query = mails.select().where(mails.c.mail_id == mail_id)
        return self._one(query.with_for_update() if self._lock else query)

    def by_message_id(self, message_id: str) -> Taken | None:
        return self._one(mails.select().where(mails.c.message_id == message_id))

    def put(self, taken: Taken) -> None:
        change = mails.update().where(mails.c.mail_id == taken.mail_id)
        self._connection.execute(change.values(**{name: getattr(taken, name) for name in MAY_CHANGE}))

    def since(self, sender: str, moment: datetime) -> int:
        of_sender = sa.and_(mails.c.sender_mark == self._cipher.mark(sender), mails.c.arrived_at > moment)
        return int(self._connection.execute(sa.select(sa.func.count()).where(of_sender)).scalar_one())

    def last_request_of(self, sender: str) -> str:
        of_sender = mails.c.sender_mark == self._cipher.mark(sender)
        needs = sa.and_(of_sender, mails.c.fate == Fate.NEED, mails.c.request_id != "")
        query = sa.select(mails.c.request_id).where(needs).order_by(mails.c.mail_id.desc()).limit(1)
        return str(self._connection.execute(query).scalar() or "")

    def page(self, fates: tuple[str, ...], parks: tuple[str, ...], after: str, limit: int) -> list[Taken]:
        query = mails.select().where(_of(fates, parks))
        if after:
            query = query.where(mails.c.mail_id < after)
        rows = self._connection.execute(query.order_by(mails.c.mail_id.desc()).limit(limit))
        return [self._taken(row) for row in rows]

    def count(self, fate: str, parks: tuple[str, ...]) -> int:
        return int(self._connection.execute(sa.select(sa.func.count()).where(_of((fate,), parks))).scalar_one())

    def of_request(self, request_id: str) -> list[Taken]:
        told = sa.and_(mails.c.request_id == request_id, mails.c.fate.in_((Fate.NEED, Fate.ADDED)))
        query = mails.select().where(told).order_by(mails.c.mail_id)
        return [self._taken(row) for row in self._connection.execute(query)]

    def begin(self, delivery: str, now: datetime, until: datetime) -> int:
        made = store.insert(deliveries, self._connection).values(delivery=delivery, tries=1, held_until=until)
        begun = made.on_conflict_do_update(
            index_elements=["delivery"],
            set_={"tries": deliveries.c.tries + 1, "held_until": until},
            where=sa.or_(deliveries.c.held_until.is_(None), deliveries.c.held_until <= now),
        )
        return int(self._connection.execute(begun.returning(deliveries.c.tries)).scalar() or 0)

    def let_go(self, delivery: str, again: bool) -> None:
        this = deliveries.c.delivery == delivery
        if again:
            change = deliveries.update().where(this).values(tries=deliveries.c.tries - 1, held_until=None)
            self._connection.execute(change)
        else:
            self._connection.execute(deliveries.delete().where(this))

    def _one(self, query: sa.Select[Any]) -> Taken | None:
        row = self._connection.execute(query).first()
        return self._taken(row) if row else None

    def _taken(self, row: sa.Row[Any]) -> Taken:
        values = {name: getattr(row, name) for name in OPEN}
        return Taken(**{**values, "fate": Fate(row.fate), **self._cipher.open(row.content, row.mail_id)})


def _of(fates: tuple[str, ...], parks: tuple[str, ...]) -> sa.ColumnElement[bool]:
    wanted = mails.c.fate.in_(fates)
    return wanted if EVERYWHERE in parks else sa.and_(wanted, mails.c.park.in_(("", *parks)))
