"""Shared instruments: the inventory and its booking by half days (5.8.a, 5.8.b)."""

from datetime import date, timedelta
from typing import Any

import pytest

from services.providers.plugin import Accepted, Declined
from services.providers.plugins.equipment import AHEAD, Equipment
from services.providers.plugins.equipment.inventory import BY_CODE, INVENTORY
from shared import forms
from shared.errors import Invalid
from tests.unit.providers.desk import MONDAY, FakeDesk, a_job

TUESDAY = "2026-11-24"


@pytest.fixture
def desk() -> FakeDesk:
    return FakeDesk()


def book(desk: FakeDesk, day: str = TUESDAY, half: str = "am", **more: Any) -> Any:
    details = {"instrument": "SEM-01", "day": day, "half": half, "purpose": "看断口"}
    return Equipment().consider(a_job("b", details, **more), desk)


def declined(answer: Any) -> str:
    assert isinstance(answer, Declined)
    return answer.reason


def looked_up(**details: str) -> dict[str, Any]:
    answer = Equipment().consider(a_job("a", details), FakeDesk())
    assert isinstance(answer, Accepted)
    assert answer.result is not None
    return forms.check(Equipment().item("a").result, answer.result)


def fill(desk: FakeDesk, days: int, *, code: str = "SEM-01", start: date = MONDAY) -> None:
    for n in range(days):
        for half in ("am", "pm"):
            desk.take(code, f"{start + timedelta(days=n)}-{half}", "other")


def test_inventory_has_one_of_each_code() -> None:
    assert len(BY_CODE) == len(INVENTORY)
    assert all(one.open_on for one in INVENTORY)


@pytest.mark.clause("5.8.b")
def test_free_half_day_is_booked(desk: FakeDesk) -> None:
    answer = book(desk)
    assert isinstance(answer, Accepted)
    sem = BY_CODE["SEM-01"]
    assert answer.result == {
        "instrument": sem.name, "code": "SEM-01", "day": TUESDAY, "half": "am",
        "place": sem.place, "fee": sem.rate, "rules": sem.rules,
    }  # fmt: skip
    assert "11月24日（周二）上午" in answer.note
    assert desk.holders == {("SEM-01", "2026-11-24-am"): "job-1"}


@pytest.mark.clause("5.8.b")
def test_taken_half_day_is_declined_with_the_next_free_ones(desk: FakeDesk) -> None:
    book(desk, job_id="other")
    reason = declined(book(desk))
    assert "11月24日（周二）上午已经有人约了" in reason
    assert "有空的是11月24日（周二）下午、11月25日（周三）上午、11月25日（周三）下午，" in reason
    assert desk.holders == {("SEM-01", "2026-11-24-am"): "other"}


def test_same_job_may_ask_again(desk: FakeDesk) -> None:
    assert book(desk) == book(desk)


def test_other_instruments_do_not_matter(desk: FakeDesk) -> None:
    fill(desk, 20, code="CMM-01")
    assert isinstance(book(desk), Accepted)


def test_proposals_skip_what_is_taken_and_the_weekend(desk: FakeDesk) -> None:
    fill(desk, 4)
    desk.take("SEM-01", "2026-11-27-am", "other")
    reason = declined(book(desk))
    assert "有空的是11月27日（周五）下午、11月30日（周一）上午、11月30日（周一）下午，" in reason


@pytest.mark.parametrize(("more", "free"), [(0, True), (1, False)])
def test_proposals_end_after_ten_days(desk: FakeDesk, more: int, free: bool) -> None:
    wanted = date.fromisoformat(TUESDAY)
    fill(desk, AHEAD - 1 + more, start=wanted)
    reason = declined(book(desk))
    assert ("有空的是12月3日（周四）上午、12月3日（周四）下午，" in reason) is free
    assert ("10 天内都约满了，请换一台仪器" in reason) is not free


@pytest.mark.parametrize("day", ["2026-11-22", "2026-11-23", "2025-11-24"])
def test_past_days_and_today_are_declined(desk: FakeDesk, day: str) -> None:
    reason = declined(book(desk, day))
    assert "最早约明天" in reason
    assert "有空的是11月24日（周二）上午" in reason
    assert not desk.holders


def test_closed_day_is_declined(desk: FakeDesk) -> None:
    reason = declined(book(desk, "2026-11-28"))
    assert "11月28日（周六）不开放" in reason
    assert "有空的是11月30日（周一）上午" in reason
    assert not desk.holders


def test_year_is_said_only_when_it_is_another(desk: FakeDesk) -> None:
    book(desk, "2026-12-31", "pm", job_id="other")
    reason = declined(book(desk, "2026-12-31", "pm"))
    assert "12月31日（周四）下午已经" in reason
    assert "2027年1月1日（周五）上午" in reason


def test_unknown_instrument_is_refused(desk: FakeDesk) -> None:
    details = {"instrument": "OLD-09", "day": TUESDAY, "half": "am", "purpose": "看断口"}
    with pytest.raises(Invalid) as refused:
        forms.check(Equipment().item("b").form, details)
    assert refused.value.fields == {"instrument": forms.NOT_A_CHOICE}
    assert "OLD-09" in declined(Equipment().consider(a_job("b", details), desk))


@pytest.mark.clause("5.8.a")
@pytest.mark.parametrize(
    ("keyword", "codes"),
    [
        ("盐雾", ["SSC-01"]),
        ("sem", ["SEM-01"]),
        ("electron", ["SEM-01"]),
        ("积分球、能谱", ["SEM-01", "SPH-01"]),
        ("沙湾", ["XRF-01"]),
        ("风洞", []),
    ],
)
def test_inventory_answers_to_words(keyword: str, codes: list[str]) -> None:
    result = looked_up(keyword=keyword)
    assert [one["code"] for one in result["instruments"]] == codes
    assert f"有 {len(codes)} 台" in result["conclusion"]


@pytest.mark.clause("5.8.a")
@pytest.mark.parametrize("details", [{}, {"keyword": ""}, {"keyword": " ，"}])
def test_inventory_without_a_word_is_whole(details: dict[str, str]) -> None:
    assert len(looked_up(**details)["instruments"]) == len(INVENTORY)


@pytest.mark.clause("5.8.a")
def test_offered_equipment_is_left_to_staff() -> None:
    answer = Equipment().consider(a_job("a", {"offer": "轮廓仪一台"}), FakeDesk())
    assert isinstance(answer, Accepted)
    assert answer.result is None
