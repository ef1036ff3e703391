"""Reading a list of visits from an XLSX file, which comes from outside: how much it may unpack to is bounded, and
nothing in it is computed.
"""

import zipfile
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, BinaryIO

from defusedxml import DefusedXmlException
from openpyxl import load_workbook
from openpyxl.utils import get_column_letter
from openpyxl.utils.exceptions import InvalidFileException

from services.gateway.language import N_
from services.gateway.visit_lists.columns import COLUMNS, ROWS_LIMIT, Categories, by_name, folded
from shared.contracts.intake import VisitRow
from shared.errors import Invalid

FILE_LIMIT = 5 * 1024 * 1024
UNPACKED_LIMIT = 40 * 1024 * 1024
PARTS_LIMIT = 200  # files inside
SCANNED_LIMIT = 20_000  # empty ones included
COLUMNS_LIMIT = 50
CELL_LIMIT = 6000  # characters; what is longer is refused where it is checked
DIGITS = 15  # more of them a number does not hold
_NOT_XLSX = N_("这不是 XLSX 文件，请用模板填写后另存为 .xlsx")
_TOO_BIG = N_("这个文件展开后太大，请只留走访记录这一张表，分成几份")
_TOO_MANY = N_("一份走访表最多 2000 行，请分成几份")
_TOO_LONG = N_("表的下面有太多空行，请把记录复制到新的模板里")
_FORMULA = N_("这一格是公式，请改成文字")
_LONG_NUMBER = N_("这个数太长，表格软件已经丢了末几位，请把这一列设成文本再填")
_NO_CATEGORY = N_("没有这个类别，请从下拉列表里选，或者留空由服务站判断")
_ERROR = N_("这一格算错了，请改成文字")


@dataclass(frozen=True)
class Sheet:
    """What a file holds: its lines, and the letter that each of our columns has in it."""

    rows: Sequence[VisitRow]
    columns: Mapping[str, str]


def read(file: BinaryIO, categories: Categories) -> Sheet:
    """Every line with something in it; raises Invalid for a file that is none of ours, or too large."""
    _check_package(file)
    file.seek(0)
    try:
        book = load_workbook(file, read_only=True, data_only=False, keep_links=False)
        sheet = book.worksheets[0]
        sheet.reset_dimensions()  # what the file says of its size may be anything
        return _read(sheet.iter_rows(max_col=COLUMNS_LIMIT), by_name(categories))
    except Invalid:
        raise
    except (
        zipfile.BadZipFile, InvalidFileException, DefusedXmlException, KeyError, ValueError, IndexError, TypeError,
        AttributeError, SyntaxError, EOFError, OverflowError, NotImplementedError,
    ) as error:  # fmt: skip
        raise _refused(_NOT_XLSX) from error


def _refused(text: str) -> Invalid:
    return Invalid("请检查填写的内容", fields={"file": text})


def _check_package(file: BinaryIO) -> None:
    """What the package says it unpacks to; reading never goes beyond that."""
    try:
        with zipfile.ZipFile(file) as package:
            parts = package.infolist()
    except (zipfile.BadZipFile, ValueError, NotImplementedError, OSError, EOFError) as error:
        raise _refused(_NOT_XLSX) from error
    if len(parts) > PARTS_LIMIT or sum(part.file_size for part in parts) > UNPACKED_LIMIT:
        raise _refused(_TOO_BIG)


def _read(lines: Iterable[Sequence[Any]], names: Mapping[str, tuple[str, str]]) -> Sheet:
    rows = iter(lines)
    places = _places([_text(cell)[0] for cell in next(rows, ())])
    lacking = [column.title for column in COLUMNS if column.needed and column.key not in places]
    if lacking:
        raise Invalid("第 1 行缺这些列：{columns}。请用模板填写", columns="、".join(lacking))
    found: list[VisitRow] = []
    for number, cells in enumerate(rows, 2):
        if number > SCANNED_LIMIT:
            raise _refused(_TOO_LONG)
        row = _row(number, cells, places, names)
        if row is None:
            continue
        found.append(row)
        if len(found) > ROWS_LIMIT:
            raise _refused(_TOO_MANY)
    if not found:
        raise _refused(N_("表里一行也没有填"))
    return Sheet(found, {key: get_column_letter(place + 1) for key, place in places.items()})


def _places(titles: Sequence[str]) -> dict[str, int]:
    """Where each column is, by its title; those we do not know are left alone."""
    wanted = {column.title: column.key for column in COLUMNS} | {column.key: column.key for column in COLUMNS}
    found: dict[str, int] = {}
    for place, title in enumerate(titles):
        key = wanted.get("".join(title.split()).rstrip("*＊"))
        if key:
            found.setdefault(key, place)
    return found


def _row(
    number: int, cells: Sequence[Any], places: Mapping[str, int], names: Mapping[str, tuple[str, str]]
) -> VisitRow | None:
    said: dict[str, str] = {}
    wrong: dict[str, str] = {}
    for key, place in places.items():
        text, trouble = _text(cells[place]) if place < len(cells) else ("", "")
        said[key] = text
        if trouble:
            wrong[key] = trouble
    if not any(said.values()) and not wrong:
        return None
    if named := said.get("category", ""):
        code, item = names.get(folded(named), ("", ""))
        if not code:
            wrong.setdefault("category", _NO_CATEGORY)
        said["category"], said["item"] = code or named[:60], item
    return VisitRow(row=number, **said, wrong=wrong)


def _text(cell: Any) -> tuple[str, str]:
    """What a cell says, and what is wrong with how it says it."""
    value = cell.value
    if value is None:
        return "", ""
    if cell.data_type == "f":
        return "", _FORMULA
    if cell.data_type == "e":
        return "", _ERROR
    if isinstance(value, bool):
        return ("是" if value else "否"), ""
    if isinstance(value, datetime | date):
        return value.strftime("%Y-%m-%d"), ""
    if isinstance(value, int | float):
        whole = value == int(value) if abs(value) < 10**DIGITS else False
        if not whole and abs(value) >= 10**DIGITS:
            return "", _LONG_NUMBER
        return (str(int(value)) if whole else str(value)), ""
    text = "".join(c for c in str(value) if c in "\n\t" or (c.isprintable() or c.isspace()))
    return text.replace("\r\n", "\n").strip()[:CELL_LIMIT], ""
