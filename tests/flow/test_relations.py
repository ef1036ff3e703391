"""Parts, duplicates, one-time notices, hand-overs and reopening, through the real entry points to the dossiers."""

import copy
import json
import uuid

import bagit
import pytest

from deploy.cli.http import Refused
from tests.flow.district import dossier_of, proof_of, rows, staff_password, unpacked
from tests.flow.journey import Journey, category_of
from tests.system import eventually

TWO = "1. 液压台的测力传感器要校准；2. 新产品要做耐久性试验。两件事一起办可以吗？"


@pytest.fixture
def journey(public, staff):
    return lambda *args, **more: Journey(public, staff, *args, **more)


@pytest.fixture(scope="module")
def lin(running):
    """The API, signed in as another member of staff."""
    running.passwords["lin"] = staff_password(running, "lin")
    with running.api() as api:
        api.sign_in("lin", running.passwords["lin"])
        yield api


def part(one, item_id):
    """The journey of one item of the request."""
    other = copy.copy(one)
    other.item_id = item_id
    return other


def survey(one):
    return eventually(lambda: [s for s in one.own["surveys"] if s["item_id"] == one.item_id and s["status"] == "open"])[
        -1
    ]


def served(one, code):
    one.assess(code)
    if one.until("serving", "finished", "told")["stage"] == "serving":
        one.deliver(code)
    one.until("told")


def rated(one, score=5):
    one.public.post(f"/surveys/{survey(one)['token']}/answer", {"score": score})
    one.until("sealed")


@pytest.mark.clause("6.2.b", "6.7")
def test_two_needs_of_one_message_come_to_two_dossiers(journey, staff, running, tmp_path):
    one = journey(TWO, park="chuangxin")
    one.step("accept")
    advised = staff.get(f"/items/{one.item_id}/advice")
    assert [text[:3] for text in advised["parts"]] == ["液压台", "新产品"]
    first, second = one.step("split", texts=advised["parts"])["items"]
    assert (first["item_id"], first["part"], second["part"]) == (one.item_id, "a", "b")
    assert [item["part"] for item in one.own["items"]] == ["a", "b"]
    other = part(one, second["item_id"])
    served(other, "5.4.c")
    served(one, "5.3.d")
    rated(one, 5)
    assert other.item["stage"] == "told"
    rated(other, 3)
    scores = {}
    for letter in "ab":
        folder = unpacked(running, "chuangxin", f"{one.number}{letter}", tmp_path)
        bagit.Bag(str(folder)).validate()
        parts = {path.stem: json.loads(path.read_text()) for path in (folder / "data").iterdir()}
        scores[letter] = parts["evaluation"]["score"]
        assert parts["application"]["text"] == TWO
        assert parts["application"]["part"] in advised["parts"]
        other_id = second["item_id"] if letter == "a" else first["item_id"]
        assert all(line["body"].get("item_id", "") != other_id for line in parts["ledger"])
    assert scores == {"a": 5, "b": 3}
    assert proof_of(running).faults == []


@pytest.mark.clause("6.2.b")
def test_a_splitting_is_taken_back_until_something_has_happened(journey):
    one = journey(TWO)
    one.step("accept")
    _, second = one.step("split", texts=["校准", "试验"])["items"]
    (whole,) = one.step("unsplit")["items"]
    assert (whole["text"], whole["part"]) == (TWO, "")
    assert [item["item_id"] for item in one.own["items"]] == [one.item_id]
    with pytest.raises(Refused):
        part(one, second["item_id"]).step("accept")


@pytest.mark.clause("6.3")
def test_a_merged_number_and_its_code_show_how_the_other_goes_on(journey, staff):
    company = f"示例企业{uuid.uuid4().hex}"
    first = journey("公司想牵头制定一个智能门锁的团体标准，能不能找专家辅导", company=company)
    again = journey("智能门锁想立项团体标准，能派专家指导吗", company=company)
    alike = {one["number"]: one for one in staff.get(f"/items/{again.item_id}/advice")["alike"]}
    assert {"company", "contact", "item"} <= set(alike[first.number]["reasons"])
    again.step("merge", into=first.number)
    served(first, "5.2.c")
    (elsewhere,) = eventually(lambda: [e for e in again.own["elsewhere"] if e["handled_as"]["stage"] == "told"])
    assert "service_finished" in [entry["type"] for entry in elsewhere["timeline"]]
    assert first.told["request_id"] not in str(again.own["surveys"])
    assert again.step("unmerge")["stage"] == "accepted"
    assert again.own["elsewhere"] == []


@pytest.mark.clause("6.3")
def test_linked_items_go_on_by_themselves(journey):
    first, other = journey("要校准卡尺"), journey("要校准千分尺")
    first.step("accept")
    assert first.step("link", other=other.number)["linked"][0]["item_id"] == other.item_id
    assert other.item["linked"][0]["number"] == first.number
    assert first.own["items"][0]["linked"] == []
    assert first.step("unlink", other_id=other.item_id)["linked"] == []


