"""What dispatch does about the resources of stations: kept by staff, shown as a calendar."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta

from services.dispatch.domain.appointments import AHEAD_DAYS, Appointment
from services.dispatch.domain.resources import (
    Resource,
    Taken,
    Wanted,
    free_times,
    is_open,
    moment,
    resource_of,
)
from services.dispatch.handlers.appointments import opened
from services.dispatch.handlers.work import DispatchWork
from shared import access
from shared.contracts.dispatch import (
    GetWeek,
    ListResources,
    Open,
    PutResource,
    ResourceChanged,
    ResourceDay,
    ResourceList,
    ResourceSaved,
    ResourceWeek,
    WeekView,
)
from shared.errors import Invalid


def put_resource(command: PutResource, uow: DispatchWork) -> ResourceSaved:
    """Appointments it is no longer open for are named in the answer: only people can move them."""
    access.check(uow.actor, "manage_resources", park=command.park)
    with uow:
        known = uow.resources.get(command.park, command.code)
        resource = resource_of(command, known.resource_id if known else uow.new_id())
        uow.resources.put(resource)
        if resource != known:
            uow.say(
                ResourceChanged(
                    park=resource.park, resource_id=resource.resource_id, code=resource.code, kind=str(resource.kind),
                    name=resource.name, capacity=resource.capacity, minutes=resource.minutes, active=resource.active,
                    week=tuple(resource.week), closed=tuple(resource.closed),
                )
            )  # fmt: skip
        ahead = uow.appointments.of_park(resource.park, uow.now, uow.now + timedelta(days=AHEAD_DAYS + 1))
        displaced = [one for one in ahead if resource.resource_id in one.resources and not _stands(resource, one, uow)]
        return uow.commit(
            ResourceSaved(resource=resource.view(), displaced=tuple(appointment.view() for appointment in displaced))
        )


def list_resources(query: ListResources, uow: DispatchWork) -> ResourceList:
    access.check(uow.actor, "read_calendar", park=query.park)
    with uow:
        return ResourceList(resources=tuple(one.view() for one in uow.resources.of_park(query.park)))


def get_week(query: GetWeek, uow: DispatchWork) -> WeekView:
    access.check(uow.actor, "read_calendar", park=query.park)
    with uow:
        monday = _monday(query.day, uow)
        days = [monday + timedelta(days=n) for n in range(7)]
        after, before = moment(days[0], 0, uow.zone), moment(days[-1] + timedelta(days=1), 0, uow.zone)
        resources = uow.resources.of_park(query.park)
        appointments = uow.appointments.of_park(query.park, after, before)
        taken = uow.appointments.taken([one.resource_id for one in resources], after, before + timedelta(days=1))
        weeks = [
            ResourceWeek(resource=one.view(), days=tuple(_day(one, day, appointments, taken, uow) for day in days))
            for one in resources
            if one.active or any(one.resource_id in each.resources for each in appointments)
        ]
        named = uow.plans.of(query.park).calendar.days
        return WeekView(
            park=query.park, days=tuple(day.isoformat() for day in days), resources=tuple(weeks),
            names=tuple(named[day].name if day in named else "" for day in days),
        )  # fmt: skip


def _day(
    resource: Resource, day: date, appointments: Sequence[Appointment], taken: Taken, uow: DispatchWork
) -> ResourceDay:
    alone, station = Wanted(needs=[[resource]], minutes=resource.minutes), opened(resource.park, [day], uow)
    booked = [
        one for one in appointments if resource.resource_id in one.resources and _date(one.starts_at, uow) == day
    ]  # fmt: skip
    return ResourceDay(
        day=day.isoformat(),
        opens=tuple(
            Open(opens_at=moment(day, slot.start, uow.zone), closes_at=moment(day, slot.end, uow.zone))
            for slot in resource.slots(day, station)
        ),
        free=sum(free.starts_at > uow.now for free in free_times(alone, day, station, taken, uow.zone)),
        appointments=tuple(one.view() for one in booked),
        outside=tuple(one.appointment_id for one in booked if not _stands(resource, one, uow)),
    )


def _stands(resource: Resource, one: Appointment, uow: DispatchWork) -> bool:
    """Whether the resource is still open for what was booked before."""
    station = opened(resource.park, [_date(one.starts_at, uow)], uow)
    return is_open(resource, one.starts_at, one.ends_at, station, uow.zone)


def _date(at: datetime, uow: DispatchWork) -> date:
    return at.astimezone(uow.zone).date()


def _monday(text: str, uow: DispatchWork) -> date:
    try:
        day = date.fromisoformat(text) if text else _date(uow.now, uow)
        return day - timedelta(days=day.weekday())
    except (ValueError, OverflowError):
        raise Invalid("请检查填写的内容", fields={"day": "日期要写成 2026-11-30 这样"}) from None
