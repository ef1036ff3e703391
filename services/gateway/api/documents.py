"""Where the API says what it is: the OpenAPI document and a page to read."""

from functools import cache

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from services.gateway.api.openapi import openapi
from services.gateway.api.operations import PREFIX
from services.gateway.pages.frame import render
from services.gateway.problems import KINDS
from services.gateway.visit import Visit


@cache
def _document() -> bytes:
    return bytes(JSONResponse(openapi()).body)


async def document(request: Request) -> Response:
    headers = {"cache-control": "no-cache"}
    return Response(_document(), media_type="application/json", headers=headers)


async def page(request: Request) -> Response:
    described = openapi()
    return render(
        Visit(request),
        "docs.html",
        paths=described["paths"],
        schemas=described["components"]["schemas"],
        info=described["info"],
        prefix=PREFIX,
        kinds=KINDS,
    )
