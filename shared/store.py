"""A service's own database: its engine, and the transaction that handlers work in.

Every service has three tables besides its own: `outbox` (events to publish), `inbox` (events that took effect)
and `commands` (commands that took effect, with their answers). They commit together with the effect.
"""

import hashlib
import json
import sqlite3
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any, Self, TypeVar

import sqlalchemy as sa
from sqlalchemy import event as sa_event
from sqlalchemy.dialects.postgresql import insert as postgresql_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert

from shared import postgresql, trace
from shared.access import Actor
from shared.config import settings
from shared.contracts.base import Answer, Event, Who
from shared.crash import crash_point
from shared.errors import KeyReused, Rejected, Unavailable
from shared.ids import new_id
from shared.wire import dump, encode

NAMES = {
    "pk": "pk_%(table_name)s",
    "fk": "fk_%(table_name)s_%(column_0_name)s",
    "ix": "ix_%(table_name)s_%(column_0_name)s",
    "uq": "uq_%(table_name)s_%(column_0_name)s",
}

A = TypeVar("A", bound=Answer)
E = TypeVar("E", bound=Event)


class Moment(sa.types.TypeDecorator[datetime]):
    """A moment in UTC: `timestamptz` on PostgreSQL, ISO 8601 text that sorts on SQLite."""

    impl = sa.DateTime(timezone=True)
    cache_ok = True

    def load_dialect_impl(self, dialect: sa.Dialect) -> Any:
        return dialect.type_descriptor(sa.Text() if dialect.name == "sqlite" else sa.DateTime(timezone=True))

    def process_bind_param(self, value: datetime | None, dialect: sa.Dialect) -> Any:
        if value is None:
            return None
        moment = value.astimezone(UTC)
        return moment.isoformat(timespec="microseconds") if dialect.name == "sqlite" else moment

    def process_result_value(self, value: Any, dialect: sa.Dialect) -> datetime | None:
        if value is None:
            return None
        return datetime.fromisoformat(value) if isinstance(value, str) else value.astimezone(UTC)


def tables() -> sa.MetaData:
    """The metadata of one service, with the three tables that carry its messages."""
    metadata = sa.MetaData(naming_convention=NAMES)
    sa.Table(
        "outbox",
        metadata,
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), primary_key=True),
        sa.Column("event_id", sa.Text, nullable=False),
        sa.Column("routing_key", sa.Text, nullable=False),
        sa.Column("body", sa.Text, nullable=False),
        sa.Column("said_at", Moment, nullable=False),
        sa.Column("sent_at", Moment),
        sa.UniqueConstraint("event_id"),
        sa.Index(
            "ix_outbox_unsent", "id",
            postgresql_where=sa.text("sent_at IS NULL"), sqlite_where=sa.text("sent_at IS NULL"),
        ),
    )  # fmt: skip
    sa.Table(
        "inbox",
        metadata,
        sa.Column("handler", sa.Text, primary_key=True),
        sa.Column("event_id", sa.Text, primary_key=True),
        sa.Column("heard_at", Moment, nullable=False),
    )
    sa.Table(
        "commands",
        metadata,
        sa.Column("command_id", sa.Text, primary_key=True),
        sa.Column("digest", sa.Text, nullable=False),
        sa.Column("answer", sa.Text, nullable=False),
        sa.Column("taken_at", Moment, nullable=False),
    )
    return metadata


def connect(service: str, pool: int = 10) -> sa.Engine:
    """The engine of one service's database; connects at the first use."""
    url = settings().database_url
    return _postgresql(url, service, pool) if url else _sqlite(sqlite_path(service))


def sqlite_path(service: str) -> Path:
    return settings().home / "db" / f"{service}.sqlite3"


def _postgresql(url: str, service: str, pool: int) -> sa.Engine:
    limits = {
        "search_path": service, "statement_timeout": "8000", "lock_timeout": "5000",
        "idle_in_transaction_session_timeout": "20000", "timezone": "UTC",
    }  # fmt: skip
    return sa.create_engine(
        sa.make_url(url).set(drivername=postgresql.DRIVER),
        pool_size=pool, max_overflow=0, pool_timeout=10,
        connect_args={
            "connect_timeout": 5, "application_name": f"nqi {service}",
            "options": " ".join(f"-c {name}={value}" for name, value in limits.items()),
            "keepalives_idle": 10, "keepalives_interval": 5, "keepalives_count": 3, "tcp_user_timeout": 15000,
        },
    )  # fmt: skip


