"""Compulsory verification: who must, how often, and before which day (5.3.a, 5.3.b)."""

from datetime import date
from typing import Any

import pytest

from services.providers.plugin import Accepted, Declined
from services.providers.plugins.metrology import CHECK, LEDGER, REGISTER, Metrology
from services.providers.plugins.metrology.verification import KINDS, USES, kind_of, months_after
from shared import forms
from tests.unit.providers.desk import MONDAY, FakeDesk, a_job


def row(name: str = "电子天平", use: str = "trade", **more: Any) -> dict[str, Any]:
    return {"name": name, "use": use, "count": 1, **more}


def considered(*rows: dict[str, Any], letter: str = "b", today: date = MONDAY, **more: Any) -> Any:
    item = Metrology().item(letter)
    given = {"want": "ledger"} if letter == "a" else {}
    details = forms.check(item.form, {**given, **more, "instruments": list(rows)})
    return Metrology().consider(a_job(letter, details, today=today), FakeDesk())


def served(*rows: dict[str, Any], letter: str = "b", today: date = MONDAY) -> dict[str, Any]:
    answer = considered(*rows, letter=letter, today=today)
    assert isinstance(answer, Accepted)
    assert answer.result is not None
    return forms.check(Metrology().item(letter).result, answer.result)


def line(given: dict[str, Any], today: date = MONDAY) -> dict[str, Any]:
    (one,) = served(given, today=today)["instruments"]
    return one


def steps(result: dict[str, Any]) -> list[str]:
    return [one["step"] for one in result["steps"]]


@pytest.mark.parametrize(
    ("start", "months", "end"),
    [
        (date(2026, 5, 20), 12, date(2027, 5, 20)),
        (date(2026, 8, 31), 6, date(2027, 2, 28)),
        (date(2027, 8, 31), 6, date(2028, 2, 29)),
        (date(2026, 8, 30), 6, date(2027, 2, 28)),
        (date(2028, 2, 29), 12, date(2029, 2, 28)),
        (date(2028, 2, 29), 48, date(2032, 2, 29)),
        (date(2027, 2, 28), 12, date(2028, 2, 28)),
        (date(2026, 6, 30), 6, date(2026, 12, 30)),
        (date(2026, 7, 31), 5, date(2026, 12, 31)),
        (date(2026, 12, 31), 2, date(2027, 2, 28)),
        (date(2026, 12, 1), 1, date(2027, 1, 1)),
    ],
)
def test_months_are_calendar_months_and_end_of_month_safe(start: date, months: int, end: date) -> None:
    assert months_after(start, months) == end


@pytest.mark.parametrize(
    ("name", "regulation"),
    [
        ("压力表", "JJG 52"),
        ("不锈钢压力表（0～1.6 MPa）", "JJG 52"),
        ("精密压力表", "JJG 49"),
        ("数字压力表", "JJG 875"),
        ("压力表 Y-100", "JJG 52"),
        ("电子血压计", "JJG 692"),
        ("水银血压计", "JJG 270"),
        ("游标卡尺", "JJG 30"),
        ("热水表", "JJG 686"),
    ],
)
def test_kind_is_the_longest_name_at_the_end(name: str, regulation: str) -> None:
    kind = kind_of(name)
    assert kind is not None
    assert kind.regulation == regulation


@pytest.mark.parametrize("name", ["压力表校验仪", "超声波测厚仪", "", "Y-100", "（压力表）"])
def test_other_names_are_not_taken_for_a_known_kind(name: str) -> None:
    assert kind_of(name) is None


def test_kinds_name_each_instrument_once_and_only_known_uses() -> None:
    names = [name for kind in KINDS for name in kind.names]
    assert len(set(names)) == len(names)
    assert all(kind.uses <= USES.keys() - {"other"} for kind in KINDS)


@pytest.mark.clause("5.3.b")
@pytest.mark.parametrize(
    ("name", "use", "verdict"),
    [
        ("压力表", "safety", "compulsory"),
        ("压力表", "other", "voluntary"),
        ("压力表", "trade", "ask"),
        ("卡尺", "trade", "voluntary"),
        ("血压计", "medical", "compulsory"),
        ("声级计", "environment", "compulsory"),
        ("奇怪的仪器", "safety", "ask"),
        ("奇怪的仪器", "other", "voluntary"),
    ],
)
def test_use_and_kind_together_decide(name: str, use: str, verdict: str) -> None:
    assert line(row(name, use))["verdict"] == verdict


