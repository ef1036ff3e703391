"""Forms that plugins ask for: declared once as marshmallow fields, described as data, checked anywhere.

A plugin declares ``{"count": integer("数量", en="Count", least=1)}``. `describe` turns that into plain data which
travels in the target's manifest; `check` loads details against either, so dispatch and the pages need no plugin.
Texts are zh_CN, the keys of their translations; `en` is the label's translation, for plugins bring their own.
"""

import json
from collections.abc import Mapping
from datetime import date
from functools import lru_cache
from typing import Any

from marshmallow import RAISE, Schema, ValidationError, fields, validate

from shared.errors import Invalid

Form = Mapping[str, fields.Field[Any]]
Description = list[dict[str, Any]]

REQUIRED = "请填写这一项"
WRONG_TYPE = "这一项填的内容不对"
UNKNOWN = "没有这一项"
TOO_LONG = "这一项写得太长"
NOT_A_NUMBER = "这一项要填数字"
NOT_A_DATE = "这一项要填日期，例如 2026-11-30"
OUT_OF_RANGE = "这个数超出了范围"
NOT_A_CHOICE = "请从列出的选项里选"
EMPTY_TABLE = "至少要填一行"

_MESSAGES: dict[str, Any] = {
    "required": REQUIRED, "null": REQUIRED, "invalid": WRONG_TYPE, "type": WRONG_TYPE,
    "invalid_utf8": WRONG_TYPE, "too_large": OUT_OF_RANGE, "special": NOT_A_NUMBER,
}  # fmt: skip


def _field(kind: type[fields.Field[Any]], shape: str, label: str, **given: Any) -> fields.Field[Any]:
    metadata: dict[str, Any] = {"kind": shape, "label": label}
    for name in ("en", "hint", "example", "unit", "options", "least", "most", "fields"):
        if (value := given.pop(name, None)) is not None:
            metadata[name] = value
    messages = {**_MESSAGES, **given.pop("messages", {})}
    return kind(metadata=metadata, error_messages=messages, **given)


def text(label: str, *, required: bool = True, most: int = 200, **more: Any) -> fields.Field[Any]:
    """One line."""
    return _text("text", label, required, most, more)


def _text(shape: str, label: str, required: bool, most: int, more: dict[str, Any]) -> fields.Field[Any]:
    checks = [validate.Length(max=most, error=TOO_LONG)]
    if required:
        checks.append(validate.Length(min=1, error=REQUIRED))
    return _field(fields.Str, shape, label, required=required, most=most, validate=checks, **more)


def paragraph(label: str, *, required: bool = True, most: int = 2000, **more: Any) -> fields.Field[Any]:
    """Several lines."""
    return _text("paragraph", label, required, most, more)


def _number(
    kind: type[fields.Field[Any]],
    shape: str,
    label: str,
    required: bool,
    least: float | None,
    most: float | None,
    more: Any,
) -> fields.Field[Any]:
    return _field(
        kind, shape, label, required=required, least=least, most=most,
        validate=validate.Range(least, most, error=OUT_OF_RANGE),
        messages={"invalid": NOT_A_NUMBER}, **more,
    )  # fmt: skip


def integer(
    label: str, *, required: bool = True, least: int | None = None, most: int | None = None, **more: Any
) -> fields.Field[Any]:
    return _number(fields.Int, "integer", label, required, least, most, {"strict": True, **more})


def number(
    label: str, *, required: bool = True, least: float | None = None, most: float | None = None, **more: Any
) -> fields.Field[Any]:
    return _number(fields.Float, "number", label, required, least, most, {"allow_nan": False, **more})


def day(label: str, *, required: bool = True, **more: Any) -> fields.Field[Any]:
    """A calendar day, ISO 8601."""
    return _field(_Day, "day", label, required=required, messages={"invalid": NOT_A_DATE}, **more)


