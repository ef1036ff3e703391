"""A dossier on the workbench and by the API: what it lacks, what was added, its print."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from services.archive.handlers import dossiers, grants, ledger
from services.gateway.printing import press
from shared.access import Actor
from shared.contracts.archive import (
    AmendDossier,
    AskDossierAccess,
    DecideDossierAccess,
    DossierState,
    FoundDossier,
    FoundPage,
    GetDossier,
    GrantList,
    GrantView,
    KeepDossierPrint,
    ListGrants,
    OpenDossier,
    SearchDossiers,
    SupplyDossierPart,
)
from shared.contracts.dispatch import GetItem, ItemPage, ListItems
from shared.errors import Forbidden, IllegalMove, Invalid, NotFound
from tests.builders import NOON
from tests.integration.gateway.reading import hidden, text_of
from tests.integration.gateway.samples import item
from tests.unit.archive.fakes import FakeArchive
from tests.unit.archive.stories import life

AT = "/desk/items/i1/dossier"
WORK = FakeArchive(now=NOON + timedelta(hours=2))
ledger.record(life(), WORK)
dossiers.seal_dossiers(WORK)
WORK.actor = Actor(id="c", role="client", requests=("rtianan1",))
OPENED: DossierState = replace(
    grants.open_dossier(OpenDossier(item_id="itianan1"), WORK), item_id="i1", request_id="r1"
)
SEALED = replace(OPENED, parts=(), entries=(), opened=False)
GRANT = GrantView(
    grant_id="01900000-0000-7000-8000-0000abcd1234", item_id="i1", park="tianan", number="天安2026-0001",
    file_number="天安档2026-0001", by_id="chen", by_name="陈专员", why="核对报告编号", days=7, asked_at=NOON,
    state="asked",
)  # fmt: skip
GRANTED = replace(GRANT, state="granted", until=NOON + timedelta(days=7), decided_by="李主任", decided_at=NOON)
LACKING = replace(
    OPENED, sealed=None, missing=("agreement",),
    parts=tuple(replace(one, there=one.part != "agreement") for one in OPENED.parts),
)  # fmt: skip


@pytest.fixture
def database_url() -> str:
    """SQLite: nothing here depends on the database."""
    return ""


@pytest.fixture
def desk(told: Any) -> Any:
    told.sign_in()
    told.bus.answers |= {
        GetItem: item("closed"), GetDossier: LACKING, SupplyDossierPart: LACKING, AmendDossier: SEALED,
        KeepDossierPrint: SEALED,
    }  # fmt: skip
    return told


def send(desk: Any, step: str, **values: str) -> Any:
    page = desk.client.get(AT)
    kept = {name: hidden(page, name) for name in ("csrf", "key")}
    return desk.client.post(f"{AT}/{step}", data={**kept, **values})


@pytest.mark.clause("7.2.3.1")
def test_staff_see_what_a_closed_items_dossier_lacks_by_name_and_record_it(desk):
    panel = text_of(desk.client.get("/desk/items/i1")).replace(" ", "")
    assert "补上才能归档：合同（协议）" in panel
    shown = text_of(desk.client.get(AT))
    assert "还缺 1 项" in shown
    assert "服务站自办的，要有六项" in shown
    desk.bus.answers[GetDossier] = [LACKING, LACKING, replace(LACKING, missing=())]
    answer = send(desk, "supply", part="agreement", text="窗口签的委托单")
    assert answer.headers["location"] == f"{AT}?said=supplied"
    (asked,) = desk.bus.of(SupplyDossierPart)
    assert (asked.message.part, asked.message.text, asked.message.request_id) == ("agreement", "窗口签的委托单", "r1")


def test_what_is_left_empty_is_said_beside_the_field(desk):
    desk.bus.answers[SupplyDossierPart] = Invalid("请检查填写的内容", fields={"text": "请写清楚"})
    answer = send(desk, "supply", part="agreement", text="")
    assert answer.status_code == 422
    assert 'id="e-text-agreement"' in answer.text
    desk.bus.answers[SupplyDossierPart] = IllegalMove("这一部分已经有了，不用再补")
    assert send(desk, "supply", part="agreement", text="x").headers["location"] == f"{AT}?said=late"


def test_a_sealed_dossier_shows_its_number_and_takes_notes_only(desk):
    desk.bus.answers[GetDossier] = SEALED
    assert "tianan档2026-0001" in text_of(desk.client.get("/desk/items/i1"))
    page = desk.client.get(AT)
    assert "真实、完整、可用、安全" in text_of(page)
    assert "/dossier/supply" not in page.text
    answer = send(desk, "amend", text="编号应为 JZ-2", reason="录入有误")
    assert answer.headers["location"] == f"{AT}?said=amended"
    assert desk.bus.of(AmendDossier)[0].message.reason == "录入有误"


@pytest.mark.clause("6.7", "7.2.3.4")
def test_a_sealed_dossier_is_asked_for_granted_by_another_and_opened(desk):
    desk.bus.answers |= {GetDossier: [SEALED, SEALED, replace(SEALED, grant=GRANT)], AskDossierAccess: GRANT}
    assert "归档的内容要由另一个人批准才能打开" in text_of(desk.client.get(AT))
    answer = send(desk, "ask", why="核对报告编号", days="7")
    assert answer.headers["location"] == f"{AT}?said=asked"
    assert (desk.bus.of(AskDossierAccess)[0].message.why, desk.bus.of(AskDossierAccess)[0].message.days) == (
        "核对报告编号", 7,
    )  # fmt: skip
    assert "等另一个人批准" in text_of(desk.client.get(AT))
    desk.bus.answers |= {GetDossier: replace(SEALED, grant=GRANTED), OpenDossier: replace(OPENED, grant=GRANTED)}
    opened = send(desk, "open")
    assert "卡尺要校准" in text_of(opened)
    assert "卡尺要校准" not in text_of(desk.client.get(AT))
    exported = send(desk, "export")
    assert exported.content.startswith(b"%PDF")
    assert [asked.message.how for asked in desk.bus.of(OpenDossier)] == ["view", "export"]
    assert not desk.bus.of(KeepDossierPrint)  # marked copies are not kept
    desk.bus.answers[OpenDossier] = Forbidden("打开归档的档案要先申请，由另一个人批准")
    assert send(desk, "open").status_code == 403


def test_wishes_are_decided_on_a_page_of_their_own_and_never_ones_own(told):
    told.sign_in("li", role="operator")
    told.bus.answers |= {ListGrants: GrantList(grants=(GRANT, replace(GRANT, by_id="li"))), DecideDossierAccess: GRANT}
    page = told.client.get("/desk/grants")
    assert page.text.count('value="yes"') == 1
    assert "自己的申请要由另一个人批" in text_of(page)
    kept = {name: hidden(page, name) for name in ("csrf", "key")}
    answer = told.client.post(f"/desk/grants/{GRANT.grant_id}", data={**kept, "grant": "yes", "reason": ""})
    assert answer.headers["location"] == "/desk/grants?said=decided"
    assert told.bus.of(DecideDossierAccess)[0].message.grant is True
    told.bus.answers[DecideDossierAccess] = Invalid("请检查填写的内容", fields={"reason": "请写清楚"})
    assert told.client.post(f"/desk/grants/{GRANT.grant_id}", data={**kept, "grant": "no"}).status_code == 422
    told.bus.answers[ListGrants] = GrantList(grants=())
    assert "没有查阅申请" in text_of(told.client.get("/desk/grants"))


@pytest.mark.clause("7.2.3.1")
def test_a_client_gets_its_own_by_number_and_code_and_the_print_is_made_once(told, monkeypatch):
    told.bus.answers |= {OpenDossier: OPENED, KeepDossierPrint: SEALED}
    address, code = "/api/v1/requests/天安2026-0001/dossiers/i1", {"x-request-code": "123456"}
    first = told.client.get(address, headers=code)
    assert first.headers["content-type"] == "application/pdf"
    (asked,) = told.bus.of(KeepDossierPrint)
    assert asked.message.size == len(first.content)
    told.bus.answers[OpenDossier] = replace(OPENED, print_sha256=asked.message.sha256)
    monkeypatch.setattr(press, "sys", None)  # nothing is typeset any more
    assert told.client.get(address, headers=code).content == first.content
    assert len(told.bus.of(KeepDossierPrint)) == 1
    assert told.client.get(address).status_code == 401
    assert told.client.get(address, headers={"x-request-code": "000000"}).status_code == 404
    page = told.client.post("/track", data={"number": "天安2026-0001", "code": "123456"})
    assert page.status_code == 303
    told.bus.answers[ListItems] = ItemPage(items=(item("sealed"),), counts={})
    assert "/dossiers/i1" in told.client.get("/r/天安2026-0001").text
    assert told.client.get("/r/天安2026-0001/dossiers/i1").content == first.content
    told.client.cookies.clear()
    assert told.client.get("/r/天安2026-0001/dossiers/i1").status_code == 303


def test_the_api_says_the_same(desk):
    found = desk.client.get("/api/v1/items/i1/dossier").json()
    assert found["missing"] == ["agreement"]
    csrf = {"x-csrf-token": hidden(desk.client.get(AT), "csrf")}
    body = {"part": "agreement", "text": "委托单"}
    assert desk.client.post("/api/v1/items/i1/dossier/parts", json=body, headers=csrf).status_code == 200
    assert desk.client.post("/api/v1/items/i1/dossier/parts", json={"part": ""}, headers=csrf).status_code == 422
    body = {"text": "编号应为 JZ-2", "reason": "录入有误"}
    assert desk.client.post("/api/v1/items/i1/dossier/amendments", json=body, headers=csrf).status_code == 200
    desk.bus.answers |= {AskDossierAccess: GRANT, ListGrants: GrantList(grants=(GRANT,)), DecideDossierAccess: GRANTED}
    desk.bus.answers[OpenDossier] = replace(OPENED, grant=GRANTED)
    at = "/api/v1/items/i1/dossier"
    assert desk.client.post(f"{at}/grants", json={"why": "核对", "days": 3}, headers=csrf).status_code == 201
    assert desk.client.post(f"{at}/grants", json={"why": "核对", "days": 31}, headers=csrf).status_code == 422
    assert desk.client.get("/api/v1/dossier-grants?asked=true").json()["grants"][0]["state"] == "asked"
    decided = desk.client.post("/api/v1/dossier-grants/g1", json={"grant": True}, headers=csrf)
    assert decided.json()["state"] == "granted"
    assert desk.client.post(f"{at}/open", json={}, headers=csrf).json()["opened"]
    assert desk.client.post(f"{at}/export", json={}, headers=csrf).content.startswith(b"%PDF")
    assert desk.client.get("/api/v1/requests/天安2026-0001/dossiers/i1").status_code == 403
    desk.bus.answers[GetDossier] = NotFound("没有这个服务事项")
    assert desk.client.get(AT).status_code == 404


def test_dossiers_are_searched_and_narrowed_and_an_empty_list_says_why(desk):
    one = FoundDossier(
        item_id="i1", request_id="r1", park="tianan", number="天安2026-0001", file_number="天安档2026-0001",
        company="示例企业", title="检定", category="metrology", item="5.3.b", by_organization=False, score=None,
        closed_at=NOON, sealed_at=NOON,
    )  # fmt: skip
    desk.bus.answers[SearchDossiers] = FoundPage(dossiers=(one,), total=1000, next="7")
    page = desk.client.get("/desk/dossiers?search=检定&year=2026&park=tianan")
    shown = text_of(page)
    assert "天安档2026-0001" in shown
    assert "1,000 份以上" in shown
    assert "没有评价" in shown
    assert "after=7" in page.text
    (asked,) = desk.bus.of(SearchDossiers)
    assert (asked.message.text, asked.message.year, asked.message.park) == ("检定", "2026", "tianan")
    desk.bus.answers[SearchDossiers] = FoundPage(dossiers=(), total=0)
    assert "没有找到这样的档案" in text_of(desk.client.get("/desk/dossiers?search=zzz"))
    assert "还没有归档的事项" in text_of(desk.client.get("/desk/dossiers"))
    desk.bus.answers[SearchDossiers] = Invalid("请检查填写的内容", fields={"text": "最多 100 个字"})
    assert desk.client.get("/desk/dossiers?search=x").status_code == 422
    desk.bus.answers[SearchDossiers] = FoundPage(dossiers=(one,), total=1)
    found = desk.client.get("/api/v1/dossiers/search?text=检定&served=station").json()
    assert found["dossiers"][0]["file_number"] == "天安档2026-0001"
    assert desk.client.get("/api/v1/dossiers/search?limit=900").status_code == 422
