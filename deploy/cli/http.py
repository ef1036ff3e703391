"""The JSON API as the command line uses it: signed in or not, repeated safely, refusals as one line."""

import time
import uuid
from typing import Any, Self

import httpx2 as httpx

PATIENCE_SECONDS = 60  # how long a repeatable call is tried while the system is not there
AGAIN = {429, 502, 503, 504}


class Refused(Exception):
    """The API said no; the text is its problem's detail, `status` its HTTP status, `fields` its field errors."""

    def __init__(self, status: int, detail: str, fields: dict[str, str]) -> None:
        self.status, self.fields = status, fields
        super().__init__("; ".join([detail, *(f"{name}: {text}" for name, text in fields.items())]))


class Unreachable(Exception):
    """No gateway answers at this address."""


class Api:
    """One address of a gateway. Thread-safe once signed in."""

    def __init__(self, url: str, language: str = "zh-CN", patience: float = PATIENCE_SECONDS) -> None:
        self.url = url
        self._patience = patience
        self._token = ""
        self._http = httpx.Client(
            base_url=f"{url}/api/v1", headers={"Accept-Language": language}, timeout=httpx.Timeout(15, connect=3),
            limits=httpx.Limits(max_connections=100, max_keepalive_connections=100), trust_env=False,
        )  # fmt: skip

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._http.close()

    def sign_in(self, account: str, password: str) -> None:
        self._token = self.post("/session", {"account": account, "password": password})["token"]

    def get(self, path: str, headers: dict[str, str] | None = None, **query: Any) -> Any:
        return self._call("GET", path, headers or {}, params={k: v for k, v in query.items() if v not in ("", None)})

    def post(
        self,
        path: str,
        body: dict[str, Any] | None = None,
        key: str = "",
        public: bool = False,
        headers: dict[str, str] | None = None,
    ) -> Any:
        """With `key`, however often this is called or repeated, it takes effect once."""
        sent = {"Idempotency-Key": key or uuid.uuid4().hex, **(headers or {})}
        return self._call("POST", path, sent, public=public, json=body or {})

    def upload(self, path: str, name: str, content: bytes, **query: Any) -> Any:
        """Send one file, once, however often it must be tried."""
        files = {"file": (name, content, "application/octet-stream")}
        return self._call("POST", path, {"Idempotency-Key": uuid.uuid4().hex}, params=query, files=files)

    def _call(self, method: str, path: str, headers: dict[str, str], public: bool = False, **given: Any) -> Any:
        if self._token and not public and "X-Request-Code" not in headers:
            headers = {**headers, "Authorization": f"Bearer {self._token}"}
        until, pause = time.monotonic() + self._patience, 0.1
        while True:
            try:
                answer = self._http.request(method, path, headers=headers, **given)
            except httpx.TransportError as error:
                if time.monotonic() > until:
                    raise Unreachable(
                        f"no answer from {self.url} ({error}): start the system with `nqi up`, or give --url"
                    ) from error
            else:
                if answer.status_code not in AGAIN or time.monotonic() > until:
                    return _read(answer)
            time.sleep(pause)
            pause = min(2 * pause, 2)


def _read(answer: httpx.Response) -> Any:
    if answer.is_success:
        return answer.json() if answer.content else None
    try:
        problem = answer.json()
        fields = {e.get("field") or e.get("pointer", ""): e.get("detail", "") for e in problem.get("errors", [])}
        raise Refused(answer.status_code, problem.get("detail") or problem.get("title", ""), fields)
    except ValueError as error:
        raise Refused(answer.status_code, answer.text[:200], {}) from error