@pytest.mark.clause("5.3.b")
def test_period_and_due_day_follow_the_last_verified_day() -> None:
    one = line(row("压力表", "safety", last_verified="2026-08-31"))
    assert (one["months"], one["due"], one["state"]) == (6, "2027-02-28", "valid")


@pytest.mark.parametrize(
    ("today", "state"),
    [
        (date(2027, 4, 19), "valid"),
        (date(2027, 4, 20), "soon"),
        (date(2027, 5, 19), "soon"),
        (date(2027, 5, 20), "overdue"),
        (date(2027, 5, 21), "overdue"),
    ],
)
def test_certificate_runs_to_the_day_before_it_is_due(today: date, state: str) -> None:
    one = line(row(last_verified="2026-05-20"), today=today)
    assert (one["due"], one["state"]) == ("2027-05-20", state)


def test_new_instrument_is_verified_before_first_use() -> None:
    one = line(row())
    assert one["state"] == "first"
    assert "due" not in one


def test_unknown_kind_gets_no_invented_date() -> None:
    for given in (row("奇怪的仪器"), row("奇怪的仪器", last_verified="2026-05-20")):
        one = line(given)
        assert one["state"] == "ask"
        assert not one.keys() & {"due", "months", "regulation"}


def test_period_that_depends_on_the_size_is_asked() -> None:
    one = line(row("水表", last_verified="2026-05-20"))
    assert (one["verdict"], one["state"]) == ("compulsory", "ask")
    assert "due" not in one
    assert "口径" in one["note"]


def test_glass_thermometer_is_verified_once() -> None:
    assert line(row("玻璃体温计", "medical"))["state"] == "first"
    one = line(row("玻璃体温计", "medical", last_verified="2026-05-20"))
    assert one["state"] == "once"
    assert "due" not in one


def test_verified_today_is_right_and_tomorrow_is_declined() -> None:
    assert line(row(last_verified="2026-11-23"))["due"] == "2027-11-23"
    answer = considered(row("卡尺", "other"), row(last_verified="2026-11-24"))
    assert isinstance(answer, Declined)
    assert "第 2 行“电子天平”的上次检定日期 2026-11-24 还没有到" in answer.reason
    assert "不填" in answer.reason


def test_day_before_the_law_is_declined() -> None:
    assert isinstance(considered(row(last_verified="1986-06-30")), Declined)
    assert isinstance(considered(row(last_verified="1986-07-01")), Accepted)


def test_every_wrong_day_is_named_at_once() -> None:
    answer = considered(row(last_verified="2027-01-01"), row(last_verified="0206-05-20"))
    assert isinstance(answer, Declined)
    assert "第 1 行" in answer.reason
    assert "第 2 行" in answer.reason


@pytest.mark.clause("5.3.b")
def test_registering_is_explained_to_those_who_must_register() -> None:
    assert steps(served(row())) == list(REGISTER)
    (only,) = steps(served(row("卡尺", "other")))
    assert only.startswith("不用登记备案")
    first, last = steps(served(row("奇怪的仪器")))
    assert first.startswith("先核对目录")
    assert last == CHECK


@pytest.mark.clause("5.3.a")
def test_ledger_is_made_at_once() -> None:
    result = served(row(model="BSA224", count=2), row("卡尺", "other"), letter="a")
    assert steps(result) == list(LEDGER)
    assert result["conclusion"] == "清单共 2 行、3 件，1 行要强制检定。"
    assert result["instruments"][0]["model"] == "BSA224"


@pytest.mark.clause("5.3.a")
def test_looking_up_institutions_is_left_to_staff() -> None:
    answer = considered(row(), letter="a", want="institutions")
    assert isinstance(answer, Accepted)
    assert answer.result is None
    assert isinstance(considered(row(last_verified="2027-01-01"), letter="a", want="institutions"), Declined)


@pytest.mark.parametrize(
    ("rows", "conclusion"),
    [
        ([row("卡尺", "other")], "清单共 1 行、1 件，没有要强制检定的。"),
        (
            [row(last_verified="2024-05-20"), row("奇怪的仪器", count=4)],
            "清单共 2 行、5 件，1 行要强制检定，1 行要核对目录，1 行已经到期。",
        ),
    ],
)
def test_conclusion_counts_what_was_found(rows: list[dict[str, Any]], conclusion: str) -> None:
    assert served(*rows)["conclusion"] == conclusion
