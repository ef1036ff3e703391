"""Answers of GeoReport v2 as XML, its required format, and as JSON: the same data, the specification's names."""

import re
from collections.abc import Mapping, Sequence
from datetime import datetime
from enum import StrEnum
from typing import Any
from xml.etree import ElementTree

from starlette.responses import JSONResponse, Response

Value = Any  # what JSON can hold, and moments
_ONE = {
    # what a list is called: what each of its elements is called
    "services": "service",
    "attributes": "attribute",
    "values": "value",
    "service_requests": "request",
    "endpoints": "endpoint",
    "formats": "format",
    "errors": "error",
}
_NOT_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


class Format(StrEnum):
    JSON = "json"
    XML = "xml"


def answer(format: Format, name: str, content: Mapping[str, Value] | Sequence[Value], status: int = 200) -> Response:
    """`content` under the root `name`; in JSON the root has no name."""
    if format is Format.JSON:
        return JSONResponse(_plain(content), status, media_type="application/json; charset=utf-8")
    body = ElementTree.tostring(_element(name, content), encoding="utf-8", xml_declaration=True)
    return Response(body, status, media_type="text/xml; charset=utf-8")


def errors(format: Format, status: int, texts: Sequence[str]) -> Response:
    """One error for each text, all with the status as their code."""
    return answer(format, "errors", [{"code": status, "description": text} for text in texts], status)


def _plain(value: Value) -> Any:
    if isinstance(value, Mapping):
        return {key: _plain(one) for key, one in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(one) for one in value]
    return value.isoformat(timespec="seconds") if isinstance(value, datetime) else value


def _element(name: str, value: Value) -> ElementTree.Element:
    element = ElementTree.Element(name)
    if isinstance(value, Mapping):
        element.extend(_element(key, one) for key, one in value.items())
    elif isinstance(value, list | tuple):
        element.extend(_element(_ONE[name], one) for one in value)
    elif isinstance(value, bool):
        element.text = "true" if value else "false"
    elif value is not None:
        element.text = _NOT_XML.sub("", str(_plain(value)))
    return element
