"""What surrounds every answer: security headers, a bound on bodies, the trace, and the figures of /metrics."""

import time

from prometheus_client import CollectorRegistry, Counter, Histogram
from prometheus_client.platform_collector import PlatformCollector
from prometheus_client.process_collector import ProcessCollector
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from shared import trace

BODY_LIMIT = 1024 * 1024
_METHODS = {"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"}
_CSP = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; "
    "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
_HEADERS = [
    (b"content-security-policy", _CSP.encode()),
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"same-origin"),
    (b"x-frame-options", b"DENY"),
    (b"cross-origin-opener-policy", b"same-origin"),
    (b"permissions-policy", b"camera=(), geolocation=(), microphone=()"),
]
_BUCKETS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10)


class Figures:
    """The gateway's own metrics."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        ProcessCollector(registry=self.registry)
        PlatformCollector(registry=self.registry)
        labels = ["route", "method", "status"]
        self.requests = Counter("nqi_http_requests_total", "Answers by route template.", labels, registry=self.registry)
        self.seconds = Histogram(
            "nqi_http_request_seconds", "Seconds until the answer began.", labels,
            buckets=_BUCKETS, registry=self.registry,
        )  # fmt: skip


class Shell:
    """Plain ASGI around the application; does the least it can for each request."""

    def __init__(self, app: ASGIApp, too_large: ASGIApp, figures: Figures, upload_limit: int) -> None:
        self._app, self._too_large, self._figures = app, too_large, figures
        self._upload_limit = upload_limit

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        begun = time.perf_counter()
        length, traceparent, files = _declared(scope)
        trace.enter(traceparent)

        async def decorated(message: Message) -> None:
            if message["type"] == "http.response.start":
                self._count(scope, message["status"], time.perf_counter() - begun)
                headers = message.setdefault("headers", [])
                headers += _HEADERS
                if not any(name == b"cache-control" for name, _ in headers):
                    headers.append((b"cache-control", b"no-store"))
            await send(message)

        limit = self._upload_limit if files else BODY_LIMIT
        app = self._too_large if length > limit else self._app
        await app(scope, receive, decorated)

    def _count(self, scope: Scope, status: int, seconds: float) -> None:
        route = getattr(scope.get("route"), "path", "(none)")
        method = scope["method"] if scope["method"] in _METHODS else "(other)"
        self._figures.requests.labels(route, method, status).inc()
        self._figures.seconds.labels(route, method, status).observe(seconds)


def _declared(scope: Scope) -> tuple[int, str, bool]:
    """The body's declared length (0 if none), the caller's trace context, and whether there may be files in it."""
    length, traceparent, files = 0, "", False
    for name, value in scope["headers"]:
        if name == b"content-length" and value.isdigit():
            length = int(value)
        elif name == b"traceparent":
            traceparent = value.decode("latin-1")
        elif name == b"content-type":
            files = value.lower().startswith(b"multipart/form-data")
    return length, traceparent, files
