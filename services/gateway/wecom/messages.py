"""WeCom's messages in XML, from a stranger until proven otherwise: read without entities, checked field by field."""

from datetime import UTC, datetime
from typing import NamedTuple
from xml.etree.ElementTree import Element, ParseError

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import fromstring

from services.gateway.errors import Garbled
from shared.contracts.intake import TakeChat
from shared.errors import Forbidden

EVENT = "event"
_NOT_READABLE = "看不懂这条消息"
_NOT_OURS = "这条消息不是发给我们的"
FIELD_LIMIT = 8192


class Sealed(NamedTuple):
    """What is outside the envelope."""

    receiver: str
    encrypted: str


def sealed(body: bytes) -> Sealed:
    """Raises Garbled."""
    found = _read(body)
    return Sealed(_text(found, "ToUserName"), _text(found, "Encrypt", limit=len(body)))


def message(body: bytes, corporation: str, agent: str) -> TakeChat:
    """What was in the envelope; raises Garbled, or Forbidden for another corporation's or application's."""
    found = _read(body)
    if _text(found, "ToUserName") != corporation or _text(found, "AgentID") not in ("", agent):
        raise Forbidden(_NOT_OURS)
    sender, kind = _text(found, "FromUserName"), _text(found, "MsgType")
    message_id, created = _text(found, "MsgId"), _text(found, "CreateTime")
    if kind == EVENT:
        name = _text(found, "Event")
        kind, message_id = f"{EVENT}:{name}", f"{sender}:{created}:{name}"
    if not (sender and kind and message_id and created.isascii() and created.isdecimal() and len(created) < 12):
        raise Garbled(_NOT_READABLE)
    return TakeChat(
        message_id=f"wecom:{message_id}", sender=sender, kind=kind[:60], text=_text(found, "Content"),
        sent_at=datetime.fromtimestamp(int(created), UTC),
    )  # fmt: skip


def _read(body: bytes) -> Element:
    try:
        return fromstring(body, forbid_dtd=True)  # type: ignore[no-any-return]
    except (ParseError, DefusedXmlException, ValueError, LookupError) as error:
        raise Garbled(_NOT_READABLE) from error


def _text(found: Element, name: str, limit: int = FIELD_LIMIT) -> str:
    text = (found.findtext(name) or "").strip()
    if len(text) > limit or "\0" in text:
        raise Garbled(_NOT_READABLE)
    return text
