"""Jobs, and what plugins keep, in the database."""

from collections.abc import Collection
from dataclasses import fields
from typing import Any

import sqlalchemy as sa

from services.providers import plugin
from services.providers.domain.jobs import Job, Status
from services.providers.store.tables import metadata
from shared import store
from shared.store import Moment

jobs = sa.Table(
    "jobs",
    metadata,
    sa.Column("job_id", sa.Text, primary_key=True),
    sa.Column("item_id", sa.Text, nullable=False, index=True),
    sa.Column("request_id", sa.Text, nullable=False),
    sa.Column("park", sa.Text, nullable=False),
    sa.Column("target", sa.Text, nullable=False),
    sa.Column("category", sa.Text, nullable=False),
    sa.Column("item", sa.Text, nullable=False),
    sa.Column("number", sa.Text, nullable=False),
    sa.Column("company", sa.Text, nullable=False),
    sa.Column("text", sa.Text, nullable=False),
    sa.Column("details", sa.JSON, nullable=False),
    sa.Column("offered_at", Moment, nullable=False),
    sa.Column("status", sa.Text, nullable=False),
    sa.Column("result", sa.JSON, nullable=False),
    sa.Column("note", sa.Text, nullable=False),
)

slots = sa.Table(
    "slots",
    metadata,
    sa.Column("resource", sa.Text, primary_key=True),
    sa.Column("slot", sa.Text, primary_key=True),
    sa.Column("job_id", sa.Text, nullable=False, index=True),
)

CHANGING = ("status", "result", "note")
ADD_JOB = jobs.insert()
GET_JOB = jobs.select().where(jobs.c.job_id == sa.bindparam("id"))
LOCK_JOB = GET_JOB.with_for_update()
PUT_JOB = jobs.update().where(jobs.c.job_id == sa.bindparam("id"))


class Jobs:
    def __init__(self, connection: sa.Connection, lock: bool) -> None:
        self._connection, self._lock = connection, lock

    def add(self, job: Job) -> None:
        self._connection.execute(ADD_JOB, {f.name: getattr(job, f.name) for f in fields(Job)})

    def get(self, job_id: str) -> Job | None:
        row = self._connection.execute(LOCK_JOB if self._lock else GET_JOB, {"id": job_id}).first()
        return _entity(row) if row else None

    def put(self, job: Job) -> None:
        changed = {name: getattr(job, name) for name in CHANGING}
        self._connection.execute(PUT_JOB, {"id": job.job_id, **changed})


def _entity(row: sa.Row[Any]) -> Job:
    return Job(**{**row._asdict(), "status": Status(row.status)})


class Desk(plugin.Desk):
    def __init__(self, connection: sa.Connection) -> None:
        self._connection = connection

    def take(self, resource: str, slot: str, job_id: str) -> bool:
        self._connection.execute(
            store.insert(slots, self._connection)
            .values(resource=resource, slot=slot, job_id=job_id)
            .on_conflict_do_nothing()
        )
        holder = sa.select(slots.c.job_id).where(slots.c.resource == resource, slots.c.slot == slot)
        return bool(self._connection.execute(holder).scalar_one() == job_id)

    def taken(self, resource: str, first: str, last: str) -> Collection[str]:
        query = sa.select(slots.c.slot).where(slots.c.resource == resource, slots.c.slot.between(first, last))
        return set(self._connection.execute(query).scalars())
