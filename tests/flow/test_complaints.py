"""A complaint through real processes: about an item, by its client, handled by another, appealed, and on the ledger."""

import pytest

from deploy.cli.http import Refused
from tests.flow.district import rows, staff_password
from tests.flow.journey import Journey
from tests.system import eventually


@pytest.fixture(scope="module")
def others(running):
    """Two more members of staff, for nobody handles a complaint about an own item, nor an appeal against oneself."""
    with running.api() as li, running.api() as wang:
        for api, account in ((li, "li"), (wang, "wang")):
            api.sign_in(account, staff_password(running, account))
        yield li, wang


@pytest.mark.clause("6.6.1", "6.6.2")
def test_a_complaint_is_handled_by_others_than_it_is_about_and_stays_on_the_ledger(public, staff, running, others):
    li, wang = others
    one = Journey(public, staff, "砝码校准太慢")
    one.step("accept")
    proof = {"X-Request-Code": one.code}
    body = {"park": "tianan", "about": "time", "text": "两天没有回音", "number": one.number, "item_id": one.item_id}

    query = "SELECT hands FROM parties WHERE item_id = :item"
    eventually(lambda: rows(running, "feedback", query, item=one.item_id), what="who has a hand in it")
    filed = public.post("/complaints", body, headers=proof)
    work = f"/complaint-work/{filed['complaint_id']}"
    own, code = f"/complaints/{filed['number']}", {"X-Request-Code": filed["code"]}

    with pytest.raises(Refused, match="由别人处理"):
        staff.post(f"{work}/acknowledge")
    assert li.post(f"{work}/acknowledge")["due"]["count"] == 10
    li.post(f"{work}/assess", {"severity": "low", "complexity": "simple", "impact": "one"})
    li.post(f"{work}/decide", {"outcome": "unfounded", "response": "explanation", "text": "按时限在办"})
    assert public.get(own, code)["stage"] == "told"
    public.post(f"{own}/appeal", {"text": "没有人告诉我"}, headers=code)
    with pytest.raises(Refused, match="由别人处理"):
        li.post(f"{work}/acknowledge")
    wang.post(f"{work}/acknowledge")
    wang.post(f"{work}/decide", {"outcome": "confirmed", "response": "apology", "text": "应当告诉您，向您道歉"})
    assert public.post(f"{own}/accept", headers=code)["stage"] == "closed"

    wanted = {"complaint_received", "complaint_decided", "complaint_confirmed", "decision_appealed", "complaint_closed"}
    eventually(lambda: wanted <= {entry["type"] for entry in one.own["timeline"]}, what="the ledger")
    assert any(notice["kind"] == "complaint_decided" for notice in one.own["notices"])
