"""Appointments in the database, and the places they hold."""

from collections import defaultdict
from dataclasses import fields
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from services.dispatch.domain.appointments import Appointment, Status
from services.dispatch.domain.resources import cells
from services.dispatch.store.items import items
from services.dispatch.store.resources import resources
from services.dispatch.store.tables import metadata
from shared.errors import Taken
from shared.store import Moment

appointments = sa.Table(
    "appointments",
    metadata,
    sa.Column("appointment_id", sa.Text, primary_key=True),
    sa.Column("item_id", sa.Text, nullable=False),
    sa.Column("request_id", sa.Text, nullable=False, index=True),
    sa.Column("park", sa.Text, nullable=False),
    sa.Column("number", sa.Text, nullable=False),
    sa.Column("company", sa.Text, nullable=False),
    sa.Column("title", sa.Text, nullable=False),
    sa.Column("starts_at", Moment, nullable=False),
    sa.Column("ends_at", Moment, nullable=False),
    sa.Column("booked_at", Moment, nullable=False),
    sa.Column("changed_at", Moment, nullable=False),
    sa.Column("remind_at", Moment),
    sa.Column("resources", sa.JSON, nullable=False),
    sa.Column("places", sa.JSON, nullable=False),
    sa.Column("status", sa.Text, nullable=False),
    sa.Column("sequence", sa.Integer, nullable=False),
    sa.Column("reason", sa.Text, nullable=False),
    sa.Index("ix_appointments_park", "park", "starts_at"),
    sa.Index(
        "ix_appointments_booked", "item_id", unique=True,
        postgresql_where=sa.text("status = 'booked'"), sqlite_where=sa.text("status = 'booked'"),
    ),
    sa.Index(
        "ix_appointments_remind", "remind_at",
        postgresql_where=sa.text("remind_at IS NOT NULL"), sqlite_where=sa.text("remind_at IS NOT NULL"),
    ),
)  # fmt: skip

# One row for each place of a resource that is held in a cell of time. The key makes holding it twice impossible,
# whatever the code above it does.
places = sa.Table(
    "places",
    metadata,
    sa.Column("resource_id", sa.Text, primary_key=True),
    sa.Column("cell", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("place", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("appointment_id", sa.Text, nullable=False, index=True),
)

NAMES = [f.name for f in fields(Appointment)]
FIXED = {"appointment_id", "item_id", "request_id", "park", "number", "company", "booked_at"}
STANDING = [Status.BOOKED, Status.KEPT]


class Appointments:
    def __init__(self, connection: sa.Connection) -> None:
        self._connection = connection

    def add(self, appointment: Appointment) -> None:
        self._connection.execute(appointments.insert(), _values(appointment))

    def put(self, appointment: Appointment) -> None:
        changed = {name: value for name, value in _values(appointment).items() if name not in FIXED}
        mine = appointments.c.appointment_id == appointment.appointment_id
        self._connection.execute(appointments.update().where(mine).values(changed))

    def hold(self, appointment: Appointment) -> None:
        span = cells(appointment.starts_at, appointment.ends_at)
        held = self._held(appointment.resources, span)
        rows = []
        for resource_id, capacity in self._capacities(appointment.resources):
            for cell in span:
                place = next((n for n in range(capacity) if n not in held[resource_id, cell]), None)
                if place is None:
                    raise Taken("这个时间刚刚被约走了，请另选一个")
                rows.append(
                    {
                        "resource_id": resource_id, "cell": cell, "place": place,
                        "appointment_id": appointment.appointment_id,
                    }
                )  # fmt: skip
        try:
            self._connection.execute(places.insert(), rows)
        except sa.exc.IntegrityError as error:
            raise Taken("这个时间刚刚被约走了，请另选一个") from error

    def release(self, appointment: Appointment) -> None:
        self._connection.execute(places.delete().where(places.c.appointment_id == appointment.appointment_id))

    def of_item(self, item_id: str) -> Appointment | None:
        query = appointments.select().where(
            appointments.c.item_id == item_id, appointments.c.status == Status.BOOKED
        )  # fmt: skip
        return next(iter(self._some(query)), None)

    def of_request(self, request_id: str) -> list[Appointment]:
        query = appointments.select().where(appointments.c.request_id == request_id)
        return self._some(query.order_by(appointments.c.starts_at, appointments.c.appointment_id))

    def of_park(self, park: str, after: datetime, before: datetime) -> list[Appointment]:
        return self._some(
            appointments.select()
            .where(
                appointments.c.park == park, appointments.c.status.in_(STANDING),
                appointments.c.starts_at < before, appointments.c.ends_at > after,
            )
            .order_by(appointments.c.starts_at, appointments.c.appointment_id)
        )  # fmt: skip

    def taken(self, resource_ids: list[str], after: datetime, before: datetime) -> dict[tuple[str, int], int]:
        counted = {key: len(found) for key, found in self._held(resource_ids, cells(after, before)).items()}
        return {key: count for key, count in counted.items() if count}

    def due(self, now: datetime, most: int) -> list[Appointment]:
        # The items too, for what is said of an appointment changes its item.
        return self._some(
            sa.select(appointments)
            .join(items, items.c.item_id == appointments.c.item_id)
            .where(appointments.c.remind_at <= now)
            .order_by(appointments.c.remind_at)
            .limit(most)
            .with_for_update(skip_locked=True)
        )

    def _held(self, resource_ids: list[str], span: range) -> dict[tuple[str, int], set[int]]:
        found: dict[tuple[str, int], set[int]] = defaultdict(set)
        query = sa.select(places.c.resource_id, places.c.cell, places.c.place).where(
            places.c.resource_id.in_(resource_ids), places.c.cell >= span.start, places.c.cell < span.stop
        )
        for resource_id, cell, place in self._connection.execute(query):
            found[resource_id, cell].add(place)
        return found

    def _capacities(self, resource_ids: list[str]) -> list[tuple[str, int]]:
        query = sa.select(resources.c.resource_id, resources.c.capacity).where(
            resources.c.resource_id.in_(resource_ids)
        )
        return [(row.resource_id, row.capacity) for row in self._connection.execute(query)]

    def _some(self, query: sa.Select[Any]) -> list[Appointment]:
        return [_entity(row) for row in self._connection.execute(query)]


def _values(appointment: Appointment) -> dict[str, Any]:
    return {name: getattr(appointment, name) for name in NAMES}


def _entity(row: sa.Row[Any]) -> Appointment:
    return Appointment(**{**row._asdict(), "status": Status(row.status)})
