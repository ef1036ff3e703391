"""Files through pages and API: taken as they stream in, shown, and opened by nobody but who may."""

import re
from dataclasses import replace

import pytest

from services.gateway import uploads
from services.gateway.seals import Seals
from shared.config import settings
from shared.contracts.intake import (
    AddAttachments,
    FileList,
    FileView,
    GetFile,
    ListFiles,
    RegisterFile,
    SubmitNeed,
)
from shared.errors import Forbidden, Invalid
from shared.files import Folder
from tests.integration.gateway.reading import hidden, text_of
from tests.integration.gateway.samples import AT, REQUEST

PDF = b"%PDF-1.7\n" + b"x" * 300_000
NEED = {"text": "压力表要检定", "company": "示例企业", "contact": "13900000000", "key": "k1"}


@pytest.fixture
def database_url() -> str:
    """SQLite: nothing here depends on the database."""
    return ""


def view(command: RegisterFile) -> FileView:
    return FileView(
        file_id=f"f-{command.sha256[:8]}", sha256=command.sha256, name=command.name, content_type=command.content_type,
        size=command.size, added_at=AT,
    )  # fmt: skip


@pytest.fixture
def shelf(told, tmp_path, monkeypatch) -> Folder:
    folder = Folder(tmp_path / "files")
    monkeypatch.setattr(uploads, "shelf", lambda: folder)
    told.bus.answers |= {RegisterFile: view, ListFiles: FileList(files=()), AddAttachments: FileList(files=())}
    return folder


def own(told) -> None:
    """This browser has opened the request with its code."""
    told.client.post("/track", data={"number": REQUEST.number, "code": "123456"})


def test_a_need_is_stated_with_files_that_are_kept_and_named(told, shelf):
    files = [("file", ("报告.pdf", PDF, "application/pdf")), ("file", ("说明.txt", "型号".encode(), "text/plain"))]
    told.client.post("/tianan", data=NEED, files=files)
    (asked,) = told.bus.of(SubmitNeed)
    registered = [one.message for one in told.bus.of(RegisterFile)]
    assert [one.name for one in registered] == ["报告.pdf", "说明.txt"]
    assert asked.message.files == tuple(view(one).file_id for one in registered)
    assert b"".join(shelf.read(registered[0].sha256)) == PDF
    assert asked.message.text == NEED["text"]


def test_a_form_without_files_is_a_need_without_files(told, shelf):
    told.client.post("/tianan", data=NEED, files=[("file", ("", b"", "application/octet-stream"))])
    (asked,) = told.bus.of(SubmitNeed)
    assert asked.message.files == ()


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [("a.exe", b"MZ", "收不了"), ("a.pdf", b"MZ", "内容和文件名对不上"), ("big.pdf", PDF * 80, "太大")],
)
def test_a_file_that_is_not_taken_is_said_at_its_control_and_what_came_is_not_lost(told, shelf, name, content, said):
    files = [("file", ("报告.pdf", PDF, "application/pdf")), ("file", (name, content, ""))]
    page = told.client.post("/tianan", data=NEED, files=files)
    assert page.status_code == 422
    assert said in text_of(page)
    assert 'id="e-file"' in page.text
    assert not told.bus.of(SubmitNeed)
    held = re.findall(r'name="held" value="([^"]+)"', page.text)
    assert len(held) == 1
    told.client.post("/tianan", data={**NEED, "held": held}, files=[("file", ("", b"", ""))])
    (asked,) = told.bus.of(SubmitNeed)
    assert len(asked.message.files) == 1


def test_a_file_somebody_else_sent_cannot_be_named_in_a_form(told, shelf):
    forged = Seals(b"x" * 32).seal("file", ["f-other", "a.pdf", 1], 100)
    told.client.post("/tianan", data={**NEED, "held": [forged, "f-other"]}, files=[("file", ("", b"", ""))])
    (asked,) = told.bus.of(SubmitNeed)
    assert asked.message.files == ()


def test_more_than_all_files_together_may_have_is_refused_unread(told, shelf):
    limit = settings().request_mb * 1024 * 1024
    headers = {"content-type": "multipart/form-data; boundary=x", "content-length": str(limit * 2)}
    answer = told.client.post("/tianan", content=b"", headers=headers)
    assert answer.status_code == 413
    plain = told.client.post("/tianan", content=b"", headers={"content-length": str(2 * 1024 * 1024)})
    assert plain.status_code == 413


def test_a_page_that_takes_no_files_refuses_them(told, shelf):
    answer = told.client.post("/track", data={"number": "x"}, files=[("file", ("a.pdf", b"%PDF", ""))])
    assert answer.status_code == 415


@pytest.mark.parametrize("body", [b"--x\r\nnonsense", b"", b"--x\r\ncontent-disposition: form-data\r\n\r\nx\r\n--x--"])
def test_a_garbled_form_is_a_plain_refusal(told, shelf, body):
    answer = told.client.post("/tianan", content=body, headers={"content-type": "multipart/form-data; boundary=x"})
    assert answer.status_code in (400, 422)


