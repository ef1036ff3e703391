"""Instant messages: what each becomes, what is answered, and that nobody's words stay without an owner."""

from datetime import timedelta

import pytest

from services.intake.domain.chats import Introduction, company_unknown, introduction, without_mark
from services.intake.domain.sending import Way
from services.intake.handlers import chats
from services.intake.handlers.letters import write_to_client
from shared.access import EVERYWHERE, Actor, Role
from shared.contracts.dispatch import ItemAnswered, ItemClosed, ItemMerged, ItemRefused, ItemWithdrawn
from shared.contracts.intake import (
    ClientWritten,
    LetterReturned,
    MessageAdded,
    RequestReceived,
    TakeChat,
    WriteToClient,
)
from shared.errors import Forbidden
from tests.builders import NOON
from tests.system import PUBLIC, STAFF
from tests.unit.intake.fakes import FakeIntake

WECOM = Actor(id="wecom", role=Role.SYSTEM, name="企业微信", parks=(EVERYWHERE,))
PARKS = {"tianan": "天安", "juda": "巨大", "judaxin": "巨大新城"}
HELLO = "我是 天安 示例企业N05 王工 13900000000"


@pytest.fixture
def work():
    work = FakeIntake(actor=WECOM, now=NOON)
    work.parks.put("juda", "巨大")
    return work


class Chatting:
    """One user, whose messages have numbers."""

    def __init__(self, work, user="wang"):
        self.work, self.user, self.count = work, user, 0

    def say(self, text="", kind="text", message_id=""):
        self.count += 1
        command = TakeChat(
            message_id=message_id or f"wecom:{self.user}{self.count}", sender=self.user, kind=kind, text=text,
            sent_at=self.work.now,
        )  # fmt: skip
        return chats.take_chat(command, self.work)

    def after(self, **time):
        self.work.now += timedelta(**time)

    @property
    def heard(self):
        replies = self.work.kept.get("chat replies", {}).values()
        return [one.text for one in replies if one.user == self.user]


@pytest.fixture
def wang(work):
    return Chatting(work)


@pytest.fixture
def known(wang):
    wang.say(HELLO)
    wang.work.kept["chat replies"].clear()
    return wang


def said(work, kind):
    return [event for event, _ in work.said if isinstance(event, kind)]


@pytest.mark.parametrize(
    ("text", "asked", "found"),
    [
        (HELLO, False, Introduction("tianan", "示例企业N05", "王工", "13900000000")),
        ("我是天安的 示例企业", False, Introduction("tianan", "示例企业")),
        ("我们是 巨大园区，示例企业", False, Introduction("juda", "示例企业")),
        ("我是巨大新城 示例企业", False, Introduction("judaxin", "示例企业")),
        ("天安 示例企业", True, Introduction("tianan", "示例企业")), ("天安 示例企业", False, None),
        ("天安", True, None), ("我是天安", False, None), ("天安示例企业", True, None),
        ("天安的压力表要检定", True, None), ("天安 的压力表也要", True, None), ("天安 有事吗？", True, None),
        ("我是 火星 示例企业", False, None), ("天安 " + "字" * 90, True, None), ("天安 示例\n还有一件事", True, None),
    ],
)  # fmt: skip
def test_who_somebody_is_is_read_from_what_they_say(text, asked, found):
    assert introduction(text, PARKS, asked) == found


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("新需求：查标准", ("查标准", True)),
        ("新需求 查标准", ("查标准", True)),
        ("新需求", ("", True)),
        (" 查标准 ", ("查标准", False)),
    ],
)
def test_another_need_is_marked_at_its_beginning(text, left):
    assert without_mark(text) == left


