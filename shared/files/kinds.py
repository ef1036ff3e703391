"""The kinds of files that are taken: known by their content, which must fit the name and the type that was declared."""

import re
import unicodedata
import zipfile
from pathlib import Path
from typing import NamedTuple

import puremagic

from shared.errors import Invalid

NAME_LIMIT = 120  # characters
HEAD = 64 * 1024  # bytes looked at
SURE = 0.3  # how sure the look at the content must be
TAKEN = "PDF、图片（JPG、PNG、WEBP、HEIC、TIFF、BMP、GIF）、Word、Excel、PPT、WPS、文本、CSV、ZIP、邮件（EML）"
_ZIP, _OLE = b"PK\x03\x04", bytes.fromhex("d0cf11e0a1b11ae1")
_BARE = ("", "application/octet-stream", "binary/octet-stream", "application/x-download", "application/force-download")
_VAGUE_ZIP = ("application/zip", "application/x-zip-compressed", "application/x-zip")


class Kind(NamedTuple):
    """`seen`: extensions by which the content is recognized; `inside`: what a ZIP of this kind holds."""

    media: str
    seen: tuple[str, ...] = ()
    also: tuple[str, ...] = ()  # other types that honest programs declare
    inside: str = ""
    head: bytes = b""
    text: bool = False


_OFFICE = "application/vnd.openxmlformats-officedocument."
KINDS: dict[str, Kind] = {
    ".pdf": Kind("application/pdf", (".pdf",), ("application/x-pdf",)),
    ".jpg": Kind("image/jpeg", (".jpg", ".jpeg", ".jfif"), ("image/jpg", "image/pjpeg")),
    ".jpeg": Kind("image/jpeg", (".jpg", ".jpeg", ".jfif"), ("image/jpg", "image/pjpeg")),
    ".png": Kind("image/png", (".png",), ("image/x-png",)),
    ".gif": Kind("image/gif", (".gif",)),
    ".webp": Kind("image/webp", (".webp",)),
    ".heic": Kind("image/heic", (".heic", ".heif"), ("image/heif",)),
    ".tif": Kind("image/tiff", (".tif", ".tiff")),
    ".tiff": Kind("image/tiff", (".tif", ".tiff")),
    ".bmp": Kind("image/bmp", (".bmp",), ("image/x-ms-bmp", "image/x-bmp")),
    ".docx": Kind(f"{_OFFICE}wordprocessingml.document", inside="word/", also=_VAGUE_ZIP, head=_ZIP),
    ".xlsx": Kind(f"{_OFFICE}spreadsheetml.sheet", inside="xl/", also=_VAGUE_ZIP, head=_ZIP),
    ".pptx": Kind(f"{_OFFICE}presentationml.presentation", inside="ppt/", also=_VAGUE_ZIP, head=_ZIP),
    ".doc": Kind("application/msword", head=_OLE, also=("application/vnd.ms-word",)),
    ".xls": Kind("application/vnd.ms-excel", head=_OLE, also=("application/msexcel",)),
    ".ppt": Kind("application/vnd.ms-powerpoint", head=_OLE),
    ".wps": Kind("application/vnd.ms-works", head=_OLE, also=("application/kswps", "application/wps-office.wps")),
    ".et": Kind("application/x-et", head=_OLE, also=("application/kset", "application/wps-office.et")),
    ".zip": Kind("application/zip", (".zip",), _VAGUE_ZIP),
    ".txt": Kind("text/plain", text=True),
    ".csv": Kind("text/csv", also=("text/plain", "application/vnd.ms-excel", "application/csv"), text=True),
    ".eml": Kind("message/rfc822", also=("text/plain",), text=True),
}


def clean_name(name: str) -> str:
    """A file's name without paths, control characters and what misleads the eye; never empty."""
    last = re.split(r"[\\/]", unicodedata.normalize("NFC", name))[-1]
    seen = "".join(sign for sign in last if unicodedata.category(sign)[0] != "C" and sign not in '<>:"|?*')
    stem, dot, ending = seen.strip().rstrip(". ").rpartition(".")
    if not dot:
        stem, ending = ending, ""
    room = NAME_LIMIT - len(ending) - 1
    return f"{stem.strip()[:room] or '文件'}{dot}{ending}"[:NAME_LIMIT]


def check_kind(path: Path, name: str, declared: str) -> str:
    """The media type of the file at `path`; raises Invalid unless name, declared type and content fit together."""
    kind = KINDS.get(Path(name).suffix.lower())
    if kind is None:
        raise Invalid("“{name}”这种文件收不了，可以发：{taken}", name=name, taken=TAKEN)
    said = declared.partition(";")[0].strip().lower()
    if said not in (*_BARE, kind.media, *kind.also):
        raise Invalid("“{name}”的类型和文件名对不上，请另存一份再发", name=name)
    if not _fits(path, name, kind):
        raise Invalid("“{name}”的内容和文件名对不上，请另存一份再发", name=name)
    return kind.media


def _fits(path: Path, name: str, kind: Kind) -> bool:
    with path.open("rb") as file:
        head = file.read(HEAD)
    if not head:
        return False
    if kind.text:
        return _is_text(head)
    if kind.head:
        return head.startswith(kind.head) and (not kind.inside or _holds(path, kind.inside))
    try:
        seen = puremagic.magic_string(head, name)
    except puremagic.PureError:
        return False
    return any(one.confidence >= SURE and one.extension in kind.seen for one in seen)


def _holds(path: Path, folder: str) -> bool:
    """Whether it is an office file: a ZIP that names its parts, in its own folder."""
    try:
        with zipfile.ZipFile(path) as archive:
            names = archive.namelist()
    except (zipfile.BadZipFile, ValueError, NotImplementedError, OSError):
        return False
    return "[Content_Types].xml" in names and any(one.startswith(folder) for one in names)


def _is_text(head: bytes) -> bool:
    """Text of some charset: no control bytes but those of lines and tabs."""
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):
        return True
    return not any(byte < 32 and byte not in (9, 10, 12, 13, 27) for byte in head)
