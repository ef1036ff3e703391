"""A need served by appointment: chosen, missed, chosen again, moved, kept, and followed to its sealed dossier."""

from datetime import datetime

import httpx2
import pytest
from icalendar import Calendar

from deploy.cli.http import Refused
from tests.flow.district import dossier_of, know_years, rows
from tests.flow.journey import Journey, category_of
from tests.system import eventually

ITEM = "5.3.b"  # at once, its target answers by itself; by appointment, staff deliver
ALL_DAY = ["00:00-24:00"] * 7  # as long as the station works


@pytest.fixture(scope="module")
def desk(staff, running):
    """What can be booked in a park that no other test books in."""
    know_years(running)
    for code, kind, name in (("desk", "post", "计量岗"), ("room-1", "room", "洽谈室")):
        body = {"code": code, "kind": kind, "name": name, "week": ALL_DAY, "minutes": 60}
        staff.post("/stations/shawan/resources", body)


@pytest.fixture
def http(running):
    with httpx2.Client(base_url=f"{running.url}/api/v1", timeout=30) as http:
        yield http


@pytest.fixture
def choose(http):
    """Book, or `/move`, as a client does; returns the status and what was said."""

    def choose(one, starts_at, step=""):
        path = f"/requests/{one.number}/appointment{step}"
        answer = http.post(path, json={"starts_at": starts_at}, headers=code(one))
        return answer.status_code, answer.json()

    return choose


@pytest.fixture
def by_appointment(public, staff, desk):
    def assessed(text="想当面问问强制检定"):
        one = Journey(public, staff, text, park="shawan")
        one.step("accept")
        plugin = category_of(ITEM)
        one.step(
            "assess", category=plugin.code, item=ITEM, details=dict(plugin.items["b"].example), way="appointment",
            needs=["post", "room"], note="请带上器具清单",
        )  # fmt: skip
        return one

    return assessed


def code(one):
    return {"X-Request-Code": one.code}


def times(one, **query):
    return one.public.get(f"/requests/{one.number}/times", code(one), **query)["times"]


def notices(one, kind):
    return [notice for notice in one.own["notices"] if notice["kind"] == kind]


def calendar(http, one):
    return Calendar.from_ical(http.get(f"/requests/{one.number}/appointment.ics", headers=code(one)).content)


@pytest.mark.clause("6.1", "6.3.a")
def test_a_need_served_by_appointment_comes_to_its_sealed_dossier(by_appointment, choose, http, running):
    one = by_appointment()
    item = one.item
    assert (item["stage"], item["way"], item["waiting_since"]) == ("assessed", "appointment", None)

    first, second = times(one)[0]["starts_at"], times(one)[5]["starts_at"]
    _, booked = choose(one, first)
    assert booked["places"] == ["计量岗", "洽谈室"]
    assert one.item["stage"] == "booked"
    (event,) = calendar(http, one).walk("VEVENT")
    assert (event["uid"], event["sequence"]) == (booked["appointment_id"], 0)
    assert event["dtstart"].dt == datetime.fromisoformat(first)
    assert event["location"].startswith("沙湾珠宝产业园番禺区质量基础设施“一站式”服务站")

    _, moved = choose(one, second, "/move")
    assert (moved["appointment_id"], moved["starts_at"]) == (booked["appointment_id"], second)
    assert calendar(http, one).walk("VEVENT")[0]["sequence"] == 1
    assert first in {free["starts_at"] for free in times(one)}

    one.step("appointment/cancel", reason="样品没到")
    assert calendar(http, one)["method"] == "CANCEL"
    assert one.item["stage"] == "assessed"
    choose(one, second)
    for kind, count in (("booked", 2), ("moved", 1), ("cancelled", 1)):
        eventually(lambda k=kind, n=count: len(notices(one, f"appointment_{k}")) == n, what=kind)

    one.step("begin")
    one.until("serving")  # the target left the result to staff
    one.deliver(ITEM)
    one.until("told")
    assert notices(one, "result")[0]["body"]["served_by"] == "陈专员"
    one.rate()
    one.until("sealed")

    seen = [entry["type"] for entry in one.own["timeline"]]
    for kind, count in (
        ("appointment_booked", 2), ("appointment_moved", 1), ("appointment_cancelled", 1), ("appointment_kept", 1),
        ("service_started", 1), ("service_finished", 1),
    ):  # fmt: skip
        assert seen.count(kind) == count, kind
    assert b"appointment_kept" in dossier_of(running, "shawan", one.number)["data/ledger.json"]


@pytest.mark.clause("6.3.a")
def test_a_time_chosen_by_two_is_of_the_first(by_appointment, choose):
    one, other = by_appointment(), by_appointment()
    starts_at = times(one)[8]["starts_at"]
    choose(one, starts_at)
    assert choose(other, starts_at)[0] == 409
    assert other.item["stage"] == "assessed"
    one.step("withdraw", reason="不办了")
    assert choose(other, starts_at)[0] == 200


@pytest.mark.clause("6.3.a")
def test_the_stations_week_shows_who_comes_when(by_appointment, choose, staff):
    one = by_appointment()
    _, booked = choose(one, times(one)[12]["starts_at"])
    day = booked["starts_at"][:10]
    seen = [
        appointment["number"]
        for found in staff.get("/stations/shawan/calendar", day=day)["resources"]
        for cell in found["days"]
        for appointment in cell["appointments"]
    ]
    assert one.number in seen
    one.step("appointment/cancel")


def test_clients_of_the_same_request_only_see_their_own(by_appointment, public):
    one, other = by_appointment(), by_appointment()
    with pytest.raises(Refused) as refused:
        public.get(f"/requests/{one.number}/times", code(other))
    assert refused.value.status == 404


def test_the_calendar_of_a_park_is_for_those_who_work_there(public, desk, running):
    with pytest.raises(Refused) as refused:
        public.get("/stations/shawan/calendar")
    assert refused.value.status == 401
    assert rows(running, "dispatch", "SELECT count(*) FROM resources WHERE park = 'shawan'")[0][0] >= 2
