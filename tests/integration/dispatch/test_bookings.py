"""What the repositories of resources and appointments promise, kept by the fake and by both databases alike."""

from datetime import timedelta

import pytest

from services.dispatch.domain.appointments import Appointment, Status
from services.dispatch.domain.resources import Kind, cells
from shared.errors import Taken
from tests.booking import choosing, resource, week
from tests.builders import NOON

HOUR = timedelta(hours=1)


def appointment(n: int = 1, **given):
    values = {
        "appointment_id": f"a{n}", "item_id": f"i{n}", "request_id": "r1", "park": "tianan", "number": "天安2026-0001",
        "company": "示例", "title": "校准", "starts_at": NOON, "ends_at": NOON + HOUR, "booked_at": NOON,
        "changed_at": NOON, "resources": ["id-desk"], "places": ["desk岗"],
    }  # fmt: skip
    return Appointment(**{**values, **given})


def keep(work, *resources):
    with work() as uow:
        for one in resources:
            uow.resources.put(one)
        uow.commit()


def hold(work, one, commit=True):
    with work() as uow:
        uow.items.add(choosing(item_id=one.item_id))
        uow.appointments.add(one)
        uow.appointments.hold(one)
        if commit:
            uow.commit()


def test_resources_come_back_as_they_were_kept_and_changed(work):
    desk = resource(week=week("09:00-12:00", days=[1]), closed=["2026-12-31"])
    keep(work, desk, resource("room-1", kind=Kind.ROOM), resource("elsewhere", park="shawan"), resource("aa"))
    with work() as uow:
        assert uow.resources.get("tianan", "desk") == desk
        assert uow.resources.get("tianan", "nope") is None
        assert [one.code for one in uow.resources.of_park("tianan")] == ["aa", "desk", "room-1"]
    desk.capacity, desk.active = 3, False
    keep(work, desk)
    with work() as uow:
        assert uow.resources.of_park("tianan", lock=True)[1] == desk


def test_appointments_come_back_as_they_were_kept_and_changed(work):
    keep(work, resource())
    one = appointment(remind_at=NOON - HOUR)
    hold(work, one)
    with work() as uow:
        assert uow.appointments.of_item("i1") == one
        one.cancel("不来了", NOON)
        uow.appointments.put(one)
        uow.commit()
    with work() as uow:
        assert uow.appointments.of_item("i1") is None
        assert uow.appointments.of_request("r1") == [one]
        assert uow.appointments.of_request("r2") == []


def test_a_place_is_held_until_it_is_given_back(work):
    keep(work, resource(capacity=2))
    hold(work, appointment(1))
    hold(work, appointment(2, starts_at=NOON + HOUR / 2, ends_at=NOON + HOUR * 1.5))
    span = cells(NOON, NOON + HOUR * 1.5)
    with work() as uow:
        taken = uow.appointments.taken(["id-desk", "id-room"], NOON, NOON + HOUR * 2)
        assert taken == {("id-desk", cell): n for cell, n in zip(span, [1, 1, 2, 2, 1, 1], strict=True)}
    with pytest.raises(Taken):
        hold(work, appointment(3))
    with work() as uow:
        uow.appointments.release(appointment(1))
        uow.commit()
    hold(work, appointment(3))
    with work() as uow:
        assert uow.appointments.taken(["id-desk"], NOON, NOON + HOUR / 4) == {("id-desk", span.start): 1}


def test_of_several_resources_all_are_held_or_none(work):
    keep(work, resource(), resource("room", kind=Kind.ROOM))
    hold(work, appointment(1, resources=["id-room"]))
    with pytest.raises(Taken):
        hold(work, appointment(2, resources=["id-desk", "id-room"]))
    with work() as uow:
        assert uow.appointments.taken(["id-desk"], NOON, NOON + HOUR) == {}


def test_what_was_not_committed_holds_nothing(work):
    keep(work, resource())
    hold(work, appointment(1), commit=False)
    hold(work, appointment(1))


def test_finds_what_stands_in_a_stretch_of_time(work):
    keep(work, resource(capacity=9))
    hold(work, appointment(1))
    hold(work, appointment(2, starts_at=NOON - HOUR, ends_at=NOON, status=Status.KEPT))
    hold(work, appointment(3, park="shawan"))
    hold(work, appointment(4, status=Status.CANCELLED))
    with work() as uow:
        ids = lambda *span: [one.appointment_id for one in uow.appointments.of_park("tianan", *span)]  # noqa: E731
        assert ids(NOON - 2 * HOUR, NOON + 2 * HOUR) == ["a2", "a1"]
        assert ids(NOON, NOON + HOUR) == ["a1"]
        assert ids(NOON + HOUR, NOON + 2 * HOUR) == []


def test_finds_what_to_remind_of(work):
    keep(work, resource(capacity=9))
    for n, remind_at in enumerate((NOON - HOUR, NOON, NOON + HOUR, None), 1):
        hold(work, appointment(n, remind_at=remind_at))
    with work() as uow:
        assert {one.appointment_id for one in uow.appointments.due(NOON, 9)} == {"a1", "a2"}
        assert len(uow.appointments.due(NOON, 1)) == 1
