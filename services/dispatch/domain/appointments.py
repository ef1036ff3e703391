"""Appointments: one time at a station for one service item, and what is held for it. No bus, no database."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Protocol

from services.dispatch.domain.resources import CELL_MINUTES, MINUTES_LIMIT, Free, Kind, Resource, Taken, Wanted, assign
from shared.contracts.dispatch import AppointmentView
from shared.errors import IllegalMove, Invalid
from shared.states import StateTable

AHEAD_DAYS = 60  # how far ahead times can be booked
NOTICE = timedelta(hours=1)  # what clients choose is not sooner than this
NEEDS_LIMIT = 5


class Status(StrEnum):
    BOOKED = "booked"
    KEPT = "kept"
    MISSED = "missed"
    CANCELLED = "cancelled"


LIFE = StateTable(
    # while          on        becomes
    (Status.BOOKED,  "move",   Status.BOOKED),
    (Status.BOOKED,  "keep",   Status.KEPT),
    (Status.BOOKED,  "miss",   Status.MISSED),
    (Status.BOOKED,  "cancel", Status.CANCELLED),
)  # fmt: skip


@dataclass(kw_only=True)
class Appointment:
    """`remind_at` is None once the client was reminded, or when there is nothing to remind of."""

    appointment_id: str
    item_id: str
    request_id: str
    park: str
    number: str
    company: str
    title: str
    starts_at: datetime
    ends_at: datetime
    booked_at: datetime
    changed_at: datetime
    remind_at: datetime | None = None
    resources: list[str] = field(default_factory=list)  # their ids
    places: list[str] = field(default_factory=list)  # what they were called
    status: Status = Status.BOOKED
    sequence: int = 0
    reason: str = ""

    def place(self, free: Free, before: timedelta, now: datetime) -> None:
        """Give it this time; a reminder `before` it, unless that is past already."""
        self.starts_at, self.ends_at = free.starts_at, free.ends_at
        self.resources = [one.resource_id for one in free.resources]
        self.places = [one.name for one in free.resources]
        remind_at = self.starts_at - before
        self.remind_at = remind_at if remind_at > now else None

    def move(self, free: Free, reason: str, before: timedelta, now: datetime) -> None:
        self._change("move", reason, now)
        self.place(free, before, now)

    def remind(self) -> None:
        self.remind_at = None

    def keep(self, now: datetime) -> None:
        self._change("keep", "", now)

    def miss(self, note: str, now: datetime) -> None:
        if now < self.starts_at:
            raise Invalid("还没有到预约的时间，到了再记没有来")
        self._change("miss", note, now)

    def cancel(self, reason: str, now: datetime) -> None:
        self._change("cancel", reason, now)

    def _change(self, trigger: str, reason: str, now: datetime) -> None:
        self.status = Status(LIFE.move(self.status, trigger))
        self.sequence += 1
        self.changed_at, self.reason = now, reason
        if self.status is not Status.BOOKED:
            self.remind_at = None

    def view(self) -> AppointmentView:
        values = {name: value for name, value in asdict(self).items() if name != "remind_at"}
        return AppointmentView(
            **{
                **values,
                "status": str(self.status),
                "resources": tuple(self.resources),
                "places": tuple(self.places),
            }
        )


def wanted(needs: Sequence[str], minutes: int, resources: Sequence[Resource]) -> Wanted:
    """What the needs name among a station's resources; any member of staff where they name nothing."""
    found = [[one for one in resources if one.active and need in (one.kind, one.code)] for need in needs or [Kind.POST]]
    longest = max((one.minutes for need in found for one in need[:1]), default=0)
    return Wanted(needs=found, minutes=minutes or longest)


def check_wanted(asked: Wanted) -> None:
    """Raises Invalid for what the station could never hold at once."""
    if len(asked.needs) > NEEDS_LIMIT:
        raise Invalid("请检查填写的内容", fields={"needs": "一次最多约 5 样"})
    if not assign(asked.needs, lambda one: True):
        raise Invalid("请检查填写的内容", fields={"needs": "本站没有登记这样的人员、房间或仪器"})
    if not 0 < asked.minutes <= MINUTES_LIMIT or asked.minutes % CELL_MINUTES:
        raise Invalid("请检查填写的内容", fields={"minutes": "时长是 15 分钟的倍数，最长 8 小时"})


def booked(appointment: Appointment | None) -> Appointment:
    if appointment is None:
        raise IllegalMove("这件事现在没有约好的时间")
    return appointment


class Appointments(Protocol):
    """Every appointment, and the places they hold. The item's lock is the lock of its appointments."""

    def add(self, appointment: Appointment) -> None: ...

    def put(self, appointment: Appointment) -> None: ...

    def hold(self, appointment: Appointment) -> None:
        """Take a place of each of its resources for all of its time; raises Taken if one has none left."""
        ...

    def release(self, appointment: Appointment) -> None:
        """Give back what it holds."""
        ...

    def of_item(self, item_id: str) -> Appointment | None:
        """The one that is booked."""
        ...

    def of_request(self, request_id: str) -> list[Appointment]: ...

    def of_park(self, park: str, after: datetime, before: datetime) -> list[Appointment]:
        """Those booked or kept that overlap this time, the earliest first."""
        ...

    def taken(self, resource_ids: list[str], after: datetime, before: datetime) -> Taken: ...

    def due(self, now: datetime, most: int) -> list[Appointment]:
        """Those to remind of; no other instance gets the same ones."""
        ...
