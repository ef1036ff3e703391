"""Where other programs deliver needs by signed webhook."""

import time

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from services.gateway import webhooks
from services.gateway.bodies import read
from services.gateway.problems import problem
from services.gateway.visit import Visit
from shared.contracts.intake import NeedSubmitted
from shared.errors import Invalid, NotFound, ServiceError

PATH = "/hooks/{name}"
BODY_LIMIT = 256 * 1024


async def deliver(request: Request) -> Response:
    """Take a need; the delivery's id makes it one need, however often it is delivered."""
    visit = Visit(request)
    try:
        return JSONResponse(await _take(visit, request.path_params["name"]), 201)
    except ServiceError as error:
        return problem(error, visit.say, visit.path)


async def _take(visit: Visit, name: str) -> dict[str, str]:
    body = await read(visit.request, BODY_LIMIT)
    hook = await visit.gateway.doors.hook(name)
    if hook is None:
        raise NotFound("没有 {name} 这个回调入口", name=name)
    delivery = webhooks.check(hook, visit.request.headers, body, time.time())
    need = webhooks.need_of(hook, webhooks.message_of(body))
    try:
        taken: NeedSubmitted = await visit.tell(need, hook.actor(), delivery)
    except Invalid as error:
        raise webhooks.renamed(hook, error) from error
    return {"number": taken.number, "code": taken.code, "received_at": taken.received_at.isoformat()}


def route() -> Route:
    return Route(PATH, deliver, methods=["POST"])
