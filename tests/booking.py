"""Resources and appointments for tests: builders, and fakes of their repositories."""

from collections import Counter
from collections.abc import Sequence
from copy import deepcopy
from datetime import date, datetime
from typing import Any

from services.dispatch.domain.appointments import Appointment, Status
from services.dispatch.domain.items import Item
from services.dispatch.domain.life import Stage, Way
from services.dispatch.domain.resources import Kind, Resource, cells, order
from shared.errors import Taken
from shared.plans import DISTRICT, Setting
from shared.plans import Kind as PlanKind
from tests.builders import item

WORKDAYS = range(1, 6)


def week(hours: str, days: Sequence[int] = WORKDAYS) -> list[str]:
    """The same hours on each of these days, Monday is 1."""
    return [hours if day in days else "" for day in range(1, 8)]


def resource(code: str = "desk", **given: Any) -> Resource:
    values = {
        "resource_id": f"id-{code}", "park": "tianan", "code": code, "kind": Kind.POST, "name": f"{code}岗",
        "capacity": 1, "minutes": 60, "week": week("09:00-12:00 14:00-17:00"), "closed": [],
    }  # fmt: skip
    return Resource(**{**values, **given})


def choosing(**given: Any) -> Item:
    """An item assessed by appointment, which waits for a time."""
    values = {
        "stage": Stage.ASSESSED, "category": "metrology", "item": "5.3.d", "title": "校准", "details": {"count": 1},
        "way": Way.APPOINTMENT, "needs": ["post"], "minutes": 60,
    }  # fmt: skip
    return item(**{**values, **given})


def always_open(uow: Any, day: date) -> None:
    """Let stations work at every hour of every weekday, and on this day whatever the calendar says."""
    known = {"week": ["00:00-24:00"] * 7, "days": [{"day": day.isoformat(), "working": True, "name": "测试"}]}
    uow.plans.hear(Setting(kind=PlanKind.CALENDAR, key=DISTRICT, version=1, content=known))
    if day.year not in uow.plans.of("").calendar.years:
        uow.plans.hear(Setting(kind=PlanKind.YEAR, key=str(day.year), version=1, content={"days": []}))


class FakeResources:
    def __init__(self, work: Any) -> None:
        self._work = work

    @property
    def _kept(self) -> dict[str, Resource]:
        return self._work.kept.setdefault("resources", {})

    def get(self, park: str, code: str) -> Resource | None:
        return deepcopy(next((r for r in self._kept.values() if (r.park, r.code) == (park, code)), None))

    def put(self, resource: Resource) -> None:
        self._kept[resource.resource_id] = deepcopy(resource)

    def of_park(self, park: str, lock: bool = False) -> list[Resource]:
        mine = [r for r in self._kept.values() if r.park == park]
        return deepcopy(sorted(mine, key=order))


class FakeAppointments:
    def __init__(self, work: Any) -> None:
        self._work = work

    @property
    def _kept(self) -> dict[str, Appointment]:
        return self._work.kept.setdefault("appointments", {})

    @property
    def _holding(self) -> dict[str, list[tuple[str, int]]]:
        return self._work.kept.setdefault("places", {})

    def add(self, appointment: Appointment) -> None:
        assert appointment.status is not Status.BOOKED or self.of_item(appointment.item_id) is None
        self.put(appointment)

    def put(self, appointment: Appointment) -> None:
        self._kept[appointment.appointment_id] = deepcopy(appointment)

    def hold(self, appointment: Appointment) -> None:
        taken = Counter(pair for pairs in self._holding.values() for pair in pairs)
        capacities = {r.resource_id: r.capacity for r in self._work.kept.get("resources", {}).values()}
        wanted = [(r, c) for r in appointment.resources for c in cells(appointment.starts_at, appointment.ends_at)]
        if any(taken[pair] >= capacities[pair[0]] for pair in wanted):
            raise Taken("这个时间刚刚被约走了，请另选一个")
        self._holding[appointment.appointment_id] = wanted

    def release(self, appointment: Appointment) -> None:
        self._holding.pop(appointment.appointment_id, None)

    def of_item(self, item_id: str) -> Appointment | None:
        mine = (a for a in self._kept.values() if a.item_id == item_id and a.status is Status.BOOKED)
        return deepcopy(next(mine, None))

    def of_request(self, request_id: str) -> list[Appointment]:
        return self._sorted(a for a in self._kept.values() if a.request_id == request_id)

    def of_park(self, park: str, after: datetime, before: datetime) -> list[Appointment]:
        return self._sorted(
            a
            for a in self._kept.values()
            if a.park == park
            and a.status in (Status.BOOKED, Status.KEPT)
            and a.starts_at < before
            and a.ends_at > after
        )

    def taken(self, resource_ids: list[str], after: datetime, before: datetime) -> dict[tuple[str, int], int]:
        span = cells(after, before)
        held = (pair for pairs in self._holding.values() for pair in pairs)
        return dict(Counter(pair for pair in held if pair[0] in resource_ids and pair[1] in span))

    def due(self, now: datetime, most: int) -> list[Appointment]:
        return self._sorted(a for a in self._kept.values() if a.remind_at and a.remind_at <= now)[:most]

    def _sorted(self, found: Any) -> list[Appointment]:
        return deepcopy(sorted(found, key=lambda a: (a.starts_at, a.appointment_id)))
