"""Our categories and their items as GeoReport v2 services, and their forms as attributes."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from services.gateway.details import checked
from services.gateway.language import N_, Speech
from shared.errors import Invalid, NotFound
from shared.forms import UNKNOWN, Description

GENERAL = "general"  # a need in one's own words, for staff to judge
COMPANY, CREDIT_CODE = "company", "credit_code"
SEPARATOR = "|"
_TITLE = N_("说不准，请工作人员判断")
_ABOUT = N_("用自己的话说，由服务站判断归哪一类。")
_COMPANY, _CREDIT_CODE = N_("企业名称"), N_("统一社会信用代码")
_DATATYPES = {
    "text": "string", "paragraph": "text", "integer": "number", "number": "number", "day": "datetime",
    "flag": "singlevaluelist", "choice": "singlevaluelist", "table": "text",
}  # fmt: skip
_YES = {"true", "1", "yes", "是"}
_NO = {"false", "0", "no", "否"}


class Service(NamedTuple):
    """What can be asked for: a category (without an item), or one of its items, or neither."""

    code: str
    category: Mapping[str, Any]
    item: Mapping[str, Any]

    @property
    def form(self) -> Description:
        return self.item.get("form", [])

    def title(self, say: Speech) -> str:
        return say.own(self.item, "title") or say.own(self.category, "title") or say(_TITLE)


def services(categories: Sequence[Mapping[str, Any]]) -> Iterator[Service]:
    """Every item, after each category's items the category itself, and at last the general one."""
    for category in categories:
        for code, item in category["items"].items():
            yield Service(code, category, item)
        yield Service(str(category["code"]), category, {})
    yield Service(GENERAL, {}, {})


def service(categories: Sequence[Mapping[str, Any]], code: str) -> Service:
    """Raises NotFound."""
    for one in services(categories):
        if one.code == code:
            return one
    raise NotFound("没有 {code} 这个 service_code", code=code)


def described(one: Service, say: Speech) -> dict[str, Any]:
    """The service as the list shows it. All have attributes, for each asks who asks."""
    return {
        "service_code": one.code,
        "service_name": one.title(say),
        "description": say.own(one.category, "summary") or say(_ABOUT),
        "metadata": True,
        "type": "realtime",
        "keywords": ",".join(one.item.get("words", ())),
        "group": say.own(one.category, "title"),
    }


def definition(one: Service, say: Speech) -> dict[str, Any]:
    """What the service asks: the company, and of the item's form whatever one likes to give."""
    asked = [
        _attribute(COMPANY, "string", say(_COMPANY), required=True),
        _attribute(CREDIT_CODE, "string", say(_CREDIT_CODE)),
    ]
    attributes = [*asked, *(_of(field, say) for field in one.form)]
    return {
        "service_code": one.code,
        "attributes": [{**attribute, "order": order} for order, attribute in enumerate(attributes, 1)],
    }


def _of(field: Mapping[str, Any], say: Speech) -> dict[str, Any]:
    hints = [say(str(field.get("hint") or ""))]
    if example := field.get("example"):
        hints.append(say("例如：{example}", example=example))
    values: list[tuple[str, str]] = []
    match field["kind"]:
        case "table":
            columns = SEPARATOR.join(say.own(column, "label") for column in field["fields"])
            hints.append(say("一行一件，各栏用 {mark} 隔开：{columns}", mark=SEPARATOR, columns=columns))
        case "flag":
            values = [("true", say("是")), ("false", say("否"))]
        case "choice":
            values = [(option["value"], say.own(option, "label")) for option in field["options"]]
    label = say.own(field, "label")
    if unit := say(str(field.get("unit") or "")):
        label = f"{label} ({unit})"
    return _attribute(field["name"], _DATATYPES[field["kind"]], label, " ".join(filter(None, hints)), values)


def _attribute(
    code: str, datatype: str, label: str, hint: str = "", values: Sequence[tuple[str, str]] = (), required: bool = False
) -> dict[str, Any]:
    described: dict[str, Any] = {
        "variable": True, "code": code, "datatype": datatype, "required": required, "datatype_description": hint,
        "order": 0, "description": label,
    }  # fmt: skip
    if values:
        described["values"] = [{"key": key, "name": name} for key, name in values]
    return described


def details(form: Description, attributes: Mapping[str, str]) -> dict[str, Any]:
    """The attributes that were given as details of the item; raises Invalid under the attributes' names."""
    known = {field["name"]: field for field in form}
    if unknown := attributes.keys() - known.keys():
        raise Invalid("请检查填写的内容", fields={f"attribute[{name}]": UNKNOWN for name in sorted(unknown)})
    given = {name: _value(known[name], text) for name, text in attributes.items() if text}
    try:
        return checked(form, given)
    except Invalid as error:
        wrong = {_named(path): text for path, text in error.fields.items()}
        raise Invalid("请检查填写的内容", fields=wrong) from error


def _named(path: str) -> str:
    """`instruments.0.count` is in `attribute[instruments]`, row 0, column `count`."""
    name, _, rest = path.partition(".")
    return f"attribute[{name}]" + (f".{rest}" if rest else "")


def _value(field: Mapping[str, Any], text: str) -> Any:
    """The text as the form's JSON value; what cannot be read stays text, for the check to refuse."""
    match field["kind"]:
        case "integer" | "number":
            try:
                return (int if field["kind"] == "integer" else float)(text)
            except ValueError:
                return text
        case "flag":
            return True if text.lower() in _YES else False if text.lower() in _NO else text
        case "day":
            return text[:10] if text[10:11] == "T" else text  # their datetimes bear a time
        case "table":
            return [_row(field["fields"], line) for line in text.splitlines() if line.strip()]
    return text


def _row(columns: Description, line: str) -> dict[str, Any]:
    cells = [cell.strip() for cell in line.split(SEPARATOR)]
    row = {column["name"]: _value(column, cell) for column, cell in zip(columns, cells, strict=False) if cell}
    if extra := cells[len(columns) :]:
        row[SEPARATOR] = extra  # more cells than columns: the check refuses what it does not know
    return row
