"""What a GeoReport v2 client posts: its fields, however they are encoded, as a need."""

import re
from collections.abc import Mapping
from urllib.parse import parse_qsl

from starlette.datastructures import UploadFile
from starlette.requests import Request

from services.gateway.bodies import is_multipart, read, read_multipart
from services.gateway.errors import Garbled, NotJson
from services.gateway.language import N_, Speech
from services.gateway.open311.catalogue import COMPANY, CREDIT_CODE, Service, details
from shared.contracts.intake import SubmitNeed
from shared.errors import Invalid

FIELDS_LIMIT = 200
FORM_LIMIT = 256 * 1024
_FORM = "application/x-www-form-urlencoded"
_ATTRIBUTE = re.compile(r"attribute\[([^\[\]]+)\](\[\])?")
_ASIAN = re.compile("[\u3400-\u9fff]")
_REQUIRED = N_("请填写这一项")

Fields = Mapping[str, str]


async def read_fields(request: Request, upload_limit: int) -> tuple[dict[str, str], list[UploadFile]]:
    """Every field by name, and the files; raises Garbled, TooLarge, NotJson or Invalid for what nobody should send."""
    files: list[UploadFile] = []
    if is_multipart(request):
        pairs, files = await read_multipart(request, upload_limit)
    else:
        pairs = await _form(request)
    fields = {name: text.replace("\r\n", "\n").strip() for name, text in pairs}
    if any("\0" in text for text in fields.values()):
        raise Invalid("文字里有不能保存的字符，请删去后再试")
    return fields, files


async def _form(request: Request) -> list[tuple[str, str]]:
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    body = await read(request, FORM_LIMIT)
    if body and kind != _FORM:
        raise NotJson("请用 application/x-www-form-urlencoded 或 multipart/form-data 发送")
    try:
        return parse_qsl(body.decode("ascii"), keep_blank_values=True, errors="strict", max_num_fields=FIELDS_LIMIT)
    except ValueError as error:
        raise Garbled("看不懂发来的表单") from error


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
