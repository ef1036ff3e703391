"""Complaints in the database; contacts are encrypted."""

from dataclasses import asdict, fields
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from services.feedback.domain.complaints import OVER, Assessment, Complaint, Stage, Step
from services.feedback.domain.remedies import Correction, Dispute, Status
from services.feedback.store.tables import metadata
from shared import store
from shared.access import EVERYWHERE
from shared.clocks import read_mark, written
from shared.contracts.feedback import ListComplaints
from shared.errors import NotFound
from shared.personal import Cipher
from shared.store import Moment

complaints = sa.Table(
    "complaints",
    metadata,
    sa.Column("complaint_id", sa.Text, primary_key=True),
    sa.Column("number", sa.Text, nullable=False, unique=True),
    sa.Column("code", sa.Text, nullable=False),
    sa.Column("park", sa.Text, nullable=False),
    sa.Column("channel", sa.Text, nullable=False),
    sa.Column("about", sa.Text, nullable=False),
    sa.Column("text", sa.Text, nullable=False),
    sa.Column("wish", sa.Text, nullable=False),
    sa.Column("anonymous", sa.Boolean, nullable=False),
    sa.Column("repeated", sa.Boolean, nullable=False),
    sa.Column("company", sa.Text, nullable=False),
    sa.Column("received_at", Moment, nullable=False),
    sa.Column("month", sa.Text, nullable=False, server_default=""),
    sa.Index("ix_complaints_month", "month", "park"),
    sa.Column("contact", sa.LargeBinary, nullable=False),
    sa.Column("request_id", sa.Text, nullable=False, index=True),
    sa.Column("item_id", sa.Text, nullable=False),
    sa.Column("item_number", sa.Text, nullable=False),
    sa.Column("title", sa.Text, nullable=False),
    sa.Column("category", sa.Text, nullable=False),
    sa.Column("organization", sa.Text, nullable=False),
    sa.Column("hands", sa.JSON, nullable=False),
    sa.Column("stage", sa.Text, nullable=False),
    sa.Column("round", sa.Integer, nullable=False),
    sa.Column("handler_id", sa.Text, nullable=False),
    sa.Column("handler_name", sa.Text, nullable=False),
    sa.Column("before", sa.JSON, nullable=False),
    sa.Column("assessment", sa.JSON),
    sa.Column("outcome", sa.Text, nullable=False),
    sa.Column("response", sa.Text, nullable=False),
    sa.Column("decision", sa.Text, nullable=False),
    sa.Column("decided_at", Moment),
    sa.Column("told_at", Moment),
    sa.Column("in_time", sa.Boolean),
    sa.Column("appeal_until", Moment),
    sa.Column("closed_at", Moment),
    sa.Column("extra_days", sa.Integer, nullable=False),
    sa.Column("dispute", sa.JSON),
    sa.Column("corrections", sa.JSON, nullable=False),
    sa.Column("steps", sa.JSON, nullable=False),
    sa.Column("marks", sa.JSON, nullable=False),
    sa.Column("alarm_at", Moment, index=True),  # worked out whenever it is put
    sa.Index("ix_complaints_park", "park", "received_at"),
)
numbers = sa.Table(
    "complaint_numbers",
    metadata,
    sa.Column("year", sa.Integer, primary_key=True),
    sa.Column("last", sa.Integer, nullable=False),
)

CONTACT = ("contact_name", "phone", "email")
NAMES = [f.name for f in fields(Complaint) if f.name not in CONTACT]
SPECIAL = ("assessment", "dispute", "corrections", "steps", "marks")
CHANGING = {
    "organization", "stage", "round", "handler_id", "handler_name", "before", "assessment", "outcome", "response",
    "decision", "decided_at", "told_at", "in_time", "appeal_until", "closed_at", "extra_days", "dispute", "corrections",
    "steps", "marks",
}  # fmt: skip


