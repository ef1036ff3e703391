"""The register as a workbook: what is written is read again, and every mistake is told with its cell."""

import io

import openpyxl
import pytest

from services.gateway.register_sheet import read, workbook
from shared.contracts.station import StationView
from shared.errors import Invalid
from tests.builders import given_organization, qualification

STATIONS = tuple(
    StationView(
        park=park, park_name=name, short=name[:2], official_name=name, name_lines=(name, ""), district="番禺区",
        authority="x", industries=(),
    )
    for park, name in (("tianan", "天安节能科技园"), ("juda", "巨大创意产业园"))
)  # fmt: skip
ONE = given_organization(
    parks=("tianan", "juda"), industries=("电子信息", "软件"), desks=("tianan",), distance="near", price="low",
    qualifications=(qualification(items=("5.3.d",)), qualification(number="L0002")), email="a@example.com",
)  # fmt: skip
EVERYWHERE = given_organization(code="M02", parks=("*",), qualifications=())


def changed(cells=None, headings=None, sheets=("机构", "资质", "说明")):
    """The workbook of two organizations, with some of its cells changed."""
    book = openpyxl.load_workbook(io.BytesIO(workbook([ONE, EVERYWHERE], STATIONS, [("5.3.d", "校准")])))
    for place, value in {**(cells or {}), **(headings or {})}.items():
        sheet, _, cell = place.partition("!")
        book[sheet][cell] = value
    for name in set(book.sheetnames) - set(sheets):
        del book[name]
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def test_what_is_written_is_read_again():
    found = read(changed(), STATIONS)
    assert found.organizations == (ONE, EVERYWHERE)
    assert found.mistakes == ()


def test_an_empty_template_holds_nothing_to_take_in():
    with pytest.raises(Invalid) as refused:
        read(workbook([], STATIONS, []), STATIONS)
    assert refused.value.text == "表里一家机构也没有"


def test_parks_may_be_written_by_name_and_days_and_numbers_as_a_sheet_has_them():
    import datetime

    cells = {"机构!D2": "天安节能科技园，巨大", "机构!J2": datetime.datetime(2025, 1, 1), "机构!F2": 3.0}
    found = read(changed(cells), STATIONS)
    assert found.organizations[0] == ONE


@pytest.mark.parametrize(
    ("cell", "value", "text"),
    [
        ("机构!F2", "很多", "这里要写整数"),
        ("机构!H2", "隔壁", "只能写：{options}"),
        ("机构!B2", "=1+1", "不要用公式，请直接写内容"),
        ("资质!A2", "M99", "“机构”表里没有这个代码"),
    ],
)
def test_what_cannot_be_read_is_told_with_its_cell(cell, value, text):
    (mistake,) = read(changed({cell: value}), STATIONS).mistakes
    assert (mistake.text, mistake.cell) == (text, cell)


def test_what_the_register_refuses_is_told_with_its_cell_too():
    found = read(changed(), STATIONS)
    wrong = {
        "organizations.0.qualifications.1.number": "x", "organizations.1.parks.0": "y", "organizations.1.nonsense": "z",
    }  # fmt: skip
    assert [one.cell for one in found.located(wrong)] == ["资质!D3", "机构!D3", "机构!A3"]


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04 broken", b"<html>"])
def test_what_is_no_workbook_is_refused(content):
    with pytest.raises(Invalid):
        read(content, STATIONS)


def test_a_workbook_of_others_says_what_it_lacks():
    with pytest.raises(Invalid) as refused:
        read(changed(sheets=("机构",)), STATIONS)
    assert refused.value.params == {"sheet": "资质"}
    with pytest.raises(Invalid) as refused:
        read(changed(headings={"机构!F1": "别的"}), STATIONS)
    assert refused.value.params == {"sheet": "机构", "column": "同时在办上限"}
