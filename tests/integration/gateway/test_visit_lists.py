"""Pages and API where staff take in a table of visits."""

import io
import re
from dataclasses import replace

import pytest
from openpyxl import load_workbook

from services.gateway.visit_lists import importing
from services.gateway.visit_lists.writing import TYPE
from shared.contracts.intake import (
    AddVisits,
    ConfirmVisits,
    DropVisits,
    GetVisits,
    ListVisitLists,
    VisitLine,
    VisitList,
    VisitLists,
    VisitPage,
    VisitRow,
)
from shared.errors import IllegalMove, Invalid
from tests.integration.gateway.reading import hidden, text_of
from tests.integration.gateway.samples import AT, CODE, METROLOGY
from tests.unit.gateway.test_visit_lists import GOOD, TITLES, book

LIST = VisitList(
    list_id="l1", park="tianan", file_name="走访.xlsx", state="preview", added_by="陈专员", added_at=AT,
    columns={"date": "A", "text": "H"}, rows=3, good=2, wrong=1,
)  # fmt: skip
WRONG_DATE = "请写走访的日期，例如 2026-11-20"
LINES = (
    VisitLine(row=2, company="示例企业N10", state="good", given=VisitRow(row=2, company="示例企业N10", text="想培训")),
    VisitLine(row=3, company="示例企业N16", state="known", number="天安2026-0007"),
    VisitLine(
        row=4, company="", state="wrong", wrong={"date": "请写走访的日期，例如 2026-11-20"}, given=VisitRow(row=4)
    ),
)
ROW = [*GOOD[:-1], CODE]


def page_of(query):
    return VisitPage(list=LIST, lines=LINES[2:] if query.wrong else LINES)


@pytest.fixture
def database_url():
    """SQLite: nothing here depends on the database."""
    return ""


@pytest.fixture
def desk(told):
    told.sign_in()
    told.bus.answers |= {
        ListVisitLists: VisitLists(lists=(LIST,)), AddVisits: LIST, GetVisits: page_of, ConfirmVisits: LIST,
        DropVisits: LIST,
    }  # fmt: skip
    return told


def form(desk, path="/desk/import", **more):
    page = desk.client.get(path)
    return {"csrf": hidden(page, "csrf"), "key": "k1", **more}


def upload(desk, content, name="走访.xlsx", **more):
    return desk.client.post(
        "/desk/import", data=form(desk, park="tianan", **more), files={"file": (name, content, TYPE)}
    )


def test_the_page_offers_the_template_and_shows_the_latest_lists(desk):
    page = desk.client.get("/desk/import")
    assert 'href="/desk/import/template.xlsx"' in page.text
    assert "走访.xlsx" in text_of(page)
    assert "等确认" in text_of(page)
    answer = desk.client.get("/desk/import/template.xlsx")
    assert answer.headers["content-type"] == TYPE
    assert [cell.value.rstrip("*") for cell in load_workbook(io.BytesIO(answer.content)).worksheets[0][1]] == TITLES
    assert 'href="/desk/import"' in desk.client.get("/desk/new").text


@pytest.mark.clause("6.2.a")
def test_a_table_is_read_and_handed_to_intake_and_nothing_is_registered_yet(desk):
    answer = upload(desk, book(ROW, [*GOOD[:7], "", ""]).getvalue(), name="C:\\表\\走访.xlsx")
    assert (answer.status_code, answer.headers["location"]) == (303, "/desk/import/l1")
    (asked,) = desk.bus.of(AddVisits)
    assert (asked.message.park, asked.message.file_name, asked.message.last) == ("tianan", "走访.xlsx", True)
    assert asked.message.columns["text"] == "H"
    assert [(row.row, row.item) for row in asked.message.rows] == [(2, CODE), (3, "")]
    assert asked.actor.id == "chen"
    assert not desk.bus.of(ConfirmVisits)


def test_a_long_table_goes_in_parts_and_a_repeated_form_is_the_same_commands(desk, monkeypatch):
    monkeypatch.setattr(importing, "PART", 2000)
    content = book(*([*GOOD[:7], f"第 {n} 件" + "字" * 200, ""] for n in range(10))).getvalue()
    for _ in range(2):
        upload(desk, content)
    asked = desk.bus.of(AddVisits)
    half = len(asked) // 2
    assert half > 1
    assert [one.message.last for one in asked[:half]] == [False] * (half - 1) + [True]
    assert [row.row for one in asked[:half] for row in one.message.rows] == list(range(2, 12))
    assert [one.command_id for one in asked[:half]] == [one.command_id for one in asked[half:]]
    assert len({one.message.list_id for one in asked}) == 1


def test_a_file_that_is_none_is_refused_at_its_field(desk):
    for content, said in ((b"not a table", "不是 XLSX"), (b"PK" + b"\0" * (6 * 1024 * 1024), "5 MB")):
        page = upload(desk, content)
        assert page.status_code == 422
        assert said in text_of(page)
        assert 'href="#f-file"' in page.text
    page = desk.client.post("/desk/import", data=form(desk, park="tianan"))
    assert "请选一个 XLSX 文件" in text_of(page)
    desk.bus.answers[AddVisits] = Invalid("请检查填写的内容", fields={"park": "没有这个园区，请从列表里选"})
    assert "没有这个园区" in text_of(upload(desk, book(ROW).getvalue()))


