import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.errors import Invalid
from shared.hours import Slot, read_days, read_slots, read_week, show_slots


@pytest.mark.parametrize(
    ("text", "slots"),
    [
        ("", ()),
        ("09:00-12:00", (Slot(540, 720),)),
        (" 9:00 - 12:00  13:30-17:30 ", (Slot(540, 720), Slot(810, 1050))),
        ("9：00至12：00，13：30～17：30", (Slot(540, 720), Slot(810, 1050))),
        ("20:00-24:00", (Slot(1200, 1440),)),
        ("09:00-12:00 12:00-13:00", (Slot(540, 720), Slot(720, 780))),
    ],
)
def test_reads_windows_as_people_write_them(text, slots):
    assert read_slots(text) == slots


@pytest.mark.parametrize(
    "text", ["9-12", "09:00", "12:00-09:00", "09:00-09:00", "09:60-12:00", "09:00-24:01", "25:00-26:00",
             "13:30-17:30 09:00-12:00", "09:00-12:00 11:00-13:00", "上午", "09:00-12:00x"]
)  # fmt: skip
def test_refuses_windows_that_cannot_be(text):
    with pytest.raises(Invalid):
        read_slots(text)


@given(st.lists(st.integers(0, 1440), unique=True, max_size=10).map(sorted))
def test_what_is_shown_is_read_again(minutes):
    slots = tuple(Slot(a, b) for a, b in zip(minutes[::2], minutes[1::2], strict=False))
    assert read_slots(show_slots(slots)) == slots


def test_a_week_says_what_is_wrong_day_by_day():
    with pytest.raises(Invalid) as refused:
        read_week(["x", "", "12:00-09:00", "", "", "", ""])
    assert set(refused.value.fields) == {"week.0", "week.2"}


@pytest.mark.parametrize("week", [[], [""] * 7, ["09:00-12:00"] * 6])
def test_a_week_has_seven_days_and_work_on_one_of_them(week):
    with pytest.raises(Invalid) as refused:
        read_week(week)
    assert "week" in refused.value.fields


def test_dates_are_put_in_order_with_hours_of_their_own():
    read = read_days(
        [
            {"day": "2026-12-31", "working": True, "name": "盘点", "hours": "09:00-12:00"},
            {"day": "2026-12-01", "working": False, "name": "停电"},
        ]
    )
    assert [(one.name, one.slots) for one in read] == [("停电", ()), ("盘点", (Slot(540, 720),))]
