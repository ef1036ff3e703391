"""What can be booked at a station: staff, rooms and instruments, and when."""

from dataclasses import dataclass
from datetime import datetime

from shared.contracts.base import Answer, Command, Event, Query
from shared.contracts.dispatch.appointments import AppointmentView


@dataclass(frozen=True, kw_only=True)
class ResourceChanged(Event):
    """A member of staff, a room or an instrument can be booked from now on, or differently, or no longer."""

    resource_id: str
    code: str
    kind: str
    name: str
    capacity: int
    minutes: int
    active: bool
    week: tuple[str, ...] = ()
    closed: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class ResourceView(Answer):
    """`kind`: post, room or instrument. `capacity`: how many appointments it takes at once, `minutes`: how long one is.

    `week` is when it is open, Monday first, such as 09:00-12:00 14:00-17:00; `closed` are days it is not there.
    """

    resource_id: str
    park: str
    code: str
    kind: str
    name: str
    capacity: int
    minutes: int
    week: tuple[str, ...]
    closed: tuple[str, ...]
    active: bool


@dataclass(frozen=True, kw_only=True)
class ResourceSaved(Answer):
    """`displaced`: appointments booked before that it is not open for any more; they stay until they are moved."""

    resource: ResourceView
    displaced: tuple[AppointmentView, ...] = ()


@dataclass(frozen=True, kw_only=True)
class PutResource(Command):
    """Add a resource to a station, or change the one that has this code there."""

    returns = ResourceSaved
    park: str
    code: str
    kind: str
    name: str
    week: tuple[str, ...]
    capacity: int = 1
    minutes: int = 30
    closed: tuple[str, ...] = ()
    active: bool = True


@dataclass(frozen=True, kw_only=True)
class ResourceList(Answer):
    resources: tuple[ResourceView, ...]


@dataclass(frozen=True, kw_only=True)
class ListResources(Query):
    returns = ResourceList
    park: str


@dataclass(frozen=True, kw_only=True)
class Open(Answer):
    """A stretch of time."""

    opens_at: datetime
    closes_at: datetime


@dataclass(frozen=True, kw_only=True)
class ResourceDay(Answer):
    """One resource on one day: when it is open, how many of its times are free, and what is booked.

    `outside` names the appointments booked before that it is not open for any more.
    """

    day: str
    opens: tuple[Open, ...] = ()
    free: int = 0
    appointments: tuple[AppointmentView, ...] = ()
    outside: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class ResourceWeek(Answer):
    resource: ResourceView
    days: tuple[ResourceDay, ...]


@dataclass(frozen=True, kw_only=True)
class WeekView(Answer):
    """`days` are the seven days of the week, Monday first; `names` what is special about each, such as a holiday."""

    park: str
    days: tuple[str, ...]
    resources: tuple[ResourceWeek, ...]
    names: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class GetWeek(Query):
    """The calendar of a station in the week of this day (ISO 8601; empty: today)."""

    returns = WeekView
    park: str
    day: str = ""
