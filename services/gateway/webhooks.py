"""The generic signed webhook, by the Standard Webhooks convention: proof of the sender, and the need in its message.

`webhook-id` names the delivery, `webhook-timestamp` is its second, `webhook-signature` holds `v1,` and the base64 of
an HMAC-SHA256 over `id.timestamp.body`; several signatures, separated by spaces, let a secret be changed.
"""

import base64
import hashlib
import hmac
import json
import re
from collections.abc import Mapping
from typing import Any

from services.gateway.accounts.hooks import CONSTANT, Hook
from services.gateway.errors import Garbled
from services.gateway.language import N_
from shared.access import EVERYWHERE
from shared.contracts.intake import SubmitNeed
from shared.errors import Forbidden, Invalid, Unproven
from shared.forms import REQUIRED, WRONG_TYPE

ID, TIMESTAMP, SIGNATURE = "webhook-id", "webhook-timestamp", "webhook-signature"
WINDOW = 300  # seconds a delivery may be old, or ahead of our clock
VERSION = "v1,"
_DELIVERY = re.compile(r"[!-~]{1,200}")
_NOT_SIGNED = N_("签名不对：请核对密钥，并对 编号.时间.正文 计算 HMAC-SHA256")


def signature(secret: bytes, delivery: str, timestamp: str, body: bytes) -> str:
    signed = f"{delivery}.{timestamp}.".encode() + body
    return VERSION + base64.b64encode(hmac.digest(secret, signed, hashlib.sha256)).decode()


def check(hook: Hook, headers: Mapping[str, str], body: bytes, now: float) -> str:
    """The delivery's id, once it is proven to be this sender's and new; raises Unproven or Garbled."""
    delivery, timestamp = headers.get(ID, ""), headers.get(TIMESTAMP, "")
    if not _DELIVERY.fullmatch(delivery):
        raise Garbled("请用 webhook-id 写明这次投递的编号")
    if not (timestamp.isascii() and timestamp.isdecimal() and len(timestamp) <= 12):
        raise Garbled("请用 webhook-timestamp 写明时间（秒）")
    wanted = signature(hook.secret, delivery, timestamp, body).encode()
    given = headers.get(SIGNATURE, "").encode("utf-8", "replace").split()[:10]
    if not any(hmac.compare_digest(wanted, one) for one in given):
        raise Unproven(_NOT_SIGNED)
    if abs(now - int(timestamp)) > WINDOW:
        raise Unproven("这次投递的时间和现在相差太多，请用当时的时间重新签名")
    return delivery


def message_of(body: bytes) -> Any:
    """The message as JSON; raises Garbled."""
    try:
        message = json.loads(body.decode(), parse_constant=_no_constant)
        json.dumps(message, ensure_ascii=False).encode()  # a lone surrogate has no bytes
    except (ValueError, RecursionError) as error:
        raise Garbled("内容不是 UTF-8 编码的 JSON") from error
    return message


def _no_constant(name: str) -> None:
    raise ValueError(name)


class Nothing(Exception):
    """The pointer leads nowhere in this message."""


def pointed(message: Any, pointer: str) -> Any:
    """What a JSON pointer (RFC 6901) leads to; raises Nothing."""
    found = message
    for token in pointer.split("/")[1:]:
        name = token.replace("~1", "/").replace("~0", "~")
        if isinstance(found, dict) and name in found:
            found = found[name]
        elif isinstance(found, list) and name.isdecimal() and int(name[:9]) < len(found) and len(name) < 10:
            found = found[int(name)]
        else:
            raise Nothing
    return found


def need_of(hook: Hook, message: Any) -> SubmitNeed:
    """The need in the message; raises Invalid with the pointer that led nowhere or to something else, or Forbidden."""
    given: dict[str, Any] = {"channel": "webhook"}
    wrong: dict[str, str] = {}
    for field, source in hook.mapping.items():
        if source.startswith(CONSTANT):
            given[field] = source.removeprefix(CONSTANT)
            continue
        try:
            value = pointed(message, source)
        except Nothing:
            value = None
        if value is None:
            if field in ("park", "text", "company"):
                wrong[source] = REQUIRED
        elif field == "details":
            given[field] = value
            if not isinstance(value, dict):
                wrong[source] = WRONG_TYPE
        elif isinstance(value, str | int | float) and not isinstance(value, bool):
            given[field] = str(value).strip()
        else:
            wrong[source] = WRONG_TYPE
    if wrong:
        raise Invalid("请检查填写的内容", fields=wrong)
    given.setdefault("park", hook.parks[0])
    if not {given["park"], EVERYWHERE} & set(hook.parks):
        raise Forbidden("这个入口不能向这个园区提需求")
    return SubmitNeed(**given)


def renamed(hook: Hook, error: Invalid) -> Invalid:
    """What the service found wrong, under the pointers that the sender knows."""
    fields = {hook.mapping.get(path.partition(".")[0], path): text for path, text in error.fields.items()}
    return Invalid(error.text, fields=fields)
