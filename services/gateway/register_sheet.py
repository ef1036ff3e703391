"""The register of organizations as a workbook: made to be filled in, and read with the place of every mistake."""

import io
import re
import zipfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

import openpyxl
import xlsxwriter
from openpyxl.utils import get_column_letter

from services.gateway.language import N_
from shared.access import EVERYWHERE
from shared.contracts.providers import GivenOrganization, Qualification
from shared.contracts.station import StationView
from shared.errors import Invalid

ORGANIZATIONS, QUALIFICATIONS, HELP = "机构", "资质", "说明"
ALL = "全部"
DISTANCES = {"本区": "near", "本市": "city", "外地": "far"}
PRICES = {"偏低": "low", "适中": "middle", "偏高": "high"}
MOST_ROWS = 1000
MOST_BYTES = 30 * 1024 * 1024  # unpacked
MOST_PARTS = 200
SEPARATORS = re.compile(r"[、，,;；\s]+")

# field: heading, width, what to write
COLUMNS: Mapping[str, tuple[str, int, str]] = {
    "code": ("代码", 12, "大写字母、数字、连字符，例如 GZ-JL；代码已有就更新那一家"),
    "name": ("机构名称", 28, "全称"),
    "items": ("服务事项", 24, "写编号，用顿号分开，例如 5.4.b、5.4.c"),
    "parks": ("服务园区", 24, "写园区代码或名称，用顿号分开；全部园区写“全部”"),
    "industries": ("熟悉的行业", 20, "用顿号分开，可以不填"),
    "capacity": ("同时在办上限", 12, "整数"),
    "desks": ("驻点园区", 20, "在哪些园区有驻点，可以不填"),
    "distance": ("离园区", 10, "本区、本市或外地"),
    "price": ("收费水平", 10, "偏低、适中或偏高"),
    "joined_on": ("入驻日期", 12, "例如 2026-11-30"),
    "contact_name": ("联系人", 12, "只留在机构登记里，不外传"),
    "phone": ("电话", 16, ""),
    "email": ("邮箱", 22, ""),
}
PAPERS: Mapping[str, tuple[str, int, str]] = {
    "code": ("机构代码", 12, "“机构”表里的代码"),
    "items": ("适用事项", 20, "空着表示这家机构的全部事项"),
    "scope": ("授权范围", 40, "证书上写的范围，选机构时会对照需求"),
    "number": ("证书编号", 20, ""),
    "issuer": ("发证单位", 24, ""),
    "expires_on": ("有效期到", 12, "例如 2028-06-30，当天仍有效"),
}
LISTS = ("items", "parks", "desks", "industries")
NO_WORKBOOK = N_("这不是能读的 XLSX 文件，请用模板另存后再传")
NO_SHEET = N_("少了“{sheet}”这张表，请用模板填写")
NO_COLUMN = N_("“{sheet}”表里少了“{column}”这一列")
TOO_MANY_ROWS = N_("“{sheet}”表的行数太多，最多 1000 行")
FORMULA = N_("不要用公式，请直接写内容")
NO_NUMBER = N_("这里要写整数")
NO_CHOICE = N_("只能写：{options}")
NO_OWNER = N_("“机构”表里没有这个代码")
NOTHING = N_("表里一家机构也没有")


@dataclass(frozen=True, kw_only=True)
class Mistake:
    """What is wrong, and in which cell: `机构!F3`."""

    cell: str
    text: str
    params: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class Read:
    """What a workbook holds; `cells` says in which cell each field stands, by path: `organizations.3.capacity`."""

    organizations: tuple[GivenOrganization, ...]
    cells: Mapping[str, str]
    mistakes: tuple[Mistake, ...]

    def located(self, fields: Mapping[str, str]) -> tuple[Mistake, ...]:
        """A service's field errors by cell; of a list, the cell that holds all of it."""
        return tuple(Mistake(cell=self._cell(path), text=text) for path, text in fields.items())

    def _cell(self, path: str) -> str:
        while path and path not in self.cells:
            path = path.rpartition(".")[0]
        return self.cells.get(path, "")


# --- to be filled in


