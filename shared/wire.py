"""Messages to and from plain JSON values; each schema derives from its dataclass."""

import json
from dataclasses import MISSING, Field, fields, is_dataclass
from datetime import UTC, datetime
from functools import cache
from types import NoneType, UnionType
from typing import Any, TypeVar, get_args, get_origin, get_type_hints

from marshmallow import EXCLUDE, RAISE, Schema, ValidationError, post_load, validate
from marshmallow import fields as wire_fields

from shared.contracts.base import Event, Who
from shared.errors import Invalid
from shared.forms import REQUIRED, TOO_LONG, UNKNOWN, WRONG_TYPE, flat

T = TypeVar("T")

BODY_LIMIT = 256 * 1024  # bytes of one message on the bus
TEXT_LIMIT = 20_000  # characters of one text in a message
_MESSAGES = {"required": REQUIRED, "null": REQUIRED, "invalid": WRONG_TYPE, "type": WRONG_TYPE}


def dump(message: Any) -> Any:
    """The message as JSON values: nested dataclasses become objects, tuples lists, moments ISO 8601 in UTC."""
    if is_dataclass(message):
        return {f.name: dump(getattr(message, f.name)) for f in fields(message)}
    if isinstance(message, datetime):
        return message.astimezone(UTC).isoformat()
    if isinstance(message, tuple | list):
        return [dump(one) for one in message]
    if isinstance(message, dict):
        return {key: dump(value) for key, value in message.items()}
    return message


def load(cls: type[T], payload: Any) -> T:
    """The dataclass from JSON values; raises Invalid with a text for each field path."""
    try:
        return schema(cls).load(payload)  # type: ignore[arg-type, no-any-return]
    except ValidationError as error:
        raise Invalid("请检查填写的内容", fields=flat(error.normalized_messages())) from error


def encode(payload: Any) -> bytes:
    return json.dumps(payload, ensure_ascii=False, separators=(",", ":"), allow_nan=False).encode()


def decode(body: bytes | memoryview | str) -> Any:
    """JSON values from a message body; raises Invalid for anything else, however crafted."""
    if len(body) > BODY_LIMIT:
        raise Invalid("消息太大")
    try:
        return json.loads(bytes(body) if isinstance(body, memoryview) else body)
    except (ValueError, RecursionError) as error:
        raise Invalid("消息不是 JSON") from error


@cache
def schema(cls: type[Any]) -> Schema:
    """The schema of a message. Events may say more than we know; commands and queries may not."""
    hints = get_type_hints(cls)
    made = {f.name: _field(f, hints[f.name]) for f in fields(cls)}

    class Derived(Schema):
        class Meta:
            unknown = EXCLUDE if issubclass(cls, Event | Who) else RAISE

        error_messages = {"unknown": UNKNOWN, "type": WRONG_TYPE}

        @post_load
        def _make(self, data: dict[str, Any], **_: Any) -> Any:
            return cls(**data)

    return Derived.from_dict(made, name=cls.__name__)()  # type: ignore[arg-type]


class Text(wire_fields.Str):
    """Text that every database can hold: no NUL, no lone surrogates."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> str:
        said = super()._deserialize(value, attr, data, **kwargs)
        if not _storable(said or ""):
            raise self.make_error("invalid")
        return said  # type: ignore[return-value]


class _Tuple(wire_fields.List):
    def _deserialize(self, *args: Any, **kwargs: Any) -> Any:
        return tuple(super()._deserialize(*args, **kwargs))


class _Values(wire_fields.Dict):
    """JSON values by name, each text in them storable."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> dict[str, Any]:
        said = super()._deserialize(value, attr, data, **kwargs)
        if not _storable(said):
            raise self.make_error("invalid")
        return said


def _storable(value: Any) -> bool:
    if isinstance(value, str):
        return "\0" not in value and (value.isascii() or not any("\ud800" <= c <= "\udfff" for c in value))
    if isinstance(value, dict):
        return all(_storable(k) and _storable(v) for k, v in value.items())
    if isinstance(value, list):
        return all(_storable(one) for one in value)
    return True


def _field(f: Field[Any], hint: Any) -> wire_fields.Field[Any]:
    given: dict[str, Any] = {"required": True} if f.default is MISSING and f.default_factory is MISSING else {}
    if f.default is not MISSING:
        given["load_default"] = f.default
    elif f.default_factory is not MISSING:
        given["load_default"] = f.default_factory
    return _typed(hint, error_messages=_MESSAGES, **given)


def _typed(hint: Any, **given: Any) -> wire_fields.Field[Any]:
    origin = get_origin(hint)
    if origin is UnionType:
        (kind,) = (a for a in get_args(hint) if a is not NoneType)
        return _typed(kind, allow_none=True, **given)
    if origin is tuple:
        return _Tuple(_typed(get_args(hint)[0], error_messages=_MESSAGES), **given)
    if origin is dict:
        return _Values(keys=Text(), **given)
    if is_dataclass(hint):
        return wire_fields.Nested(lambda: schema(hint), **given)  # type: ignore[arg-type]
    match hint.__name__:
        case "str":
            return Text(validate=validate.Length(max=TEXT_LIMIT, error=TOO_LONG), **given)
        case "bool":
            return wire_fields.Bool(truthy={True}, falsy={False}, **given)
        case "int":
            return wire_fields.Int(strict=True, **given)
        case "float":
            return wire_fields.Float(allow_nan=False, **given)
        case "datetime":
            return wire_fields.AwareDateTime(format="iso", default_timezone=UTC, **given)
    raise TypeError(f"a message cannot hold {hint}")