@pytest.mark.clause("7.2.1.a")
def test_what_is_missing_is_asked_for_once_and_the_clock_stands_still(journey, public, staff):
    one = journey("儿童水杯要做全项检测")
    one.step("accept")
    plugin = category_of("5.4.b")
    needed = [name for name, field in plugin.items["b"].form.items() if field.required]
    asked = one.step("notice", category=plugin.code, item="5.4.b", more=[{"what": "产品图纸", "why": "判断装不装得下"}])
    assert (asked["stage"], asked["asked"], asked["due"]["state"]) == ("asked", 1, "paused")
    code = {"X-Request-Code": one.code}
    (notice,) = public.get(f"/requests/{one.number}/asked", code)["notices"]
    assert [ask["name"] for ask in notice["asks"]] == [*needed, "more1"]
    example = {name: plugin.items["b"].example[name] for name in needed}
    first = dict(list(example.items())[:1])
    assert public.post(f"/requests/{one.number}/asked", {"answers": first}, headers=code)["stage"] == "asked"
    rest = {**example, "more1": "已发邮箱"}
    answered = public.post(f"/requests/{one.number}/asked", {"answers": rest}, headers=code)
    assert answered["stage"] == "accepted"
    assert answered["details"] == example
    with pytest.raises(Refused) as refused:
        one.step("notice", category=plugin.code, item="5.4.b", more=[{"what": "样品照片"}])
    assert "reason" in refused.value.fields
    inbox = eventually(lambda: [n for n in one.own["notices"] if n["kind"] == "asked"])
    assert "产品图纸" in inbox[0]["body"]["asks"]


@pytest.mark.clause("7.2.1.a")
def test_whoever_takes_a_need_first_answers_for_it_until_another_accepts(journey, staff, lin):
    one, two = journey("要查标准"), journey("要查另一个标准")
    for each in (one, two):
        each.step("accept")
    ids = [one.item_id, two.item_id]
    with pytest.raises(Refused):
        staff.post("/handovers", {"item_ids": ids, "to": "nobody", "reason": "休假"})
    staff.post("/handovers", {"item_ids": ids, "to": "lin", "reason": "下周休假"})
    assert one.item["owner_id"] == "chen"
    assert one.own["items"][0]["owner_name"] == "陈专员"
    lin.post("/handovers/accept", {"item_ids": [one.item_id]})
    lin.post("/handovers/decline", {"item_ids": [two.item_id], "reason": "手上已经很满"})
    assert (one.item["owner_id"], two.item["owner_id"]) == ("lin", "chen")
    seen = eventually(lambda: [e["type"] for e in one.own["timeline"] if e["type"] == "hand_over_accepted"])
    assert seen == ["hand_over_accepted"]
    assert "下周休假" not in json.dumps(one.own, ensure_ascii=False)


@pytest.mark.clause("7.2.1.a", "6.6.3")
def test_a_service_that_is_reopened_is_done_over_and_asked_about_anew(journey, public, running):
    one = journey()
    served(one, "5.3.d")
    first = survey(one)
    code = {"X-Request-Code": one.code}
    body = {"item_id": one.item_id, "reason": "证书上的型号写错了"}
    assert public.post(f"/requests/{one.number}/reopen", body, headers=code)["stage"] == "received"
    eventually(lambda: [s["status"] for s in one.own["surveys"]] == ["void"])
    with pytest.raises(Refused):
        public.post(f"/surveys/{first['token']}/answer", {"score": 5})
    assert one.step("accept")["owner_id"] == "chen"
    served(one, "5.3.d")
    assert survey(one)["token"] != first["token"]
    rated(one, 4)
    assert json.loads(dossier_of(running, "tianan", one.number)["data/evaluation.json"])["score"] == 4


@pytest.mark.clause("7.2.1.a", "7.2.3.1")
def test_what_is_sealed_stays_and_another_item_takes_it_up(journey, running):
    one = journey()
    one.to_the_end("5.3.d")
    before = dossier_of(running, "tianan", one.number)
    again = part(one, one.step("reopen", reason="证书上的型号写错了")["item_id"])
    assert (again.item["part"], again.item["former"]) == ("b", one.number)
    with pytest.raises(Refused):
        one.step("reopen", reason="再来一次")
    served(again, "5.3.d")
    rated(again, 5)
    assert dossier_of(running, "tianan", one.number) == before
    application = json.loads(dossier_of(running, "tianan", f"{one.number}b")["data/application.json"])
    assert application["takes_up"] == one.number
    assert [item["stage"] for item in one.own["items"]] == ["sealed", "sealed"]


def test_a_contact_is_recognised_by_digests_alone(journey, running):
    one = journey()
    found = rows(running, "intake", "SELECT digest FROM contact_traces WHERE request_id = :r", r=one.told["request_id"])
    assert len(found) == 1
    assert int(found[0].digest, 16)
