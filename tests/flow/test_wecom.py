"""WeCom over the whole system: what somebody writes becomes a need, and they hear of it once, whatever breaks."""

import signal

import pytest

from deploy.demo.replay import Need
from deploy.demo.ways import by_wecom
from deploy.demo.wecom import StandIn
from tests.flow.district import load_district, rows, staff_password
from tests.flow.journey import Journey
from tests.system import System, eventually


@pytest.fixture(scope="module")
def wecom():
    with StandIn().running() as wecom:
        yield wecom


@pytest.fixture(scope="module")
def system(tmp_path_factory, virtual_host, wecom):
    system = System(tmp_path_factory.mktemp("wecom"), virtual_host(), **wecom.settings("tianan"))
    try:
        system.start()
        load_district(system)
        system.passwords["chen"] = staff_password(system)
        yield system
    finally:
        system.stop()


@pytest.fixture(scope="module")
def staff(system):
    with system.api() as staff:
        staff.sign_in("chen", system.passwords["chen"])
        yield staff


@pytest.fixture(scope="module")
def public(system):
    with system.api() as public:
        yield public


def need(name, text, park="juda"):
    return Need(id=name, channel="im", park=park, company=f"示例企业{name}", text=text, category=None, item=None)


def test_the_address_is_verified(system, wecom):
    assert wecom.verify(system.url) == "echo 42"


@pytest.mark.clause("6.2.b")
def test_what_somebody_writes_is_a_need_that_comes_to_its_end(system, wecom, public, staff):
    told = by_wecom(wecom, system.url, need("N05", "商标被人抢注了怎么维权？"), "巨大")
    assert told.number.startswith("巨大")
    one = Journey.of(public, staff, told.number, told.code)
    assert (one.item["channel"], one.item["park"], one.item["company"]) == ("im", "juda", "示例企业N05")
    wecom.say(system.url, "user.N05", "是第 9 类的商标")
    eventually(lambda: any("已记到" in text for text in wecom.said_to("user.N05")))
    assert "message_added" in [entry["type"] for entry in one.own["timeline"]]
    one.to_the_end("5.6.b")


def test_delivered_many_times_it_is_one_need_and_one_answer(system, wecom):
    wecom.say(system.url, "user.D", "我是 天安 示例企业D")
    for _ in range(5):
        assert wecom.say(system.url, "user.D", "查标准", message_id="7430000000000000001").status_code == 200
    eventually(lambda: len(wecom.said_to("user.D")) == 2)
    query = "SELECT count(*) FROM requests WHERE company = '示例企业D'"
    assert rows(system, "intake", query)[0][0] == 1


def test_while_intake_is_down_a_message_is_kept_and_taken_after(system, wecom):
    wecom.say(system.url, "user.K", "我是 天安 示例企业K")
    eventually(lambda: wecom.said_to("user.K"))
    pid = system.kill("intake", signal.SIGSTOP)
    try:
        assert wecom.say(system.url, "user.K", "停机时说的话").status_code == 200
    finally:
        system.kill("intake", signal.SIGCONT)
    assert pid
    eventually(lambda: any("受理编号" in text for text in wecom.said_to("user.K")), seconds=60)
    query = "SELECT count(*) FROM requests WHERE company = '示例企业K'"
    assert rows(system, "intake", query)[0][0] == 1


def test_while_wecom_is_down_an_answer_waits_and_is_sent_once(system, wecom):
    wecom.say(system.url, "user.W", "我是 天安 示例企业W")
    eventually(lambda: wecom.said_to("user.W"))
    wecom.down = True
    wecom.say(system.url, "user.W", "微信停机时说的话")
    query = "SELECT tries FROM chat_replies WHERE due_at IS NOT NULL AND trouble <> ''"
    eventually(lambda: rows(system, "intake", query), what="a failed try")
    wecom.down = False
    eventually(lambda: any("受理编号" in text for text in wecom.said_to("user.W")), seconds=90)
    assert sum("受理编号" in text for text in wecom.said_to("user.W")) == 1


def test_users_words_and_names_are_nowhere_in_clear(system):
    home = system.settings.home
    content = b"".join(file.read_bytes() for file in home.rglob("db/intake.sqlite3*"))
    assert b"user.N05" not in content
    assert "是第 9 类的商标".encode() not in content
