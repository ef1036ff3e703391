"""A need travels the whole flow, through the real entry points, to its right ending."""

import json

import bagit
import pytest

from deploy.cli.http import Refused
from tests.flow.district import dossier_of, proof_of, rows
from tests.flow.journey import Journey, category_of
from tests.system import eventually


@pytest.fixture
def journey(public, staff):
    return lambda *args, **more: Journey(public, staff, *args, **more)


@pytest.mark.clause("6.1")
def test_a_need_comes_to_a_sealed_dossier(journey):
    one = journey()
    one.to_the_end("5.3.d")
    seen = [entry["type"] for entry in one.own["timeline"]]
    assert seen[:4] == ["request_received", "item_opened", "item_accepted", "item_assessed"]
    for kind in ("job_offered", "job_accepted", "service_finished", "result_told", "survey_answered", "item_closed"):
        assert seen.count(kind) == 1


@pytest.mark.clause("6.2.b")
def test_a_need_is_recorded_with_its_number_without_gaps(public, journey):
    numbers = [journey(park="fanghuali").number for _ in range(3)]
    counts = [int(number.rpartition("-")[2]) for number in numbers]
    assert counts == [counts[0], counts[0] + 1, counts[0] + 2]
    assert numbers[0].startswith("芳华里2026-")
    with pytest.raises(Refused):
        public.post("/requests", {"park": "fanghuali", "text": "", "company": "x"})
    assert int(journey(park="fanghuali").number.rpartition("-")[2]) == counts[2] + 1


@pytest.mark.clause("6.2.a", "6.2.b")
def test_what_staff_write_down_bears_its_channel_and_who_wrote_it(staff, public, running):
    need = {"park": "tianan", "text": "想查标准", "company": "示例"}
    occasion = {"place": "示例企业车间", "at": "2026-11-20T10:30:00+08:00"}
    told = staff.post("/requests", {**need, "channel": "visit", "occasion": occasion})
    query = "SELECT channel, taken_by, taken_place, on_behalf FROM requests WHERE number = :n"
    (row,) = rows(running, "intake", query, n=told["number"])
    assert (row.channel, row.taken_by, row.taken_place, bool(row.on_behalf)) == (
        "visit",
        "陈专员",
        "示例企业车间",
        True,
    )
    query = "SELECT body FROM ledger WHERE request_id = :r AND key = 'intake.request_received'"
    (line,) = eventually(lambda: rows(running, "archive", query, r=told["request_id"]))
    said = json.loads(line.body)
    assert said["actor"] == {"id": "chen", "role": "staff", "name": "陈专员"}
    assert said["on_behalf"]
    assert said["occasion"] == {"by": "陈专员", "place": "示例企业车间", "at": "2026-11-20T02:30:00+00:00"}
    own = public.get(f"/requests/{told['number']}", {"X-Request-Code": told["code"]})["request"]
    assert own["occasion"] == said["occasion"]
    with pytest.raises(Refused) as refused:
        staff.post("/requests", {**need, "channel": "visit"})
    assert set(refused.value.fields) == {"occasion.place"}
    with pytest.raises(Refused) as refused:
        public.post("/requests", {"park": "tianan", "text": "想查标准", "company": "示例", "channel": "phone"})
    assert refused.value.status in (401, 403)


@pytest.mark.clause("6.3", "6.3.a")
def test_what_can_be_served_at_once_is_served_at_once(journey):
    one = journey()
    one.assess("5.3.b")
    item = one.until("finished", "told")
    assert item["category"] == "metrology"
    notice = one.until("told") and one.own["notices"][0]
    assert notice["body"]["result"]["instruments"]


@pytest.mark.clause("5.8.b")
def test_a_half_day_is_booked_once(journey):
    first, second = journey("想借扫描电镜"), journey("也想借扫描电镜")
    form = {**category_example("5.8.b"), "day": "2030-03-05"}
    first.assess("5.8.b", form)
    first.until("told")
    second.assess("5.8.b", form)
    declined = second.until("assessed")
    assert "2030" in declined["note"] or "3月" in declined["note"]
    assert declined["waiting_since"]
    second.assess("5.8.b", {**form, "day": "2030-03-06"})
    second.until("told")


def category_example(item: str) -> dict:
    return dict(category_of(item).items[item[-1]].example)


