"""What kinds of files are taken: by content, name and declared type together."""

import io
import zipfile

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.errors import Invalid
from shared.files.kinds import KINDS, NAME_LIMIT, check_kind, clean_name


def office(*names: str) -> bytes:
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w") as archive:
        for name in ("[Content_Types].xml", *names):
            archive.writestr(name, "x")
    return held.getvalue()


OLE = bytes.fromhex("d0cf11e0a1b11ae1") + b"\0" * 600
CONTENTS = {
    ".pdf": b"%PDF-1.4\n%...", ".jpg": b"\xff\xd8\xff\xe0\0\x10JFIF\0" + b"\0" * 50,
    ".jpeg": b"\xff\xd8\xff\xe1\0\x10Exif\0" + b"\0" * 50, ".png": b"\x89PNG\r\n\x1a\n" + b"\0" * 50,
    ".gif": b"GIF89a" + b"\0" * 50, ".webp": b"RIFF\x10\0\0\0WEBPVP8 " + b"\0" * 50,
    ".heic": b"\0\0\0\x18ftypheic" + b"\0" * 50, ".tif": b"II*\0" + b"\0" * 50, ".tiff": b"MM\0*" + b"\0" * 50,
    ".bmp": b"BM" + b"\0" * 50, ".docx": office("word/document.xml"), ".xlsx": office("xl/workbook.xml"),
    ".pptx": office("ppt/presentation.xml"), ".doc": OLE, ".xls": OLE, ".ppt": OLE, ".wps": OLE, ".et": OLE,
    ".zip": office(), ".txt": "压力表".encode("gb18030"), ".csv": "编号,名称\n1,压力表\n".encode(),
    ".eml": b"From: a@example.com\r\n\r\nhi",
}  # fmt: skip


def checked(tmp_path, content: bytes, name: str, declared: str = "") -> str:
    path = tmp_path / "file"
    path.write_bytes(content)
    return check_kind(path, name, declared)


@pytest.mark.parametrize("ending", KINDS)
def test_every_kind_is_known_by_its_content(tmp_path, ending):
    media = KINDS[ending].media
    for declared in ("", "application/octet-stream", media, f"{media}; charset=utf-8", media.upper()):
        assert checked(tmp_path, CONTENTS[ending], f"文件{ending.upper()}", declared) == media


@pytest.mark.parametrize("ending", KINDS)
def test_another_content_under_its_name_is_refused(tmp_path, ending):
    for content in (b"", b"MZ\x90\0" + b"\0" * 200, b"\x7fELF" + b"\0" * 100, b"<script>alert(1)</script>\0"):
        with pytest.raises(Invalid):
            checked(tmp_path, content, f"a{ending}")


@pytest.mark.parametrize("name", ["a.exe", "a.html", "a.svg", "a.js", "a.pdf.exe", "a", ".pdf", "a.docm", "a.xlsm"])
def test_other_kinds_are_not_taken(tmp_path, name):
    with pytest.raises(Invalid, match="收不了"):
        checked(tmp_path, CONTENTS[".pdf"], name)


@pytest.mark.parametrize(
    ("name", "declared"), [("a.pdf", "text/html"), ("a.jpg", "application/pdf"), ("a.txt", "text/html")]
)
def test_a_declared_type_that_does_not_fit_the_name_is_refused(tmp_path, name, declared):
    ending = name[name.index(".") :]
    with pytest.raises(Invalid, match="类型"):
        checked(tmp_path, CONTENTS[ending], name, declared)


def test_an_archive_under_the_name_of_a_document_is_refused(tmp_path):
    for content in (office(), office("xl/workbook.xml"), b"PK\x03\x04 broken"):
        with pytest.raises(Invalid):
            checked(tmp_path, content, "a.docx")


@pytest.mark.parametrize(
    ("given_name", "cleaned"),
    [
        ("C:\\Users\\me\\铭牌.JPG", "铭牌.JPG"), ("../../etc/passwd", "passwd"), ("a\u202egpj.exe", "agpj.exe"),
        ("a\r\nSet-Cookie: x.pdf", "aSet-Cookie x.pdf"), ("", "文件"), ("...", "文件"), (".pdf", "文件.pdf"),
        ("长" * 300 + ".pdf", "长" * (NAME_LIMIT - 4) + ".pdf"),
    ],
)  # fmt: skip
def test_a_name_is_only_a_name(given_name, cleaned):
    assert clean_name(given_name) == cleaned


@given(st.text(max_size=400))
def test_no_name_breaks_out(name):
    cleaned = clean_name(name)
    assert cleaned
    assert len(cleaned) <= NAME_LIMIT
    assert not set(cleaned) & set('/\\"\r\n\0<>')
