"""Open311 GeoReport v2: services, their definitions, posting, tokens and how requests stand."""

import uuid
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from starlette.datastructures import UploadFile
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from services.gateway import uploads
from services.gateway.accounts.keys import ApiKey
from services.gateway.errors import retry_after, status_of
from services.gateway.known import PUBLIC
from services.gateway.open311 import catalogue, listing
from services.gateway.open311.formats import Format, answer, errors
from services.gateway.open311.posted import Fields, need_of, read_fields, renamed
from services.gateway.targets import names
from services.gateway.visit import Visit, idempotency_key
from shared.access import EVERYWHERE
from shared.contracts.intake import GetSubmission, NeedSubmitted
from shared.contracts.station import StationView
from shared.errors import Invalid, NotFound, ServiceError, Unproven

PREFIX = "/open311/v2"
TOKEN_HEADER = "X-Request-Token"
KEY_HEADER = "x-api-key"
SPECIFICATION = "http://wiki.open311.org/GeoReport_v2"
_STATUS = {401: 403, 422: 400}  # as the specification has it

Endpoint = Callable[..., Awaitable[Response]]
ROUTES: list[Route] = []


def endpoint(path: str, method: str = "GET") -> Callable[[Endpoint], Endpoint]:
    """Answer at this path with the format as its extension; refusals are the specification's errors."""

    def register(function: Endpoint) -> Endpoint:
        async def served(request: Request) -> Response:
            visit = Visit(request)
            given = dict(request.path_params)
            format = given.pop("format", "")
            if format not in list(Format):
                return _refused(visit, Format.XML, NotFound("没有这种格式，请用 .xml 或 .json"))
            try:
                return await function(visit, Format(format), **given)
            except ServiceError as error:
                return _refused(visit, Format(format), error)

        ROUTES.append(Route(f"{PREFIX}{path}.{{format}}", served, methods=[method]))
        return function

    return register


def _refused(visit: Visit, format: Format, error: ServiceError) -> Response:
    status = _STATUS.get(status_of(error), status_of(error))
    if isinstance(error, Invalid) and error.fields:
        wrong = Invalid(error.text, fields={path: visit.say(text) for path, text in error.fields.items()})
        texts = renamed(wrong)
    else:
        texts = [visit.say.error(error) if status != 500 else visit.say("我们这里出了问题")]
    response = errors(format, status, texts)
    if (wait := retry_after(error)) is not None:
        response.headers["retry-after"] = str(wait)
    return response


@endpoint("/discovery")
async def discovery(visit: Visit, format: Format) -> Response:
    base = str(visit.request.base_url).rstrip("/")
    types = ["text/xml", "application/json"]
    return answer(
        format,
        "discovery",
        {
            "changeset": "2026-11-01T00:00:00Z",
            "contact": visit.say("由服务站的运营机构发放 api_key"),
            "key_service": visit.say("由服务站的运营机构发放 api_key"),
            "endpoints": [
                {
                    "specification": SPECIFICATION,
                    "url": f"{base}{PREFIX}",
                    "changeset": "2026-11-01T00:00:00Z",
                    "type": "production" if visit.gateway.settings.production else "test",
                    "formats": types,
                }
            ],
        },
    )


@endpoint("/services")
async def list_services(visit: Visit, format: Format) -> Response:
    await _stations(visit, visit.request.query_params.get("jurisdiction_id", ""))
    known = await visit.gateway.known.categories()
    found = [catalogue.described(one, visit.say) for one in catalogue.services(known)]
    return answer(format, "services", found)


@endpoint("/services/{code}")
async def get_service(visit: Visit, format: Format, code: str) -> Response:
    await _stations(visit, visit.request.query_params.get("jurisdiction_id", ""))
    one = catalogue.service(await visit.gateway.known.categories(), code)
    return answer(format, "service_definition", catalogue.definition(one, visit.say))


@endpoint("/requests", "POST")
async def post_request(visit: Visit, format: Format) -> Response:
    """State a need. Repeated with the same Idempotency-Key it is one need, and is answered alike."""
    fields, files = await read_fields(visit.request, visit.gateway.upload_limit)
    try:
        return await _posted(visit, format, fields, files)
    finally:
        for file in files:
            await file.close()


