"""Forms that targets describe, drawn, read and shown."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from services.gateway.bodies import Form
from services.gateway.language import EN, ZH, speech
from services.gateway.pages.fields import Drawn, draw, gather, labels, named, show
from services.gateway.when import Clock
from services.providers import plugins
from services.providers.plugin import provides
from shared import forms
from shared.forms import choice, day, describe, flag, integer, number, paragraph, table, text

provides.discover(plugins)
ITEMS = {f"{one.clause}.{letter}": item for one in provides for letter, item in one.items.items()}
SAY = speech(ZH)
CLOCK = Clock(SAY, ZoneInfo("Asia/Shanghai"), datetime(2026, 11, 24, 2, 20, tzinfo=UTC))

FORM = describe(
    {
        "name": text("名称", en="Name"),
        "why": paragraph("原因", en="Why", required=False),
        "count": integer("数量", en="Count", unit="只", least=1),
        "price": number("预算", en="Budget", required=False),
        "when": day("日期", en="Day", required=False),
        "place": choice("地点", {"lab": ("实验室", "Laboratory"), "site": ("上门", "On site")}, en="Place"),
        "sure": flag("确定", en="Sure"),
        "rows": table("清单", {"one": text("一", en="One"), "two": integer("二", en="Two", required=False)}, en="List"),
    }
)


def sent(drawn: list[Drawn]) -> list[tuple[str, str]]:
    """What a browser sends of the controls as they were drawn."""
    pairs = []
    for one in drawn:
        if one.kind == "table":
            pairs.append((f"{one.name}.rows", str(len(one.rows))))
            for row in one.rows:
                pairs += sent(list(row))
        elif one.kind != "flag":
            pairs.append((one.name, one.value))
        elif one.checked:
            pairs.append((one.name, "1"))
    return pairs


@pytest.mark.parametrize("code", list(ITEMS))
@pytest.mark.parametrize("part", ["form", "result"])
def test_what_a_plugins_form_shows_is_what_is_read_back(code, part):
    item = ITEMS[code]
    declared, example = (item.form, item.example) if part == "form" else (item.result, item.example_result)
    described = describe(declared)
    whole = forms.check(declared, example)
    read = gather(described, Form(sent(draw(described, whole, SAY, "d"))), "d")
    assert forms.check(declared, read) == whole


@pytest.mark.parametrize("code", list(ITEMS))
def test_every_plugins_form_can_be_drawn_empty_and_shown_filled_in(code):
    described = describe(ITEMS[code].form)
    assert all(one.label for one in draw(described, {}, SAY, "d"))
    assert all(one.label for one in show(described, ITEMS[code].example, SAY, CLOCK))


def test_reads_each_kind():
    form = Form(
        [
            ("d.name", "压力表"), ("d.count", "1,200"), ("d.price", "3.5"), ("d.when", "2026-12-01"),
            ("d.place", "lab"), ("d.sure", "1"), ("d.rows.rows", "3"), ("d.rows.0.one", "甲"),
            ("d.rows.0.two", "2"), ("d.rows.2.one", "丙"),
        ]
    )  # fmt: skip
    assert gather(FORM, form, "d") == {
        "name": "压力表", "count": 1200, "price": 3.5, "when": "2026-12-01", "place": "lab", "sure": True,
        "rows": [{"one": "甲", "two": 2}, {"one": "丙"}],
    }  # fmt: skip


def test_what_cannot_be_read_stays_as_typed_for_the_check_to_refuse():
    read = gather(FORM, Form([("d.count", "一打"), ("d.rows.rows", "many")]), "d")
    assert read == {"count": "一打", "sure": False, "rows": []}
    assert draw(FORM, read, SAY, "d")[2].value == "一打"


def test_a_table_has_a_row_to_fill_in_and_grows_by_one():
    assert len(draw(FORM, {}, SAY, "d")[-1].rows) == 1
    grown = draw(FORM, {"rows": [{"one": "甲"}]}, SAY, "d", more_rows_of="rows")[-1]
    assert [[one.value for one in row] for row in grown.rows] == [["甲", ""], ["", ""]]
    assert grown.rows[1][0].name == "d.rows.1.one"


def test_a_form_that_claims_a_million_rows_is_read_in_bounds():
    assert gather(FORM, Form([("d.rows.rows", "1000000")]), "d")["rows"] == []


def test_speaks_the_readers_language():
    drawn = draw(FORM, {}, speech(EN), "d")
    assert [one.label for one in drawn][:3] == ["Name", "Why", "Count (只)"]
    assert drawn[5].options == [("lab", "Laboratory"), ("site", "On site")]


def test_labels_name_the_row_of_a_wrong_cell():
    drawn = draw(FORM, {"rows": [{}, {}]}, SAY, "d")
    assert labels(drawn, SAY)["d.rows.1.two"] == "清单第 2 行 · 二"


def test_errors_are_found_under_the_controls_names():
    said = {"details.rows.0.one": "请填写这一项", "details": "填写的内容太多", "item": "没有这一项"}
    assert named(said, "d", "details") == {
        "d.rows.0.one": "请填写这一项",
        "d": "填写的内容太多",
        "d.item": "没有这一项",
    }


def test_shows_what_was_filled_in_with_labels_and_words():
    shown = show(
        FORM,
        {"name": "压力表", "count": 1200, "when": "2026-12-01", "place": "site", "sure": False, "price": None,
         "rows": [{"one": "甲"}], "extra": 1},
        SAY, CLOCK,
    )  # fmt: skip
    assert [(one.label, one.text) for one in shown if not one.rows] == [
        ("名称", "压力表"),
        ("数量", "1,200 只"),
        ("日期", "12月1日（周二）"),
        ("地点", "上门"),
        ("确定", "否"),
        ("extra", "1"),
    ]
    (listed,) = [one for one in shown if one.rows]
    assert listed.columns == ["一"]  # a column that nobody filled in is left out
    assert listed.rows == [["甲"]]
