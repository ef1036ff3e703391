"""Pages and operations where hours, holidays, limits, chains and absences are set."""

from datetime import UTC, datetime, timedelta

import pytest

from shared.contracts.dispatch import (
    ClockChange,
    ClockPreview,
    PreviewClocks,
)
from shared.contracts.station import (
    AbsenceList,
    AbsenceView,
    CalendarView,
    ChainView,
    EndAbsence,
    GetCalendar,
    GetChain,
    GetLimits,
    GivenDay,
    GivenLimit,
    LimitsView,
    ListAbsences,
    ListYears,
    NoteAbsence,
    PublishYear,
    Recipient,
    SetCalendar,
    SetChain,
    SetLimits,
    YearList,
    YearView,
)
from shared.errors import Forbidden, IllegalMove, Invalid
from shared.limits import DEFAULTS
from tests.integration.gateway.reading import hidden, text_of

NOW = datetime.now(UTC)
WEEK = ("09:00-12:00 13:30-17:30",) * 5 + ("", "")


@pytest.fixture
def database_url() -> str:
    """SQLite: nothing here depends on the database."""
    return ""


CALENDAR = CalendarView(
    park="tianan", version=3, week=(), days=(), district_week=WEEK, district_days=(), years=(2025, 2026)
)
SHIPPED = YearView(
    year=2026,
    version=0,
    days=(
        GivenDay(day="2026-01-01", working=False, name="元旦"),
        GivenDay(day="2026-01-02", working=False, name="元旦"),
    ),
)
LIMITS = LimitsView(
    version=2, limits=tuple(GivenLimit(clock=c, count=one.count, unit=one.unit) for c, one in DEFAULTS.items())
)
MOVES = ClockPreview(
    running=9,
    sooner=2,
    later=1,
    examples=(ClockChange(item_id="i1", number="天安2026-0001", clock="accept", before=NOW, after=None),),
)


@pytest.fixture
def operator(told):
    told.sign_in("operator", role="operator", parks=("*",))
    told.bus.answers |= {
        GetCalendar: CALENDAR,
        SetCalendar: CALENDAR,
        ListYears: YearList(years=(SHIPPED,)),
        PublishYear: SHIPPED,
        GetLimits: LIMITS,
        SetLimits: LIMITS,
        PreviewClocks: MOVES,
        GetChain: ChainView(park="tianan", version=1, steps=(), district_steps=(Recipient(role="operator"),)),
        SetChain: ChainView(park="tianan", version=2, steps=(), district_steps=()),
        ListAbsences: AbsenceList(absences=()),
        EndAbsence: lambda command: AWAY,
        NoteAbsence: lambda command: AWAY,
    }
    return told


AWAY = AbsenceView(
    absence_id="a1",
    account="chen",
    name="陈专员",
    parks=("tianan",),
    since=NOW,
    until=NOW + timedelta(days=2),
    reason="年假",
    noted_by="林",
)


def preview_then_save(operator, path: str, **given: str):
    """What a person does: change, see what moves, save it."""
    page = operator.client.get(path)
    fields = {"csrf": hidden(page, "csrf"), "key": "k1", **given}
    if 'name="version"' in page.text:
        fields["version"] = hidden(page, "version")
    seen = operator.client.post(path, data={**fields, "look": "1"})
    assert "就这样改" in text_of(seen), text_of(seen)
    return operator.client.post(path, data={**fields, "save": "1", "seen": hidden(seen, "seen")}), seen