def workbook(
    organizations: Iterable[GivenOrganization], stations: Sequence[StationView], items: Sequence[tuple[str, str]]
) -> bytes:
    """The template; with the entries given, to be changed and imported again. Nothing in it becomes a formula."""
    out = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(out, options) as book:
        heading = book.add_format({"bold": True, "bg_color": "#E3EFF0", "border": 1})
        first, second = book.add_worksheet(ORGANIZATIONS), book.add_worksheet(QUALIFICATIONS)
        _headings(first, COLUMNS, heading)
        _headings(second, PAPERS, heading)
        for name, choices in (("distance", DISTANCES), ("price", PRICES)):
            column = list(COLUMNS).index(name)
            first.data_validation(1, column, MOST_ROWS, column, {"validate": "list", "source": list(choices)})
        rows = [(one, qualification) for one in organizations for qualification in (None, *one.qualifications)]
        _fill(first, [_row(one) for one, qualification in rows if qualification is None])
        _fill(second, [_paper(one.code, qualification) for one, qualification in rows if qualification])
        _help(book.add_worksheet(HELP), heading, stations, items)
    return out.getvalue()


def _headings(sheet: Any, columns: Mapping[str, tuple[str, int, str]], heading: Any) -> None:
    for n, (title, width, about) in enumerate(columns.values()):
        sheet.write_string(0, n, title, heading)
        sheet.set_column(n, n, width)
        if about:
            sheet.write_comment(0, n, about)
    sheet.freeze_panes(1, 1)


def _fill(sheet: Any, rows: list[list[Any]]) -> None:
    for r, row in enumerate(rows, 1):
        for c, value in enumerate(row):
            (sheet.write_number if isinstance(value, int) else sheet.write_string)(r, c, value)


def _row(one: GivenOrganization) -> list[Any]:
    values: list[Any] = []
    for name in COLUMNS:
        value = getattr(one, name)
        if name in LISTS:
            value = "、".join(ALL if part == EVERYWHERE else part for part in value)
        values.append(_word(name, value))
    return values


def _word(name: str, value: Any) -> Any:
    words = {"distance": DISTANCES, "price": PRICES}.get(name, {})
    return next((word for word, code in words.items() if code == value), value)


def _paper(code: str, qualification: Qualification) -> list[Any]:
    return [code, "、".join(qualification.items), *(getattr(qualification, name) for name in list(PAPERS)[2:])]


def _help(sheet: Any, heading: Any, stations: Sequence[StationView], items: Sequence[tuple[str, str]]) -> None:
    rows = [(title, about) for title, _, about in COLUMNS.values() if about]
    rows += [(f"{QUALIFICATIONS}：{title}", about) for title, _, about in PAPERS.values() if about]
    tables = (("列", "怎么写", rows), ("园区代码", "园区", [(s.park, s.park_name) for s in stations]),
              ("事项编号", "服务事项", list(items)))  # fmt: skip
    for n, (left, right, lines) in enumerate(tables):
        column = 3 * n
        sheet.set_column(column, column, 16)
        sheet.set_column(column + 1, column + 1, 44)
        sheet.write_string(0, column, left, heading)
        sheet.write_string(0, column + 1, right, heading)
        for r, (one, other) in enumerate(lines, 1):
            sheet.write_string(r, column, one)
            sheet.write_string(r, column + 1, other)


# --- filled in


def read(content: bytes, stations: Sequence[StationView]) -> Read:
    """Raises Invalid where it is no workbook of ours; all that is wrong inside of it is a mistake with its cell."""
    tables = _tables(content)
    reader = _Reader(stations)
    organizations = reader.organizations(tables[ORGANIZATIONS], tables[QUALIFICATIONS])
    if not organizations and not reader.mistakes:
        raise Invalid(NOTHING)
    return Read(organizations=organizations, cells=reader.cells, mistakes=tuple(reader.mistakes))