async def _posted(visit: Visit, format: Format, fields: Fields, files: Sequence[UploadFile]) -> Response:
    query = visit.request.query_params
    key = await _key(visit, fields.get("api_key") or query.get("api_key", ""))
    park = await _park(visit, key, fields.get("jurisdiction_id") or query.get("jurisdiction_id", ""))
    code = fields.get("service_code", "")
    if not code:
        raise Invalid("请检查填写的内容", fields={"service_code": "请填写这一项"})
    service = catalogue.service(await visit.gateway.known.categories(), code)
    need = need_of(fields, service, park, visit.say)
    token = visit.command_id(key.actor(), idempotency_key(visit.request) or uuid.uuid4().hex)
    try:
        held = [await uploads.take(visit, file, PUBLIC, f"{token} {n}") for n, file in enumerate(files)]
        need = replace(need, files=tuple(file.file_id for file in held))
        taken: NeedSubmitted = await visit.tell_as(need, key.actor(), token)
    except ServiceError as error:
        response = _refused(visit, format, error)
    else:
        notice = visit.say("请记下查询码 {code}，有编号和查询码就能查进度。", code=taken.code)
        told = {"service_request_id": taken.number, "service_notice": notice, "account_id": None}
        response = answer(format, "service_requests", [told])
    response.headers[TOKEN_HEADER] = token
    return response


@endpoint("/tokens/{token}")
async def get_token(visit: Visit, format: Format, token: str) -> Response:
    """What became of a post, also of one whose answer was lost on the way."""
    found = await visit.ask(GetSubmission(command_id=token))
    return answer(format, "service_requests", [{"service_request_id": found.number, "token": token}])


@endpoint("/requests")
async def list_requests(visit: Visit, format: Format) -> Response:
    query = dict(visit.request.query_params)
    parks = tuple(station.park for station in await _stations(visit, query.get("jurisdiction_id", "")))
    asked = listing.wanted(query, parks if query.get("jurisdiction_id") else (), datetime.now(UTC))
    return await _listed(visit, format, asked)


@endpoint("/requests/{number}")
async def get_request(visit: Visit, format: Format, number: str) -> Response:
    return await _listed(visit, format, listing.Wanted(parks=(), numbers=(number,)), number)


async def _listed(visit: Visit, format: Format, asked: listing.Wanted, number: str = "") -> Response:
    found = await listing.listed(visit, asked)
    if number and not found:
        raise NotFound("没有编号 {number}", number=number)
    stations = {station.park: station for station in await visit.gateway.known.stations()}
    zone = visit.gateway.settings.timezone
    return answer(
        format, "service_requests", listing.described(found, stations, await names(visit), visit.say, zone)
    )  # fmt: skip


async def _key(visit: Visit, given: str) -> ApiKey:
    """The program that calls; raises Unproven."""
    given = given or visit.request.headers.get(KEY_HEADER, "")
    found = await visit.gateway.doors.key(given) if given else None
    if found is None:
        raise Unproven("api_key 不对，或已经停用；请向服务站的运营机构要")
    return found


async def _stations(visit: Visit, jurisdiction: str) -> list[StationView]:
    """The stations of a park or of a district; all of them if nothing is said. Raises NotFound."""
    stations = list(await visit.gateway.known.stations())
    found = [one for one in stations if not jurisdiction or jurisdiction in (one.park, one.district)]
    if jurisdiction and not found:
        raise NotFound("没有 {jurisdiction} 这个 jurisdiction_id，请写园区代码", jurisdiction=jurisdiction)
    return found


async def _park(visit: Visit, key: ApiKey, jurisdiction: str) -> str:
    """The one park that a post is for; raises Invalid where that cannot be told, NotFound for what is not there."""
    found = [one.park for one in await _stations(visit, jurisdiction) if key.serves(one.park)]
    if jurisdiction and not found:
        raise Unproven("这个 api_key 不能向这个园区提需求")
    if not jurisdiction and EVERYWHERE not in key.parks:
        found = [park for park in found if park in key.parks]
    if len(found) != 1:
        raise Invalid("请检查填写的内容", fields={"jurisdiction_id": "请写园区代码"})
    return found[0]


async def _elsewhere(request: Request) -> Response:
    return _refused(Visit(request), Format.XML, NotFound("没有这个地址，请看 {prefix}/discovery.xml", prefix=PREFIX))


def routes() -> list[Route]:
    """All of them, and an answer for whatever else is asked under the prefix."""
    methods: Any = ["GET", "POST", "PUT", "PATCH", "DELETE"]
    return [*ROUTES, Route(PREFIX + "/{rest:path}", _elsewhere, methods=methods)]
