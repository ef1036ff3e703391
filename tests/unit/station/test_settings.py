from datetime import UTC, datetime, timedelta

import pytest

from services.station.domain.stations import Station
from services.station.handlers import absences, settings
from shared.access import EVERYWHERE, Actor, Role
from shared.contracts.station import (
    EndAbsence,
    GetCalendar,
    GetChain,
    GetLimits,
    GivenDay,
    GivenLimit,
    ListAbsences,
    ListYears,
    NoteAbsence,
    PublishYear,
    Recipient,
    SetCalendar,
    SetChain,
    SetLimits,
)
from shared.errors import Forbidden, IllegalMove, Invalid, NotFound
from shared.limits import DEFAULTS
from tests.fake_station import FakeStation

NOW = datetime(2026, 11, 24, 2, 20, tzinfo=UTC)
WEEK = ("09:00-12:00 13:30-17:30",) * 5 + ("", "")
SHORT = ("10:00-12:00",) * 5 + ("", "")
CLOSED = GivenDay(day="2026-12-14", working=False, name="停电检修")


def actor(role: Role, *parks: str, id: str = "x") -> Actor:
    return Actor(id=id, role=role, name="运营主管", parks=parks)


DISTRICT = actor(Role.OPERATOR, EVERYWHERE)


@pytest.fixture
def uow():
    work = FakeStation(actor=DISTRICT, now=NOW)
    with work:
        for park in ("tianan", "juda"):
            work.stations.put(
                Station(
                    park=park, park_name=park, short=park, district="番禺区", authority="", industries=(), window=True,
                    phone="", address="", hours="", email="",
                )
            )  # fmt: skip
        work.commit()
    return work


def test_before_anything_is_set_there_are_hours_years_and_limits(uow):
    view = settings.get_calendar(GetCalendar(park="tianan"), uow)
    assert (view.version, view.week, view.district_week, view.years) == (0, (), WEEK, (2024, 2025, 2026))
    limits = settings.get_limits(GetLimits(), uow).limits
    assert {one.clock: (one.count, one.unit) for one in limits} == {
        clock: (limit.count, limit.unit) for clock, limit in DEFAULTS.items()
    }
    assert settings.get_chain(GetChain(park="tianan"), uow).district_steps == (Recipient(role="operator"),)


def test_a_station_has_hours_of_its_own_and_the_others_hear_of_it(uow):
    view = settings.set_calendar(SetCalendar(park="tianan", week=SHORT, days=(CLOSED,), version=0), uow)
    assert (view.version, view.week, view.days, view.set_by) == (1, SHORT, (CLOSED,), "运营主管")
    (event, _) = uow.said[0]
    assert (event.type(), event.park, event.version, event.week) == ("calendar_set", "tianan", 1, SHORT)
    assert settings.get_calendar(GetCalendar(park="juda"), uow).week == ()


def test_hours_are_kept_in_one_way_of_writing_and_no_change_is_not_said(uow):
    settings.set_calendar(SetCalendar(park="", week=("9:00至12:00，13:30-17:30",) * 5 + ("", "")), uow)
    settings.set_calendar(SetCalendar(park="", week=WEEK), uow)
    assert uow.types == ["calendar_set"]
    assert settings.get_calendar(GetCalendar(), uow).version == 1


def test_a_change_made_from_an_older_version_is_refused(uow):
    settings.set_calendar(SetCalendar(park="tianan", week=SHORT, version=0), uow)
    with pytest.raises(IllegalMove):
        settings.set_calendar(SetCalendar(park="tianan", week=WEEK, version=0), uow)
    assert settings.get_calendar(GetCalendar(park="tianan"), uow).week == SHORT


def test_a_station_goes_back_to_the_districts_hours(uow):
    settings.set_calendar(SetCalendar(park="tianan", week=SHORT), uow)
    view = settings.set_calendar(SetCalendar(park="tianan", days=(CLOSED,)), uow)
    assert (view.week, view.days) == ((), (CLOSED,))
    with pytest.raises(Invalid):
        settings.set_calendar(SetCalendar(park=""), uow)


