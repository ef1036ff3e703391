"""Progress reports and the log of contacts in the database."""

from dataclasses import fields
from typing import Any

import sqlalchemy as sa

from services.dispatch.domain.following import Contact, How, Party, PersonRole, Report
from services.dispatch.store.tables import metadata
from shared.store import Moment

reports = sa.Table(
    "reports",
    metadata,
    sa.Column("item_id", sa.Text, primary_key=True),
    sa.Column("report_id", sa.Text, primary_key=True),
    sa.Column("job_id", sa.Text, nullable=False),
    sa.Column("text", sa.Text, nullable=False),
    sa.Column("reported_at", Moment, nullable=False),
    sa.Column("heard_at", Moment, nullable=False),
    sa.Column("by", sa.Text, nullable=False),
    sa.Column("share", sa.Integer),
    sa.Column("next_step", sa.Text, nullable=False),
    sa.Column("expected_on", sa.Text, nullable=False),
    sa.Column("late", sa.Boolean, nullable=False),
)

contact_logs = sa.Table(
    "contact_logs",
    metadata,
    sa.Column("contact_id", sa.Text, primary_key=True),
    sa.Column("item_id", sa.Text, nullable=False, index=True),
    sa.Column("park", sa.Text, nullable=False),
    sa.Column("party", sa.Text, nullable=False),
    sa.Column("role", sa.Text, nullable=False),
    sa.Column("how", sa.Text, nullable=False),
    sa.Column("about", sa.Text, nullable=False),
    sa.Column("contacted_at", Moment, nullable=False),
    sa.Column("logged_at", Moment, nullable=False),
    sa.Column("by_id", sa.Text, nullable=False),
    sa.Column("by_name", sa.Text, nullable=False),
    sa.Column("next_step", sa.Text, nullable=False),
    sa.Column("next_on", sa.Text, nullable=False),
    sa.Index("ix_contact_logs_park", "park", "logged_at"),
)

REPORT_NAMES = [f.name for f in fields(Report)]
CONTACT_NAMES = [f.name for f in fields(Contact)]


class Following:
    def __init__(self, connection: sa.Connection) -> None:
        self._connection = connection

    def report(self, item_id: str, report_id: str) -> Report | None:
        query = reports.select().where(reports.c.item_id == item_id, reports.c.report_id == report_id)
        row = self._connection.execute(query).first()
        return Report(**row._asdict()) if row else None

    def add_report(self, report: Report) -> None:
        self._connection.execute(reports.insert(), {name: getattr(report, name) for name in REPORT_NAMES})

    def reports(self, item_id: str) -> list[Report]:
        query = reports.select().where(reports.c.item_id == item_id)
        rows = self._connection.execute(query.order_by(reports.c.heard_at, reports.c.report_id))
        return [Report(**row._asdict()) for row in rows]

    def add_contact(self, contact: Contact) -> None:
        self._connection.execute(contact_logs.insert(), {name: getattr(contact, name) for name in CONTACT_NAMES})

    def contacts(self, item_id: str) -> list[Contact]:
        query = contact_logs.select().where(contact_logs.c.item_id == item_id)
        newest = query.order_by(contact_logs.c.contacted_at.desc(), contact_logs.c.contact_id.desc())
        return [_contact(row) for row in self._connection.execute(newest)]


def _contact(row: sa.Row[Any]) -> Contact:
    kinds = {"party": Party(row.party), "role": PersonRole(row.role), "how": How(row.how)}
    return Contact(**{**row._asdict(), **kinds})