def _tables(content: bytes) -> dict[str, list[tuple[int, dict[str, Any]]]]:
    """Each sheet's rows by field, with their row numbers; empty rows are left out."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as packed:
            parts = packed.infolist()
            if len(parts) > MOST_PARTS or sum(part.file_size for part in parts) > MOST_BYTES:
                raise Invalid(NO_WORKBOOK)
        book = openpyxl.load_workbook(io.BytesIO(content), read_only=True)
    except (zipfile.BadZipFile, KeyError, ValueError, OSError, TypeError, AttributeError, SyntaxError) as error:
        raise Invalid(NO_WORKBOOK) from error
    try:
        return {
            ORGANIZATIONS: list(_rows(book, ORGANIZATIONS, COLUMNS)),
            QUALIFICATIONS: list(_rows(book, QUALIFICATIONS, PAPERS)),
        }
    finally:
        book.close()


def _rows(book: Any, title: str, columns: Mapping[str, tuple[str, int, str]]) -> Iterator[tuple[int, dict[str, Any]]]:
    if title not in book.sheetnames:
        raise Invalid(NO_SHEET, sheet=title)
    lines = book[title].iter_rows(max_row=MOST_ROWS + 2)
    heads = [str(cell.value or "").strip() for cell in next(lines, ())]
    places = {}
    for name, (heading, _, _) in columns.items():
        if heading not in heads:
            raise Invalid(NO_COLUMN, sheet=title, column=heading)
        places[name] = heads.index(heading)
    for number, line in enumerate(lines, 2):
        cells = {name: line[place] if place < len(line) else None for name, place in places.items()}
        if all(cell is None or cell.value in (None, "") for cell in cells.values()):
            continue
        if number > MOST_ROWS + 1:
            raise Invalid(TOO_MANY_ROWS, sheet=title)
        yield number, {name: (place, cells[name]) for name, place in places.items()}


class _Reader:
    """Reads cell by cell, and remembers which field stands where."""

    def __init__(self, stations: Sequence[StationView]) -> None:
        self._parks = {ALL: EVERYWHERE, EVERYWHERE: EVERYWHERE}
        for station in stations:
            self._parks |= dict.fromkeys((station.park, station.park_name, station.short), station.park)
        self.cells: dict[str, str] = {}
        self.mistakes: list[Mistake] = []

    def organizations(self, rows: Any, papers: Any) -> tuple[GivenOrganization, ...]:
        found: list[dict[str, Any]] = []
        for number, cells in rows:
            at = f"organizations.{len(found)}"
            found.append({
                name: self._value(ORGANIZATIONS, number, f"{at}.{name}", name, *cells[name]) for name in COLUMNS
            })  # fmt: skip
            self.cells[at] = f"{ORGANIZATIONS}!A{number}"
        places = {given["code"]: n for n, given in enumerate(found)}
        kept: list[list[Qualification]] = [[] for _ in found]
        for number, cells in papers:
            code = _text(cells["code"][1])
            owner = places.get(code)
            if owner is None:
                self.mistakes.append(Mistake(cell=f"{QUALIFICATIONS}!A{number}", text=NO_OWNER))
                continue
            at = f"organizations.{owner}.qualifications.{len(kept[owner])}"
            values = {
                name: self._value(QUALIFICATIONS, number, f"{at}.{name}", name, *cells[name])
                for name in PAPERS
                if name != "code"
            }
            kept[owner].append(Qualification(**values))
        return tuple(
            GivenOrganization(**{**given, "qualifications": tuple(papers)})
            for given, papers in zip(found, kept, strict=True)
        )

    def _value(self, sheet: str, row: int, path: str, name: str, column: int, cell: Any) -> Any:
        self.cells[path] = place = f"{sheet}!{get_column_letter(column + 1)}{row}"
        text = _text(cell)
        if cell is not None and cell.data_type == "f":
            self.mistakes.append(Mistake(cell=place, text=FORMULA))
        if name in LISTS:
            parts = tuple(part for part in SEPARATORS.split(text) if part)
            return tuple(self._parks.get(part, part) for part in parts) if name in ("parks", "desks") else parts
        if name == "capacity":
            if text.isdecimal():
                return int(text)
            self.mistakes.append(Mistake(cell=place, text=NO_NUMBER))
            return 1
        if words := {"distance": DISTANCES, "price": PRICES}.get(name):
            if text in words:
                return words[text]
            options = "、".join(words)
            self.mistakes.append(Mistake(cell=place, text=NO_CHOICE, params={"options": options}))
            return next(iter(words.values()))
        return text


def _text(cell: Any) -> str:
    """What a person sees in the cell: a day as 2026-11-30, a whole number without a point."""
    value = None if cell is None else cell.value
    if value is None:
        return ""
    if isinstance(value, datetime):
        return value.date().isoformat()
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value).strip()
