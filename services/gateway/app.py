"""Puts the gateway together: routes, errors, and what begins and ends with the process."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from prometheus_client import CONTENT_TYPE_LATEST, generate_latest
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route
from starlette.types import ASGIApp, Receive, Scope, Send

from services.gateway.api import (
    appointments,
    clients,
    clocks,
    documents,
    files,
    following,
    items,
    mails,
    offers,
    organizations,
    public,
    requests,
    session,
    settings,
)
from services.gateway.api import complaints as complaints_api
from services.gateway.api import dossiers as dossiers_api
from services.gateway.api import figures as figures_api
from services.gateway.api import relations as relations_api
from services.gateway.api import revisits as revisits_api
from services.gateway.api import visit_lists as visit_lists_api
from services.gateway.api.hooks import route as webhook
from services.gateway.api.operations import PREFIX, routes
from services.gateway.errors import TooLarge
from services.gateway.open311 import endpoints as open311
from services.gateway.pages import (
    agreeing,
    attachments,
    calendar,
    catalogue,
    complaint_desk,
    complaints,
    desk_times,
    dossier,
    dossiers,
    duty,
    figures,
    filters,
    follow,
    follow_ups,
    handovers,
    hours,
    item,
    kiosk,
    landing,
    letters,
    limits,
    matching,
    me,
    notices,
    organization,
    own,
    own_steps,
    queue,
    register,
    registering,
    relations,
    resources,
    revisits,
    signin,
    steps,
    survey,
    times,
    track,
    visit_lists,
)
from services.gateway.pages import clients as client_pages
from services.gateway.pages import clocks as clock_pages
from services.gateway.pages import mails as mail_pages
from services.gateway.pages.frame import PAGES, error_page
from services.gateway.problems import document, problem
from services.gateway.shell import Shell
from services.gateway.visit import Gateway, Visit
from services.gateway.wecom.callback import route as wecom
from shared.errors import NotFound, ServiceError

# Importing these registers their operations and pages.
API = (
    dossiers_api,
    requests, public, items, appointments, files, clocks, settings, session, following, visit_lists_api, relations_api,
    mails, clients, complaints_api, figures_api, revisits_api,
    offers, organizations,
)  # fmt: skip
PAGE_MODULES = (
    dossier, dossiers,
    landing, attachments, catalogue, kiosk, track, times, survey, signin,
    queue, item, steps, register, desk_times, calendar, resources,
    follow, follow_ups, visit_lists, clock_pages, hours, limits, duty, me,
    relations, handovers, notices, own_steps, filters, client_pages, letters, mail_pages, own,
    complaints, complaint_desk, figures, revisits,
    matching, agreeing, organization, registering,
)  # fmt: skip


def build(gateway: Gateway) -> ASGIApp:
    """The whole application around what the process has made."""

    @asynccontextmanager
    async def lifespan(_: Starlette) -> AsyncIterator[None]:
        gateway.live.open(asyncio.get_running_loop())
        async with gateway.spool.running():
            yield
        gateway.live.close()

    app = Starlette(
        routes=[
            *routes(),  # the hottest first
            Route("/static/{digest}/{name}", gateway.assets.serve),
            Route("/healthz", healthz),
            Route("/metrics", metrics),
            Route(f"{PREFIX}/openapi.json", documents.document),
            Route(f"{PREFIX}/docs", documents.page),
            webhook(),
            wecom(),
            *open311.routes(),
            *sorted(PAGES, key=_exactness),
        ],
        exception_handlers={HTTPException: _refused, ServiceError: _refused, Exception: _broken},
        lifespan=lifespan,
    )
    app.state.gateway = gateway
    return Shell(app, _too_large(app), gateway.figures, gateway.upload_limit)


def _exactness(route: Route) -> list[bool]:
    """Fixed segments before named ones, so that `/track` is not taken for a park."""
    return [segment.startswith("{") for segment in route.path.split("/")]


async def healthz(request: Request) -> Response:
    gateway: Gateway = request.app.state.gateway
    found = {"broker": gateway.bus.ready(), "database": await gateway.people.ready()}
    return JSONResponse(found, 200 if all(found.values()) else 503)


async def metrics(request: Request) -> Response:
    gateway: Gateway = request.app.state.gateway
    return Response(generate_latest(gateway.figures.registry), media_type=CONTENT_TYPE_LATEST)


async def _refused(request: Request, error: Exception) -> Response:
    """No route, or another method, or an error outside of operations and pages."""
    visit = Visit(request)
    if isinstance(error, HTTPException):
        if error.status_code != 404 and visit.path.startswith("/api/"):
            return document(error.status_code, visit.say, visit.path, headers=error.headers)
        if error.status_code == 405:
            return Response(status_code=405, headers=error.headers)
        error = NotFound("没有这个页面")
    assert isinstance(error, ServiceError)
    if visit.path.startswith("/api/"):
        return problem(error, visit.say, visit.path)
    return error_page(visit, error)


async def _broken(request: Request, _: Exception) -> Response:
    """A mistake of ours; Starlette has it logged."""
    visit = Visit(request)
    if visit.path.startswith("/api/"):
        return document(500, visit.say, visit.path)
    return error_page(visit, ServiceError())


def _too_large(app: Starlette) -> ASGIApp:
    """Answers a body that is too long without reading it."""

    async def answer(scope: Scope, receive: Receive, send: Send) -> None:
        scope["app"] = app
        response = await _refused(Request(scope), TooLarge("内容太大，请分几次发送"))
        response.headers["connection"] = "close"
        await response(scope, receive, send)

    return answer
