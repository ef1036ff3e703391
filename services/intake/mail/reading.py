"""Reads a mail as it came: whoever wrote it, in whatever encoding. Never raises: what cannot be read says so."""

import hashlib
import html
import re
from collections.abc import Iterator
from datetime import UTC, datetime
from email import message_from_bytes
from email.errors import MessageError
from email.message import Message
from email.utils import getaddresses, parsedate_to_datetime

import nh3

from services.intake.domain.mails import Mail, Part
from services.intake.mail.headers import decoded, header, payload, printable, raw, raws, text_of
from services.intake.mail.machines import automatic, bounce_of

DEPTH = 12  # parts in parts
PARTS = 60
TEXT = 200_000  # characters read of the text
ADDRESSED = ("to", "cc", "delivered-to", "x-original-to", "envelope-to", "x-forwarded-to", "resent-to")
BLOCKS = re.compile(r"(?i)<\s*(?:br|/p|/div|/li|/tr|/h[1-6]|/blockquote|/table)\b[^>]*>")
UNPRINTED = {"script", "style", "title", "head", "template", "noscript"}
ADDRESS = re.compile(r"[!-;=?A-~]{1,64}@[\w.-]{1,190}")
MESSAGE_ID = re.compile(r"<\s*([^<>\s]{1,400})\s*>")
QUOTED = re.compile(
    r"^(?:>|-{2,}\s*(?:原始邮件|原邮件|Original Message|Forwarded message|转发)|.{0,80}(?:写道|wrote)\s*[：:]\s*$"
    r"|(?:发件人|From)\s*[：:].{0,200}$)", re.IGNORECASE,
)  # fmt: skip


def read(content: bytes) -> Mail:
    """The mail; what could not be understood is said in its `trouble`."""
    try:
        return _read(message_from_bytes(content), content)
    except (RecursionError, MessageError, ValueError, LookupError, TypeError, AttributeError, AssertionError):
        # The standard library's parser fails in many ways on what only machines of bad will would send.
        return unreadable(content, "看不懂这封邮件")


def unreadable(content: bytes, trouble: str) -> Mail:
    """A mail of which nothing is known but that it came."""
    digest = hashlib.sha256(content).hexdigest()
    return Mail(
        message_id=f"{digest[:40]}.unreadable", digest=digest, sender="", sender_name="", recipients=(), subject="",
        text="", trouble=trouble,
    )  # fmt: skip


def _read(message: Message, content: bytes) -> Mail:
    text, parts = _Content().of(message)
    name, sender = _sender(message)
    subject = header(message, "subject")
    digest = hashlib.sha256("\0".join((sender, subject, text, *(_sha(p.content) for p in parts))).encode()).hexdigest()
    ids = MESSAGE_ID.findall(raw(message, "message-id"))
    return Mail(
        message_id=ids[0] if ids else f"{digest[:40]}.unnamed",
        digest=digest,
        sender=sender,
        sender_name=name,
        recipients=tuple(dict.fromkeys(_addresses(message))),
        subject=subject,
        text=own_words(text) if header(message, "in-reply-to") else text,
        answers=tuple(MESSAGE_ID.findall(f"{raw(message, 'in-reply-to')} {raw(message, 'references')}"))[-50:],
        sent_at=_date(message),
        automatic=automatic(message),
        bounce=bounce_of(message, content),
        parts=tuple(parts),
        trouble="" if sender else "看不出是谁发来的",
    )


def _sha(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def _sender(message: Message) -> tuple[str, str]:
    """Display name and address; the address in lower case, empty if there is none."""
    for name in ("from", "sender", "reply-to"):
        for said, address in getaddresses([raw(message, name)]):
            if ADDRESS.fullmatch(address):
                return " ".join(decoded(said).split())[:200], address.lower()
    return "", ""


def _addresses(message: Message) -> Iterator[str]:
    for name in ADDRESSED:
        for _, address in getaddresses(raws(message, name)[:20])[:100]:
            if ADDRESS.fullmatch(address):
                yield address.lower()


def _date(message: Message) -> datetime | None:
    try:
        said = parsedate_to_datetime(raw(message, "date"))
        return said.astimezone(UTC) if said.tzinfo else said.replace(tzinfo=UTC)
    except (ValueError, TypeError, IndexError, OverflowError):
        return None


# --- the body


class _Content:
    """Text and files of a mail, however they are nested."""

    def __init__(self) -> None:
        self._parts: list[Part] = []
        self._seen = 0

    def of(self, message: Message) -> tuple[str, list[Part]]:
        text = self._text(message, 0)
        return "\n".join(line.rstrip() for line in text.strip().splitlines())[:TEXT], self._parts

    def _text(self, part: Message, depth: int) -> str:
        self._seen += 1
        if depth > DEPTH or self._seen > PARTS:
            raise MessageError("too many parts")
        kind = part.get_content_type()
        if kind == "message/rfc822" or (part.get_filename() and not part.is_multipart()):
            self._keep(part, kind)
            return ""
        if part.is_multipart():
            inside = [one for one in part.get_payload() if isinstance(one, Message)]
            if kind == "multipart/alternative":
                return self._best(inside, depth)
            return "\n\n".join(filter(None, (self._text(one, depth + 1) for one in inside)))
        if part.get_content_disposition() == "attachment" or part.get_content_maintype() != "text":
            self._keep(part, kind)
            return ""
        said = printable(text_of(payload(part), str(part.get_content_charset("") or "")))
        if kind == "text/plain":
            return said
        if kind == "text/html":
            return plain(said)
        self._keep(part, kind)
        return ""

    def _best(self, ways: list[Message], depth: int) -> str:
        """Of the same said in several ways, the plain one, if it says anything."""
        said = {one.get_content_type(): self._text(one, depth + 1) for one in ways}
        return said.get("text/plain", "").strip() or next((text for text in said.values() if text.strip()), "")

    def _keep(self, part: Message, kind: str) -> None:
        if kind == "message/rfc822":
            inside = part.get_payload()
            first = inside[0] if isinstance(inside, list) and inside else None
            content = first.as_bytes() if isinstance(first, Message) else payload(part)
            name = f"{header(first, 'subject') or 'mail'}.eml" if isinstance(first, Message) else "mail.eml"
        else:
            content, name = payload(part), decoded(part.get_filename() or "")
        if content:
            self._parts.append(Part(name=name, declared=kind, content=content))


def plain(markup: str) -> str:
    """The text of HTML, made safe first: no markup, no scripts, lines where blocks end."""
    broken = BLOCKS.sub("\n", nh3.clean(markup, clean_content_tags=UNPRINTED, tags=_KEPT, attributes={}))
    bare = html.unescape(nh3.clean(broken, tags=set(), attributes={}))
    lines = [" ".join(line.replace("\xa0", " ").split()) for line in bare.splitlines()]
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()


_KEPT = {"br", "p", "div", "li", "tr", "h1", "h2", "h3", "h4", "h5", "h6", "blockquote", "table", "td", "ul", "ol"}


def own_words(text: str) -> str:
    """An answer without the mail it quotes; all of it, if nothing else is left."""
    lines = text.splitlines()
    for at, line in enumerate(lines):
        if QUOTED.match(line.strip()):
            own = "\n".join(lines[:at]).strip()
            return own or text.strip()
    return text.strip()
