"""Accounts, sessions and counters of guesses in the gateway's database."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa

from services.gateway.accounts.domain import FORGET_ALL, IDLE, LIFETIME, TOUCH, Account, Subject
from shared.store import NAMES, Moment, insert, unavailable

metadata = sa.MetaData(naming_convention=NAMES)

accounts = sa.Table(
    "accounts",
    metadata,
    sa.Column("id", sa.Text, primary_key=True),
    sa.Column("display_name", sa.Text, nullable=False),
    sa.Column("role", sa.Text, nullable=False),
    sa.Column("parks", sa.JSON, nullable=False),
    sa.Column("password_hash", sa.Text, nullable=False),
    sa.Column("demo", sa.Boolean, nullable=False),
    sa.Column("created_at", Moment, nullable=False),
    sa.Column("disabled_at", Moment),
    sa.Column("organization", sa.Text, nullable=False, server_default=""),
    sa.Column("client", sa.Text, nullable=False, server_default=""),
)
sessions = sa.Table(
    "sessions",
    metadata,
    sa.Column("token_hash", sa.Text, primary_key=True),
    sa.Column("account_id", sa.ForeignKey("accounts.id", ondelete="CASCADE"), nullable=False),
    sa.Column("created_at", Moment, nullable=False),
    sa.Column("seen_at", Moment, nullable=False),
    sa.Index(None, "account_id"),
)
guesses = sa.Table(
    "guesses",
    metadata,
    sa.Column("subject", sa.Text, primary_key=True),
    sa.Column("count", sa.Integer, nullable=False),
    sa.Column("last_at", Moment, nullable=False),
    sa.Index(None, "last_at"),
)


def _account(row: sa.Row[Any]) -> Account:
    return Account(
        id=row.id,
        display_name=row.display_name,
        role=row.role,
        parks=tuple(row.parks),
        demo=row.demo,
        created_at=row.created_at,
        disabled_at=row.disabled_at,
        organization=row.organization,
        client=row.client,
    )


class Accounts:
    """Every account; each call is one transaction. Raises Unavailable when the database cannot be used."""

    def __init__(self, engine: sa.Engine) -> None:
        self._engine = engine

    def add(self, account: Account, password_hash: str) -> bool:
        """False if the login is taken."""
        with unavailable(), self._engine.begin() as connection:
            added = connection.execute(
                insert(accounts, connection)
                .values(
                    id=account.id,
                    display_name=account.display_name,
                    role=account.role,
                    parks=list(account.parks),
                    password_hash=password_hash,
                    demo=account.demo,
                    created_at=account.created_at,
                    organization=account.organization,
                    client=account.client,
                )
                .on_conflict_do_nothing()
            )
            return bool(added.rowcount)

    def list(self) -> list[Account]:
        with unavailable(), reading(self._engine) as connection:
            return [_account(row) for row in connection.execute(accounts.select().order_by(accounts.c.id))]

    def password_of(self, login: str) -> tuple[Account, str] | None:
        with unavailable(), reading(self._engine) as connection:
            row = connection.execute(accounts.select().where(accounts.c.id == login)).one_or_none()
            return (_account(row), row.password_hash) if row else None

    def set_password(self, login: str, password_hash: str) -> bool:
        return self._change(login, password_hash=password_hash)

    def disable(self, login: str, now: datetime) -> bool:
        return self._change(login, disabled_at=now)

    def _change(self, login: str, **values: object) -> bool:
        """Change an account and end its sessions; False if there is none."""
        with unavailable(), self._engine.begin() as connection:
            changed = connection.execute(accounts.update().where(accounts.c.id == login).values(**values))
            connection.execute(sessions.delete().where(sessions.c.account_id == login))
            return bool(changed.rowcount)

    def remove_demo(self) -> Sequence[str]:
        """The logins of the demo accounts that are gone now."""
        with unavailable(), self._engine.begin() as connection:
            demo = accounts.c.demo.is_(True)
            found = list(connection.execute(sa.select(accounts.c.id).where(demo)).scalars())
            connection.execute(sessions.delete().where(sessions.c.account_id.in_(found)))
            connection.execute(accounts.delete().where(demo))
            return found


class Sessions:
    """Who is signed in."""

    def __init__(self, engine: sa.Engine) -> None:
        self._engine = engine

    def open(self, token_hash: str, account_id: str, now: datetime, instead_of: str = "") -> None:
        """Begin a session in the place of the browser's last one; forget those that are over."""
        with unavailable(), self._engine.begin() as connection:
            over = sa.or_(
                sessions.c.token_hash == instead_of,
                sessions.c.created_at < now - LIFETIME,
                sessions.c.seen_at < now - IDLE,
            )
            connection.execute(sessions.delete().where(over))
            connection.execute(
                sessions.insert().values(token_hash=token_hash, account_id=account_id, created_at=now, seen_at=now)
            )

    def find(self, token_hash: str, now: datetime) -> Account | None:
        """The account of a session that is not over; notes that it was used."""
        query = (
            sa.select(accounts, sessions.c.seen_at)
            .join(sessions, sessions.c.account_id == accounts.c.id)
            .where(
                sessions.c.token_hash == token_hash,
                sessions.c.created_at > now - LIFETIME,
                sessions.c.seen_at > now - IDLE,
                accounts.c.disabled_at.is_(None),
            )
        )
        with unavailable():
            with reading(self._engine) as connection:
                row = connection.execute(query).one_or_none()
            if row is None:
                return None
            if now - row.seen_at > TOUCH:
                with self._engine.begin() as connection:
                    this = sessions.c.token_hash == token_hash
                    connection.execute(sessions.update().where(this).values(seen_at=now))
        return _account(row)

    def close(self, token_hash: str) -> None:
        with unavailable(), self._engine.begin() as connection:
            connection.execute(sessions.delete().where(sessions.c.token_hash == token_hash))


