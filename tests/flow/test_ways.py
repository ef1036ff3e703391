"""Needs that come by their own ways over the whole system: the terminal, and a table of visits."""

import pytest

from deploy.demo.replay import Need
from deploy.demo.ways import NotTaken, by_kiosk, by_open311, by_survey, survey_of
from services.gateway.accounts.doors import Doors
from shared import keys
from tests.flow.district import engine_of, rows
from tests.flow.journey import Journey
from tests.integration.cli.test_cli import nqi


def need(name, park="juda", item=None, **more):
    given = {
        "id": name,
        "channel": "web",
        "park": park,
        "company": f"示例企业{name}",
        "text": f"{name}：想咨询",
        "item": item,
    }
    return Need(**{**given, "category": None, **more})


@pytest.mark.clause("6.2.b")
def test_what_is_said_at_the_terminal_is_a_request_of_that_channel(running, public, staff):
    told = by_kiosk(running.url, need("K1", item="5.8.a"))
    one = Journey.of(public, staff, told.number, told.code)
    assert (one.item["channel"], one.item["item"], one.item["park"]) == ("kiosk", "5.8.a", "juda")
    assert one.own["request"]["company"] == "示例企业K1"
    again = [by_kiosk(running.url, need("K2"), key="the same") for _ in range(2)]
    assert again[0] == again[1]


def test_a_program_may_only_state_needs_of_its_own_parks(running, staff):
    engine = engine_of(running, "gateway")
    key = Doors(engine, keys.data_key(running.settings)).keys.add("ways", ["juda"])
    engine.dispose()
    assert by_open311(running.url, key, need("O1")).number.startswith("巨大")
    with pytest.raises(NotTaken):
        by_open311(running.url, key, need("O2", park="tianan"))
    assert not staff.get("/items", search="O2：想咨询")["items"]


@pytest.mark.clause("6.2.a")
def test_a_table_of_visits_becomes_requests_once_and_they_go_on_to_their_ends(running, public, staff):
    needs = [need(f"V{n}", item="5.3.d" if n == 1 else None) for n in range(1, 41)]
    told = by_survey(staff, "juda", needs)
    assert len({one.number for one in told}) == 40
    counts = sorted(int(one.number.rpartition("-")[2]) for one in told)
    assert counts == list(range(counts[0], counts[0] + 40))
    one = Journey.of(public, staff, told[0].number, "")
    assert (one.item["channel"], one.item["item"]) == ("visit", "5.3.d")
    query = "SELECT taken_by, taken_place, on_behalf, reference FROM requests WHERE number = :n"
    (kept,) = rows(running, "intake", query, n=told[0].number)
    assert kept[:2] == ("陈专员", "企业现场")
    assert kept[2]
    assert kept[3].startswith("走访记录.xlsx")
    before = rows(running, "intake", "SELECT count(*) FROM requests")[0][0]
    assert by_survey(staff, "juda", [*needs[:3], need("V41")])[:3] == told[:3]
    assert rows(running, "intake", "SELECT count(*) FROM requests")[0][0] == before + 1
    one.assess("5.3.d")
    one.until("serving")


def test_a_confirmed_table_is_taken_in_to_its_end_though_intake_is_killed(running, staff):
    needs = [need(f"C{n}") for n in range(60)]
    found = staff.upload("/visit-lists", "c.xlsx", survey_of(needs), park="juda")
    staff.post(f"/visit-lists/{found['list_id']}/confirm")
    running.kill("intake")
    told = by_survey(staff, "juda", needs)
    assert len({one.number for one in told}) == 60
    query = "SELECT count(*) FROM requests WHERE text LIKE 'C%：想咨询'"
    assert rows(running, "intake", query)[0][0] == 60


def test_the_command_line_imports_a_table_and_names_what_is_wrong(running, tmp_path):
    file = tmp_path / "visits.xlsx"
    file.write_bytes(survey_of([need("L1"), need("L2", item="9.9.z"), need("L3")]))
    arguments = ["import-survey", str(file), "--park", "juda", "--yes", "--password", running.passwords["chen"]]
    said = nqi(running, *arguments, status=1)
    assert "3 lines: 2 good, 1 wrong, 0 known" in said
    assert "H3: 没有这个类别" in said
    assert "registered 2" in said
    again = nqi(running, *arguments, status=1)
    assert "0 good, 1 wrong, 2 known" in again
    assert "registered 0" in again
