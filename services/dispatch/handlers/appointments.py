"""What dispatch does about appointments: chosen, moved, given back, missed, kept, reminded of (clause 6.3 a)."""

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from typing import Any

from services.dispatch.domain.appointments import AHEAD_DAYS, NOTICE, Appointment, booked, check_wanted, wanted
from services.dispatch.domain.items import Item
from services.dispatch.domain.life import Stage, Way
from services.dispatch.domain.resources import Free, Opening, Wanted, free_times, moment, opening, starts
from services.dispatch.handlers.work import DispatchWork, offer, say, shown
from shared import access
from shared.access import Role
from shared.contracts.dispatch import (
    AppointmentBooked,
    AppointmentCancelled,
    AppointmentDue,
    AppointmentEvent,
    AppointmentKept,
    AppointmentList,
    AppointmentMissed,
    AppointmentMoved,
    AppointmentView,
    AssessItem,
    BeginService,
    BookAppointment,
    CancelAppointment,
    FreeTime,
    FreeTimes,
    ItemView,
    ListAppointments,
    ListFreeTimes,
    MissAppointment,
    MoveAppointment,
)
from shared.errors import IllegalMove, Invalid, Taken

REMIND_AT_ONCE = 50
DAYS_LIMIT = 31
REASON_LIMIT = 2000


def plan(way: Way, command: AssessItem, item: Item, uow: DispatchWork) -> None:
    """How what was just assessed will be served by the station; raises Invalid for what it cannot hold."""
    if way is Way.AT_ONCE:
        item.plan(way, [], 0)
        return
    held = wanted(command.needs, command.minutes, uow.resources.of_park(item.park))
    check_wanted(held)
    item.plan(way, list(command.needs), held.minutes)


def book_appointment(command: BookAppointment, uow: DispatchWork) -> AppointmentView:
    with uow:
        item = _own(command.item_id, uow)
        item.book(command.starts_at, uow.now)
        appointment = Appointment(
            appointment_id=uow.new_id(), item_id=item.item_id, request_id=item.request_id, park=item.park,
            number=item.number, company=item.company, title=item.title, starts_at=command.starts_at,
            ends_at=command.starts_at, booked_at=uow.now, changed_at=uow.now,
        )  # fmt: skip
        free = _free(item, command.starts_at, uow)
        appointment.place(free, timedelta(hours=uow.remind_hours), uow.now)
        uow.appointments.add(appointment)
        uow.appointments.hold(appointment)
        _tell(uow, item, appointment, AppointmentBooked)
        return _kept(uow, item, appointment)


def move_appointment(command: MoveAppointment, uow: DispatchWork) -> AppointmentView:
    reason = _short(command.reason, "reason")
    with uow:
        item = _own(command.item_id, uow)
        appointment = _changeable(item, uow)
        before = appointment.starts_at
        if command.starts_at == before:
            return uow.commit(appointment.view())
        item.move(command.starts_at, uow.now)
        uow.appointments.release(appointment)  # its own place is free for itself
        free = _free(item, command.starts_at, uow)
        appointment.move(free, reason, timedelta(hours=uow.remind_hours), uow.now)
        uow.appointments.put(appointment)
        uow.appointments.hold(appointment)
        _tell(uow, item, appointment, AppointmentMoved, started_at=before, reason=reason)
        return _kept(uow, item, appointment)


def cancel_appointment(command: CancelAppointment, uow: DispatchWork) -> AppointmentView:
    reason = _short(command.reason, "reason")
    with uow:
        item = _own(command.item_id, uow)
        appointment = _changeable(item, uow)
        item.unbook("cancel", uow.now)
        _cancel(uow, item, appointment, reason)
        return _kept(uow, item, appointment)


def miss_appointment(command: MissAppointment, uow: DispatchWork) -> AppointmentView:
    note = _short(command.note, "note")
    with uow:
        item = uow.items.get(command.item_id)
        access.check(uow.actor, "handle_item", park=item.park)
        appointment = booked(uow.appointments.of_item(item.item_id))
        item.unbook("miss", uow.now)
        appointment.miss(note, uow.now)
        uow.appointments.put(appointment)
        uow.appointments.release(appointment)
        _tell(uow, item, appointment, AppointmentMissed, note=note)
        return _kept(uow, item, appointment)


def begin_service(command: BeginService, uow: DispatchWork) -> ItemView:
    with uow:
        item = uow.items.get(command.item_id)
        access.check(uow.actor, "handle_item", park=item.park)
        item.begin(uow.now)
        appointment = booked(uow.appointments.of_item(item.item_id))
        appointment.keep(uow.now)
        uow.appointments.put(appointment)
        _tell(uow, item, appointment, AppointmentKept)
        offer(item, uow)
        uow.items.put(item)
        return uow.commit(shown(item, uow))


def release_if_ended(item: Item, was: Stage, uow: DispatchWork) -> None:
    """A booked item that ends gives back what was held for it."""
    if was is Stage.BOOKED and item.stage is not Stage.BOOKED:
        _cancel(uow, item, booked(uow.appointments.of_item(item.item_id)), item.note)


def remind_of_appointments(uow: DispatchWork) -> None:
    """Say once of each appointment that it is near; what has begun needs no reminder any more."""
    with uow:
        for appointment in uow.appointments.due(uow.now, REMIND_AT_ONCE):
            item = uow.items.get(appointment.item_id)
            appointment.remind()
            uow.appointments.put(appointment)
            if uow.now < appointment.starts_at:
                _tell(uow, item, appointment, AppointmentDue)
                uow.items.put(item)
        uow.commit()