class Guesses:
    """Counts guesses before they are checked, so that many at once gain nothing."""

    def __init__(self, engine: sa.Engine) -> None:
        self._engine = engine

    def count(self, subjects: Iterable[Subject], now: datetime) -> timedelta | None:
        """Count one guess at each; or, if one of them must wait, count nothing and say for how long."""
        with unavailable(), self._engine.begin() as connection:
            counts = {}
            for subject in sorted(subjects, key=lambda s: s.key):  # always locked in the same order
                count, last = self._locked(connection, subject, now)
                rest = subject.rule.rest(count)
                if rest and last + rest > now:
                    return last + rest - now
                counts[subject.key] = count + 1, max(last, now)  # another gateway's clock may be ahead
            for key, (count, at) in counts.items():
                this = guesses.c.subject == key
                connection.execute(guesses.update().where(this).values(count=count, last_at=at))
            return None

    def forget(self, now: datetime) -> None:
        """Drop the counters that no rule looks at any more."""
        with unavailable(), self._engine.begin() as connection:
            connection.execute(guesses.delete().where(guesses.c.last_at < now - FORGET_ALL))

    def forgive(self, proven: Subject, others: Iterable[Subject]) -> None:
        """The guess was right: forget those at `proven`, and this one at the others."""
        with unavailable(), self._engine.begin() as connection:
            connection.execute(guesses.delete().where(guesses.c.subject == proven.key))
            _give_back(connection, others)

    def give_back(self, subjects: Iterable[Subject]) -> None:
        """It was no guess after all."""
        with unavailable(), self._engine.begin() as connection:
            _give_back(connection, subjects)

    def _locked(self, connection: sa.Connection, subject: Subject, now: datetime) -> tuple[int, datetime]:
        made = insert(guesses, connection).values(subject=subject.key, count=0, last_at=now)
        locked = made.on_conflict_do_update(index_elements=["subject"], set_={"subject": made.excluded.subject})
        count, last = connection.execute(locked.returning(guesses.c.count, guesses.c.last_at)).one()
        return subject.rule.count(count, last, now), last


def _give_back(connection: sa.Connection, subjects: Iterable[Subject]) -> None:
    for subject in subjects:
        this = sa.and_(guesses.c.subject == subject.key, guesses.c.count > 0)
        connection.execute(guesses.update().where(this).values(count=guesses.c.count - 1))


def reading(engine: sa.Engine) -> Any:
    return engine.connect().execution_options(reads=True)


def answers(engine: sa.Engine) -> bool:
    """Whether the database can be used now."""
    try:
        with engine.connect().execution_options(reads=True) as connection:
            connection.execute(sa.text("SELECT 1"))
    except sa.exc.SQLAlchemyError:
        return False
    return True
