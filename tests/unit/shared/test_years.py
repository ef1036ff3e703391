"""The shipped years, day by day, against two libraries that keep them; files that bring later ones."""

import json
from datetime import date, timedelta

import chinese_calendar
import holidays
import pytest

from shared import years
from shared.errors import Invalid
from shared.hours import read_year

YEARS = (2024, 2025, 2026)
ALL = [date(2024, 1, 1) + timedelta(days=n) for n in range((date(2027, 1, 1) - date(2024, 1, 1)).days)]


def works(day: date) -> bool:
    """As the shipped data has it."""
    own = {one.day: one for one in years.shipped()[day.year]}
    return own[day].working if day in own else day.weekday() < 5


def test_every_day_is_as_chinesecalendar_has_it():
    assert [day for day in ALL if works(day) != chinese_calendar.is_workday(day)] == []


def test_every_day_is_as_holidays_has_it():
    china = holidays.country_holidays("CN", years=YEARS)
    assert [day for day in ALL if works(day) != china.is_working_day(day)] == []


def test_exactly_these_years_are_shipped_each_with_its_names():
    assert tuple(years.shipped()) == YEARS
    named = {one.name for days in years.shipped().values() for one in days if not one.working}
    assert named == {"元旦", "春节", "清明节", "劳动节", "端午节", "中秋节", "国庆节", "国庆节、中秋节"}


NEXT = """
year: 2027
holidays:
  - {from: 2027-01-01, to: 2027-01-03, name: 元旦}
  - {from: 2027-05-01, name: 劳动节}
  - {from: 2027-10-01, to: 2027-10-03, name: 国庆节}
working:
  - {day: 2027-10-09, name: 国庆节补班}
"""


def test_a_later_year_is_read_from_a_file():
    year, days = years.read(NEXT)
    read = read_year(year, days)
    assert year == 2027
    assert [one.day.isoformat() for one in read if one.name == "元旦"] == ["2027-01-01", "2027-01-02", "2027-01-03"]
    assert [(one.day.isoformat(), one.name) for one in read if one.working] == [("2027-10-09", "国庆节补班")]


def test_a_later_year_is_read_from_what_holiday_cn_publishes():
    text = json.dumps(
        {
            "year": 2027, "papers": ["https://example.invalid/"],
            "days": [
                {"name": "元旦", "date": "2026-12-31", "isOffDay": True},
                {"name": "元旦", "date": "2027-01-01", "isOffDay": True},
                {"name": "劳动节", "date": "2027-05-01", "isOffDay": True},
                {"name": "劳动节", "date": "2027-05-08", "isOffDay": False},
                {"name": "国庆节", "date": "2027-10-01", "isOffDay": True},
            ],
        }
    )  # fmt: skip
    read = read_year(*years.read(text))
    assert [(one.day.isoformat(), one.working, one.name) for one in read][:2] == [
        ("2026-12-31", False, "元旦"), ("2027-01-01", False, "元旦"),
    ]  # fmt: skip
    assert [one.name for one in read if one.working] == ["劳动节补班"]


@pytest.mark.parametrize(
    "text", ["", "[]", "year: 2027", "year: x\nholidays: []", "a: b: c", "year: 2027\nholidays: [{from: 2027-13-01}]",
             "year: 2027\nholidays: [{from: 2027-10-01, to: 2027-01-01, name: x}]",
             "year: 2027\nholidays: [{from: 2027-01-01, to: 2047-01-01, name: x}]"]
)  # fmt: skip
def test_a_file_of_another_shape_is_refused(text):
    with pytest.raises(Invalid):
        years.read(text)


def off(day: str, **given: object) -> dict:
    return {"day": day, "working": False, "name": "放假", **given}


WHOLE = [off("2027-01-01"), off("2027-05-01"), off("2027-10-01")]


@pytest.mark.parametrize(
    ("days", "field"),
    [
        (WHOLE[:2], "days"),
        ([*WHOLE, off("2028-01-01")], "days.3.day"),
        ([*WHOLE, off("2026-11-30")], "days.3.day"),
        ([*WHOLE, off("2027-02-30")], "days.3.day"),
        ([*WHOLE, off("2027-10-01")], "days.3.day"),
        ([*WHOLE, off("2027-10-04", name=" ")], "days.3.day"),
        ([*WHOLE, off("2027-10-04", hours="09:00-12:00")], "days.3.day"),
        ([*WHOLE, {"day": "2027-10-08", "working": True, "name": "补班"}], "days.3.day"),
    ],
)
def test_a_year_that_cannot_be_right_is_refused_by_field(days, field):
    with pytest.raises(Invalid) as refused:
        read_year(2027, days)
    assert field in refused.value.fields


@pytest.mark.parametrize("year", [1999, 2101])
def test_a_year_out_of_reason_is_refused(year):
    with pytest.raises(Invalid):
        read_year(year, WHOLE)