def test_hours_are_set_after_seeing_what_moves(operator):
    week = {f"week.{n}": "10:00-12:00" if n < 5 else "" for n in range(7)}
    saved, seen = preview_then_save(
        operator,
        "/desk/hours/tianan",
        **week,
        days="2026-12-14~2026-12-15 休 停电检修\n2026-12-12 班 09:00-12:00 开放日",
    )
    assert saved.headers["location"] == "/desk/hours/tianan?said=hours"
    assert "9 件在走的时限里：2 件提前，1 件推后" in text_of(seen)
    (asked,) = operator.bus.of(SetCalendar)
    assert (asked.message.park, asked.message.version, asked.message.week[0]) == ("tianan", 3, "10:00-12:00")
    assert [(one.day, one.working, one.hours, one.name) for one in asked.message.days] == [
        ("2026-12-14", False, "", "停电检修"),
        ("2026-12-15", False, "", "停电检修"),
        ("2026-12-12", True, "09:00-12:00", "开放日"),
    ]
    assert operator.bus.of(PreviewClocks)[0].message.days == asked.message.days


def test_what_was_typed_after_the_preview_is_not_saved_unseen(operator):
    page = operator.client.get("/desk/hours/tianan")
    seen = operator.client.post("/desk/hours/tianan", data={"csrf": hidden(page, "csrf"), "look": "1"})
    data = {"csrf": hidden(page, "csrf"), "save": "1", "seen": hidden(seen, "seen"), "week.0": "09:00-10:00"}
    again = operator.client.post("/desk/hours/tianan", data=data)
    assert "就这样改" in text_of(again)
    assert operator.bus.of(SetCalendar) == []


def test_no_hours_at_all_follow_the_districts(operator):
    preview_then_save(operator, "/desk/hours/tianan", days="")
    assert operator.bus.of(SetCalendar)[0].message.week == ()


@pytest.mark.parametrize(
    ("days", "error", "said"),
    [
        ("2026-12-14 停电", None, "这一行看不懂：2026-12-14 停电"),
        ("2026-02-30 休 x", None, "这一行看不懂"),
        ("2026-12-14 休 x", Invalid("x", fields={"days.0.day": "这个日期写了两次"}), "2026-12-14 这个日期写了两次"),
        ("", Invalid("x", fields={"week.1": "上班时间要按先后写，几段之间不能重叠"}), "几段之间不能重叠"),
        ("", Invalid("x", fields={"week": "一周里至少要有一小时上班时间"}), "一周里至少要有一小时上班时间"),
    ],
)
def test_hours_that_cannot_be_are_told_at_the_field_and_nothing_typed_is_lost(operator, days, error, said):
    if error:
        operator.bus.answers[PreviewClocks] = error
    page = operator.client.get("/desk/hours/tianan")
    data = {"csrf": hidden(page, "csrf"), "look": "1", "week.0": "08:00-09:00", "days": days}
    page = operator.client.post("/desk/hours/tianan", data=data)
    assert page.status_code == 422
    assert said in text_of(page)
    assert 'value="08:00-09:00"' in page.text


def test_hours_that_somebody_else_just_changed_are_not_overwritten(operator):
    operator.bus.answers[SetCalendar] = IllegalMove("这份设置刚被改过，请看看最新的再改")
    page, _ = preview_then_save(operator, "/desk/hours/tianan", days="")
    assert page.status_code == 422
    assert "这份设置刚被改过" in text_of(page)


def test_a_years_holidays_are_noted_line_by_line(operator):
    page = operator.client.get("/desk/years/2026")
    assert "2026-01-01~2026-01-02 休 元旦</textarea>" in page.text
    saved, _ = preview_then_save(
        operator, "/desk/years/2027", days="2027-01-01～2027-01-03 休 元旦\n2027-01-04 班 元旦补班"
    )
    assert saved.headers["location"] == "/desk/years/2027?said=year"
    (asked,) = operator.bus.of(PublishYear)
    assert [(one.day, one.working, one.name) for one in asked.message.days][-1] == ("2027-01-04", True, "元旦补班")
    assert len(asked.message.days) == 4
    assert operator.client.get("/desk/years/soon").status_code == 404


