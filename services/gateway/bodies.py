"""Reading what a client sends, never more than a limit."""

from collections.abc import AsyncGenerator, Sequence
from urllib.parse import parse_qsl

from starlette.datastructures import UploadFile
from starlette.formparsers import MultiPartException, MultiPartParser
from starlette.requests import Request

from services.gateway.errors import Garbled, NotJson, TooLarge
from shared.errors import Invalid

FORM_LIMIT = 256 * 1024
FIELDS_LIMIT = 3000
MOST_FILES = 20  # in one form
SLACK = 512 * 1024  # bytes of a form beside its files
MULTIPART = "multipart/form-data"
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
    """What a page's form sent: texts by name, the last of a name counts; and files, where the page takes them."""

    def __init__(self, pairs: list[tuple[str, str]], files: Sequence[UploadFile] = ()) -> None:
        self._pairs = [(name, text.replace("\r\n", "\n").strip()) for name, text in pairs]
        self._texts = dict(self._pairs)
        self.files = files

    def __getitem__(self, name: str) -> str:
        return self._texts.get(name, "")

    def __contains__(self, name: str) -> bool:
        return name in self._texts

    def check(self) -> None:
        """Raises Invalid for what cannot be kept."""
        if any("\0" in text for pair in self._pairs for text in pair):
            raise Invalid("文字里有不能保存的字符，请删去后再试")

    async def close(self) -> None:
        """Let go of the files; what was not kept is gone."""
        for file in self.files:
            await file.close()

    def all(self, name: str) -> list[str]:
        """Every text of this name, in the form's order."""
        return [text for known, text in self._pairs if known == name]

    def texts(self) -> dict[str, str]:
        return dict(self._texts)


async def read_form(request: Request, upload_limit: int = 0) -> Form:
    """The form, with files if up to so many bytes are taken; raises Garbled or Invalid for what no browser sends."""
    if upload_limit and is_multipart(request):
        return Form(*await read_multipart(request, upload_limit))
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    body = await read(request, FORM_LIMIT)
    if body and kind != _FORM:
        raise NotJson("这个页面只收表单")
    try:
        pairs = parse_qsl(body.decode("ascii"), keep_blank_values=True, errors="strict", max_num_fields=FIELDS_LIMIT)
    except ValueError as error:
        raise Garbled("看不懂发来的表单") from error
    return Form(pairs)


def is_multipart(request: Request) -> bool:
    return request.headers.get("content-type", "").partition(";")[0].strip().lower() == MULTIPART


async def read_multipart(request: Request, limit: int) -> tuple[list[tuple[str, str]], list[UploadFile]]:
    """Texts and files of a form, the files on disk; raises TooLarge or Garbled."""

    async def bounded() -> AsyncGenerator[bytes, None]:
        size = 0
        async for part in request.stream():
            size += len(part)
            if size > limit:
                raise TooLarge("文件加起来太大了")
            yield part

    parser = MultiPartParser(request.headers, bounded(), max_files=MOST_FILES, max_fields=FIELDS_LIMIT)
    try:
        found = (await parser.parse()).multi_items()
    except (MultiPartException, UnicodeError) as error:
        raise Garbled("看不懂发来的表单") from error
    texts = [(name, value) for name, value in found if isinstance(value, str)]
    files = [value for _, value in found if isinstance(value, UploadFile)]
    for file in files:
        if not file.filename and not file.size:  # a control in which nothing was chosen
            await file.close()
    return texts, [file for file in files if not file.file.closed]
