"""What a GeoReport v2 client posts: its fields, however they are encoded, as a need."""

import re
from collections.abc import AsyncGenerator, Mapping
from urllib.parse import parse_qsl

from starlette.datastructures import UploadFile
from starlette.formparsers import MultiPartException, MultiPartParser
from starlette.requests import Request

from services.gateway.bodies import read
from services.gateway.errors import Garbled, NotJson
from services.gateway.language import N_, Speech
from services.gateway.open311.catalogue import COMPANY, CREDIT_CODE, Service, details
from shared.contracts.intake import SubmitNeed
from shared.errors import Invalid

BODY_LIMIT = 1024 * 1024
FIELDS_LIMIT = 200
_FORM, _MULTIPART = "application/x-www-form-urlencoded", "multipart/form-data"
_ATTRIBUTE = re.compile(r"attribute\[([^\[\]]+)\](\[\])?")
_ASIAN = re.compile("[\u3400-\u9fff]")
_REQUIRED = N_("请填写这一项")
_NO_FILES = N_("这里不收文件，请把图片的地址写在 media_url 里")

Fields = Mapping[str, str]


async def read_fields(request: Request) -> dict[str, str]:
    """Every field by name; raises Garbled, TooLarge, NotJson or Invalid for what no client should send."""
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    body = await read(request, BODY_LIMIT)
    if kind == _MULTIPART:
        pairs = await _multipart(request, body)
    elif kind == _FORM or not body:
        pairs = _form(body)
    else:
        raise NotJson("请用 application/x-www-form-urlencoded 或 multipart/form-data 发送")
    fields = {name: text.replace("\r\n", "\n").strip() for name, text in pairs}
    if any("\0" in text for text in fields.values()):
        raise Invalid("文字里有不能保存的字符，请删去后再试")
    return fields


def _form(body: bytes) -> list[tuple[str, str]]:
    try:
        return parse_qsl(body.decode("ascii"), keep_blank_values=True, errors="strict", max_num_fields=FIELDS_LIMIT)
    except ValueError as error:
        raise Garbled("看不懂发来的表单") from error


async def _multipart(request: Request, body: bytes) -> list[tuple[str, str]]:
    async def stream() -> AsyncGenerator[bytes, None]:
        yield body

    parser = MultiPartParser(
        request.headers, stream(), max_files=1, max_fields=FIELDS_LIMIT, max_part_size=BODY_LIMIT
    )  # fmt: skip
    try:
        form = await parser.parse()
    except (MultiPartException, KeyError, ValueError) as error:
        raise Garbled("看不懂发来的表单") from error
    pairs = form.multi_items()
    await form.close()
    for name, value in pairs:
        if isinstance(value, UploadFile) and value.filename:
            raise Invalid("请检查填写的内容", fields={name: _NO_FILES})
    return [(name, value) for name, value in pairs if isinstance(value, str)]


def need_of(fields: Fields, service: Service, park: str, say: Speech) -> SubmitNeed:
    """The need that was posted; raises Invalid under the names of the client's fields."""
    attributes = {match[1]: text for name, text in fields.items() if (match := _ATTRIBUTE.fullmatch(name))}
    company, credit_code = attributes.pop(COMPANY, ""), attributes.pop(CREDIT_CODE, "")
    wrong = {} if company else {f"attribute[{COMPANY}]": _REQUIRED}
    text = fields.get("description", "")
    if not text and service.item:
        text = say("想办：{title}", title=service.title(say))
    if not text:
        wrong["description"] = "请写下您的需求"
    place = _place(fields, wrong)
    if wrong:
        raise Invalid("请检查填写的内容", fields=wrong)
    more = [
        say(label, what=what) for label, what in (*place, (N_("图片：{what}"), fields.get("media_url", ""))) if what
    ]
    return SubmitNeed(
        park=park,
        text="\n".join([text, *more]),
        company=company,
        credit_code=credit_code,
        channel="open311",
        contact_name=_name(fields.get("first_name", ""), fields.get("last_name", "")),
        phone=fields.get("phone", ""),
        email=fields.get("email", ""),
        category=str(service.category.get("code", "")),
        item=service.code if service.item else "",
        details=details(service.form, attributes),
    )


def _place(fields: Fields, wrong: dict[str, str]) -> list[tuple[str, str]]:
    """Where the client says it is; a need is of a park, so it may say nothing."""
    coordinates = []
    for name, most in (("lat", 90), ("long", 180)):
        if text := fields.get(name, ""):
            try:
                fits = abs(float(text)) <= most
            except ValueError:
                fits = False
            if not fits:
                wrong[name] = "坐标不对，请用 WGS84 的度数"
            coordinates.append(text)
    if len(coordinates) == 1:
        wrong["lat"] = "lat 和 long 要一起写"
    return [(N_("地点：{what}"), fields.get("address_string", "")), (N_("坐标：{what}"), ", ".join(coordinates))]


def _name(first: str, last: str) -> str:
    """As people of that language write it."""
    return f"{last}{first}" if _ASIAN.search(first + last) else f"{first} {last}".strip()


def renamed(error: Invalid) -> list[str]:
    """What is wrong, with the names that the client knows."""
    names = {"text": "description", "park": "jurisdiction_id"}
    names |= {name: f"attribute[{name}]" for name in (COMPANY, CREDIT_CODE)}
    return [f"{names.get(path, path)}: {text}" for path, text in error.fields.items()] or [str(error)]
