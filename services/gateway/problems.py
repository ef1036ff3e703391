"""Errors as RFC 9457 problem documents, in the reader's language."""

from collections.abc import Mapping

from starlette.responses import JSONResponse

from services.gateway.errors import retry_after, status_of
from services.gateway.language import N_, Speech
from shared.errors import ServiceError, Unproven

# status: name in the type's address, title
KINDS: dict[int, tuple[str, str]] = {
    400: ("unreadable", N_("看不懂这个请求")),
    401: ("not-signed-in", N_("要先证明身份")),
    403: ("forbidden", N_("没有权限")),
    404: ("not-found", N_("没有找到")),
    405: ("wrong-method", N_("这个地址不支持这种方法")),
    409: ("wrong-state", N_("现在不能这样做")),
    413: ("too-large", N_("内容太大")),
    415: ("not-json", N_("要用 JSON")),
    422: ("invalid", N_("内容不符合要求")),
    429: ("too-many", N_("请稍等")),
    500: ("broken", N_("我们这里出了问题")),
    503: ("unavailable", N_("暂时用不了")),
    504: ("no-answer", N_("还没有等到回答")),
}
TYPES = "/api/v1/docs#"


class ProblemResponse(JSONResponse):
    media_type = "application/problem+json"


def problem(error: ServiceError, say: Speech, instance: str) -> ProblemResponse:
    status = status_of(error)
    headers = {}
    if (wait := retry_after(error)) is not None:
        headers["retry-after"] = str(wait)
    if isinstance(error, Unproven):
        headers["www-authenticate"] = 'Bearer realm="nqi"'
    told = "" if status == 500 else say.error(error)  # what broke inside is for the log
    return document(status, say, instance, told, error.fields, headers)


def document(
    status: int,
    say: Speech,
    instance: str,
    detail: str = "",
    fields: Mapping[str, str] | None = None,
    headers: Mapping[str, str] | None = None,
) -> ProblemResponse:
    name, title = KINDS.get(status, KINDS[500])
    body: dict[str, object] = {
        "type": f"{TYPES}{name}",
        "title": say(title),
        "status": status,
        "detail": detail or say(title),
        "instance": instance,
    }
    if fields:
        body["errors"] = [
            {"field": path, "pointer": "#/" + path.replace(".", "/"), "detail": say(text)}
            for path, text in fields.items()
        ]
    return ProblemResponse(body, status, headers=dict(headers or {}))