@pytest.mark.parametrize(
    ("week", "days", "field"),
    [
        (("x", *WEEK[1:]), (), "week.0"),
        (WEEK[:5], (), "week"),
        (WEEK, (CLOSED, CLOSED), "days.1.day"),
        (WEEK, (GivenDay(day="2026-02-30", working=False, name="x"),), "days.0.day"),
    ],
)
def test_hours_that_cannot_be_are_refused_and_nothing_changes(uow, week, days, field):
    with pytest.raises(Invalid) as refused:
        settings.set_calendar(SetCalendar(park="tianan", week=week, days=days), uow)
    assert field in refused.value.fields
    assert uow.said == []


def test_a_park_that_is_not_there_has_no_hours(uow):
    for step in (
        lambda: settings.set_calendar(SetCalendar(park="mars", week=WEEK), uow),
        lambda: settings.get_calendar(GetCalendar(park="mars"), uow),
        lambda: settings.set_chain(SetChain(park="mars"), uow),
    ):
        with pytest.raises(NotFound):
            step()


def days_of(year: int, *more: GivenDay) -> tuple[GivenDay, ...]:
    off = [("01-01", "元旦"), ("05-01", "劳动节"), ("10-01", "国庆节")]
    return (*(GivenDay(day=f"{year}-{day}", working=False, name=name) for day, name in off), *more)


def test_a_published_year_is_known_from_then_on(uow):
    settings.publish_year(PublishYear(year=2027, days=days_of(2027)), uow)
    assert settings.get_calendar(GetCalendar(), uow).years == (2024, 2025, 2026, 2027)
    assert uow.said[0][0].year == 2027
    assert [one.version for one in settings.list_years(ListYears(), uow).years] == [0, 0, 0, 1]


def test_a_shipped_year_can_be_corrected_and_the_same_again_is_not_said(uow):
    shipped = settings.list_years(ListYears(), uow).years[-1]
    settings.publish_year(PublishYear(year=2026, days=shipped.days), uow)
    assert uow.said == []
    view = settings.publish_year(PublishYear(year=2026, days=shipped.days[:-1]), uow)
    assert (view.version, len(view.days)) == (1, len(shipped.days) - 1)


def test_limits_are_the_districts_and_what_is_not_named_keeps_its_default(uow):
    view = settings.set_limits(SetLimits(limits=(GivenLimit(clock="accept", count=30, unit="minutes"),)), uow)
    limits = {one.clock: one for one in view.limits}
    assert (limits["accept"].count, limits["accept"].unit) == (30, "minutes")
    assert limits["complaint"].count == 10
    settings.set_limits(SetLimits(limits=(GivenLimit(clock="accept", count=2, unit="hours"),)), uow)
    assert [event.limits for event, _ in uow.said][-1] == ()


@pytest.mark.parametrize(
    "wrong",
    [
        GivenLimit(clock="lunch", count=1, unit="hours"),
        GivenLimit(clock="accept", count=0, unit="hours"),
        GivenLimit(clock="accept", count=251, unit="days"),
        GivenLimit(clock="accept", count=1, unit="weeks"),
    ],
)
def test_limits_that_cannot_be_are_refused(uow, wrong):
    with pytest.raises(Invalid) as refused:
        settings.set_limits(SetLimits(limits=(wrong,)), uow)
    assert f"limits.{wrong.clock}" in refused.value.fields


def test_a_chain_names_accounts_and_roles_in_order(uow):
    steps = (Recipient(account="lin", name="林站长"), Recipient(role="operator"))
    assert settings.set_chain(SetChain(park="tianan", steps=steps), uow).steps == steps
    assert uow.said[0][0].steps == steps
    assert settings.get_chain(GetChain(park="juda"), uow).steps == ()


@pytest.mark.parametrize(
    "step",
    [
        Recipient(), Recipient(account="lin", name="林站长", role="operator"), Recipient(account="lin"),
        Recipient(role="client"), Recipient(role="boss"),
    ],
)  # fmt: skip
def test_a_step_of_a_chain_is_somebody(uow, step):
    with pytest.raises(Invalid) as refused:
        settings.set_chain(SetChain(park="tianan", steps=(step,)), uow)
    assert "steps.0" in refused.value.fields


