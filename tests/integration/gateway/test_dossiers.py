"""A dossier on the workbench and by the API: what it lacks, what was added, its print."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from services.archive.handlers import dossiers, ledger
from services.gateway.printing import press
from shared.contracts.archive import (
    AmendDossier,
    DossierState,
    FoundDossier,
    FoundPage,
    GetDossier,
    KeepDossierPrint,
    SearchDossiers,
    SupplyDossierPart,
)
from shared.contracts.dispatch import GetItem
from shared.errors import IllegalMove, Invalid, NotFound
from tests.builders import NOON
from tests.integration.gateway.reading import hidden, text_of
from tests.integration.gateway.samples import item
from tests.unit.archive.fakes import FakeArchive
from tests.unit.archive.stories import life

AT = "/desk/items/i1/dossier"
WORK = FakeArchive(now=NOON + timedelta(hours=2))
ledger.record(life(), WORK)
dossiers.seal_dossiers(WORK)
FILED: DossierState = dossiers.get_dossier(GetDossier(item_id="itianan1", whole=True), WORK)
SEALED = replace(FILED, item_id="i1", request_id="r1")
LACKING = replace(
    SEALED, sealed=None, missing=("agreement",),
    parts=tuple(replace(one, there=one.part != "agreement") for one in SEALED.parts),
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


@pytest.mark.clause("7.2.3.1")
def test_the_print_is_made_once_and_kept(desk, monkeypatch, tmp_path):
    desk.bus.answers[GetDossier] = SEALED
    first = desk.client.get(f"{AT}.pdf")
    assert first.status_code == 200
    assert first.headers["content-type"] == "application/pdf"
    assert first.content.startswith(b"%PDF")
    (asked,) = desk.bus.of(KeepDossierPrint)
    assert asked.message.size == len(first.content)
    desk.bus.answers[GetDossier] = replace(SEALED, print_sha256=asked.message.sha256)
    monkeypatch.setattr(press, "sys", None)  # nothing is typeset any more
    again = desk.client.get("/api/v1/items/i1/dossier.pdf")
    assert again.content == first.content
    assert len(desk.bus.of(KeepDossierPrint)) == 1


def test_the_api_says_the_same(desk):
    found = desk.client.get("/api/v1/items/i1/dossier").json()
    assert found["missing"] == ["agreement"]
    csrf = {"x-csrf-token": hidden(desk.client.get(AT), "csrf")}
    body = {"part": "agreement", "text": "委托单"}
    assert desk.client.post("/api/v1/items/i1/dossier/parts", json=body, headers=csrf).status_code == 200
    assert desk.client.post("/api/v1/items/i1/dossier/parts", json={"part": ""}, headers=csrf).status_code == 422
    body = {"text": "编号应为 JZ-2", "reason": "录入有误"}
    assert desk.client.post("/api/v1/items/i1/dossier/amendments", json=body, headers=csrf).status_code == 200
    assert desk.client.get("/api/v1/items/i1/dossier.pdf").status_code == 409
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