def test_limits_are_set_after_seeing_what_moves(operator):
    given = {f"limits.{clock}": str(one.count) for clock, one in DEFAULTS.items()}
    given |= {f"unit.{clock}": str(one.unit) for clock, one in DEFAULTS.items()}
    saved, _ = preview_then_save(operator, "/desk/limits", **{**given, "limits.accept": "30", "unit.accept": "minutes"})
    assert saved.headers["location"] == "/desk/limits?said=limits"
    (asked,) = operator.bus.of(SetLimits)
    assert asked.message.limits[0] == GivenLimit(clock="accept", count=30, unit="minutes")
    assert asked.message.version == 2


def test_a_limit_that_is_no_number_is_told_at_its_field(operator):
    operator.bus.answers[PreviewClocks] = lambda query: (
        Invalid("x", fields={"limits.accept": "没有这个环节"}) if query.limits[0].count == 0 else MOVES
    )
    page = operator.client.get("/desk/limits")
    data = {"csrf": hidden(page, "csrf"), "look": "1", "limits.accept": "兩", "unit.accept": "hours"}
    page = operator.client.post("/desk/limits", data=data)
    assert page.status_code == 422
    assert "受理 · 没有这个环节" in text_of(page)
    assert 'value="兩"' in page.text


def test_a_chain_is_chosen_from_roles_and_from_people_of_the_park(operator):
    operator.account("lin", parks=("tianan",))
    operator.account("far", parks=("juda",))
    page = operator.client.get("/desk/duty/tianan")
    assert "account:lin" in page.text
    assert "account:far" not in page.text
    data = {
        "csrf": hidden(page, "csrf"),
        "version": hidden(page, "version"),
        "steps.0": "account:lin",
        "steps.1": "role:operator",
        "steps.2": "account:far",
    }
    operator.client.post("/desk/duty/tianan", data=data)
    (asked,) = operator.bus.of(SetChain)
    assert asked.message.steps == (
        Recipient(account="lin", name="陈专员"),
        Recipient(role="operator"),
        Recipient(),
    )


def test_an_absence_is_noted_for_whole_days_and_ended(operator):
    operator.account("lin", parks=("tianan",))
    page = operator.client.get("/desk/duty/tianan")
    data = {"csrf": hidden(page, "csrf"), "key": "k", "account": "lin", "since": "2031-01-06", "until": "2031-01-07"}
    answer = operator.client.post("/desk/duty/tianan/away", data=data)
    assert answer.headers["location"] == "/desk/duty/tianan?said=away"
    (asked,) = operator.bus.of(NoteAbsence)
    assert (asked.message.parks, asked.message.until - asked.message.since) == (("tianan",), timedelta(days=2))
    assert asked.message.since.astimezone(UTC).hour == 16  # midnight in Shanghai
    operator.bus.answers[ListAbsences] = AbsenceList(absences=(AWAY,))
    page = operator.client.get("/desk/duty/tianan")
    assert "陈专员" in text_of(page)
    assert "年假" in text_of(page)
    back = {"csrf": hidden(page, "csrf"), "key": "k", "place": "tianan"}
    assert operator.client.post("/desk/absences/a1/end", data=back).headers["location"].endswith("tianan?said=back")


def test_days_that_are_none_are_told_and_nothing_is_noted(operator):
    page = operator.client.get("/desk/duty/tianan")
    data = {"csrf": hidden(page, "csrf"), "since": "soon", "until": ""}
    page = operator.client.post("/desk/duty/tianan/away", data=data)
    assert page.status_code == 422
    assert "有 2 处要改" in text_of(page)
    assert operator.bus.of(NoteAbsence) == []


def test_staff_note_their_own_absence_at_all_of_their_parks(told):
    told.sign_in(parks=("tianan", "juda"))
    told.bus.answers |= {ListAbsences: AbsenceList(absences=(AWAY,)), NoteAbsence: AWAY}
    page = told.client.get("/desk/me")
    assert "年假" in text_of(page)
    data = {"csrf": hidden(page, "csrf"), "since": "2031-01-06", "until": "2031-01-06", "reason": "培训"}
    assert told.client.post("/desk/me/away", data=data).headers["location"] == "/desk/me?said=away"
    (asked,) = told.bus.of(NoteAbsence)
    assert (asked.message.account, asked.message.parks) == ("chen", ("tianan", "juda"))


