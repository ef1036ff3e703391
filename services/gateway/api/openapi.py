"""The OpenAPI 3.1 document, derived from the operations and their schemas."""

import re
from functools import cache
from typing import Any

from apispec import APISpec
from apispec.ext.marshmallow import MarshmallowPlugin
from marshmallow import Schema, fields

from services.gateway.api.operations import OPERATIONS, PREFIX, Operation, Who
from services.gateway.problems import KINDS
from shared.wire import schema

_SECURITY = {
    "bearer": {"type": "http", "scheme": "bearer", "description": "The token that POST /session gives."},
    "cookie": {
        "type": "apiKey",
        "in": "cookie",
        "name": "nqi_session",
        "description": "Set by POST /session. Changing requests then also send X-CSRF-Token.",
    },
    "code": {
        "type": "apiKey",
        "in": "header",
        "name": "X-Request-Code",
        "description": "The code that POST /requests told, for the request of that number.",
    },
}
_NEEDS: dict[Who, list[dict[str, list[str]]]] = {
    Who.ANYONE: [],
    Who.OWNER: [{"code": []}, {"bearer": []}, {"cookie": []}],
    Who.STAFF: [{"bearer": []}, {"cookie": []}],
}


class FieldError(Schema):
    field = fields.Str(required=True)
    pointer = fields.Str(required=True, metadata={"description": "JSON Pointer into the body."})
    detail = fields.Str(required=True)


class Problem(Schema):
    """RFC 9457."""

    type = fields.Str(required=True)
    title = fields.Str(required=True)
    status = fields.Int(required=True)
    detail = fields.Str(required=True)
    instance = fields.Str(required=True)
    errors = fields.List(fields.Nested(FieldError))


@cache
def openapi() -> dict[str, Any]:
    """The document; does not change while the process runs."""
    spec = APISpec(
        title="nqi-station",
        version="1",
        openapi_version="3.1.0",
        info={
            "description": "Quality-infrastructure one-stop service stations of industrial parks. "
            "Every POST may bear an Idempotency-Key: with the same key it takes effect once, "
            "and is answered alike. Errors are problem documents (RFC 9457)."
        },
        servers=[{"url": PREFIX}],
        plugins=[MarshmallowPlugin(schema_name_resolver=_name)],
    )
    for name, scheme in _SECURITY.items():
        spec.components.security_scheme(name, scheme)
    spec.components.schema("Problem", schema=Problem)
    for one in sorted(OPERATIONS, key=lambda one: one.path):
        spec.path(path=one.path, operations={one.method.lower(): _described(one)})
    return spec.to_dict()


def _name(found: Any) -> str:
    cls = found if isinstance(found, type) else type(found)
    return cls.__name__.removesuffix("Schema")


def _described(one: Operation) -> dict[str, Any]:
    parameters: list[dict[str, Any]] = [
        {"in": "path", "name": name, "required": True, "schema": {"type": "string"}}
        for name in re.findall(r"{(\w+)}", one.path)
    ]
    if one.query:
        parameters.append({"in": "query", "schema": one.query})
    if one.method == "POST":
        parameters.append(
            {
                "in": "header",
                "name": "Idempotency-Key",
                "schema": {"type": "string", "minLength": 1, "maxLength": 200, "pattern": "^[!-~]+$"},
            }
        )
    described: dict[str, Any] = {
        "summary": one.summary,
        "operationId": one.handler.__name__,
        "parameters": parameters,
        "security": _NEEDS[one.who],
        "responses": {str(one.status): _success(one)} | _failures(one),
    }
    if one.uploads:
        part = {"type": "object", "required": ["file"], "properties": {"file": {"type": "string", "format": "binary"}}}
        described["requestBody"] = {"required": True, "content": {"multipart/form-data": {"schema": part}}}
    if one.takes:
        content = {"application/json": {"schema": one.takes}}
        described["requestBody"] = {"required": bool(one.takes.fields), "content": content}
    return described


def _success(one: Operation) -> dict[str, Any]:
    if one.gives:
        return {
            "description": _about(one.gives),
            "content": {"application/json": {"schema": schema(one.gives)}},  # type: ignore[arg-type]
        }
    if one.status == 204:
        return {"description": "Done."}
    return {
        "description": "A stream." if one.media == "text/event-stream" else "A file.",
        "content": {one.media: {"schema": {"type": "string"}}},
    }


def _about(cls: type[Any]) -> str:
    """What the class says of itself; a dataclass without a docstring only lists its fields."""
    said = cls.__doc__ or ""
    return cls.__name__ if not said or said.startswith(f"{cls.__name__}(") else said


def _failures(one: Operation) -> dict[str, Any]:
    statuses = {422, 500, 503, 504}
    if "{" in one.path or one.takes or one.query:  # each may name what is not there
        statuses.add(404)
    if one.who is not Who.ANYONE or one.path == "/requests":
        statuses |= {401, 403}
    if one.takes or one.method == "POST":
        statuses |= {400, 409, 413, 415}
    if one.who is Who.OWNER or one.path in ("/session", "/files"):
        statuses |= {404, 429, 401}
    content = {"application/problem+json": {"schema": "Problem"}}
    return {str(s): {"description": KINDS[s][0], "content": content} for s in sorted(statuses)}