def test_before_it_is_confirmed_every_fault_is_named_by_its_cell(desk):
    page = desk.client.get("/desk/import/l1")
    said = text_of(page)
    assert "读到 3 行，请看一遍" in said
    assert "A4 走访日期 请写走访的日期" in said
    assert "登记这 2 件" in said
    assert "天安2026-0007" in said
    desk.client.post("/desk/import/l1/confirm", data=form(desk, "/desk/import/l1"))
    assert desk.bus.of(ConfirmVisits)[0].message == ConfirmVisits(list_id="l1")


def test_one_may_leave_it_or_be_second_to_confirm(desk):
    answer = desk.client.post("/desk/import/l1/drop", data=form(desk, "/desk/import/l1"))
    assert answer.headers["location"] == "/desk/import"
    desk.bus.answers[ConfirmVisits] = IllegalMove("现在不能这样做")
    answer = desk.client.post("/desk/import/l1/confirm", data=form(desk, "/desk/import/l1"))
    assert answer.headers["location"] == "/desk/import/l1"


def test_while_it_runs_the_page_says_how_far_it_is_with_and_without_scripts(desk):
    running = replace(LIST, state="running", good=30, taken=10)
    desk.bus.answers[GetVisits] = VisitPage(list=running, lines=LINES[:2])
    page = desk.client.get("/desk/import/l1")
    assert "正在登记，10 / 40" in text_of(page)
    assert '<progress class="nqi-progress" max="40" value="10"' in page.text
    assert 'hx-trigger="every 2s"' in page.text
    assert re.search(r'<noscript><meta http-equiv="refresh" content="3"></noscript>', page.text)
    assert "登记这" not in text_of(page)


def test_after_it_the_numbers_are_there_to_see_and_to_keep(desk):
    done = replace(LIST, state="done", good=0, taken=2)
    lines = (replace(LINES[0], state="taken", number="天安2026-0008", given=None), *LINES[1:])
    desk.bus.answers[GetVisits] = lambda query: VisitPage(list=done, lines=lines[2:] if query.wrong else lines)
    page = desk.client.get("/desk/import/l1")
    assert "登记了 2 件" in text_of(page)
    assert "天安2026-0008" in text_of(page)
    answer = desk.client.get("/desk/import/l1/results.xlsx")
    rows = list(load_workbook(io.BytesIO(answer.content)).active.iter_rows(values_only=True))
    assert rows[1][:4] == ("2", "示例企业N10", "天安2026-0008", "已导入")
    assert rows[3][4].startswith("A4：走访日期")


def test_the_wrong_lines_come_back_as_a_table_to_mend(desk):
    answer = desk.client.get("/desk/import/l1/mend.xlsx")
    assert answer.headers["content-disposition"].startswith("attachment")
    sheet = load_workbook(io.BytesIO(answer.content)).active
    assert sheet.max_row == 2
    assert sheet["A2"].comment


def test_the_api_does_the_same(desk):
    session = desk.client.get("/api/v1/session").json()
    safe = {"x-csrf-token": session["csrf"]}
    files = {"file": ("走访.xlsx", book(ROW).getvalue(), TYPE)}
    url = "/api/v1/visit-lists"
    answer = desk.client.post(f"{url}?park=tianan", files=files, headers=safe)
    assert answer.status_code == 201
    assert answer.json()["good"] == 2
    assert desk.bus.of(AddVisits)[-1].message.rows[0].category == METROLOGY.code
    assert desk.client.get(url).json()["lists"][0]["list_id"] == "l1"
    found = desk.client.get(f"{url}/l1", params={"wrong": "true"}).json()
    assert found["lines"][0]["wrong"] == {"date": WRONG_DATE}
    assert desk.client.post(f"{url}/l1/confirm", headers=safe).status_code == 200
    assert desk.client.post(f"{url}/l1/drop", headers=safe).status_code == 200
    assert desk.client.get(f"{url}/l1/mend").headers["content-type"] == TYPE
    assert desk.client.get(f"{url}/template").headers["content-type"] == TYPE
    assert desk.client.post(f"{url}?park=tianan", json={}, headers=safe).status_code == 415
    assert desk.client.post(url, files=files, headers=safe).status_code == 422
    wrong = desk.client.post(f"{url}?park=tianan", files={"file": ("a.xlsx", b"x", TYPE)}, headers=safe)
    assert (wrong.status_code, wrong.json()["errors"][0]["field"]) == (422, "file")


def test_nobody_else_gets_in(told):
    told.bus.answers |= {ListVisitLists: VisitLists(lists=()), GetVisits: page_of}
    assert told.client.get("/api/v1/visit-lists").status_code == 401
    assert told.client.get("/desk/import/l1/mend.xlsx").headers["location"].startswith("/signin")
    told.sign_in("lin", role="regulator")
    assert told.client.get("/desk/import").status_code == 403