class Complaints:
    def __init__(self, connection: sa.Connection, cipher: Cipher, lock: bool) -> None:
        self._connection, self._cipher, self._lock = connection, cipher, lock

    def next_number(self, year: int) -> str:
        """Without gaps, for the number goes with the complaint's own transaction."""
        last = self._connection.execute(
            store.insert(numbers, self._connection)
            .values(year=year, last=1)
            .on_conflict_do_update(index_elements=["year"], set_={"last": numbers.c.last + 1})
            .returning(numbers.c.last)
        ).scalar_one()
        return f"投诉{year}-{last:04}"

    def add(self, complaint: Complaint, alarm_at: datetime | None) -> None:
        contact = {name: getattr(complaint, name) for name in CONTACT}
        sealed = self._cipher.seal(contact, complaint.complaint_id)
        self._connection.execute(complaints.insert(), {**_values(complaint), "contact": sealed, "alarm_at": alarm_at})

    def get(self, complaint_id: str) -> Complaint:
        query = complaints.select().where(complaints.c.complaint_id == complaint_id)
        row = self._connection.execute(query.with_for_update() if self._lock else query).first()
        if row is None:
            raise NotFound("没有这件投诉")
        return self._entity(row)

    def by_number(self, number: str) -> Complaint | None:
        row = self._connection.execute(complaints.select().where(complaints.c.number == number)).first()
        return self._entity(row) if row else None

    def put(self, complaint: Complaint, alarm_at: datetime | None) -> None:
        changed = {name: value for name, value in _values(complaint).items() if name in CHANGING}
        change = complaints.update().where(complaints.c.complaint_id == complaint.complaint_id)
        self._connection.execute(change.values({**changed, "alarm_at": alarm_at}))

    def known_before(self, request_id: str, item_id: str) -> bool:
        same: list[sa.ColumnElement[bool]] = [complaints.c.request_id == request_id]
        if item_id:
            same.append(complaints.c.item_id.in_([item_id, ""]))
        return bool(self._connection.execute(sa.select(sa.exists().where(*same))).scalar_one())

    def alarms(self, now: datetime, most: int) -> list[Complaint]:
        query = complaints.select().where(complaints.c.alarm_at <= now).order_by(complaints.c.alarm_at)
        rows = self._connection.execute(query.limit(most).with_for_update(skip_locked=True))
        return [self._entity(row) for row in rows]

    def look_again(self, park: str, now: datetime) -> None:
        change = complaints.update().where(complaints.c.alarm_at.is_not(None))
        if park:
            change = change.where(complaints.c.park == park)
        self._connection.execute(change.values(alarm_at=now))

    def page(self, query: ListComplaints, parks: tuple[str, ...]) -> tuple[list[Complaint], dict[str, int]]:
        conditions: list[sa.ColumnElement[bool]] = [] if EVERYWHERE in parks else [complaints.c.park.in_(parks)]
        for name in ("park", "request_id", "handler_id"):
            if wanted := getattr(query, name):
                conditions.append(complaints.c[name] == wanted)
        if query.open:
            conditions.append(complaints.c.stage.not_in(sorted(OVER)))
        grouped = (
            sa.select(complaints.c.stage, sa.func.count().label("found"))
            .where(*conditions)
            .group_by(complaints.c.stage)
        )
        counts = {row.stage: row.found for row in self._connection.execute(grouped)}
        if query.stage:
            conditions.append(complaints.c.stage == query.stage)
        if query.after:
            conditions.append(complaints.c.complaint_id < query.after)
        found = complaints.select().where(*conditions).order_by(complaints.c.complaint_id.desc()).limit(query.limit)
        return [self._entity(row) for row in self._connection.execute(found)], counts

    def _entity(self, row: sa.Row[Any]) -> Complaint:
        values = {name: value for name, value in row._asdict().items() if name in NAMES and name not in SPECIAL}
        values |= self._cipher.open(row.contact, row.complaint_id)
        return Complaint(
            **{
                **values, "stage": Stage(row.stage), "hands": tuple(row.hands), "before": tuple(row.before),
                "assessment": Assessment(**row.assessment) if row.assessment else None,
                "dispute": Dispute(**row.dispute) if row.dispute else None,
                "corrections": [Correction(**{**one, "status": Status(one["status"])}) for one in row.corrections],
                "steps": [Step(**_read(one)) for one in row.steps],
                "marks": [read_mark(one) for one in row.marks],
            }
        )  # fmt: skip


def _values(complaint: Complaint) -> dict[str, Any]:
    return {
        **{name: getattr(complaint, name) for name in NAMES},
        "hands": list(complaint.hands), "before": list(complaint.before),
        "assessment": asdict(complaint.assessment) if complaint.assessment else sa.null(),
        "dispute": asdict(complaint.dispute) if complaint.dispute else sa.null(),
        "corrections": [asdict(one) for one in complaint.corrections],
        "steps": [_written(one) for one in complaint.steps],
        "marks": [written(one) for one in complaint.marks],
    }  # fmt: skip


def _written(one: Step) -> dict[str, Any]:
    """As JSON, without what it does not say."""
    said: dict[str, Any] = {
        name: value for name, value in vars(one).items() if value not in ("", None) or value is False
    }
    return {name: value.isoformat() if isinstance(value, datetime) else value for name, value in said.items()}


def _read(one: dict[str, Any]) -> dict[str, Any]:
    return {**one, "at": datetime.fromisoformat(one["at"])}