@pytest.mark.parametrize(
    ("who", "park", "may"),
    [
        (actor(Role.OPERATOR, "tianan"), "tianan", True),
        (actor(Role.OPERATOR, "juda"), "tianan", False),
        (actor(Role.OPERATOR, "tianan"), "", False),
        (DISTRICT, "", True),
        (actor(Role.ADMIN), "", True),
        (actor(Role.STAFF, "tianan"), "tianan", False),
        (actor(Role.REGULATOR, EVERYWHERE), "", False),
        (actor(Role.PUBLIC), "tianan", False),
    ],
)
def test_only_who_runs_a_station_sets_its_hours_and_chain(uow, who, park, may):
    uow.actor = who
    for step in (
        lambda: settings.set_calendar(SetCalendar(park=park, week=WEEK), uow),
        lambda: settings.set_chain(SetChain(park=park, steps=(Recipient(role="operator"),)), uow),
    ):
        if may:
            step()
        else:
            with pytest.raises(Forbidden):
                step()


@pytest.mark.parametrize("who", [actor(Role.OPERATOR, "tianan"), actor(Role.STAFF, EVERYWHERE)])
def test_only_the_district_sets_limits_and_years(uow, who):
    uow.actor = who
    with pytest.raises(Forbidden):
        settings.set_limits(SetLimits(limits=()), uow)
    with pytest.raises(Forbidden):
        settings.publish_year(PublishYear(year=2027, days=days_of(2027)), uow)


# --- absences


def absence(**given) -> NoteAbsence:
    values = {
        "account": "chen", "name": "陈专员", "parks": ("tianan",), "since": NOW, "until": NOW + timedelta(days=3),
        "reason": "年假",
    }  # fmt: skip
    return NoteAbsence(**{**values, **given})


def test_an_absence_is_noted_and_ended(uow):
    noted = absences.note_absence(absence(), uow)
    assert absences.list_absences(ListAbsences(park="tianan"), uow).absences == (noted,)
    assert absences.list_absences(ListAbsences(park="juda"), uow).absences == ()
    absences.end_absence(EndAbsence(absence_id=noted.absence_id), uow)
    assert uow.types == ["absence_noted", "absence_ended"]
    assert absences.list_absences(ListAbsences(), uow).absences == ()
    with pytest.raises(IllegalMove):
        absences.end_absence(EndAbsence(absence_id=noted.absence_id), uow)


def test_staff_note_their_own_absence_only(uow):
    uow.actor = actor(Role.STAFF, "tianan", id="chen")
    noted = absences.note_absence(absence(), uow)
    with pytest.raises(Forbidden):
        absences.note_absence(absence(account="wang"), uow)
    with pytest.raises(Forbidden):
        absences.note_absence(absence(parks=("juda",)), uow)
    with pytest.raises(Forbidden):
        absences.note_absence(absence(parks=(EVERYWHERE,)), uow)
    uow.actor = actor(Role.STAFF, "tianan", id="wang")
    with pytest.raises(Forbidden):
        absences.end_absence(EndAbsence(absence_id=noted.absence_id), uow)


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"account": " "}, "account"),
        ({"name": ""}, "name"),
        ({"until": NOW}, "until"),
        ({"until": NOW + timedelta(days=500)}, "until"),
        ({"since": NOW - timedelta(days=9), "until": NOW - timedelta(days=1)}, "until"),
        ({"reason": "x" * 201}, "reason"),
    ],
)
def test_an_absence_that_cannot_be_is_refused(uow, given, field):
    with pytest.raises(Invalid) as refused:
        absences.note_absence(absence(**given), uow)
    assert field in refused.value.fields


def test_an_absence_without_parks_is_for_the_district_to_refuse(uow):
    with pytest.raises(Invalid) as refused:
        absences.note_absence(absence(parks=()), uow)
    assert "parks" in refused.value.fields
    uow.actor = actor(Role.STAFF, "tianan", id="chen")
    with pytest.raises(Forbidden):
        absences.note_absence(absence(parks=()), uow)
