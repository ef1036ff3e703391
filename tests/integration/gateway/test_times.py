"""Choosing, moving and cancelling an appointment over HTTP: pages of clients and staff, the API, the calendar file."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from icalendar import Calendar

from shared.contracts.dispatch import (
    AppointmentList,
    AppointmentView,
    AssessItem,
    BeginService,
    BookAppointment,
    CancelAppointment,
    FreeTime,
    FreeTimes,
    GetItem,
    GetWeek,
    ItemPage,
    ListAppointments,
    ListFreeTimes,
    ListItems,
    ListResources,
    MissAppointment,
    MoveAppointment,
    Open,
    PutResource,
    ResourceDay,
    ResourceList,
    ResourceSaved,
    ResourceView,
    ResourceWeek,
    WeekView,
)
from shared.errors import IllegalMove, Invalid, Taken
from tests.integration.gateway.reading import hidden, text_of
from tests.integration.gateway.samples import CODE, METROLOGY, VERIFY, item

NOW = datetime.now(UTC).replace(minute=0, second=0, microsecond=0)
START = NOW.replace(hour=1) + timedelta(days=3)  # 9 o'clock at the station
NUMBER, CODE_HEADER = "天安2026-0001", {"X-Request-Code": "123456"}
BY_APPOINTMENT = {
    "item": CODE, "title": VERIFY.title, "way": "appointment", "needs": ("post",), "minutes": 60,
    "owner_id": "chen", "owner_name": "陈专员",
}  # fmt: skip
CHOOSING = item("assessed", "assess", "book", "withdraw", **BY_APPOINTMENT)
BOOKED = item("booked", "begin", "move", "cancel", "miss", "withdraw", **BY_APPOINTMENT, booked_for=START)
APPOINTMENT = AppointmentView(
    appointment_id="019abf00-0000-7000-8000-000000000003", item_id="i1", request_id="r1", park="tianan",
    number=NUMBER, company="示例企业", title=VERIFY.title, status="booked", starts_at=START,
    ends_at=START + timedelta(hours=1), sequence=0, booked_at=NOW, changed_at=NOW, places=("计量岗", "洽谈室 1"),
)  # fmt: skip
TIMES = FreeTimes(
    item_id="i1", minutes=60, next="2026-12-10",
    times=tuple(
        FreeTime(starts_at=START + timedelta(hours=n), ends_at=START + timedelta(hours=n + 1), places=("计量岗",))
        for n in (0, 1, 24)
    ),
)  # fmt: skip
DESK = ResourceView(
    resource_id="x1", park="tianan", code="desk", kind="post", name="计量岗", capacity=1, minutes=60,
    week=("09:00-12:00",) * 5 + ("", ""), closed=("2026-12-31",), active=True,
)  # fmt: skip
TIMES_PAGE, CANCEL_PAGE = f"/r/{NUMBER}/times/i1", f"/r/{NUMBER}/appointment/i1/cancel"


@pytest.fixture
def database_url() -> str:
    """SQLite: nothing here depends on the database."""
    return ""


@pytest.fixture
def booked(told):
    """The station, with the one item booked."""
    return at(told, BOOKED)


@pytest.fixture
def choosing(told):
    """The station, with the one item waiting for a time."""
    return at(told, CHOOSING)


def at(told: Any, one: Any) -> Any:
    listed = (APPOINTMENT,) if one is BOOKED else ()
    told.bus.answers |= {
        GetItem: one,
        ListItems: ItemPage(items=(one,), counts={one.stage: 1}),
        ListFreeTimes: TIMES,
        ListAppointments: AppointmentList(appointments=listed),
        ListResources: ResourceList(resources=(DESK,)),
        BookAppointment: APPOINTMENT,
        MoveAppointment: APPOINTMENT,
        CancelAppointment: APPOINTMENT,
        MissAppointment: APPOINTMENT,
        BeginService: one,
        PutResource: ResourceSaved(resource=DESK),
    }
    return told


def open_request(station: Any) -> Any:
    answer = station.client.post("/track", data={"number": NUMBER, "code": "123456"})
    return station.client.get(answer.headers["location"])


def form_of(page: Any, **more: str) -> dict[str, str]:
    return {"csrf": hidden(page, "csrf"), "key": hidden(page, "key"), **more}


# --- the client's pages


@pytest.mark.clause("6.3.a")
def test_the_track_page_asks_for_a_time(choosing):
    page = open_request(choosing)
    said = text_of(page)
    assert "现在轮到您 选一个您方便的时间" in said
    assert "一次 1 小时" in said
    assert f'href="{TIMES_PAGE}"' in page.text


@pytest.mark.clause("6.3.a")
def test_a_client_chooses_a_time(choosing):
    open_request(choosing)
    page = choosing.client.get(TIMES_PAGE)
    said = text_of(page)
    assert "2 个时间" in said
    assert "1 个时间" in said
    assert "day=2026-12-10" in page.text
    assert "计量岗" not in said  # who serves is shown once it is booked
    answer = choosing.client.post(TIMES_PAGE, data=form_of(page, starts=START.isoformat()))
    assert answer.headers["location"].endswith("?said=booked")
    (asked,) = choosing.bus.of(BookAppointment)
    assert asked.message == BookAppointment(item_id="i1", starts_at=START)
    assert (asked.actor.role, asked.actor.requests) == ("client", ("r1",))
    assert "约好了，到时候见" in text_of(choosing.client.get(answer.headers["location"]))


def test_a_time_sent_twice_is_one_command_and_another_time_is_another(choosing):
    open_request(choosing)
    form = form_of(choosing.client.get(TIMES_PAGE))
    for starts in (START, START, START + timedelta(hours=1)):
        choosing.client.post(TIMES_PAGE, data={**form, "starts": starts.isoformat()})
    first, again, other = (asked.command_id for asked in choosing.bus.of(BookAppointment))
    assert first == again != other


@pytest.mark.parametrize("starts", ["", "tomorrow", "2026-11-26T09:30:00"])
def test_without_a_time_nothing_is_booked(choosing, starts):
    open_request(choosing)
    form = form_of(choosing.client.get(TIMES_PAGE), starts=starts)
    answer = choosing.client.post(TIMES_PAGE, data=form)
    assert answer.status_code == 422
    assert "请先选一个时间" in text_of(answer)
    assert not choosing.bus.of(BookAppointment)


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (Taken("这个时间刚刚被约走了，请另选一个"), "这个时间刚刚被约走了，请另选一个"),
        (Invalid("请检查填写的内容", fields={"starts_at": "这个时间不能约，请从空的时间里选"}), "这个时间不能约"),
    ],
    ids=["taken", "invalid"],
)
def test_what_cannot_be_booked_is_said_with_the_times_left(choosing, error, said):
    open_request(choosing)
    choosing.bus.answers[BookAppointment] = error
    answer = choosing.client.post(TIMES_PAGE, data=form_of(choosing.client.get(TIMES_PAGE), starts=START.isoformat()))
    assert answer.status_code == 422
    assert said in text_of(answer)
    assert "2 个时间" in text_of(answer)


def test_what_has_moved_on_is_said(choosing):
    open_request(choosing)
    choosing.bus.answers[BookAppointment] = IllegalMove("现在不能这样做")
    answer = choosing.client.post(TIMES_PAGE, data=form_of(choosing.client.get(TIMES_PAGE), starts=START.isoformat()))
    assert answer.headers["location"].endswith("?said=late")
    choosing.bus.answers[GetItem] = item("serving")
    assert choosing.client.get(TIMES_PAGE).headers["location"].endswith("?said=late")
    assert choosing.client.get(CANCEL_PAGE).headers["location"].endswith("?said=late")


def test_when_nothing_is_free_the_page_says_so(choosing):
    open_request(choosing)
    choosing.bus.answers[ListFreeTimes] = FreeTimes(item_id="i1", minutes=60, times=())
    page = choosing.client.get(TIMES_PAGE)
    assert "这些天里没有空的时间了" in text_of(page)
    assert "选这个时间" not in text_of(page)


def test_a_day_that_is_none_begins_with_today(choosing):
    open_request(choosing)
    choosing.bus.answers[ListFreeTimes] = lambda query: Invalid("请检查填写的内容") if query.day else TIMES
    assert choosing.client.get(f"{TIMES_PAGE}?day=zzz").status_code == 200


@pytest.mark.clause("6.3.a")
def test_the_track_page_shows_the_appointment_and_what_can_be_done(booked):
    page = open_request(booked)
    said = text_of(page)
    assert "约好了" in said
    assert "计量岗、洽谈室 1" in said
    assert "天安节能科技园番禺区质量基础设施“一站式”服务站" in said
    for address in (TIMES_PAGE, CANCEL_PAGE, f"/r/{NUMBER}/appointment.ics?item=i1"):
        assert f'href="{address}"' in page.text


@pytest.mark.clause("6.3.a")
def test_a_client_moves_and_cancels(booked):
    open_request(booked)
    page = booked.client.get(TIMES_PAGE)
    assert "选了新的才会改" in text_of(page)
    answer = booked.client.post(TIMES_PAGE, data=form_of(page, starts=START.isoformat()))
    assert answer.headers["location"].endswith("?said=moved")
    assert booked.bus.of(MoveAppointment)[0].message == MoveAppointment(item_id="i1", starts_at=START)
    page = booked.client.get(CANCEL_PAGE)
    assert "这个时间会让给别人" in text_of(page)
    answer = booked.client.post(CANCEL_PAGE, data=form_of(page, reason="样品没到"))
    assert answer.headers["location"].endswith("?said=cancelled")
    assert booked.bus.of(CancelAppointment)[0].message == CancelAppointment(item_id="i1", reason="样品没到")


def test_once_it_has_begun_the_page_offers_no_change(booked):
    begun = AppointmentView(**{**vars(APPOINTMENT), "starts_at": NOW - timedelta(hours=1), "ends_at": NOW})
    booked.bus.answers[ListAppointments] = AppointmentList(appointments=(begun,))
    page = open_request(booked)
    assert "要改请打服务站的电话" in text_of(page)
    assert TIMES_PAGE not in page.text


@pytest.mark.parametrize("path", [TIMES_PAGE, CANCEL_PAGE, f"/r/{NUMBER}/appointment.ics"])
def test_without_the_code_nobody_sees_or_changes_anything(booked, path):
    assert booked.client.get(path).headers["location"].startswith("/track?number=")
    assert not booked.bus.of(ListAppointments)
    if not path.endswith(".ics"):
        assert booked.client.post(path, data={"starts": START.isoformat()}).status_code == 303
    assert not booked.bus.of(MoveAppointment)
    assert not booked.bus.of(CancelAppointment)


@pytest.mark.parametrize("path", [TIMES_PAGE, CANCEL_PAGE])
def test_a_form_of_another_page_changes_nothing(booked, path):
    open_request(booked)
    assert booked.client.post(path, data={"starts": START.isoformat()}).status_code == 403
    assert not booked.bus.of(MoveAppointment)
    assert not booked.bus.of(CancelAppointment)


# --- the calendar file


def events(body: bytes) -> Any:
    calendar = Calendar.from_ical(body)
    return calendar, calendar.walk("VEVENT")


@pytest.mark.clause("6.3.a")
def test_the_calendar_file_is_one_that_calendars_read(booked):
    open_request(booked)
    answer = booked.client.get(f"/r/{NUMBER}/appointment.ics?item=i1")
    assert answer.headers["content-type"] == "text/calendar; charset=utf-8; method=PUBLISH"
    calendar, (event,) = events(answer.content)
    assert (calendar["method"], calendar["version"]) == ("PUBLISH", "2.0")
    assert calendar.walk("VTIMEZONE")[0]["tzid"] == "Asia/Shanghai"
    assert (event["uid"], event["sequence"], event["status"]) == (APPOINTMENT.appointment_id, 0, "CONFIRMED")
    assert event["dtstart"].params["TZID"] == "Asia/Shanghai"
    assert (event["dtstart"].dt, event["dtend"].dt) == (START, START + timedelta(hours=1))
    assert event["dtstamp"].dt == NOW
    assert event["location"] == "天安节能科技园番禺区质量基础设施“一站式”服务站"
    assert NUMBER in event["description"]
    assert event["organizer"].params["CN"] == "天安节能科技园番禺区质量基础设施“一站式”服务站"
    assert all(len(line) <= 75 for line in answer.content.split(b"\r\n"))


def test_a_move_keeps_the_uid_and_a_cancellation_takes_it_back(booked):
    moved = AppointmentView(**{**vars(APPOINTMENT), "sequence": 1})
    booked.bus.answers[ListAppointments] = AppointmentList(appointments=(moved,))
    _, (event,) = events(booked.client.get(API_FILE, headers=CODE_HEADER).content)
    assert (event["uid"], event["sequence"]) == (APPOINTMENT.appointment_id, 1)
    gone = AppointmentView(**{**vars(APPOINTMENT), "sequence": 2, "status": "cancelled"})
    booked.bus.answers[ListAppointments] = AppointmentList(appointments=(gone,))
    answer = booked.client.get(API_FILE, headers=CODE_HEADER)
    calendar, (event,) = events(answer.content)
    assert answer.headers["content-type"].endswith("method=CANCEL")
    assert (calendar["method"], event["status"], event["sequence"]) == ("CANCEL", "CANCELLED", 2)


def test_what_stands_is_in_the_file_and_what_does_not_only_if_nothing_stands(booked):
    old = AppointmentView(**{**vars(APPOINTMENT), "appointment_id": "old", "status": "cancelled"})
    other = AppointmentView(**{**vars(APPOINTMENT), "appointment_id": "other", "item_id": "i2"})
    booked.bus.answers[ListAppointments] = AppointmentList(appointments=(old, APPOINTMENT, other))
    _, found = events(booked.client.get(API_FILE, headers=CODE_HEADER).content)
    assert [event["uid"] for event in found] == [APPOINTMENT.appointment_id, "other"]
    _, found = events(booked.client.get(f"{API_FILE}?item_id=i2", headers=CODE_HEADER).content)
    assert [event["uid"] for event in found] == ["other"]
    booked.bus.answers[ListAppointments] = AppointmentList(appointments=())
    assert booked.client.get(API_FILE, headers=CODE_HEADER).status_code == 404


# --- the API

API = f"/api/v1/requests/{NUMBER}"
API_FILE = f"{API}/appointment.ics"


def test_a_client_books_moves_and_cancels_by_the_api(booked):
    body = {"starts_at": START.isoformat()}
    times = booked.client.get(f"{API}/times", headers=CODE_HEADER)
    assert len(times.json()["times"]) == 3
    assert len(booked.client.get(f"{API}/appointments", headers=CODE_HEADER).json()["appointments"]) == 1
    for path, kind, more in (
        ("appointment", BookAppointment, {}), ("appointment/move", MoveAppointment, {"reason": "开会"}),
    ):  # fmt: skip
        answer = booked.client.post(f"{API}/{path}", json={**body, **more}, headers=CODE_HEADER)
        assert answer.json()["places"] == ["计量岗", "洽谈室 1"]
        (asked,) = booked.bus.of(kind)
        assert asked.message == kind(item_id="i1", starts_at=START, **more)
        assert asked.actor.role == "client"
    booked.client.post(f"{API}/appointment/cancel", json={"reason": "x", "item_id": "i1"}, headers=CODE_HEADER)
    assert booked.bus.of(CancelAppointment)[0].message == CancelAppointment(item_id="i1", reason="x")


@pytest.mark.parametrize("headers", [{}, {"X-Request-Code": "000000"}])
def test_without_the_right_code_the_api_books_nothing(booked, headers):
    answer = booked.client.post(f"{API}/appointment", json={"starts_at": START.isoformat()}, headers=headers)
    assert answer.status_code in (401, 404)
    assert booked.client.get(API_FILE, headers=headers).status_code in (401, 404)
    assert not booked.bus.of(BookAppointment)


def test_the_cookie_of_a_browser_reads_but_changes_only_with_the_pages_token(booked):
    page = open_request(booked)
    assert booked.client.get(API_FILE).status_code == 200
    body = {"starts_at": START.isoformat()}
    assert booked.client.post(f"{API}/appointment/move", json=body).status_code == 403
    headers = {"X-CSRF-Token": hidden(page, "csrf")}
    assert booked.client.post(f"{API}/appointment/move", json=body, headers=headers).status_code == 200


def test_a_request_without_an_appointment_has_none_to_book(told):
    at(told, item("received"))
    answer = told.client.post(f"{API}/appointment", json={"starts_at": START.isoformat()}, headers=CODE_HEADER)
    assert answer.status_code == 404
    wrong = {"starts_at": START.isoformat(), "item_id": "of-another"}
    assert told.client.post(f"{API}/appointment", json=wrong, headers=CODE_HEADER).status_code == 404


@pytest.mark.parametrize("starts_at", [None, "", "2026-11-26", "2026-11-26T09:30:00", 7])
def test_a_moment_needs_its_offset(booked, starts_at):
    answer = booked.client.post(f"{API}/appointment", json={"starts_at": starts_at}, headers=CODE_HEADER)
    assert answer.status_code == 422
    assert [error["field"] for error in answer.json()["errors"]] == ["starts_at"]


def test_what_was_taken_is_a_conflict(booked):
    booked.bus.answers[BookAppointment] = Taken("这个时间刚刚被约走了，请另选一个")
    answer = booked.client.post(f"{API}/appointment", json={"starts_at": START.isoformat()}, headers=CODE_HEADER)
    assert answer.status_code == 409


def test_staff_do_all_of_it_by_the_api(booked):
    token = booked.sign_in()["token"]
    headers = {"Authorization": f"Bearer {token}"}
    starts = {"starts_at": START.isoformat()}
    steps = {
        "items/i1/appointment": (starts, BookAppointment(item_id="i1", starts_at=START)),
        "items/i1/appointment/move": (starts, MoveAppointment(item_id="i1", starts_at=START)),
        "items/i1/appointment/cancel": ({}, CancelAppointment(item_id="i1")),
        "items/i1/appointment/miss": ({"note": "没接电话"}, MissAppointment(item_id="i1", note="没接电话")),
        "items/i1/begin": ({}, BeginService(item_id="i1")),
        "stations/tianan/resources": (
            {"code": "desk", "kind": "post", "name": "计量岗", "week": ["09:00-12:00"] * 5 + ["", ""]},
            PutResource(
                park="tianan", code="desk", kind="post", name="计量岗", week=("09:00-12:00",) * 5 + ("", "")
            ),
        ),
    }  # fmt: skip
    for path, (body, command) in steps.items():
        assert booked.client.post(f"/api/v1/{path}", json=body).status_code == 403  # the cookie alone
        assert booked.client.post(f"/api/v1/{path}", json=body, headers=headers).status_code == 200, path
        (asked,) = booked.bus.of(type(command))
        assert asked.message == command
    assert booked.client.post("/api/v1/stations/mars/resources", json=body, headers=headers).status_code == 404


# --- the workbench


def test_staff_see_that_the_client_is_to_choose_and_may_choose_for_it(choosing):
    choosing.sign_in()
    page = choosing.client.get("/desk/items/i1")
    said = text_of(page)
    assert "现在轮到企业" in said
    assert "等企业选时间" in said
    assert 'href="/desk/items/i1/times"' in page.text
    page = choosing.client.get("/desk/items/i1/times")
    assert "计量岗" in text_of(page)
    answer = choosing.client.post("/desk/items/i1/times", data=form_of(page, starts=START.isoformat()))
    assert answer.headers["location"] == "/desk/items/i1?said=booked"
    assert choosing.bus.of(BookAppointment)[0].actor.id == "chen"


def test_staff_begin_what_is_booked(booked):
    booked.sign_in()
    page = booked.client.get("/desk/items/i1")
    assert "企业来了，开始办" in text_of(page)
    assert "/desk/items/i1/miss" not in page.text  # its time has not come
    answer = booked.client.post("/desk/items/i1/begin", data=form_of(page))
    assert answer.headers["location"] == "/desk/items/i1?said=begin"
    assert booked.bus.of(BeginService)


@pytest.mark.parametrize(
    ("step", "command"),
    [
        ("cancel", CancelAppointment(item_id="i1", reason="说明")),
        ("miss", MissAppointment(item_id="i1", note="说明")),
    ],
    ids=["cancel", "miss"],
)
def test_staff_cancel_and_record_who_did_not_come(booked, step, command):
    booked.bus.answers[GetItem] = item("booked", "miss", "cancel", **BY_APPOINTMENT, booked_for=NOW)
    booked.sign_in()
    assert f'href="/desk/items/i1/{step}"' in booked.client.get("/desk/items/i1").text
    page = booked.client.get(f"/desk/items/i1/{step}")
    answer = booked.client.post(f"/desk/items/i1/{step}", data=form_of(page, text="说明"))
    assert answer.headers["location"] == f"/desk/items/i1?said={step}"
    assert booked.bus.of(type(command))[0].message == command


def test_the_assessment_asks_when_it_is_done_and_what_that_needs(choosing):
    choosing.bus.answers[GetItem] = item("accepted", "assess")
    choosing.bus.answers[AssessItem] = item("assessed")
    choosing.sign_in()
    page = choosing.client.get("/desk/items/i1")
    assert "约个时间办" in text_of(page)
    form = form_of(page, pick=CODE, drawn=CODE, way="appointment", post="desk", minutes="90")
    choosing.client.post("/desk/items/i1/assess", data=form)
    asked = choosing.bus.of(AssessItem)[0].message
    assert (asked.category, asked.way, asked.needs, asked.minutes) == (METROLOGY.code, "appointment", ("desk",), 90)
    choosing.bus.answers[AssessItem] = Invalid("请检查填写的内容", fields={"needs": "一次最多约 5 样"})
    page = choosing.client.post("/desk/items/i1/assess", data=form)
    assert page.status_code == 422
    assert 'href="#f-needs"' in page.text
    assert '<option value="desk" selected>' in page.text


def test_where_nothing_can_be_booked_the_assessment_does_not_ask(choosing):
    choosing.bus.answers |= {GetItem: item("accepted", "assess"), ListResources: ResourceList(resources=())}
    choosing.sign_in()
    assert "约个时间办" not in text_of(choosing.client.get("/desk/items/i1"))


def week(*appointments: AppointmentView) -> WeekView:
    days = tuple(f"2026-11-{n}" for n in range(23, 30))
    opens = (Open(opens_at=START, closes_at=START + timedelta(hours=3)),)
    cells = [ResourceDay(day=day) for day in days]
    cells[3] = ResourceDay(day=days[3], opens=opens, free=2, appointments=appointments)
    return WeekView(park="tianan", days=days, resources=(ResourceWeek(resource=DESK, days=tuple(cells)),))


def test_the_calendar_shows_a_week_by_resource(booked):
    booked.sign_in()
    booked.bus.answers[GetWeek] = week(APPOINTMENT)
    page = booked.client.get("/desk/calendar?park=tianan&day=2026-11-26")
    said = text_of(page)
    assert booked.bus.of(GetWeek)[0].message == GetWeek(park="tianan", day="2026-11-26")
    assert "示例企业" in said
    assert "空 2" in said
    assert "day=2026-11-16" in page.text
    assert "day=2026-11-30" in page.text
    assert 'href="/desk/items/i1"' in page.text


def test_the_calendar_of_a_station_without_resources_says_what_to_do(booked):
    booked.sign_in()
    booked.bus.answers[GetWeek] = WeekView(park="tianan", days=week().days, resources=())
    assert "登记第一个" in text_of(booked.client.get("/desk/calendar"))


def test_nobody_sees_the_calendar_of_another_park(booked):
    booked.sign_in(parks=("tianan",))
    booked.bus.answers[GetWeek] = week()
    booked.client.get("/desk/calendar?park=juda")
    assert {asked.message.park for asked in booked.bus.of(GetWeek)} == {"tianan"}


def test_a_regulator_reads_the_calendar_and_keeps_no_resources(booked):
    booked.sign_in("lin", role="regulator")
    booked.bus.answers[GetWeek] = week(APPOINTMENT)
    page = booked.client.get("/desk/calendar")
    assert page.status_code == 200
    assert "/desk/resources" not in page.text
    for path in ("/desk/resources", "/desk/resources/new?park=tianan", "/desk/resources/tianan/desk"):
        assert booked.client.get(path).status_code == 403


def test_resources_are_listed_added_and_changed(booked):
    booked.sign_in()
    assert "周一至周五 09:00-12:00" in text_of(booked.client.get("/desk/resources"))
    page = booked.client.get("/desk/resources/tianan/desk")
    assert 'value="计量岗"' in page.text
    form = form_of(
        page, kind="post", name="计量岗", capacity="2", minutes="30", closed="2026-12-31\n2027-01-04", active="1",
        **{"week.0": "09:00-12:00"},
    )  # fmt: skip
    answer = booked.client.post("/desk/resources/tianan/desk", data=form)
    assert answer.headers["location"] == "/desk/resources?park=tianan&saved=desk"
    assert booked.bus.of(PutResource)[0].message == PutResource(
        park="tianan", code="desk", kind="post", name="计量岗", capacity=2, minutes=30, active=True,
        week=("09:00-12:00",) + ("",) * 6, closed=("2026-12-31", "2027-01-04"),
    )  # fmt: skip
    assert "“计量岗”已保存" in text_of(booked.client.get(answer.headers["location"]))
    page = booked.client.get("/desk/resources/new?park=tianan")
    booked.client.post("/desk/resources/new?park=tianan", data=form_of(page, code="room-1", kind="room", name="x"))
    assert booked.bus.of(PutResource)[1].message.code == "room-1"
    assert booked.client.get("/desk/resources/tianan/nope").status_code == 404


def test_what_is_wrong_with_a_resource_is_said_at_its_field_and_nothing_typed_is_lost(booked):
    booked.sign_in()
    fields = {"week.2": "开放时间的分钟要是 00、15、30 或 45", "capacity": "同时能约的数量是 1 到 200"}
    booked.bus.answers[PutResource] = Invalid("请检查填写的内容", fields=fields)
    page = booked.client.get("/desk/resources/new?park=tianan")
    typed = {"code": "a", "kind": "room", "name": "洽谈室", "capacity": "zz", "minutes": "30", "week.2": "09:05-10:00"}
    page = booked.client.post("/desk/resources/new?park=tianan", data=form_of(page, **typed))
    assert page.status_code == 422
    assert 'href="#f-week-2"' in page.text
    assert 'value="09:05-10:00"' in page.text
    assert booked.bus.of(PutResource)[0].message.capacity == 0


def test_appointments_left_outside_the_new_hours_are_listed(booked):
    booked.sign_in()
    booked.bus.answers[PutResource] = ResourceSaved(resource=DESK, displaced=(APPOINTMENT,))
    page = booked.client.get("/desk/resources/tianan/desk")
    page = booked.client.post("/desk/resources/tianan/desk", data=form_of(page, kind="post", name="计量岗"))
    assert "有 1 个预约不在新的开放时间里" in text_of(page)
    assert 'href="/desk/items/i1/times"' in page.text