@pytest.mark.clause("6.2.b")
def test_what_somebody_known_says_is_a_need_and_they_hear_its_number_and_code(work, known):
    told = known.say("商标被人抢注了怎么维权？")
    (event,) = said(work, RequestReceived)
    assert (told.fate, told.number) == ("need", event.number)
    assert (event.channel, event.park, event.company, event.text) == (
        "im", "tianan", "示例企业N05", "商标被人抢注了怎么维权？",
    )  # fmt: skip
    assert (event.occasion.by, event.occasion.at) == ("企业微信", NOON)
    request = work.requests.get(event.request_id)
    assert (request.contact.name, request.contact.phone) == ("王工", "13900000000")
    (answer,) = known.heard
    assert event.number in answer
    assert request.contact.code in answer
    assert "/track?number=%E5%A4%A9" in answer
    assert "新需求" in answer


def test_a_message_that_comes_again_changes_nothing(work, known):
    first = known.say("查标准", message_id="wecom:1")
    again = known.say("查标准", message_id="wecom:1")
    assert first == again
    assert len(said(work, RequestReceived)) == 1
    assert len(known.heard) == 1


def test_what_follows_within_hours_is_added_and_what_comes_later_is_new(work, known):
    number = known.say("查标准").number
    known.after(hours=3, minutes=59)
    assert known.say("是 GB/T 19001").fate == "added"
    (event,) = said(work, MessageAdded)
    assert (event.number, event.channel, event.message_id) == (number, "im", "wecom:wang3")
    known.after(hours=3)
    assert known.say("最新版").number == number
    known.after(hours=5)
    assert known.say("另外想培训").fate == "need"
    assert len(said(work, RequestReceived)) == 2
    assert [one.text for one in work.chats.of_request(event.request_id)] == ["查标准", "是 GB/T 19001", "最新版"]


@pytest.mark.parametrize("kind", [ItemAnswered, ItemClosed, ItemMerged, ItemRefused, ItemWithdrawn])
def test_what_follows_a_request_that_has_ended_is_another_need(work, known, kind):
    known.say("几点上班？")
    (event,) = said(work, RequestReceived)
    more = {ItemAnswered: {"number": "n", "answer": "9 点"}, ItemClosed: {"number": "n", "evidence": ()}}
    more |= {ItemMerged: {"into": "n"}}
    given = {"park": "tianan", "request_id": event.request_id, "item_id": "i1", "version": 2}
    chats.end_chat(kind(**given, **more.get(kind, {"reason": "x"})), work)
    assert known.say("那查一下标准").fate == "need"
    assert len(said(work, RequestReceived)) == 2


def test_another_need_may_be_said_at_once(work, known):
    known.say("查标准")
    assert known.say("新需求：想培训").fate == "need"
    assert [event.text for event in said(work, RequestReceived)] == ["查标准", "想培训"]
    assert known.say("新需求").fate == "answered"
    assert known.heard[-1].startswith("请在“新需求”后面")


def test_whoever_is_not_known_is_asked_once_and_what_they_said_becomes_one_need(work, wang):
    assert wang.say("商标被人抢注了").fate == "waiting"
    assert wang.say("怎么维权？").fate == "waiting"
    (question,) = wang.heard
    assert "巨大、天安" in question or "天安" in question
    assert "10 分钟" in question
    assert said(work, RequestReceived) == []
    assert wang.say("巨大 示例企业N05").fate == "introduced"
    (event,) = said(work, RequestReceived)
    assert (event.park, event.company, event.text) == ("juda", "示例企业N05", "商标被人抢注了\n怎么维权？")
    assert event.number in wang.heard[-1]
    assert wang.say("补充一句").fate == "added"


def test_whoever_does_not_say_in_time_goes_to_the_station_that_takes_them(work, wang):
    wang.say("商标被人抢注了")
    wang.after(minutes=9)
    assert not chats.open_left_waiting(work)
    wang.after(minutes=2)
    assert chats.open_left_waiting(work)
    assert not chats.open_left_waiting(work)
    (event,) = said(work, RequestReceived)
    assert (event.park, event.company) == ("tianan", company_unknown())
    assert event.number in wang.heard[-1]
    assert wang.say("巨大 示例企业").fate == "introduced"
    assert wang.say("查标准").fate == "added"


