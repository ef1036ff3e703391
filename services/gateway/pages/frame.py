"""How a function becomes a page: one decorator, one way to render, and what to do when something is refused."""

import uuid
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlencode

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.routing import Route

from services.gateway import dues, words
from services.gateway.accounts.domain import Session
from services.gateway.bodies import read_form
from services.gateway.errors import SignedOut, retry_after, status_of
from services.gateway.grants import Grant
from services.gateway.language import EN, LANGUAGES, ZH
from services.gateway.visit import LANG_COOKIE, LARGE_COOKIE, PARK_COOKIE, Visit
from shared.errors import Forbidden, ServiceError

YEAR = 365 * 86400
PageFunction = Callable[..., Awaitable[Response]]

PAGES: list[Route] = []
_templates = Environment(
    loader=FileSystemLoader(Path(__file__).parent.parent / "templates"),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)
_templates.globals["words"] = words


def page(path: str, *methods: str, uploads: bool = False) -> Callable[[PageFunction], PageFunction]:
    """Serve the function's answer at this path; it gets the visit, and by name what the path holds."""

    def register(function: PageFunction) -> PageFunction:
        async def endpoint(request: Request) -> Response:
            visit = Visit(request)
            if chosen := _preference(visit):
                return chosen
            try:
                if request.method == "POST":
                    _check_origin(request)
                    visit.form = await read_form(request, visit.gateway.upload_limit if uploads else 0)
                    visit.form.check()
                return await function(visit, **request.path_params)
            except SignedOut:
                return _to_sign_in(visit)
            except ServiceError as error:
                return error_page(visit, error)
            finally:
                await visit.form.close()

        PAGES.append(Route(path, endpoint, methods=methods or ("GET",)))
        return function

    return register


def render(visit: Visit, template: str, status: int = 200, **data: Any) -> HTMLResponse:
    say = visit.say
    body = _templates.get_template(template).render(
        _=say,
        _n=say.many,
        own=say.own,
        channel=lambda name: say.own(visit.gateway.known.channel(name), "title"),
        when=visit.clock,
        chip=lambda due: dues.chip(due, say, visit.clock),
        lang=say.lang,
        other_lang=EN if say.lang == ZH else ZH,
        large=visit.request.cookies.get(LARGE_COOKIE) == "1",
        here=lambda **changes: _here(visit, changes),
        asset=visit.gateway.assets.url,
        filesize=_size,
        file_mb=visit.gateway.settings.file_mb,
        new_key=lambda: uuid.uuid4().hex,
        **{"station": visit.gateway.known.seen(visit.request.cookies.get(PARK_COOKIE, "")), **data},
    )
    return HTMLResponse(body, status)


def _size(size: int) -> str:
    """Bytes as people say them."""
    return f"{size / 1024 / 1024:.1f} MB" if size >= 1024 * 1024 else f"{max(1, round(size / 1024))} KB"


def see(path: str) -> RedirectResponse:
    """Send the browser on to another page, with GET."""
    return RedirectResponse(path, 303)


async def signed_in(visit: Visit) -> Session:
    """Whoever is signed in; a form must bear the token of our own page."""
    session = await visit.staff()
    if visit.request.method == "POST":
        visit.check_token(visit.form["csrf"], session.csrf)
    return session


def owner(visit: Visit, number: str) -> Grant | None:
    """What lets this browser see the request, if anything; a form must bear the token of our own page."""
    grant = visit.grants.get(number)
    if grant and visit.request.method == "POST":
        visit.check_token(visit.form["csrf"], visit.grants.csrf(visit.gateway.seals))
    return grant


def error_page(visit: Visit, error: ServiceError) -> Response:
    status = status_of(error)
    text = visit.say.error(error) if status != 500 else ""
    response = render(visit, "error.html", status, code=status, text=text, fields=error.fields)
    if (wait := retry_after(error)) is not None:
        response.headers["retry-after"] = str(wait)
    return response


def _preference(visit: Visit) -> Response | None:
    """The reader chose a language or the type size: remember it, and come back to the same page."""
    query = visit.request.query_params
    if visit.request.method != "GET" or not {"lang", "large"} & query.keys():
        return None
    response = see(_here(visit, {"lang": None, "large": None}))
    chosen = ((LANG_COOKIE, query.get("lang"), LANGUAGES), (LARGE_COOKIE, query.get("large"), ("0", "1")))
    for cookie, value, possible in chosen:
        if value in possible:
            response.set_cookie(cookie, value, max_age=YEAR, samesite="lax", secure=visit.secure, httponly=True)
    return response


def _here(visit: Visit, changes: dict[str, Any]) -> str:
    """This page's address with some of its query changed."""
    url = visit.request.url
    pairs = [(k, v) for k, v in parse_qsl(url.query, errors="replace") if k not in changes]
    pairs += [(k, v) for k, v in changes.items() if v is not None]
    path = "/" + url.path.lstrip("/\\")  # never another host
    return f"{path}?{urlencode(pairs)}" if pairs else path


def _check_origin(request: Request) -> None:
    """Browsers say when a form of another site posts here."""
    if request.headers.get("sec-fetch-site") in ("cross-site", "same-site"):
        raise Forbidden("这个表单不是从我们的页面发来的")


def _to_sign_in(visit: Visit) -> Response:
    """Sign in first, then come back to the page; what a form held is not kept."""
    back = _here(visit, {}) if visit.request.method == "GET" else "/desk"
    return see(f"/signin?{urlencode({'next': back})}")