@pytest.mark.parametrize(
    "path",
    [
        "/desk/settings",
        "/desk/hours/tianan",
        "/desk/hours/district",
        "/desk/limits",
        "/desk/years/2027",
        "/desk/duty/tianan",
    ],
)
def test_staff_and_regulators_set_nothing(told, path):
    told.sign_in()
    assert told.client.get(path).status_code == 403
    assert "/desk/settings" not in told.client.get("/desk/me").text


def test_who_runs_one_station_sets_that_one_only(operator):
    operator.sign_in("one", role="operator", parks=("tianan",))
    text = text_of(operator.client.get("/desk/settings"))
    assert "天安节能科技园" in text
    assert "节假日" not in text
    assert operator.client.get("/desk/hours/juda").status_code == 403
    assert operator.client.get("/desk/limits").status_code == 403
    assert operator.client.get("/desk/hours/tianan").status_code == 200


def test_the_overview_says_what_is_known_and_what_is_a_stations_own(operator):
    operator.bus.answers[GetCalendar] = lambda query: (
        CalendarView(**{**vars(CALENDAR), "week": WEEK}) if query.park == "juda" else CALENDAR
    )
    text = text_of(operator.client.get("/desk/settings"))
    assert "2026 年" in text
    assert "记下 2027 年的" in text
    assert text.count("自己定的 ·") == 1


def test_the_api_gets_and_sets_hours_limits_and_chains(operator):
    password = operator.account("boss", role="operator", parks=("*",))
    token = operator.client.post("/api/v1/session", json={"account": "boss", "password": password}).json()["token"]
    bearer = {"authorization": f"Bearer {token}"}
    client = operator.client
    client.cookies.clear()
    assert client.get("/api/v1/hours").json()["years"] == [2025, 2026]
    assert client.get("/api/v1/stations/tianan/hours").status_code == 200
    day = {"day": "2026-12-14", "working": False, "name": "停电"}
    body = {"week": list(WEEK), "days": [day], "version": 3}
    assert client.post("/api/v1/stations/tianan/hours", json=body, headers=bearer).status_code == 200
    assert client.post("/api/v1/hours", json=body, headers=bearer).status_code == 200
    assert client.post("/api/v1/hours", json=body).status_code == 401
    assert [one.message.park for one in operator.bus.of(SetCalendar)] == ["tianan", ""]
    assert client.post("/api/v1/years/2027", json={"days": [day]}, headers=bearer).status_code == 200
    assert operator.bus.of(PublishYear)[0].message.year == 2027
    limit = {"clock": "accept", "count": 1, "unit": "hours"}
    assert client.post("/api/v1/limits", json={"limits": [limit]}, headers=bearer).status_code == 200
    assert client.get("/api/v1/limits").json()["version"] == 2
    assert client.post("/api/v1/chain", json={"steps": [{"role": "operator"}]}, headers=bearer).status_code == 200
    assert client.get("/api/v1/stations/tianan/chain", headers=bearer).status_code == 200
    away = {
        "account": "chen",
        "name": "陈专员",
        "parks": ["tianan"],
        "since": "2031-01-06T00:00:00+08:00",
        "until": "2031-01-07T00:00:00+08:00",
    }
    assert client.post("/api/v1/absences", json=away, headers=bearer).status_code == 200
    assert client.get("/api/v1/absences?park=tianan", headers=bearer).json() == {"absences": []}
    assert client.post("/api/v1/absences/a1/end", json={}, headers=bearer).status_code == 200
    preview = client.post("/api/v1/clocks/preview", json={"what": "limits", "limits": [limit]}, headers=bearer)
    assert preview.json()["sooner"] == 2
    operator.bus.answers[SetLimits] = Forbidden("您没有权限做这件事，请联系服务站负责人")
    assert client.post("/api/v1/limits", json={}, headers=bearer).status_code == 403