def test_somebody_may_say_anew_who_they_are(work, known):
    assert known.say("我是 巨大 另一家企业").fate == "introduced"
    assert "记下了：巨大 另一家企业" in known.heard[-1]
    known.say("查标准")
    assert [(event.park, event.company) for event in said(work, RequestReceived)] == [("juda", "另一家企业")]
    assert work.chats.person("wang").phone == "13900000000"


def test_two_people_are_kept_apart(work, known):
    lin = Chatting(work, "lin")
    known.say("查标准")
    assert lin.say("补充").fate == "waiting"
    assert len(lin.heard) == 1


@pytest.mark.parametrize("kind", ["image", "voice", "video", "file", "location", "link"])
def test_what_is_not_in_words_is_answered_with_where_it_can_be_sent(work, known, kind):
    assert known.say(kind=kind).fate == "answered"
    assert known.heard == [
        "这里目前只收文字，请用文字说一下。图片和文件可以在网页上传：https://station.example.com/tianan"
    ]
    assert said(work, RequestReceived) == []


def test_whoever_enters_is_greeted_once_a_day_and_other_events_are_passed_over(wang):
    fates = [wang.say(kind="event:subscribe").fate, wang.say(kind="event:enter_agent").fate]
    assert fates == ["answered", "passed"]
    assert wang.say(kind="event:LOCATION").fate == "passed"
    wang.after(days=2)
    assert wang.say(kind="event:enter_agent").fate == "answered"
    assert len(wang.heard) == 2


@pytest.mark.parametrize("actor", [PUBLIC, STAFF])
def test_only_the_messenger_delivers(work, actor):
    work.actor = actor
    with pytest.raises(Forbidden):
        Chatting(work).say("x")


def test_an_answer_is_marked_before_and_after_it_is_sent(work, known):
    known.say("查标准")
    reply = chats.claim_reply(work)
    assert (reply.way, reply.tries) == (Way.SENDING, 1)
    assert chats.claim_reply(work) is None
    chats.settle_reply(reply, "", "", work)
    known.after(days=1)
    assert chats.claim_reply(work) is None
    (kept,) = work.chats.replies_of(reply.request_id)
    assert kept.way is Way.SENT


def test_an_answer_whose_sender_died_is_due_again_and_one_that_failed_waits_longer_each_time(work, known):
    known.say("查标准")
    chats.claim_reply(work)
    known.after(minutes=6)
    reply = chats.claim_reply(work)
    assert reply.tries == 2
    pauses = []
    for _ in range(4):
        chats.settle_reply(reply, "", "WeCom: -1", work)
        pauses.append((reply.due_at - work.now).total_seconds())
        work.now = reply.due_at
        reply = chats.claim_reply(work)
    assert pauses == [60, 120, 240, 480]
    known.after(days=4)
    chats.settle_reply(reply, "", "WeCom: -1", work)
    assert (reply.way, reply.due_at) == (Way.FAILED, None)


def test_staff_see_what_was_added_and_answer_the_way_it_came(work, known):
    number = known.say("查标准").number
    known.after(minutes=5)
    known.say("是 GB/T 19001")
    request = work.requests.by_number(number)
    work.actor = STAFF
    told = write_to_client(WriteToClient(request_id=request.request_id, text="现行有效"), work)
    assert [(one.ours, one.text) for one in told.messages] == [
        (False, "是 GB/T 19001"),
        (True, f"关于 {number}：现行有效"),
    ]
    assert told.possible
    assert known.heard[-1] == f"关于 {number}：现行有效"
    (event,) = said(work, ClientWritten)
    assert (event.channel, event.number) == ("im", number)


def test_what_did_not_reach_the_client_is_said(work, known):
    known.say("查标准")
    chats.settle_reply(chats.claim_reply(work), "WeCom knows no such user", "", work)
    (event,) = said(work, LetterReturned)
    assert (event.channel, event.trouble) == ("im", "WeCom knows no such user")


def test_one_that_is_refused_for_good_is_not_tried_again(work, known):
    known.say("查标准")
    reply = chats.claim_reply(work)
    chats.settle_reply(reply, "WeCom knows no such user", "", work)
    known.after(days=1)
    assert chats.claim_reply(work) is None
