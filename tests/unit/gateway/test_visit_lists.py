"""Tables of visits as XLSX: what is read of them, what is refused, and that nothing given out computes."""

import io
import zipfile
from datetime import date, datetime

import pytest
import xlsxwriter
from openpyxl import Workbook, load_workbook

from services.gateway.language import EN, ZH, speech
from services.gateway.visit_lists import reading
from services.gateway.visit_lists.columns import COLUMNS, ROWS_LIMIT, troubles
from services.gateway.visit_lists.reading import read
from services.gateway.visit_lists.writing import mended, results, template
from services.providers import plugins
from services.providers.plugin import provides
from shared.contracts.intake import VisitLine, VisitRow
from shared.errors import Invalid

if not provides.codes:
    provides.discover(plugins)
CATEGORIES = [one.manifest() for one in sorted(provides, key=lambda one: one.clause)]
METROLOGY = next(one for one in provides if one.clause == "5.3")
TITLES = [column.title for column in COLUMNS]
GOOD = ["2026-11-20", "3 栋 501", "陈专员", "示例企业N10", "", "王工", "13900000000", "想培训", "5.3.d"]
SAY = speech(ZH)


def book(*rows, titles=TITLES):
    made = Workbook()
    for one in (titles, *rows):
        made.active.append(one)
    return saved(made)


def saved(made):
    file = io.BytesIO()
    made.save(file)
    return file


def taken(file):
    return read(file, CATEGORIES)


def refusal(file):
    with pytest.raises(Invalid) as refused:
        taken(file)
    return refused.value.fields.get("file", "") or str(refused.value)


def test_a_line_is_read_by_the_titles_whatever_their_order():
    order = [*reversed(TITLES), "备注"]
    sheet = taken(book([*reversed(GOOD), "不是我们的"], titles=order))
    assert sheet.rows == [
        VisitRow(
            row=2, date="2026-11-20", place="3 栋 501", by="陈专员", company="示例企业N10", contact_name="王工",
            phone="13900000000", text="想培训", category=METROLOGY.code, item="5.3.d",
        )
    ]  # fmt: skip
    assert (sheet.columns["text"], sheet.columns["date"]) == ("B", "I")


@pytest.mark.parametrize(
    ("value", "column", "text"),
    [
        (datetime(2026, 11, 20, 9, 30), "date", "2026-11-20"), (date(2026, 11, 20), "date", "2026-11-20"),
        (13900000000, "phone", "13900000000"), (13900000000.0, "phone", "13900000000"), (3.5, "place", "3.5"),
        (True, "place", "是"), ("  两行\r\n文字 ", "text", "两行\n文字"), ("坏\x7f字", "text", "坏字"),
        ("=1+1 是文字", "text", None),
    ],
)  # fmt: skip
def test_cells_are_read_as_people_mean_them(value, column, text):
    place = [one.key for one in COLUMNS].index(column)
    row = [*GOOD[:place], value, *GOOD[place + 1 :]]
    (found,) = taken(book(row)).rows
    if text is None:
        assert found.wrong == {"text": "这一格是公式，请改成文字"}
    else:
        assert getattr(found, column) == text
        assert found.wrong == {}


def test_text_that_only_looks_like_a_formula_is_text():
    file = io.BytesIO()
    made = xlsxwriter.Workbook(file, {"in_memory": True})
    sheet = made.add_worksheet()
    for place, title in enumerate(TITLES):
        sheet.write_string(0, place, title)
        sheet.write_string(1, place, "=cmd|' /C calc'!A0" if title == "需求" else GOOD[place])
    made.close()
    assert taken(file).rows[0].text == "=cmd|' /C calc'!A0"


def test_a_number_that_lost_its_digits_and_a_cell_in_error_are_named():
    (found,) = taken(book([*GOOD[:4], 914401010000000000, *GOOD[5:7], "=NA()", ""])).rows
    assert set(found.wrong) == {"credit_code", "text"}


@pytest.mark.parametrize(
    ("named", "wanted"),
    [
        ("5.3.d", "5.3.d"), ("5.3.d 计量检定和校准", "5.3.d"), (" 计量检定和校准 ", "5.3.d"), ("计量服务", ""),
        ("计量", ""), ("METROLOGY", ""),
    ],
)  # fmt: skip
def test_a_category_may_be_called_by_any_of_its_names(named, wanted):
    (found,) = taken(book([*GOOD[:-1], named])).rows
    assert (found.category, found.item, found.wrong) == (METROLOGY.code, wanted, {})


def test_a_category_nobody_knows_is_named():
    (found,) = taken(book([*GOOD[:-1], "算命"])).rows
    assert set(found.wrong) == {"category"}
    assert found.category == "算命"


def test_empty_lines_are_passed_over_and_keep_their_numbers():
    assert [one.row for one in taken(book(GOOD, [], [None] * 9, [" ", ""], GOOD)).rows] == [2, 6]


def test_a_table_without_lines_or_without_needed_columns_is_refused():
    assert "一行也没有填" in refusal(book())
    said = refusal(book(GOOD, titles=["日期", *TITLES[1:]]))
    assert "走访日期" in said
    assert "走访地点" in refusal(saved(Workbook()))


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04", b"a,b,c\n1,2,3", b"\xd0\xcf\x11\xe0" + b"\0" * 600])
def test_what_is_no_xlsx_is_refused(content):
    assert "不是 XLSX" in refusal(io.BytesIO(content))


def package(parts):
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as made:
        for name, content in parts.items():
            made.writestr(name, content)
    return file


