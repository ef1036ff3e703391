"""The columns of a list of visits, and what people may write for a category."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from services.gateway.language import N_, Speech
from shared.contracts.intake import VisitLine

TITLE = N_("走访记录")
ROWS_LIMIT = 2000  # with something in them


class Column(NamedTuple):
    """`key` is the contract's field; `note` says what to write."""

    key: str
    title: str
    note: str
    width: int
    needed: bool = False


COLUMNS = (
    Column("date", N_("走访日期"), N_("例如 2026-11-20"), 13, needed=True),
    Column("place", N_("走访地点"), N_("在哪里谈的，例如 3 栋 501"), 22, needed=True),
    Column("by", N_("走访人"), N_("服务站的哪一位；不填就是导入的人"), 12),
    Column("company", N_("企业名称"), N_("营业执照上的全称"), 28, needed=True),
    Column("credit_code", N_("统一社会信用代码"), N_("18 位，知道就填"), 24),
    Column("contact_name", N_("联系人"), N_("知道就填"), 12),
    Column("phone", N_("联系电话"), N_("手机或座机，知道就填"), 16),
    Column("text", N_("需求"), N_("企业的原话，一行一件事"), 60, needed=True),
    Column("category", N_("服务事项"), N_("知道就从下拉列表里选；留空由服务站判断"), 30),
)
_BY_KEY = {column.key: column for column in COLUMNS}
_SERVICE = "服务"  # what people leave out of a category's title

Categories = Sequence[Mapping[str, Any]]


def folded(text: str) -> str:
    return "".join(text.split()).casefold()


def by_name(categories: Categories) -> dict[str, tuple[str, str]]:
    """What people may write for a category or an item: as the template's list has it, its title, its code."""
    found: dict[str, tuple[str, str]] = {}
    for category in categories:
        code = str(category["code"])
        title = str(category["title"])
        for name in (code, title, title.removesuffix(_SERVICE), str(category["title_en"])):
            found.setdefault(folded(name), (code, ""))
        for item_code, item in category["items"].items():
            listed = listed_as(item_code, item)
            for name in (item_code, item["title"], item["title_en"], listed):
                found.setdefault(folded(str(name)), (code, item_code))
    return found


def listed_as(code: str, item: Mapping[str, Any]) -> str:
    return f"{code} {item['title']}"


LIST_STATES = {
    "reading": N_("没有读完"),
    "preview": N_("等确认"),
    "running": N_("正在登记"),
    "done": N_("登记完了"),
}
STATES = {
    "good": N_("可以导入"),
    "wrong": N_("要改"),
    "known": N_("以前导入过"),
    "taken": N_("已导入"),
}


def troubles(line: VisitLine, columns: Mapping[str, str], say: Speech) -> Iterator[tuple[str, str]]:
    """What is wrong with a line, by the cell's name in the file: A5."""
    order = [column.key for column in COLUMNS]
    for key, text in sorted(line.wrong.items(), key=lambda one: order.index(one[0]) if one[0] in order else len(order)):
        place = columns.get(key, "")
        title = _BY_KEY[key].title if key in _BY_KEY else ""
        yield (f"{place}{line.row}" if place else say(N_("第 {n} 行"), n=line.row)), f"{say(title)} {say(text)}".strip()
