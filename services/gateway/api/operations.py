"""How a function becomes an operation of the HTTP API: one decorator, which the OpenAPI document comes from too."""

import json
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from marshmallow import Schema, ValidationError
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from services.gateway.accounts.domain import Session
from services.gateway.bodies import read
from services.gateway.errors import Garbled, NotJson
from services.gateway.problems import document, problem
from services.gateway.visit import Visit
from shared.errors import Invalid, ServiceError
from shared.forms import flat
from shared.wire import dump

PREFIX = "/api/v1"
JSON_LIMIT = 64 * 1024
CSRF_HEADER = "x-csrf-token"
_SAFE = {"GET", "HEAD"}
_BUSIEST = {"/requests", "/suggestions", "/requests/{number}"}

Handler = Callable[..., Awaitable[Any]]


class Who(StrEnum):
    ANYONE = "anyone"
    OWNER = "owner"  # whoever proves it: by the code of the request, or signed in
    STAFF = "staff"  # whoever is signed in


@dataclass(frozen=True, kw_only=True)
class Operation:
    """One method on one path. The handler gets the visit, and by name what path, query and body hold."""

    method: str
    path: str
    summary: str
    handler: Handler
    who: Who
    takes: Schema | None
    query: Schema | None
    gives: type[Any] | None
    status: int
    media: str  # what the answer is when it is no JSON
    uploads: bool  # the body is a file


OPERATIONS: list[Operation] = []


def operation(
    method: str,
    path: str,
    summary: str,
    *,
    who: Who = Who.ANYONE,
    takes: type[Schema] | None = None,
    query: type[Schema] | None = None,
    gives: type[Any] | None = None,
    status: int = 200,
    uploads: bool = False,
    media: str = "text/event-stream",
) -> Callable[[Handler], Handler]:
    """Register the function; its schemas are made once, here."""

    def register(handler: Handler) -> Handler:
        OPERATIONS.append(
            Operation(
                method=method,
                path=path,
                summary=summary,
                handler=handler,
                who=who,
                takes=takes() if takes else None,
                query=query() if query else None,
                gives=gives,
                status=status,
                uploads=uploads,
                media=media,
            )
        )
        return handler

    return register


def routes() -> list[Route]:
    """A route for every path, the busiest first, for they are tried in turn."""
    by_path: dict[str, dict[str, Operation]] = {}
    for one in sorted(OPERATIONS, key=lambda one: one.path not in _BUSIEST):
        by_path.setdefault(one.path, {})[one.method] = one
    return [Route(PREFIX + path, _endpoint(methods)) for path, methods in by_path.items()]


def _endpoint(methods: Mapping[str, Operation]) -> Any:
    allowed = ", ".join(sorted({*methods, "HEAD"} if "GET" in methods else methods))

    async def endpoint(request: Request) -> Response:
        visit = Visit(request)
        found = methods.get("GET" if request.method == "HEAD" else request.method)
        if found is None:
            return document(405, visit.say, visit.path, headers={"allow": allowed})
        try:
            return await _perform(found, visit)
        except ServiceError as error:
            return problem(error, visit.say, visit.path)

    # A Route with methods=None asks us for every method, so that Allow names them all.
    return _AnyMethod(endpoint)


class _AnyMethod:
    """An ASGI endpoint, which Starlette gives every method."""

    def __init__(self, endpoint: Callable[[Request], Awaitable[Response]]) -> None:
        self._endpoint = endpoint

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        response = await self._endpoint(Request(scope, receive, send))
        await response(scope, receive, send)


async def _perform(one: Operation, visit: Visit) -> Response:
    if one.who is Who.STAFF:
        await signed_in(visit)
    given: dict[str, Any] = dict(visit.request.path_params)
    if one.query:
        given |= _load(one.query, dict(visit.request.query_params))
    if one.takes:
        given |= _load(one.takes, await _json(visit.request))
    answer = await one.handler(visit, **given)
    if isinstance(answer, Response):
        return answer
    return JSONResponse(dump(answer), one.status)


async def signed_in(visit: Visit) -> Session:
    """Whoever is signed in; a changing request by cookie must bear the token of our own page."""
    session = await visit.staff()
    if visit.by_cookie and visit.request.method not in _SAFE:
        visit.check_token(visit.request.headers.get(CSRF_HEADER, ""), session.csrf)
    return session


def _load(schema: Schema, payload: Any) -> dict[str, Any]:
    try:
        return schema.load(payload)
    except ValidationError as error:
        raise Invalid("请检查填写的内容", fields=flat(error.normalized_messages())) from error


async def _json(request: Request) -> Any:
    body = await read(request, JSON_LIMIT)
    if not body.strip():
        return {}
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind != "application/json":
        raise NotJson("请用 Content-Type: application/json 发送 JSON")
    try:
        payload = json.loads(body.decode(), parse_constant=_no_constant)
        if b"\\u" in body:
            json.dumps(payload, ensure_ascii=False).encode()
    except UnicodeEncodeError as error:
        raise Invalid("文字里有不能保存的字符，请删去后再试") from error
    except (ValueError, RecursionError) as error:
        raise Garbled("内容不是 UTF-8 编码的 JSON") from error
    return payload


def _no_constant(name: str) -> None:
    raise ValueError(name)