def test_a_client_adds_files_later_and_opens_them(told, shelf):
    own(told)
    at = f"/r/{REQUEST.number}/files"
    page = told.client.get(at)
    data = {"csrf": hidden(page, "csrf"), "key": hidden(page, "key")}
    answer = told.client.post(at, data=data, files=[("file", ("报告.pdf", PDF, "application/pdf"))])
    assert answer.status_code == 303
    (asked,) = told.bus.of(AddAttachments)
    (registered,) = told.bus.of(RegisterFile)
    assert (asked.message.request_id, asked.actor.requests) == ("r1", ("r1",))
    file = view(registered.message)
    told.bus.answers |= {ListFiles: FileList(files=(file,)), GetFile: file}
    assert "报告.pdf" in text_of(told.client.get(f"/r/{REQUEST.number}"))
    opened = told.client.get(f"{at}/{file.file_id}")
    assert opened.content == PDF
    assert opened.headers["content-disposition"] == "attachment; filename*=UTF-8''%E6%8A%A5%E5%91%8A.pdf"
    assert opened.headers["x-content-type-options"] == "nosniff"
    assert opened.headers["content-type"] == "application/pdf"
    assert "default-src 'none'" in opened.headers["content-security-policy"]


def test_adding_needs_the_page_s_own_token_and_a_file(told, shelf):
    own(told)
    at = f"/r/{REQUEST.number}/files"
    files = [("file", ("报告.pdf", PDF, "application/pdf"))]
    assert told.client.post(at, data={"csrf": "forged", "key": "k"}, files=files).status_code == 403
    assert not told.bus.of(RegisterFile)
    told.bus.answers[AddAttachments] = Invalid("请检查填写的内容", fields={"files": "请先选文件"})
    page = told.client.get(at)
    data = {"csrf": hidden(page, "csrf"), "key": hidden(page, "key")}
    refused = told.client.post(at, data=data, files=[("file", ("", b"", ""))])
    assert "请先选文件" in text_of(refused)


def test_files_open_for_nobody_else(told, shelf):
    told.bus.answers[GetFile] = Forbidden("您没有权限做这件事，请联系服务站负责人")
    assert told.client.get(f"/r/{REQUEST.number}/files/f1").headers["location"].startswith("/track")
    assert told.client.get("/desk/files/f1").headers["location"].startswith("/signin")
    assert told.client.get(f"/api/v1/requests/{REQUEST.number}/files/f1").status_code == 401
    told.sign_in()
    assert told.client.get("/desk/files/f1").status_code == 403


def test_a_file_whose_content_is_gone_is_not_found(told, shelf):
    told.sign_in()
    told.bus.answers[GetFile] = FileView(
        file_id="f1", sha256="0" * 64, name="a.pdf", content_type="application/pdf", size=1, added_at=AT
    )
    assert told.client.get("/desk/files/f1").status_code == 404


def test_staff_add_a_file_on_the_item_page(told, shelf):
    told.sign_in()
    page = told.client.get("/desk/attach/i1")
    data = {"csrf": hidden(page, "csrf"), "key": hidden(page, "key")}
    answer = told.client.post("/desk/attach/i1", data=data, files=[("file", ("报告.pdf", PDF, ""))])
    assert answer.headers["location"] == "/desk/items/i1#files"
    (asked,) = told.bus.of(AddAttachments)
    assert (asked.message.request_id, asked.actor.id) == ("r1", "chen")


def test_the_api_takes_a_file_and_a_need_names_it(told, shelf):
    answer = told.client.post("/api/v1/files", files={"file": ("报告.pdf", PDF, "application/pdf")})
    assert answer.status_code == 201
    key = answer.json()["file_id"]
    body = {"park": "tianan", "text": "压力表", "company": "示例企业", "files": [key]}
    assert told.client.post("/api/v1/requests", json=body).status_code == 201
    (asked,) = told.bus.of(SubmitNeed)
    assert asked.message.files == (key,)


def test_the_api_says_what_is_wrong_with_a_file(told, shelf):
    refused = told.client.post("/api/v1/files", files={"file": ("a.exe", b"MZ", "")})
    assert refused.status_code == 422
    assert refused.json()["errors"][0]["field"] == "file"
    assert told.client.post("/api/v1/files", content=b"%PDF").status_code == 415
    two = [("file", ("a.pdf", PDF, "")), ("file", ("b.pdf", PDF, ""))]
    assert told.client.post("/api/v1/files", files=two).status_code == 422


def test_the_api_adds_and_opens_files_with_the_code_and_not_by_a_cookie_alone(told, shelf):
    at, code = f"/api/v1/requests/{REQUEST.number}/files", {"x-request-code": "123456"}
    own(told)
    assert told.client.post(at, json={"files": ["f1"]}).status_code == 403
    assert told.client.post(at, json={"files": ["f1"]}, headers=code).status_code == 200
    (asked,) = told.bus.of(AddAttachments)
    assert asked.message.files == ("f1",)
    assert told.client.get(at, headers=code).json() == {"files": []}
    kept = view(RegisterFile(sha256="1" * 64, name="a.pdf", content_type="application/pdf", size=3))
    told.bus.answers[GetFile] = replace(kept, sha256=_put(shelf))
    assert told.client.get(f"{at}/f1", headers=code).content == b"%PDF"


def _put(shelf: Folder) -> str:
    from shared.files import Incoming

    with Incoming(shelf, "a.pdf", "", 100) as incoming:
        incoming.write(b"%PDF")
        return incoming.keep().sha256


def test_one_address_does_not_fill_the_store(told, shelf, monkeypatch):
    for _ in range(200):
        answer = told.client.post("/api/v1/files", content=b"")
    assert answer.status_code == 415
    assert told.client.post("/api/v1/files", content=b"").status_code == 429
    assert told.new_client("198.51.100.7").post("/api/v1/files", content=b"").status_code == 415
