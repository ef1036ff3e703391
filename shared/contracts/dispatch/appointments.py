"""Appointments of service items that the station serves itself (clause 6.3 a)."""

from dataclasses import dataclass
from datetime import datetime

from shared.contracts.base import Answer, Command, Query
from shared.contracts.dispatch.items import ItemEvent, ItemView


@dataclass(frozen=True, kw_only=True)
class AppointmentEvent(ItemEvent):
    """`sequence` grows with each change of one appointment; `places` names who and what is held for it."""

    appointment_id: str
    number: str
    title: str
    starts_at: datetime
    ends_at: datetime
    sequence: int
    places: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class AppointmentBooked(AppointmentEvent):
    """Everything it needs is held for it."""

    heard_by = ("feedback",)


@dataclass(frozen=True, kw_only=True)
class AppointmentMoved(AppointmentEvent):
    """`started_at` is when it would have begun before."""

    heard_by = ("feedback",)
    started_at: datetime
    reason: str = ""


@dataclass(frozen=True, kw_only=True)
class AppointmentCancelled(AppointmentEvent):
    """By someone, or because the item ended; its places are free again."""

    heard_by = ("feedback",)
    reason: str = ""


@dataclass(frozen=True, kw_only=True)
class AppointmentDue(AppointmentEvent):
    """It is near: the client is reminded, once."""

    heard_by = ("feedback",)


@dataclass(frozen=True, kw_only=True)
class AppointmentMissed(AppointmentEvent):
    """The client did not come; another time can be chosen."""

    heard_by = ("feedback",)
    note: str = ""


@dataclass(frozen=True, kw_only=True)
class AppointmentKept(AppointmentEvent):
    """The client and the station met: the service begins."""


@dataclass(frozen=True, kw_only=True)
class AppointmentView(Answer):
    """`status`: booked, kept, missed or cancelled; an item has at most one that is booked."""

    appointment_id: str
    item_id: str
    request_id: str
    park: str
    number: str
    company: str
    title: str
    status: str
    starts_at: datetime
    ends_at: datetime
    sequence: int
    booked_at: datetime
    changed_at: datetime
    places: tuple[str, ...] = ()
    resources: tuple[str, ...] = ()  # ids
    reason: str = ""


@dataclass(frozen=True, kw_only=True)
class BookAppointment(Command):
    """Hold all that the item's assessment named, from one of the item's free times on; all of it or nothing."""

    returns = AppointmentView
    item_id: str
    starts_at: datetime


@dataclass(frozen=True, kw_only=True)
class MoveAppointment(Command):
    """To another free time. Moved to the time it has, it stays as it is."""

    returns = AppointmentView
    item_id: str
    starts_at: datetime
    reason: str = ""


@dataclass(frozen=True, kw_only=True)
class CancelAppointment(Command):
    """Gives the time back; the item waits for another one to be chosen."""

    returns = AppointmentView
    item_id: str
    reason: str = ""


@dataclass(frozen=True, kw_only=True)
class MissAppointment(Command):
    """Record that the client did not come; the item waits for another time to be chosen."""

    returns = AppointmentView
    item_id: str
    note: str = ""


@dataclass(frozen=True, kw_only=True)
class BeginService(Command):
    """The client is here: the appointment is kept, and the item's service begins."""

    returns = ItemView
    item_id: str


@dataclass(frozen=True, kw_only=True)
class AppointmentList(Answer):
    appointments: tuple[AppointmentView, ...]


@dataclass(frozen=True, kw_only=True)
class ListAppointments(Query):
    """Every appointment of one request, past and cancelled ones too, the earliest first."""

    returns = AppointmentList
    request_id: str
    park: str


@dataclass(frozen=True, kw_only=True)
class FreeTime(Answer):
    """`places` names who and what would be held."""

    starts_at: datetime
    ends_at: datetime
    places: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class FreeTimes(Answer):
    """`next` is the day to ask from for later times; empty when none can be booked that far ahead yet.

    `unpublished` is a year that could be booked if its holidays were known; 0 if there is none.
    """

    item_id: str
    minutes: int
    times: tuple[FreeTime, ...]
    next: str = ""
    unpublished: int = 0


@dataclass(frozen=True, kw_only=True)
class ListFreeTimes(Query):
    """When an item assessed for an appointment can be booked: `days` days from `day` (ISO 8601; empty: today)."""

    returns = FreeTimes
    item_id: str
    day: str = ""
    days: int = 14