def _sqlite(path: Path) -> sa.Engine:
    path.parent.mkdir(parents=True, exist_ok=True)
    engine = sa.create_engine(f"sqlite:///{path}", pool_size=20, max_overflow=0)

    @sa_event.listens_for(engine, "connect")
    def _set_up(connection: Any, _: Any) -> None:
        connection.isolation_level = None  # we begin transactions ourselves, below
        for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "busy_timeout=5000"):
            connection.execute(f"PRAGMA {pragma}")

    @sa_event.listens_for(engine, "begin")
    def _begin(connection: sa.Connection) -> None:
        reads = connection.get_execution_options().get("reads", False)
        connection.exec_driver_sql("BEGIN" if reads else "BEGIN IMMEDIATE")

    return engine


_sqlite_writers = threading.Lock()


@contextmanager
def writing(engine: sa.Engine) -> Iterator[None]:
    """Writers of one process queue up here before they begin on SQLite.

    A write transaction that yields to another green thread while it holds SQLite's lock would block the whole
    process, for SQLite waits without yielding.
    """
    if engine.dialect.name != "sqlite":
        yield
        return
    with _sqlite_writers:
        yield


def purge(engine: sa.Engine, metadata: sa.MetaData, before: datetime) -> None:
    """Forget what was sent, heard and answered before that moment; what was never sent stays."""
    for name, at in (("outbox", "sent_at"), ("inbox", "heard_at"), ("commands", "taken_at")):
        table = metadata.tables[name]
        with unavailable(), writing(engine), engine.connect() as connection:
            connection.execute(table.delete().where(table.c[at] < before))
            connection.commit()


def insert(table: sa.Table, connection: sa.Connection | sa.Engine) -> Any:
    """An INSERT of this dialect, for `on_conflict_do_nothing` and its like."""
    return postgresql_insert(table) if connection.dialect.name == "postgresql" else sqlite_insert(table)


class Repeated(Exception):
    """This event took effect before; there is nothing left to do."""


class Answered(Exception):
    """This command took effect before; `answer` is what it was told."""

    def __init__(self, answer: dict[str, Any]) -> None:
        self.answer = answer
        super().__init__()


@dataclass(frozen=True, kw_only=True)
class Cause:
    """Why a transaction runs. `kind`: event, command, query or clock; `id` makes the first two take effect once."""

    kind: str
    actor: Actor
    id: str = ""
    handler: str = ""
    digest: str = ""


