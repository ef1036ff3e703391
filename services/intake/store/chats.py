"""Instant messages in the database; who wrote, and what was said, encrypted."""

from datetime import datetime
from typing import Any

import sqlalchemy as sa

from services.intake.domain.chats import Chat, Fate, Person, Reply
from services.intake.domain.sending import Way
from services.intake.store.sealed import Cipher
from services.intake.store.tables import metadata
from shared import store
from shared.store import Moment

chat_people = sa.Table(
    "chat_people",
    metadata,
    sa.Column("key", sa.Text, primary_key=True),  # a keyed digest of the user's id
    sa.Column("park", sa.Text, nullable=False),
    sa.Column("company", sa.Text, nullable=False),
    sa.Column("greeted_at", Moment),
    sa.Column("asked_at", Moment),
    sa.Column("sealed", sa.LargeBinary, nullable=False),  # user, name, phone; bound to the key
)
chats = sa.Table(
    "chats",
    metadata,
    sa.Column("message_id", sa.Text, primary_key=True),
    sa.Column("person", sa.Text, nullable=False),
    sa.Column("kind", sa.Text, nullable=False),
    sa.Column("text", sa.LargeBinary, nullable=False),  # bound to the message
    sa.Column("arrived_at", Moment, nullable=False),
    sa.Column("fate", sa.Text, nullable=False),
    sa.Column("request_id", sa.Text, nullable=False, index=True),
    sa.Column("number", sa.Text, nullable=False),
    sa.Column("over", sa.Boolean, nullable=False),
    sa.Index("ix_chats_person", "person", "arrived_at"),
    sa.Index(
        "ix_chats_waiting", "arrived_at",
        postgresql_where=sa.text("fate = 'waiting'"), sqlite_where=sa.text("fate = 'waiting'"),
    ),
)  # fmt: skip
chat_replies = sa.Table(
    "chat_replies",
    metadata,
    sa.Column("reply_id", sa.Text, primary_key=True),
    sa.Column("fact", sa.Text, nullable=False, unique=True),
    sa.Column("person", sa.Text, nullable=False),
    sa.Column("sealed", sa.LargeBinary, nullable=False),  # user and text; bound to the reply
    sa.Column("request_id", sa.Text, nullable=False, index=True),
    sa.Column("written_by", sa.Text, nullable=False),
    sa.Column("written_at", Moment, nullable=False),
    sa.Column("way", sa.Text, nullable=False),
    sa.Column("tries", sa.Integer, nullable=False),
    sa.Column("due_at", Moment),
    sa.Column("trouble", sa.Text, nullable=False),
    sa.Index(
        "ix_chat_replies_due", "due_at",
        postgresql_where=sa.text("due_at IS NOT NULL"), sqlite_where=sa.text("due_at IS NOT NULL"),
    ),
)  # fmt: skip


