"""Forms that targets describe: drawn from their description, read from what was sent, shown when filled in."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from services.gateway.bodies import Form
from services.gateway.language import N_, Speech
from services.gateway.when import Clock
from shared.forms import Description

ROWS_LIMIT = 200
_PART = {  # what a result says that is no whole one, whatever its form
    "done": N_("已经办成的"),
    "missing": N_("还缺的"),
    "next_step": N_("接下来"),
}
ROWS = "rows"  # `d.instruments.rows` holds how many rows the page shows


@dataclass(frozen=True, kw_only=True)
class Drawn:
    """One control as the template needs it. `name` is its path, with dots; a table has rows of them."""

    name: str
    kind: str
    label: str
    hint: str = ""
    required: bool = True
    value: str = ""
    checked: bool = False
    most: int | None = None
    options: Sequence[tuple[str, str]] = ()
    rows: Sequence[Sequence["Drawn"]] = ()


@dataclass(frozen=True, kw_only=True)
class Shown:
    """One value with its label; a table has columns and rows instead of a text."""

    label: str
    text: str = ""
    columns: Sequence[str] = ()
    rows: Sequence[Sequence[str]] = field(default_factory=list)


def draw(
    description: Description, values: Mapping[str, Any], say: Speech, prefix: str, more_rows_of: str = ""
) -> list[Drawn]:
    """Every control of the form, with what was typed; one row more in the table named `more_rows_of`."""
    return [_draw(one, values.get(one["name"]), say, prefix, more_rows_of) for one in description]


def _draw(one: Mapping[str, Any], value: Any, say: Speech, prefix: str, more_rows_of: str) -> Drawn:
    name = f"{prefix}.{one['name']}"
    rows: list[list[Drawn]] = []
    if one["kind"] == "table":
        given = value if isinstance(value, list) else []
        count = max(1, len(given)) + (more_rows_of == one["name"])
        for index in range(min(count, ROWS_LIMIT)):
            row = given[index] if index < len(given) and isinstance(given[index], Mapping) else {}
            rows.append(draw(one["fields"], row, say, f"{name}.{index}"))
    label = say.own(one, "label")
    if unit := say(str(one.get("unit") or "")):
        label = f"{label}（{unit}）" if say.lang != "en" else f"{label} ({unit})"
    return Drawn(
        name=name,
        kind=one["kind"],
        label=label,
        hint=_hint(one, say),
        required=bool(one.get("required")),
        value="" if value is None or rows else str(value),
        checked=value is True,
        most=one.get("most") if one["kind"] in ("text", "paragraph") else None,
        options=[(o["value"], say.own(o, "label")) for o in one.get("options", ())],
        rows=rows,
    )


def _hint(one: Mapping[str, Any], say: Speech) -> str:
    hints = [say(str(one.get("hint") or ""))]
    if example := one.get("example"):
        hints.append(say("例如：{example}", example=example))
    return " ".join(filter(None, hints))


def gather(description: Description, form: Form, prefix: str) -> dict[str, Any]:
    """What was filled in, as the form's JSON values; what cannot be read stays text, for the check to refuse."""
    found: dict[str, Any] = {}
    for one in description:
        name = f"{prefix}.{one['name']}"
        if one["kind"] == "table":
            value = _rows(one["fields"], form, name) or ([] if one.get("required") else None)
        else:
            value = _value(one["kind"], form, name)
        if value is not None:
            found[one["name"]] = value
    return found


def _value(kind: str, form: Form, name: str) -> Any:
    text = form[name]
    match kind:
        case "flag":
            return name in form
        case "integer" | "number" if text:
            try:
                return (int if kind == "integer" else float)(text.replace(",", ""))
            except ValueError:
                return text
    return text or None


def _rows(columns: Description, form: Form, name: str) -> list[dict[str, Any]]:
    """The rows that are not empty."""
    said = form[f"{name}.{ROWS}"]
    count = min(int(said), ROWS_LIMIT) if said.isdecimal() else 0
    rows = [gather(columns, form, f"{name}.{index}") for index in range(count)]
    return [row for row in rows if any(value not in (None, False, []) for value in row.values())]


def named(fields: Mapping[str, str], prefix: str, field: str) -> dict[str, str]:
    """Errors under the controls' names: the service says `details.place`, the page's control is `d.place`."""
    return {
        f"{prefix}.{path.removeprefix(f'{field}.')}" if path != field else prefix: text for path, text in fields.items()
    }


def labels(drawn: Sequence[Drawn], say: Speech, before: str = "") -> dict[str, str]:
    """Each control's label by its name, for the summary of what is wrong."""
    found = {}
    for one in drawn:
        found[one.name] = f"{before}{one.label}"
        for number, row in enumerate(one.rows, 1):
            found |= labels(row, say, f"{one.label}{say('第 {n} 行', n=number)} · ")
    return found


def show(description: Description, values: Mapping[str, Any], say: Speech, clock: Clock) -> list[Shown]:
    """What was filled in, in words; values without a description under their own names."""
    known = {one["name"] for one in description}
    shown = [
        _shown(one, values[one["name"]], say, clock)
        for one in description
        if values.get(one["name"]) not in (None, "", [])
    ]
    return shown + [
        Shown(label=say(_PART.get(name, name)), text=str(v)) for name, v in values.items() if name not in known
    ]


def _shown(one: Mapping[str, Any], value: Any, say: Speech, clock: Clock) -> Shown:
    label = say.own(one, "label")
    if one["kind"] == "table" and isinstance(value, list):
        columns = [c for c in one["fields"] if any(row.get(c["name"]) not in (None, "") for row in value)]
        return Shown(
            label=label,
            columns=[say.own(column, "label") for column in columns],
            rows=[list(_cells(columns, row, say, clock)) for row in value],
        )
    return Shown(label=label, text=_text(one, value, say, clock))


def _cells(columns: Description, row: Mapping[str, Any], say: Speech, clock: Clock) -> Iterator[str]:
    for column in columns:
        value = row.get(column["name"])
        yield "" if value is None else _text(column, value, say, clock)


def _text(one: Mapping[str, Any], value: Any, say: Speech, clock: Clock) -> str:
    match one["kind"]:
        case "flag":
            return say("是") if value else say("否")
        case "choice":
            labels = {o["value"]: say.own(o, "label") for o in one.get("options", ())}
            return labels.get(value, str(value))
        case "day":
            return clock.date(_day(value))
        case "integer" | "number" if isinstance(value, int | float):
            value = int(value) if value == int(value) else value
            return f"{value:,} {say(str(one.get('unit') or ''))}".strip()
    return str(value)


def _day(value: Any) -> date | str:
    try:
        return date.fromisoformat(str(value))
    except ValueError:
        return str(value)