def flag(label: str, **more: Any) -> fields.Field[Any]:
    """Yes or no; absent means no."""
    return _field(fields.Bool, "flag", label, load_default=False, truthy={True}, falsy={False}, **more)


def choice(
    label: str, options: Mapping[str, tuple[str, str]], *, required: bool = True, **more: Any
) -> fields.Field[Any]:
    """One of `options`: value -> (zh_CN, English)."""
    return _field(
        fields.Str, "choice", label, required=required,
        options=[{"value": value, "label": zh, "en": en} for value, (zh, en) in options.items()],
        validate=validate.OneOf(list(options), error=NOT_A_CHOICE), **more,
    )  # fmt: skip


def table(label: str, columns: Form, *, required: bool = True, most: int = 200, **more: Any) -> fields.Field[Any]:
    """Rows that each have the same columns."""
    checks = [validate.Length(max=most, error=TOO_LONG)]
    if required:
        checks.append(validate.Length(min=1, error=EMPTY_TABLE))
    row = fields.Nested(_schema(columns), error_messages=_MESSAGES)
    return _field(
        lambda **given: fields.List(row, **given),  # type: ignore[arg-type]
        "table", label, required=required, most=most, validate=checks, fields=describe(columns), **more,
    )  # fmt: skip


class _Day(fields.Str):
    """Kept as text in JSON; checked as a date."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> str:
        said = super()._deserialize(value, attr, data, **kwargs)
        try:
            return date.fromisoformat(said or "").isoformat()
        except ValueError as error:
            raise self.make_error("invalid") from error


def describe(form: Form) -> Description:
    """The form as plain data, in the order declared."""
    return [{"name": name, "required": field.required, **field.metadata} for name, field in form.items()]


_MAKERS = {
    "text": text, "paragraph": paragraph, "integer": integer, "number": number, "day": day, "flag": flag,
}  # fmt: skip


def _rebuild(description: Description) -> dict[str, fields.Field[Any]]:
    made: dict[str, fields.Field[Any]] = {}
    for one in description:
        given = {k: v for k, v in one.items() if k not in ("name", "label", "kind", "options", "fields")}
        match one["kind"]:
            case "table":
                made[one["name"]] = table(one["label"], _rebuild(one["fields"]), **given)
            case "choice":
                options = {o["value"]: (o["label"], o["en"]) for o in one["options"]}
                made[one["name"]] = choice(one["label"], options, **given)
            case "flag":
                given.pop("required", None)
                made[one["name"]] = flag(one["label"], **given)
            case kind:
                made[one["name"]] = _MAKERS[kind](one["label"], **given)
    return made


def check(form: Form | Description, details: Mapping[str, Any]) -> dict[str, Any]:
    """The details, normalized; raises Invalid with a text for each field path (`instruments.0.name`)."""
    try:
        return (_described(json.dumps(form)) if isinstance(form, list) else _schema(form)()).load(details)
    except ValidationError as error:
        raise Invalid("请检查填写的内容", fields=flat(error.normalized_messages())) from error


@lru_cache(1000)
def _described(form: str) -> Schema:
    """The schema of a described form; making one costs more than using it."""
    return _schema(_rebuild(json.loads(form)))()


def _schema(form: Form) -> type[Schema]:
    class FormSchema(Schema):
        class Meta:
            unknown = RAISE

        error_messages = {"unknown": UNKNOWN, "type": WRONG_TYPE}

    return FormSchema.from_dict(dict(form), name="Form")  # type: ignore[arg-type, return-value]


def flat(messages: Mapping[Any, Any], prefix: str = "") -> dict[str, str]:
    """Nested marshmallow messages as field path -> first text."""
    found: dict[str, str] = {}
    for key, value in messages.items():
        path = prefix if key == "_schema" else f"{prefix}.{key}".lstrip(".")
        if isinstance(value, Mapping):
            found |= flat(value, path)
        else:
            found[path] = str(value[0])
    return found
