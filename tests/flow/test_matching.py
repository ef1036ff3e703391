"""A need finds its organization through real processes: register, consent, ranking, offers, terms, service, dossier."""

import json
from datetime import UTC, date, datetime, timedelta

import pytest

from deploy.cli.http import Refused
from deploy.cli.organizations import take
from services.gateway.register_sheet import workbook
from shared.contracts.providers import GivenOrganization
from shared.contracts.station import StationView
from shared.wire import dump, load
from tests.builders import given_organization, qualification
from tests.flow.district import staff_password, unpacked
from tests.flow.journey import Journey, category_of
from tests.matched import account
from tests.system import eventually

ITEM = "5.5.b"
PARK = "tianan"


def entry(code: str, price: str) -> GivenOrganization:
    paper = qualification(scope="信息安全管理体系认证", items=(ITEM,), expires_on="2031-01-01")
    return given_organization(
        code=code, name=f"示例机构{code}", items=(ITEM,), parks=(PARK,), industries=("软件",), price=price,
        qualifications=(paper,), capacity=20,
    )  # fmt: skip


@pytest.fixture(scope="module")
def operator(running):
    with running.api() as api:
        api.sign_in("op.matching", staff_password(running, "op.matching", role="operator"))
        yield api


@pytest.fixture(scope="module")
def labs(running, operator, staff):
    """Two organizations, LAB-1 the better one, taken in from a table; each signed in to the API, by code."""
    stations = [load(StationView, one) for one in operator.get("/stations")["stations"]]
    content = workbook([entry("LAB-1", "low"), entry("LAB-2", "high")], stations, [])
    assert take(operator, "机构.xlsx", content, preview=True)["imported"]["created"] == ["LAB-1", "LAB-2"]
    assert operator.get("/organizations", search="LAB-")["organizations"] == []
    take(operator, "机构.xlsx", content)
    known = lambda: {"LAB-1", "LAB-2"} <= {one["target"] for one in staff.get("/targets")["targets"]}  # noqa: E731
    eventually(known, seconds=30, what="the organizations")
    apis = {}
    for code in ("LAB-1", "LAB-2"):
        apis[code] = running.api()
        apis[code].sign_in(f"org.{code.lower()}", account(running, f"org.{code.lower()}", code))
    yield apis
    for api in apis.values():
        api.__exit__(None, None, None)


@pytest.fixture
def matched(public, staff, labs):
    """A need whose client consents, with both organizations ranked."""
    one = Journey(public, staff, "客户要求通过信息安全管理体系认证", park=PARK)
    one.step("accept")
    plugin = category_of(ITEM)
    one.step("assess", category=plugin.code, item=ITEM, details=dict(plugin.items[ITEM[-1]].example), way="match")
    assert not one.match["ranking"]["candidates"]
    assert {out["rule"] for out in one.match["ranking"]["left_out"]} == {"consent"}
    own(one, "consents")
    eventually(lambda: one.match["ranking"]["candidates"], what="the candidates")
    return one


def own(one, path, **body):
    """What the client does with number and code."""
    return one.public.post(f"/requests/{one.number}/{path}", body, headers={"X-Request-Code": one.code})


def newest(one):
    return one.match["offers"][0]


def terms(**changed):
    today = date.today()
    return {
        "project": "ISO 27001 认证", "scope": "两个阶段审核，出证书", "starts_on": today.isoformat(), "price": 30000,
        "due_on": (today + timedelta(days=30)).isoformat(), "place": "企业现场", **changed,
    }  # fmt: skip


@pytest.mark.clause("6.3", "6.3.b", "6.4.1", "4.1.2", "6.7")
def test_an_organization_is_found_agreed_with_and_serves_to_the_dossier(matched, labs, running, tmp_path):
    one = matched
    best = one.match["ranking"]["candidates"][0]
    assert best["organization"] == "LAB-1"
    facts = {part["criterion"]: part["facts"][0] for part in best["parts"]}
    assert facts["industry"]["params"] == {"industries": "软件"}  # the park's own
    assert round(sum(part["points"] for part in best["parts"]), 1) == best["score"]

    one.step("invitations", organizations=["LAB-1"])
    first = newest(one)["job_id"]
    labs["LAB-1"].post(f"/offers/{first}/decline", {"reason": "审核员排满了"})
    second = newest(one)
    assert (second["target"], second["status"]) == ("LAB-2", "open")  # the next one, at once
    lab = labs["LAB-2"]
    with pytest.raises(Refused):
        labs["LAB-1"].post(f"/offers/{second['job_id']}/accept", {})
    with pytest.raises(Refused):
        lab.get(f"/offers/{second['job_id']}/contact")
    lab.post(f"/offers/{second['job_id']}/accept", {})
    assert lab.get(f"/offers/{second['job_id']}/contact")["phone"] == "13900000000"
    with pytest.raises(Refused):
        labs["LAB-1"].get(f"/items/{one.item_id}/terms")

    lab.post(f"/items/{one.item_id}/terms", {"terms": terms()})
    own(one, "terms", terms=terms(price=28000))
    with pytest.raises(Refused):
        lab.post(f"/items/{one.item_id}/terms/agree", {"number": 1})  # that one no longer stands
    agreed = lab.post(f"/items/{one.item_id}/terms/agree", {"number": 2})
    assert agreed["proposals"][1]["terms"]["price"] == 28000

    lab.post(f"/offers/{second['job_id']}/start", {})
    lab.post(f"/items/{one.item_id}/reports", {"text": "第一阶段审核做完了", "share": 50})
    result = dict(category_of(ITEM).items[ITEM[-1]].example_result)
    lab.post(f"/offers/{second['job_id']}/result", {"result": result})
    one.until("told")
    one.rate(5)
    one.until("sealed")

    folder = unpacked(running, PARK, one.number, tmp_path)
    lines = json.loads((folder / "data" / "ledger.json").read_text())
    (kept,) = [line["body"] for line in lines if line["key"] == "dispatch.terms_agreed"]
    assert (kept["terms"]["price"], kept["target"]) == (28000, "LAB-2")
    assert json.loads((folder / "data" / "agreement.json").read_text())["terms"] == kept["terms"]
    told = [entry["type"] for entry in one.own["timeline"]]
    steps = ["offer_declined", "offer_accepted", "terms_agreed", "service_finished"]
    assert [kind for kind in told if kind in steps] == steps


@pytest.mark.clause("6.3.b")
def test_no_answer_in_time_goes_on_to_the_next_and_nobody_left_is_told_to_staff(matched, labs, operator):
    one = matched
    soon = (datetime.now(UTC) + timedelta(seconds=1)).isoformat()
    one.step("invitations", organizations=["LAB-1"], answer_by=soon)
    eventually(lambda: newest(one)["target"] == "LAB-2", seconds=30, what="the next one")
    labs["LAB-2"].post(f"/offers/{newest(one)['job_id']}/decline", {"reason": "不做这个规模的"})
    assert one.item["stage"] == "unmatched"
    assert one.staff.get("/items", stage="unmatched", open="true")["counts"]["unmatched"] == 1
    eventually(lambda: "candidates_exhausted" in [e["type"] for e in one.own["timeline"]], what="the alarm")
    assert one.item["due"]["clock"] == "arrange"

    operator.post("/organizations", dump(entry("LAB-3", "middle")))  # a newcomer ends it
    eventually(lambda: one.item["stage"] == "matching", seconds=30, what="somebody new")
    assert [c["organization"] for c in one.match["ranking"]["candidates"]] == ["LAB-3"]
    one.step("withdraw", reason="不办了")
    operator.post("/organizations/LAB-3/suspend", {"reason": "测试完了"})
