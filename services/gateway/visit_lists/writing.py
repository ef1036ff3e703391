"""Lists of visits as XLSX files to give out: the template, what is to be mended, and what became of each line.

Nothing written is ever a formula, also when the file is saved as something else.
"""

import io
from collections.abc import Iterable, Mapping
from typing import Any

import xlsxwriter

from services.gateway.language import N_, Speech
from services.gateway.visit_lists.columns import (
    COLUMNS,
    ROWS_LIMIT,
    STATES,
    TITLE,
    Categories,
    listed_as,
    troubles,
)
from shared.contracts.intake import VisitLine

TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def template(categories: Categories, say: Speech) -> bytes:
    """An empty table: titles with notes, and a list to choose the item from."""
    with Book() as (book, made):
        sheet = _titled(book, say)
        listed = [listed_as(code, item) for category in categories for code, item in category["items"].items()]
        if listed:
            names = book.add_worksheet(say(N_("服务事项目录")))
            for row, name in enumerate(listed):
                names.write_string(row, 0, name)
            names.set_column(0, 0, 40)
            place = [column.key for column in COLUMNS].index("category")
            source = f"='{names.get_name()}'!$A$1:$A${len(listed)}"
            sheet.data_validation(1, place, ROWS_LIMIT, place, {"validate": "list", "source": source})
    return made.getvalue()


def mended(lines: Iterable[VisitLine], columns: Mapping[str, str], say: Speech, categories: Categories) -> bytes:
    """The wrong lines as they were, each wrong cell marked with what to do; mend it and import it as it is."""
    names = {code: listed_as(code, item) for category in categories for code, item in category["items"].items()}
    with Book() as (book, made):
        sheet = _titled(book, say, say(N_("要改的地方")))
        plain, marked = book.add_format({"text_wrap": True, "valign": "top", "quote_prefix": True}), _marked(book)
        row = 0
        for line in lines:
            if line.given is None:
                continue
            row += 1
            for place, column in enumerate(COLUMNS):
                text = str(getattr(line.given, column.key))
                if column.key == "category" and line.given.item:
                    text = names.get(line.given.item, text)
                trouble = line.wrong.get(column.key, "")
                sheet.write_string(row, place, text, marked if trouble else plain)
                if trouble:
                    sheet.write_comment(row, place, say(trouble))
            told = [f"{cell}：{text}" for cell, text in troubles(line, columns, say)]
            sheet.write_string(row, len(COLUMNS), "\n".join(told), plain)
    return made.getvalue()


def results(lines: Iterable[VisitLine], columns: Mapping[str, str], say: Speech) -> bytes:
    """What became of each line, with the numbers."""
    with Book() as (book, made):
        sheet = book.add_worksheet(say(N_("导入结果")))
        head, plain = book.add_format({"bold": True}), book.add_format({"text_wrap": True, "quote_prefix": True})
        titles = (N_("行"), N_("企业名称"), N_("受理编号"), N_("结果"), N_("要改的地方"))
        for place, (title, width) in enumerate(zip(titles, (8, 30, 18, 14, 60), strict=True)):
            sheet.write_string(0, place, say(title), head)
            sheet.set_column(place, place, width)
        for row, line in enumerate(lines, 1):
            told = "\n".join(f"{cell}：{text}" for cell, text in troubles(line, columns, say))
            for place, text in enumerate((str(line.row), line.company, line.number, say(STATES[line.state]), told)):
                sheet.write_string(row, place, text, plain)
    return made.getvalue()


class Book:
    """A workbook in memory, in which no text becomes a formula, a link or a number."""

    def __enter__(self) -> tuple[Any, io.BytesIO]:
        made = io.BytesIO()
        options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
        self._book = xlsxwriter.Workbook(made, {**options, "strings_to_numbers": False})
        return self._book, made

    def __exit__(self, *_: object) -> None:
        self._book.close()


def _marked(book: Any) -> Any:
    return book.add_format(
        {"text_wrap": True, "valign": "top", "quote_prefix": True, "bg_color": "#FBE7E3", "border": 1}
    )


def _titled(book: Any, say: Speech, more: str = "") -> Any:
    sheet = book.add_worksheet(say(TITLE))
    head = book.add_format({"bold": True, "valign": "top", "bottom": 1})
    text = book.add_format({"num_format": "@", "text_wrap": True, "valign": "top"})
    for place, column in enumerate(COLUMNS):
        sheet.set_column(place, place, column.width, text)
        sheet.write_string(0, place, column.title + ("*" if column.needed else ""), head)
        sheet.write_comment(0, place, say(column.note))
    if more:
        sheet.set_column(len(COLUMNS), len(COLUMNS), 50)
        sheet.write_string(0, len(COLUMNS), more, head)
    sheet.freeze_panes(1, 0)
    return sheet