@pytest.mark.clause("6.5.1", "6.6.3")
def test_the_result_is_told_and_the_client_rates_it_once(journey, public):
    one = journey()
    one.assess("5.6.a")
    one.until("serving")
    one.deliver("5.6.a")
    one.until("told")
    (notice,) = [notice for notice in one.own["notices"] if notice["kind"] == "result"]
    assert notice["body"]["served_by"] == "陈专员"
    token = one.survey()["token"]
    public.post(f"/surveys/{token}/answer", {"score": 4, "comment": "很快"})
    with pytest.raises(Refused) as refused:
        public.post(f"/surveys/{token}/answer", {"score": 1})
    assert refused.value.status == 409
    one.until("sealed")
    assert one.survey()["score"] == 4


@pytest.mark.clause("6.7", "7.2.3.1")
def test_the_dossier_holds_what_the_standard_asks_for_and_shows_tampering(journey, running, tmp_path):
    one = journey("千足金戒指送检")
    one.to_the_end("5.4.b")
    folder = running.settings.home / "archive" / "tianan" / "2026" / one.number
    files = dossier_of(running, "tianan", one.number)
    for name, content in files.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_bytes(content)
    bagit.Bag(str(tmp_path)).validate()
    parts = {path.stem: json.loads(path.read_text()) for path in (tmp_path / "data").iterdir()}
    assert set(parts) == {"application", "agreement", "result", "staff", "fees", "evaluation", "ledger"}
    assert parts["application"]["text"] == "千足金戒指送检"
    assert parts["staff"]["served_by"] == "陈专员"
    assert parts["evaluation"]["score"] == 5
    whole = b"".join(files.values())
    assert b"13900000000" not in whole  # personal data stays in intake
    assert "千足金戒指".encode() not in b"".join(path.read_bytes() for path in (folder / "data").iterdir())
    assert proof_of(running).faults == []
    file = folder / "data" / "evaluation.json"
    before = file.read_bytes()
    file.write_bytes(before[:-1] + bytes([before[-1] ^ 1]))
    try:
        assert [(fault.place, fault.why) for fault in proof_of(running).faults] == [
            (one.number, "is not what was sealed: data/evaluation.json was changed")
        ]
    finally:
        file.write_bytes(before)
    assert proof_of(running).faults == []


@pytest.mark.clause("6.3")
def test_a_question_that_is_no_need_is_answered_and_ends_there(journey):
    one = journey("请问服务站几点上班？在哪栋楼？")
    one.step("accept")
    ended = one.step("answer", answer="周一至周五 9:00 开门。")
    assert (ended["stage"], ended["allowed"]) == ("answered", [])
    assert one.own["notices"] == [] or one.own["notices"][0]["body"]["answer"] == "周一至周五 9:00 开门。"


@pytest.mark.clause("6.3")
def test_a_need_stated_twice_is_handled_under_one_number(journey):
    first, again = journey("智能门锁团体标准"), journey("智能门锁想立项团体标准")
    again.step("accept")
    with pytest.raises(Refused):
        again.step("merge", into="天安2026-9999")
    with pytest.raises(Refused):
        again.step("merge", into=again.number)
    assert again.step("merge", into=first.number)["stage"] == "merged"


def test_every_step_not_in_the_table_is_refused_and_changes_nothing(journey):
    one = journey()
    with pytest.raises(Refused) as refused:
        one.step("assess", category="metrology", item="5.3.d", details=category_example("5.3.d"))
    assert refused.value.status == 409
    assert one.item["stage"] == "received"
    one.step("refuse", reason="不属于服务范围")
    for name, body in (("accept", {}), ("answer", {"answer": "x"}), ("withdraw", {})):
        with pytest.raises(Refused):
            one.step(name, **body)
    assert one.item["stage"] == "refused"


def test_details_that_do_not_fit_the_form_are_named_by_field(journey):
    one = journey()
    one.step("accept")
    with pytest.raises(Refused) as refused:
        one.step("assess", category="metrology", item="5.3.b", details={"instruments": [{"name": ""}], "surprise": 1})
    assert refused.value.status == 422
    assert any("surprise" in name for name in refused.value.fields)
    assert one.item["stage"] == "accepted"


@pytest.mark.clause("4.3.2")
def test_every_station_bears_its_official_name(public):
    names = [station["official_name"] for station in public.get("/stations")["stations"]]
    assert len(names) == 12
    assert "番禺创新科技园番禺区质量基础设施“一站式”服务站" in names
    assert all(name.endswith("番禺区质量基础设施“一站式”服务站") for name in names)