def list_appointments(query: ListAppointments, uow: DispatchWork) -> AppointmentList:
    access.check(uow.actor, "read_request", park=query.park, request_id=query.request_id)
    own = query.request_id in uow.actor.requests
    with uow:
        found = uow.appointments.of_request(query.request_id)
    return AppointmentList(appointments=tuple(one.view() for one in found if own or one.park == query.park))


def list_free_times(query: ListFreeTimes, uow: DispatchWork) -> FreeTimes:
    """Of an item that waits for a time, or has one that may be moved; any other has none."""
    if not 1 <= query.days <= DAYS_LIMIT:
        raise Invalid("请检查填写的内容", fields={"days": "一次看 1 到 31 天"})
    with uow:
        item = uow.items.get(query.item_id)
        access.check(uow.actor, "read_request", park=item.park, request_id=item.request_id)
        first = max(_day(query.day, uow), _today(uow))
        last = _today(uow) + timedelta(days=AHEAD_DAYS)
        days = [first + timedelta(days=n) for n in range(query.days) if first + timedelta(days=n) <= last]
        times = _times(item, days, uow) if days and (item.choosing or item.stage is Stage.BOOKED) else []
        years = uow.plans.of(item.park).calendar.years
    after = first + timedelta(days=query.days)
    return FreeTimes(
        item_id=item.item_id, minutes=item.minutes, next=after.isoformat() if after <= last else "",
        unpublished=next((year for year in range(first.year, last.year + 1) if year not in years), 0),
        times=tuple(
            FreeTime(starts_at=one.starts_at, ends_at=one.ends_at, places=tuple(r.name for r in one.resources))
            for one in times
        ),
    )  # fmt: skip


def _own(item_id: str, uow: DispatchWork) -> Item:
    item = uow.items.get(item_id)
    access.check(uow.actor, "book", park=item.park, request_id=item.request_id)
    return item


def _changeable(item: Item, uow: DispatchWork) -> Appointment:
    """The item's appointment; a client's own hands are off once it has begun."""
    appointment = booked(uow.appointments.of_item(item.item_id))
    if uow.actor.role == Role.CLIENT and uow.now >= appointment.starts_at:
        raise IllegalMove("约好的时间已经到了，要改请打服务站的电话")
    return appointment


def _free(item: Item, starts_at: datetime, uow: DispatchWork) -> Free:
    """The free time that begins then; raises Invalid if none ever does, Taken if it is full.

    The station's resources are locked, so it stays free until the transaction ends.
    """
    held = wanted(item.needs, item.minutes, uow.resources.of_park(item.park, lock=True))
    day = starts_at.astimezone(uow.zone).date()
    station = opened(item.park, [day], uow)
    at = {moment(day, start, uow.zone) for start in starts(held, day, station)}
    if starts_at not in at or not _earliest(uow) <= starts_at or day > _today(uow) + timedelta(days=AHEAD_DAYS):
        raise Invalid("请检查填写的内容", fields={"starts_at": "这个时间不能约，请从空的时间里选"})
    for free in free_times(held, day, station, _taken(held, day, day, uow), uow.zone):
        if free.starts_at == starts_at:
            return free
    raise Taken("这个时间刚刚被约走了，请另选一个")


def _times(item: Item, days: list[date], uow: DispatchWork) -> list[Free]:
    held = wanted(item.needs, item.minutes, uow.resources.of_park(item.park))
    taken = _taken(held, days[0], days[-1], uow)
    station = opened(item.park, days, uow)
    found = (free for day in days for free in free_times(held, day, station, taken, uow.zone))
    return [free for free in found if free.starts_at >= _earliest(uow)]


def opened(park: str, days: Iterable[date], uow: DispatchWork) -> Opening:
    """When this station works on these days, by its own calendar."""
    return opening(uow.plans.of(park).calendar, days)


def _taken(held: Wanted, first: date, last: date, uow: DispatchWork) -> Any:
    after, before = moment(first, 0, uow.zone), moment(last + timedelta(days=2), 0, uow.zone)
    return uow.appointments.taken(sorted(held.resources), after, before)


def _earliest(uow: DispatchWork) -> datetime:
    return uow.now + NOTICE if uow.actor.role == Role.CLIENT else uow.now


def _today(uow: DispatchWork) -> date:
    return uow.now.astimezone(uow.zone).date()


def _day(text: str, uow: DispatchWork) -> date:
    try:
        return date.fromisoformat(text) if text else _today(uow)
    except ValueError:
        raise Invalid("请检查填写的内容", fields={"day": "日期要写成 2026-11-30 这样"}) from None


def _short(text: str, name: str) -> str:
    if len(text) > REASON_LIMIT:
        raise Invalid("请检查填写的内容", fields={name: "最多写 2000 个字"})
    return text.strip()


def _cancel(uow: DispatchWork, item: Item, appointment: Appointment, reason: str) -> None:
    appointment.cancel(reason, uow.now)
    uow.appointments.put(appointment)
    uow.appointments.release(appointment)
    _tell(uow, item, appointment, AppointmentCancelled, reason=reason)


def _tell(uow: DispatchWork, item: Item, appointment: Appointment, kind: type[AppointmentEvent], **more: Any) -> None:
    say(
        uow, item, kind, appointment_id=appointment.appointment_id, number=item.number, title=item.title,
        starts_at=appointment.starts_at, ends_at=appointment.ends_at, sequence=appointment.sequence,
        places=tuple(appointment.places), **more,
    )  # fmt: skip


def _kept(uow: DispatchWork, item: Item, appointment: Appointment) -> AppointmentView:
    uow.items.put(item)
    return uow.commit(appointment.view())
