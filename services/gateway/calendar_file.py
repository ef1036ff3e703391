"""Appointments as an iCalendar file (RFC 5545, RFC 5546): one UID for each, and a SEQUENCE that grows as it changes."""

from collections.abc import Sequence
from datetime import date
from zoneinfo import ZoneInfo

from icalendar import Calendar, Event, Timezone, vCalAddress, vText, vUri

from services.gateway.language import Speech
from shared.contracts.dispatch import AppointmentView
from shared.contracts.station import StationView

PUBLISH, CANCEL = "PUBLISH", "CANCEL"
STANDING = ("booked", "kept")
SINCE = date(2020, 1, 1)


def calendar_file(
    appointments: Sequence[AppointmentView], station: StationView, say: Speech, zone: ZoneInfo, page: str
) -> tuple[str, bytes]:
    """The method and the file: what stands now; if nothing does, what no longer stands, so that calendars drop it."""
    standing = [one for one in appointments if one.status in STANDING]
    method = PUBLISH if standing else CANCEL
    calendar = Calendar()
    calendar.add("version", "2.0")
    calendar.add("prodid", "-//nqi-station//appointments//ZH")
    calendar.add("method", method)
    calendar.add_component(_timezone(zone))
    for one in standing or _latest(appointments):
        calendar.add_component(_event(one, station, say, zone, page))
    return method, calendar.to_ical()


def _latest(appointments: Sequence[AppointmentView]) -> list[AppointmentView]:
    """Of each item the one changed last."""
    return list({one.item_id: one for one in sorted(appointments, key=lambda one: one.changed_at)}.values())


def _timezone(zone: ZoneInfo) -> Timezone:
    component = Timezone.from_tzinfo(zone, first_date=SINCE)
    component.pop("comment", None)
    return component


def _event(one: AppointmentView, station: StationView, say: Speech, zone: ZoneInfo, page: str) -> Event:
    event = Event()
    event.add("uid", one.appointment_id)
    event.add("sequence", one.sequence)
    event.add("dtstamp", one.changed_at)
    event.add("created", one.booked_at)
    event.add("last-modified", one.changed_at)
    event.add("dtstart", one.starts_at.astimezone(zone))
    event.add("dtend", one.ends_at.astimezone(zone))
    event.add("status", "CONFIRMED" if one.status in STANDING else "CANCELLED")
    event.add("summary", say("{title}（服务站预约）", title=one.title))
    event.add("location", "，".join(filter(None, (station.official_name, station.address))))
    told = [say("受理编号：{number}", number=one.number), say("找：{places}", places="、".join(one.places))]
    if station.phone:
        told.append(say("电话：{phone}", phone=station.phone))
        event.add("contact", station.phone)
    event.add("description", "\n".join([*told, page]))
    event["url"] = vUri(page)
    organizer = vCalAddress(f"mailto:{station.email}" if station.email else page)
    organizer.params["CN"] = vText(station.official_name)
    event["organizer"] = organizer
    return event
