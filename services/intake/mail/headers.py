"""Headers and text of a mail, in whatever encoding somebody sent them."""

import binascii
from email.errors import MessageError
from email.header import decode_header
from email.message import Message

LINE = 500  # characters of a header that are read
RAW = 20_000  # of one that lists Message-IDs or addresses
GUESSES = ("utf-8", "gb18030", "big5hkscs")
CHARSETS = {  # names that mean a larger charset, or are none
    "gb2312": "gb18030", "gb_2312-80": "gb18030", "gbk": "gb18030", "x-gbk": "gb18030", "cp936": "gb18030",
    "ms936": "gb18030", "big5": "big5hkscs", "x-big5": "big5hkscs", "utf8": "utf-8", "unicode-1-1-utf-8": "utf-8",
    "unknown-8bit": "", "default": "", "us-ascii": "", "ascii": "",
}  # fmt: skip


def raws(message: Message, name: str) -> list[str]:
    """Every value of a header as it came; bytes above ASCII are smuggled in as surrogates."""
    return [str(value)[:RAW] for known, value in message.raw_items() if known.lower() == name]


def raw(message: Message, name: str) -> str:
    return next(iter(raws(message, name)), "")


def header(message: Message, name: str) -> str:
    """The first header of this name as one line of text; empty if there is none."""
    return " ".join(decoded(raw(message, name)).split())[:LINE]


def low(message: Message, name: str) -> str:
    """A header that holds a keyword, in lower case."""
    return raw(message, name).strip().lower()[:200]


def decoded(value: str) -> str:
    """Encoded words (RFC 2047), also those that split a character between them; and what came unencoded."""
    said = _smuggled(value)
    try:
        pieces = decode_header(said)
    except (MessageError, ValueError, binascii.Error):
        return printable(said)
    found, held, last = [], b"", ""
    for piece, named in pieces:
        charset = named or ""
        content = piece if isinstance(piece, bytes) else piece.encode("utf-8", "replace")
        if charset != last and held:
            found.append(text_of(held, last))
            held = b""
        held, last = held + content, charset
    found.append(text_of(held, last))
    return printable("".join(found))


def _smuggled(value: str) -> str:
    try:
        value.encode("utf-8")
        return value
    except UnicodeEncodeError:
        return text_of(value.encode("utf-8", "surrogateescape"), "")


def text_of(content: bytes, charset: str) -> str:
    """The text by the charset it claims, else by those our clients use; what cannot be read is marked."""
    claimed = charset.strip().strip("\"'").lower()
    for name in dict.fromkeys((CHARSETS.get(claimed, claimed), *GUESSES)):
        try:
            if name:
                return content.decode(name)
        except (UnicodeError, LookupError, ValueError):
            continue
    return content.decode("utf-8", "replace")


def printable(text: str) -> str:
    """Without what no database takes and nobody can read: NUL, lone surrogates, control characters."""
    kept = text.encode("utf-8", "replace").decode().replace("\r\n", "\n").replace("\r", "\n")
    return "".join(sign for sign in kept if sign in "\n\t" or (sign >= " " and not "\x7f" <= sign <= "\x9f"))


def payload(part: Message) -> bytes:
    """The bytes of a part, its transfer encoding undone."""
    found = part.get_payload(decode=True)
    return found if isinstance(found, bytes) else b""
