"""Reading what a client sends, never more than a limit."""

from urllib.parse import parse_qsl

from starlette.requests import Request

from services.gateway.errors import Garbled, NotJson, TooLarge
from shared.errors import Invalid

FORM_LIMIT = 256 * 1024
FIELDS_LIMIT = 3000
_FORM = "application/x-www-form-urlencoded"


async def read(request: Request, limit: int) -> bytes:
    """The body; raises TooLarge as soon as it is known to be longer than `limit` bytes."""
    declared = request.headers.get("content-length", "")
    if declared.isdigit() and int(declared) > limit:
        raise TooLarge("内容太大，请分几次发送")
    parts, size = [], 0
    async for part in request.stream():
        size += len(part)
        if size > limit:
            raise TooLarge("内容太大，请分几次发送")
        parts.append(part)
    return b"".join(parts)


class Form:
    """What a page's form sent: texts by name, the last of a name counts."""

    def __init__(self, pairs: list[tuple[str, str]]) -> None:
        self._texts = dict(pairs)

    def __getitem__(self, name: str) -> str:
        return self._texts.get(name, "")

    def __contains__(self, name: str) -> bool:
        return name in self._texts

    def texts(self) -> dict[str, str]:
        return dict(self._texts)


async def read_form(request: Request) -> Form:
    """The form; raises Garbled or Invalid for what no browser sends."""
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    body = await read(request, FORM_LIMIT)
    if body and kind != _FORM:
        raise NotJson("这个页面只收表单")
    try:
        pairs = parse_qsl(body.decode("ascii"), keep_blank_values=True, errors="strict", max_num_fields=FIELDS_LIMIT)
    except ValueError as error:
        raise Garbled("看不懂发来的表单") from error
    if any("\0" in text for pair in pairs for text in pair):
        raise Invalid("文字里有不能保存的字符，请删去后再试")
    return Form([(name, text.replace("\r\n", "\n").strip()) for name, text in pairs])