class UnitOfWork:
    """Rolls back unless told to commit; subclasses open their repositories.

    Raises Repeated on entering, or Answered on leaving, when the message took effect before; Unavailable when the
    database cannot be used.
    """

    metadata: sa.MetaData

    def __init__(
        self, engine: sa.Engine, cause: Cause, nudge: Callable[[list[dict[str, Any]]], None] = lambda said: None
    ) -> None:
        self._engine = engine
        self._cause = cause
        self._nudge = nudge
        self.reads = cause.kind == "query"
        self.actor = cause.actor
        self.new_id = new_id

    def open(self, connection: sa.Connection) -> None:
        """Make this service's repositories on the transaction's connection."""
        raise NotImplementedError

    def __enter__(self) -> Self:
        self._held = ExitStack()
        if not self.reads:
            self._held.enter_context(writing(self._engine))
        with unavailable(), ExitStack() as undo:
            undo.push(self._held)
            self._begin()
            undo.pop_all()
        return self

    def _begin(self) -> None:
        self.now = datetime.now(UTC)
        self._said: list[dict[str, Any]] = []
        try:
            self._connect()
        except sa.exc.DBAPIError as error:
            if not error.connection_invalidated:
                raise
            self._connect()  # a pooled connection had died while it was idle: the next one is fresh
        self.open(self._connection)

    def _connect(self) -> None:
        self._connection = self._engine.connect().execution_options(reads=self.reads)
        self._held.callback(self._connection.close)  # rolls back what was not committed
        if self._cause.kind == "event" and not self._insert("inbox", handler=self._cause.handler, heard_at=self.now):
            raise Repeated

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, _: object) -> None:
        with unavailable(), self._held:  # letting go of a connection that is gone fails too
            if self._cause.kind == "command" and isinstance(error, Rejected):
                self._connection.rollback()
                if answered := self._answered():  # it is refused because it took effect before
                    raise answered from error
            if error is not None:
                raise error

    def _insert(self, table: str, **values: Any) -> bool:
        """Record this message by its id; False if it was there before, or another transaction was first."""
        row = {"event_id" if table == "inbox" else "command_id": self._cause.id, **values}
        statement = _insert_once(self.metadata.tables[table], self._engine.dialect.name)
        return bool(self._connection.execute(statement, row).rowcount)

    def _answered(self) -> Answered | KeyReused | None:
        """What became of this command before, if anything did."""
        commands = self.metadata.tables["commands"]
        row = self._connection.execute(sa.select(commands).where(commands.c.command_id == self._cause.id)).first()
        if row is None:
            return None
        if row.digest != self._cause.digest:
            return KeyReused("这个幂等键已经用在内容不同的请求上，请换一个")
        return Answered(json.loads(row.answer))

    def say(self, event: E, topic: str = "") -> E:
        """Put an event into the outbox; returns it with its envelope filled."""
        said = replace(
            event, event_id=new_id(), occurred_at=self.now, traceparent=trace.current(),
            actor=Who(id=self.actor.id, role=self.actor.role, name=self.actor.name),
        )  # fmt: skip
        key = f"{event.key()}.{topic}".rstrip(".")
        body = encode(dump(said)).decode()
        self._said.append({"event_id": said.event_id, "routing_key": key, "body": body, "said_at": self.now})
        return said

    def commit(self, answer: A | None = None) -> A:
        """Make all of it last, the answer to a command included; returns that answer."""
        with unavailable():
            if self._said:
                self._connection.execute(_insert_into(self.metadata.tables["outbox"]), self._said)
            if self._cause.kind == "command" and not self._insert(
                "commands", digest=self._cause.digest, answer=encode(dump(answer)).decode(), taken_at=self.now
            ):
                self._connection.rollback()
                raise self._answered() or Unavailable("请稍后再试")
            crash_point("before_commit")
            self._connection.commit()
        crash_point("after_commit")
        if self._said:
            self._nudge(self._said)
        return answer  # type: ignore[return-value]


# Statements are made once: what SQLAlchemy derives from a statement it keeps with the statement.


@cache
def _insert_into(table: sa.Table) -> sa.Insert:
    return table.insert().inline()  # nobody asks for the row's number


@cache
def _insert_once(table: sa.Table, dialect: str) -> Any:
    return (postgresql_insert if dialect == "postgresql" else sqlite_insert)(table).on_conflict_do_nothing()


def digest(payload: Any) -> str:
    """Tells whether a repeated command is the same command."""
    return hashlib.sha256(encode(payload)).hexdigest()


@contextmanager
def unavailable() -> Iterator[None]:
    """Errors that only mean "the database cannot be used now" become Unavailable."""
    try:
        yield
    except (sa.exc.DBAPIError, sa.exc.TimeoutError) as error:
        if isinstance(error, sa.exc.DBAPIError) and not _passes(error):
            raise
        raise Unavailable("数据库暂时用不了，请稍后再试") from error


def _passes(error: sa.exc.DBAPIError) -> bool:
    """Whether the same statement may go well later."""
    if isinstance(error.orig, sqlite3.Error):
        name = getattr(error.orig, "sqlite_errorname", "")
        return name.startswith(("SQLITE_BUSY", "SQLITE_LOCKED", "SQLITE_IOERR", "SQLITE_FULL", "SQLITE_CANTOPEN"))
    return error.connection_invalidated or isinstance(error, sa.exc.OperationalError | sa.exc.InterfaceError)