class Chats:
    def __init__(self, connection: sa.Connection, cipher: Cipher) -> None:
        self._connection, self._cipher = connection, cipher

    def person(self, user: str) -> Person:
        key = self._cipher.mark(f"chat {user}")
        new = Person(key=key, user=user)
        met = store.insert(chat_people, self._connection).values(self._person_values(new)).on_conflict_do_nothing()
        self._connection.execute(met)
        row = self._connection.execute(chat_people.select().where(chat_people.c.key == key).with_for_update()).one()
        return self._person(row)

    def put_person(self, person: Person) -> None:
        this = chat_people.c.key == person.key
        self._connection.execute(chat_people.update().where(this).values(self._person_values(person)))

    def get(self, message_id: str) -> Chat | None:
        found = self._chats(chats.c.message_id == message_id)
        return found[0] if found else None

    def add(self, chat: Chat) -> None:
        self._connection.execute(chats.insert().values(self._chat_values(chat)))

    def put(self, chat: Chat) -> None:
        this = chats.c.message_id == chat.message_id
        values = {name: getattr(chat, name) for name in ("fate", "request_id", "number")}
        self._connection.execute(chats.update().where(this).values(values))

    def waiting(self, person: str) -> list[Chat]:
        return self._chats(chats.c.person == person, chats.c.fate == Fate.WAITING)

    def left_waiting(self, before: datetime) -> str:
        left = sa.select(chats.c.person).where(chats.c.fate == Fate.WAITING, chats.c.arrived_at < before)
        query = sa.select(chat_people).where(chat_people.c.key.in_(left)).order_by(chat_people.c.key).limit(1)
        row = self._connection.execute(query.with_for_update(skip_locked=True)).first()
        return self._person(row).user if row else ""

    def last_about(self, person: str) -> Chat | None:
        about = [chats.c.person == person, chats.c.fate.in_([Fate.NEED, Fate.ADDED]), chats.c.over.is_(False)]
        query = chats.select().where(*about).order_by(chats.c.arrived_at.desc(), chats.c.message_id.desc()).limit(1)
        row = self._connection.execute(query).first()
        return self._chat(row) if row else None

    def end(self, request_id: str) -> None:
        self._connection.execute(chats.update().where(chats.c.request_id == request_id).values(over=True))

    def of_request(self, request_id: str) -> list[Chat]:
        return self._chats(chats.c.request_id == request_id)

    def _chats(self, *conditions: Any) -> list[Chat]:
        query = chats.select().where(*conditions).order_by(chats.c.arrived_at, chats.c.message_id)
        return [self._chat(row) for row in self._connection.execute(query)]

    def add_reply(self, reply: Reply) -> bool:
        added = store.insert(chat_replies, self._connection).values(self._reply_values(reply))
        return bool(self._connection.execute(added.on_conflict_do_nothing()).rowcount)

    def put_reply(self, reply: Reply) -> None:
        this = chat_replies.c.reply_id == reply.reply_id
        values = {name: getattr(reply, name) for name in ("way", "tries", "due_at", "trouble")}
        self._connection.execute(chat_replies.update().where(this).values(values))

    def due(self, now: datetime) -> Reply | None:
        query = chat_replies.select().where(chat_replies.c.due_at <= now).order_by(chat_replies.c.due_at).limit(1)
        row = self._connection.execute(query.with_for_update(skip_locked=True)).first()
        return self._reply(row) if row else None

    def replies_of(self, request_id: str) -> list[Reply]:
        query = chat_replies.select().where(chat_replies.c.request_id == request_id)
        rows = self._connection.execute(query.order_by(chat_replies.c.written_at, chat_replies.c.reply_id))
        return [self._reply(row) for row in rows]

    def _person_values(self, person: Person) -> dict[str, Any]:
        sealed = {"user": person.user, "name": person.name, "phone": person.phone}
        return {
            "key": person.key, "park": person.park, "company": person.company, "greeted_at": person.greeted_at,
            "asked_at": person.asked_at,
            "sealed": self._cipher.seal(sealed, person.key),
        }  # fmt: skip

    def _person(self, row: sa.Row[Any]) -> Person:
        values = row._asdict()
        return Person(**self._cipher.open(values.pop("sealed"), row.key), **values)

    def _chat_values(self, chat: Chat) -> dict[str, Any]:
        return {**vars(chat), "text": self._cipher.seal(chat.text, chat.message_id)}

    def _chat(self, row: sa.Row[Any]) -> Chat:
        text = self._cipher.open(row.text, row.message_id)
        return Chat(**{**row._asdict(), "text": text, "fate": Fate(row.fate)})

    def _reply_values(self, reply: Reply) -> dict[str, Any]:
        values = dict(vars(reply))
        sealed = {name: values.pop(name) for name in ("user", "text")}
        return {**values, "sealed": self._cipher.seal(sealed, reply.reply_id)}

    def _reply(self, row: sa.Row[Any]) -> Reply:
        values = row._asdict()
        said = self._cipher.open(values.pop("sealed"), row.reply_id)
        return Reply(**{**values, **said, "way": Way(row.way)})
