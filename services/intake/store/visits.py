"""Lists of visits in the database; what their lines say encrypted."""

from dataclasses import asdict
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from services.intake.domain.visits import Line, Stage, State, Visits
from services.intake.store.sealed import Cipher
from services.intake.store.tables import metadata
from shared import store
from shared.access import EVERYWHERE, Actor
from shared.contracts.intake import VisitRow
from shared.store import Moment

visit_lists = sa.Table(
    "visit_lists",
    metadata,
    sa.Column("list_id", sa.Text, primary_key=True),
    sa.Column("park", sa.Text, nullable=False),
    sa.Column("file_name", sa.Text, nullable=False),
    sa.Column("columns", sa.JSON, nullable=False),
    sa.Column("added_by", sa.JSON, nullable=False),
    sa.Column("added_at", Moment, nullable=False),
    sa.Column("stage", sa.Text, nullable=False),
    sa.Column("confirmed_by", sa.JSON),
    sa.Index(
        "ix_visit_lists_running", "list_id",
        postgresql_where=sa.text("stage = 'running'"), sqlite_where=sa.text("stage = 'running'"),
    ),
)  # fmt: skip
visit_lines = sa.Table(
    "visit_lines",
    metadata,
    sa.Column("list_id", sa.Text, primary_key=True),
    sa.Column("row", sa.Integer, primary_key=True),
    sa.Column("company", sa.Text, nullable=False),
    sa.Column("mark", sa.Text, nullable=False),
    sa.Column("state", sa.Text, nullable=False),
    sa.Column("wrong", sa.JSON, nullable=False),
    sa.Column("number", sa.Text, nullable=False),
    sa.Column("given", sa.LargeBinary),  # nonce + AES-256-GCM, bound to the list and the row
)
visit_marks = sa.Table(
    "visit_marks",
    metadata,
    sa.Column("mark", sa.Text, primary_key=True),
    sa.Column("number", sa.Text, nullable=False),
    sa.Column("taken_at", Moment, nullable=False),
)

ADD_LINE = visit_lines.insert()


class VisitLists:
    def __init__(self, connection: sa.Connection, cipher: Cipher, lock: bool) -> None:
        self._connection, self._cipher, self._lock = connection, cipher, lock

    def add(self, visits: Visits) -> None:
        self._connection.execute(visit_lists.insert().values(_values(visits)))

    def get(self, list_id: str) -> Visits | None:
        query = visit_lists.select().where(visit_lists.c.list_id == list_id)
        return self._one(query.with_for_update() if self._lock else query)

    def put(self, visits: Visits) -> None:
        this = visit_lists.c.list_id == visits.list_id
        self._connection.execute(visit_lists.update().where(this).values(_values(visits)))

    def latest(self, parks: tuple[str, ...], limit: int) -> list[Visits]:
        query = visit_lists.select().where(visit_lists.c.stage != Stage.DROPPED)
        if EVERYWHERE not in parks:
            query = query.where(visit_lists.c.park.in_(parks))
        rows = self._connection.execute(query.order_by(visit_lists.c.added_at.desc()).limit(limit))
        return [_visits(row) for row in rows]

    def running(self) -> Visits | None:
        query = visit_lists.select().where(visit_lists.c.stage == Stage.RUNNING).order_by(visit_lists.c.list_id)
        return self._one(query.limit(1).with_for_update(skip_locked=True))

    def _one(self, query: sa.Select[Any]) -> Visits | None:
        row = self._connection.execute(query).first()
        return _visits(row) if row else None

    def counts(self, list_id: str) -> dict[str, int]:
        rows = self._connection.execute(
            sa.select(visit_lines.c.state, sa.func.count())
            .where(visit_lines.c.list_id == list_id)
            .group_by(visit_lines.c.state)
        )
        return {str(state): int(count) for state, count in rows}

    def add_lines(self, list_id: str, lines: list[Line]) -> None:
        if lines:
            self._connection.execute(ADD_LINE, [self._line_values(list_id, line) for line in lines])

    def put_line(self, list_id: str, line: Line) -> None:
        this = sa.and_(visit_lines.c.list_id == list_id, visit_lines.c.row == line.row)
        self._connection.execute(visit_lines.update().where(this).values(self._line_values(list_id, line)))

    def lines(self, list_id: str, state: str = "", after: int = 0, limit: int = 100) -> list[Line]:
        query = visit_lines.select().where(visit_lines.c.list_id == list_id, visit_lines.c.row > after)
        if state:
            query = query.where(visit_lines.c.state == state)
        rows = self._connection.execute(query.order_by(visit_lines.c.row).limit(limit))
        return [self._line(row) for row in rows]

    def marks(self, list_id: str) -> set[str]:
        good = [visit_lines.c.list_id == list_id, visit_lines.c.state != State.WRONG]
        query = sa.select(visit_lines.c.mark).where(*good)
        return set(self._connection.execute(query).scalars())

    def taken(self, marks: list[str]) -> dict[str, str]:
        query = sa.select(visit_marks.c.mark, visit_marks.c.number).where(visit_marks.c.mark.in_(marks))
        return {row.mark: row.number for row in self._connection.execute(query)}

    def claim(self, mark: str, now: datetime) -> bool:
        claimed = store.insert(visit_marks, self._connection).values(mark=mark, number="", taken_at=now)
        return bool(self._connection.execute(claimed.on_conflict_do_nothing()).rowcount)

    def settle(self, mark: str, number: str) -> None:
        self._connection.execute(visit_marks.update().where(visit_marks.c.mark == mark).values(number=number))

    def forget(self, old: datetime, unconfirmed: datetime) -> int:
        stale = visit_lists.c.stage.in_([Stage.READING, Stage.PREVIEW]) & (visit_lists.c.added_at < unconfirmed)
        dropped = self._connection.execute(visit_lists.update().where(stale).values(stage=Stage.DROPPED)).rowcount
        over = sa.select(visit_lists.c.list_id).where(
            (visit_lists.c.stage == Stage.DROPPED)
            | (visit_lists.c.added_at < old) & (visit_lists.c.stage == Stage.DONE)
        )
        said = visit_lines.c.list_id.in_(over) & visit_lines.c.given.is_not(None)
        self._connection.execute(visit_lines.update().where(said).values(given=None))
        return dropped

    def _line_values(self, list_id: str, line: Line) -> dict[str, Any]:
        given = self._cipher.seal(asdict(line.given), f"{list_id}/{line.row}") if line.given else None
        return {
            "list_id": list_id, "row": line.row, "company": line.company, "mark": line.mark, "state": line.state,
            "wrong": line.wrong, "number": line.number, "given": given,
        }  # fmt: skip

    def _line(self, row: sa.Row[Any]) -> Line:
        given = VisitRow(**self._cipher.open(row.given, f"{row.list_id}/{row.row}")) if row.given else None
        return Line(
            row=row.row, company=row.company, mark=row.mark, state=State(row.state), wrong=row.wrong,
            number=row.number, given=given,
        )  # fmt: skip


def _values(visits: Visits) -> dict[str, Any]:
    return asdict(visits)


def _visits(row: sa.Row[Any]) -> Visits:
    confirmed = _actor(row.confirmed_by) if row.confirmed_by else None
    values = {**row._asdict(), "stage": Stage(row.stage), "added_by": _actor(row.added_by), "confirmed_by": confirmed}
    return Visits(**values)


def _actor(kept: dict[str, Any]) -> Actor:
    return Actor(**{**kept, "parks": tuple(kept["parks"]), "requests": tuple(kept["requests"])})