def parts_of(file):
    with zipfile.ZipFile(file) as made:
        return {name: made.read(name) for name in made.namelist()}


def test_a_zip_of_something_else_is_refused():
    assert "不是 XLSX" in refusal(package({"readme.txt": b"hello"}))


def test_what_unpacks_to_too_much_is_refused_before_it_is_unpacked():
    bomb = package({**parts_of(book(GOOD)), "xl/media/zeros.bin": b"\0" * (reading.UNPACKED_LIMIT + 1)})
    assert len(bomb.getvalue()) < 100_000
    assert "展开后太大" in refusal(bomb)
    assert "展开后太大" in refusal(package({f"{n}.xml": b"" for n in range(reading.PARTS_LIMIT + 1)}))


def test_a_part_that_lies_about_its_size_is_refused():
    parts = parts_of(book(GOOD))
    sheet = parts["xl/worksheets/sheet1.xml"] + b" " * 1_000_000
    raw = package({**parts, "xl/worksheets/sheet1.xml": sheet}).getvalue()
    size = len(sheet).to_bytes(4, "little")
    assert raw.count(size) == 2
    lying = io.BytesIO(raw.replace(size, (100).to_bytes(4, "little")))
    assert "不是 XLSX" in refusal(lying)


def test_entities_in_its_xml_are_refused():
    parts = parts_of(book(GOOD))
    bomb = '<?xml version="1.0"?><!DOCTYPE a [<!ENTITY a "x">' + "".join(
        f'<!ENTITY a{n} "{"&a" + str(n - 1) + ";" if n else "&a;"}{"&a" + str(n - 1) + ";" if n else "&a;"}">'
        for n in range(40)
    )
    parts["xl/workbook.xml"] = parts["xl/workbook.xml"].replace(
        b"<workbook", bomb.encode() + b"]><workbook", 1
    )  # fmt: skip
    assert "不是 XLSX" in refusal(package(parts))


def test_more_lines_than_allowed_are_refused_and_so_are_lines_far_below():
    rows = [[*GOOD[:7], f"第 {n} 件", ""] for n in range(ROWS_LIMIT + 1)]
    assert "最多 2000 行" in refusal(book(*rows))
    assert len(taken(book(*rows[:-1])).rows) == ROWS_LIMIT
    made = load_workbook(book(GOOD))
    made.active.cell(row=1_000_000, column=1, value="很远")
    assert "太多空行" in refusal(saved(made))


def test_the_template_is_read_back_once_it_is_filled_in():
    made = load_workbook(io.BytesIO(template(CATEGORIES, SAY)))
    sheet = made.worksheets[0]
    assert [cell.value.rstrip("*") for cell in sheet[1]] == TITLES
    assert "37" in sheet.data_validations.dataValidation[0].formula1
    for place, text in enumerate(GOOD, 1):
        sheet.cell(row=2, column=place, value=text)
    (found,) = taken(saved(made)).rows
    assert (found.company, found.item, found.wrong) == ("示例企业N10", "5.3.d", {})
    english = load_workbook(io.BytesIO(template(CATEGORIES, speech(EN))))
    assert [cell.value.rstrip("*") for cell in english.worksheets[0][1]] == TITLES


EVIL = '=HYPERLINK("http://evil.example","x")'
LINE = VisitLine(
    row=5, company="@SUM(A1)", state="wrong",
    wrong={"text": "请写下您的需求", "date": "请写走访的日期，例如 2026-11-20"},
    given=VisitRow(
        row=5, date="昨天", place="+1", by="-1", company="@SUM(A1)", phone="13900000000", text=EVIL,
        category=METROLOGY.code, item="5.3.d",
    ),
)  # fmt: skip


def test_what_is_to_be_mended_is_marked_and_can_be_imported_as_it_is():
    columns = {"date": "A", "text": "H"}
    made = load_workbook(io.BytesIO(mended([LINE], columns, SAY, CATEGORIES)))
    sheet = made.active
    assert sheet["A2"].comment.text.startswith("请写走访的日期")
    assert sheet["H2"].comment
    assert sheet["B2"].comment is None
    assert sheet["J2"].value == "A5：走访日期 请写走访的日期，例如 2026-11-20\nH5：需求 请写下您的需求"
    sheet["A2"] = "2026-11-20"
    (again,) = taken(saved(made)).rows
    assert again == VisitRow(**{**vars(LINE.given), "row": 2, "date": "2026-11-20"})


@pytest.mark.parametrize("content", [mended([LINE], {}, SAY, CATEGORIES), results([LINE], {}, SAY)])
def test_nothing_given_out_is_a_formula_or_a_link(content):
    parts = parts_of(io.BytesIO(content))
    sheets = [content for name, content in parts.items() if name.startswith("xl/worksheets/")]
    assert not [one for one in sheets if b"<f>" in one or b"<hyperlink" in one]
    assert b'quotePrefix="1"' in parts["xl/styles.xml"]
    for row in load_workbook(io.BytesIO(content)).active.iter_rows():
        assert {cell.data_type for cell in row} <= {"s", "n"}
        assert not [cell for cell in row if cell.data_type == "n" and cell.value is not None]


def test_cells_are_named_by_the_file_they_came_from():
    assert list(troubles(LINE, {"date": "C", "text": "B"}, SAY)) == [
        ("C5", "走访日期 请写走访的日期，例如 2026-11-20"),
        ("B5", "需求 请写下您的需求"),
    ]
    assert next(troubles(LINE, {}, SAY))[0] == "第 5 行"
