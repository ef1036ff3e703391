"""What becomes of a mail: one effect each, nothing lost, no machine answered, staff for what is unclear."""

from dataclasses import replace
from datetime import timedelta

import pytest

from services.intake.domain.letters import Letter, Way
from services.intake.domain.mails import Addresses, Bounce, Fate, Known, Mail, company_in, judge, need_in, numbers_in
from services.intake.handlers import letters, mails
from shared.access import Actor, Role, system
from shared.contracts.intake import (
    AddMail,
    GetMail,
    ListMails,
    ListMessages,
    OpenFromMail,
    RegisterFile,
    SettleMail,
    WriteToClient,
)
from shared.errors import Forbidden, IllegalMove, Invalid, NotFound
from tests.builders import NOON
from tests.system import PUBLIC, STAFF
from tests.unit.intake.fakes import FakeIntake

ELSEWHERE = Actor(id="li", role=Role.STAFF, parks=("xingli",))
REGULATOR = Actor(id="r", role=Role.REGULATOR, parks=("*",))
FILE = RegisterFile(sha256="a" * 64, name="铭牌.jpg", content_type="image/jpeg", size=1000)
ADDRESSES = Addresses(station="station@example.com", parks={"juda@example.com": "juda"})


def mail(**given: object) -> Mail:
    values = {
        "message_id": "a1@client.example", "digest": "d1", "sender": "li@client.example", "sender_name": "李工",
        "recipients": ("station+tianan@example.com",), "subject": "团体标准", "text": "想牵头制定团体标准",
        "sent_at": NOON,
    }  # fmt: skip
    return Mail(**{**values, **given})  # type: ignore[arg-type]


@pytest.fixture
def work() -> FakeIntake:
    work = FakeIntake(actor=system("intake"), now=NOON)
    work.parks.put("juda", "巨大")
    return work


def take(work: FakeIntake, *files: RegisterFile, **given: object):
    before, work.actor = work.actor, system("intake")
    taken = mails.take_mail(mail(**given), files, work)
    work.actor = before
    return taken


def receipt_of(work: FakeIntake) -> Letter:
    return next(iter(work.kept["letters"].values()))


# --- judging


@pytest.mark.parametrize(
    ("recipients", "parks", "park"),
    [
        (("station+tianan@example.com",), ("juda", "tianan"), "tianan"), (("juda@example.com",), ("tianan",), "juda"),
        (("juda+x@example.com",), ("tianan", "juda"), ""), (("station@example.com",), ("tianan", "juda"), ""),
        (("station@example.com",), ("tianan",), "tianan"), (("station+mars@example.com",), ("tianan", "juda"), ""),
        (("station+tianan@example.com", "juda@example.com"), ("tianan", "juda"), ""),
        (("other+tianan@elsewhere.example",), ("tianan", "juda"), ""),
        (("x@y", "Station+Tianan@example.com".lower()), ("tianan", "juda"), "tianan"),
    ],
)  # fmt: skip
def test_the_address_says_which_park(recipients, parks, park):
    assert ADDRESSES.park_of(recipients, parks) == park


KNOWN = Known(parks=("tianan", "juda"))
BOUNCE = Bounce(original="nqi.1@example.com", recipient="li@client.example", status="5.1.1", failed=True)


@pytest.mark.parametrize(
    ("given", "known", "fate"),
    [
        ({}, {}, Fate.NEED), ({"sender": "station@example.com"}, {}, Fate.LOOP),
        ({"sender": "station+x@example.com"}, {}, Fate.LOOP), ({"sender": "juda@example.com"}, {}, Fate.LOOP),
        ({"message_id": "nqi.x@example.com"}, {}, Fate.LOOP), ({"message_id": "nqi.x@client.example"}, {}, Fate.NEED),
        ({}, {"own_message": True}, Fate.LOOP), ({"bounce": BOUNCE}, {}, Fate.BOUNCED),
        ({"bounce": replace(BOUNCE, failed=False)}, {}, Fate.AUTOMATIC), ({"automatic": "自动"}, {}, Fate.AUTOMATIC),
        ({"automatic": "自动"}, {"answered": "r1"}, Fate.AUTOMATIC), ({"trouble": "看不懂"}, {}, Fate.SET_ASIDE),
        ({}, {"too_much": True}, Fate.SET_ASIDE), ({}, {"of_sender": 20}, Fate.SET_ASIDE),
        ({}, {"of_sender": 19}, Fate.NEED), ({}, {"answered": "r1"}, Fate.ADDED),
        ({}, {"numbered": "r1", "numbered_is_senders": True}, Fate.ADDED), ({}, {"numbered": "r1"}, Fate.SET_ASIDE),
        ({"subject": "", "text": ""}, {}, Fate.SET_ASIDE), ({"recipients": ()}, {}, Fate.SET_ASIDE),
    ],
)  # fmt: skip
def test_each_mail_has_one_fate(given, known, fate):
    judged = judge(mail(**given), replace(KNOWN, **known), ADDRESSES)
    assert judged.fate is fate
    assert bool(judged.reason) == (fate not in (Fate.NEED, Fate.ADDED))


@pytest.mark.parametrize(
    ("given", "company"),
    [
        ({"sender_name": "示例企业N04"}, "示例企业N04"), ({"sender_name": "李工"}, "邮件未写明企业"),
        ({"text": "您好\n\n李工\n广州示例精密仪器有限公司\n电话 020-1"}, "广州示例精密仪器有限公司"),
        ({"text": "公司：示例科技（广州）有限公司"}, "示例科技（广州）有限公司"),
        ({"text": "我们公司想牵头制定一个智能门锁的团体标准，请问流程是什么"}, "邮件未写明企业"),
        ({"text": "Example Trading Co., Ltd."}, "Example Trading Co., Ltd."),
    ],
)  # fmt: skip
def test_the_enterprise_is_what_the_mail_shows(given, company):
    assert company_in(mail(**given)) == company
    assert company_in(mail(**given), "以前写过的企业") == "以前写过的企业"
    assert company_in(mail(**given), "邮件未写明企业") == company


@pytest.mark.parametrize(
    ("subject", "text", "need"),
    [
        ("团体标准", "想制定", "团体标准\n\n想制定"), ("", "想制定", "想制定"), ("想制定", "想制定标准", "想制定标准"),
        ("只有主题", "", "只有主题"), ("", "", "内容在附件里"), ("", "字" * 6000, "字" * 5000),
    ],
)  # fmt: skip
def test_the_need_is_in_the_sender_s_own_words(subject, text, need):
    assert need_in(mail(subject=subject, text=text)) == need


def test_a_number_is_found_behind_other_words():
    assert "天安2026-0128" in numbers_in("回复：已收到天安2026-0128：团体标准")
    assert numbers_in("没有编号") == []


# --- taking in


@pytest.mark.clause("6.2.b")
def test_a_mail_becomes_a_need_and_its_sender_is_told_number_and_code(work):
    taken = take(work, FILE)
    request = work.requests.get(taken.request_id)
    assert (request.channel, request.park, request.text) == ("email", "tianan", "团体标准\n\n想牵头制定团体标准")
    assert (request.contact.name, request.contact.email) == ("李工", "li@client.example")
    assert (request.reference, request.occasion.at, request.on_behalf) == ("a1@client.example", NOON, False)
    assert work.types == ["request_received", "attachment_added"]
    assert [file.brought_by for file in work.files.of_request(taken.request_id)] == ["mail"]
    letter = receipt_of(work)
    assert (letter.to, letter.answers) == ("li@client.example", "a1@client.example")
    assert letter.message_id.startswith("nqi.")
    assert letter.message_id.endswith("@example.com")
    for told in (request.number, request.contact.code, "https://station.example.com/track?number=%E5%A4%A9"):
        assert told in letter.text


def test_a_mail_delivered_twice_is_one_need_and_one_receipt(work):
    first = take(work)
    assert take(work).mail_id == first.mail_id
    assert len(work.kept["requests"]) == len(work.kept["letters"]) == 1


def test_the_same_identity_with_another_content_is_for_staff_and_not_lost(work):
    take(work)
    other = take(work, digest="d2", text="完全不同的事")
    assert other.fate is Fate.SET_ASIDE
    assert take(work, digest="d2", text="完全不同的事").mail_id == other.mail_id
    assert len(work.kept["requests"]) == 1


def test_an_answer_to_our_mail_is_added_and_opens_nothing(work):
    first = take(work)
    answer = take(
        work, FILE, message_id="a2@x", answers=(receipt_of(work).message_id,), text="两台", sender="boss@x.example"
    )
    assert (answer.fate, answer.request_id) == (Fate.ADDED, first.request_id)
    assert work.types[-2:] == ["attachment_added", "message_added"]
    assert work.said[-1][0].message_id == answer.mail_id
    assert "两台" not in str(work.said)
    assert len(work.kept["requests"]) == len(work.kept["letters"]) == 1


def test_a_number_in_the_subject_counts_only_from_its_contact(work):
    first = take(work)
    number = work.requests.get(first.request_id).number
    own = take(work, message_id="a2@x", subject=f"补充 {number}")
    assert (own.fate, own.request_id) == (Fate.ADDED, first.request_id)
    stranger = take(work, message_id="a3@x", subject=f"关于{number}", sender="evil@x.example")
    assert (stranger.fate, stranger.request_id) == (Fate.SET_ASIDE, "")


def test_machines_are_never_answered_and_open_nothing(work):
    for n, given in enumerate(({"automatic": "自动"}, {"sender": "station@example.com"}, {"bounce": BOUNCE})):
        take(work, message_id=f"m{n}@x", **given)
    assert not work.kept.get("requests")
    assert not work.kept.get("letters")
    assert work.said == []


def test_two_machines_that_answer_each_other_come_to_an_end(work):
    for n in range(100):
        take(work, message_id=f"m{n}@robot.example", digest=f"d{n}")
    assert len(work.kept["letters"]) == 20
    assert {one.fate for one in work.kept["mails"].values()} == {Fate.NEED, Fate.SET_ASIDE}
    work.now += timedelta(hours=2)
    assert take(work, message_id="later@robot.example", digest="x").fate is Fate.NEED


def test_a_returned_receipt_is_told_to_staff_once(work):
    first = take(work)
    bounce = replace(BOUNCE, original=receipt_of(work).message_id)
    for n in range(2):
        report = take(work, message_id=f"b{n}@mx", bounce=bounce)
        assert (report.fate, report.request_id, report.park) == (Fate.BOUNCED, first.request_id, "tianan")
    assert receipt_of(work).way is Way.RETURNED
    assert work.types.count("letter_returned") == 1


def test_the_enterprise_of_a_known_sender_is_remembered(work):
    take(work, text="团体标准\n示例精密仪器有限公司")
    second = take(work, message_id="a2@x", text="又有一件事")
    assert work.requests.get(second.request_id).company == "示例精密仪器有限公司"


def test_files_of_a_mail_set_aside_wait_with_it(work):
    taken = take(work, FILE, recipients=())
    work.now += timedelta(days=30)
    assert [file.mail_id for file in work.files.of_mail(taken.mail_id)] == [taken.mail_id]
    assert work.files.forget_unclaimed(work.now, 10) == 0


def test_more_files_than_a_request_may_have_are_for_staff(work):
    big = replace(FILE, size=3 * 1024 * 1024)
    assert take(work, big).fate is Fate.SET_ASIDE
    first = take(work, replace(FILE, size=1_500_000), message_id="a2@x", digest="d2")
    assert first.fate is Fate.NEED
    answer = {"message_id": "a3@x", "answers": (receipt_of(work).message_id,)}
    assert take(work, replace(FILE, size=1_500_000), **answer).fate is Fate.SET_ASIDE


def test_one_instance_at_a_time_has_a_mail_and_a_death_is_counted(work):
    assert mails.begin("box/1", work) == 1
    assert mails.begin("box/1", work) == 0
    work.now += timedelta(minutes=6)
    assert mails.begin("box/1", work) == 2
    mails.let_go("box/1", work, again=True)
    assert mails.begin("box/1", work) == 2
    mails.let_go("box/1", work)
    assert mails.begin("box/1", work) == 1


# --- what staff do


@pytest.fixture
def aside(work) -> str:
    return take(work, FILE, recipients=()).mail_id


def test_staff_see_what_was_set_aside_and_how_many(work, aside):
    take(work, message_id="auto@x", automatic="自动")
    work.actor = STAFF
    page = mails.list_mails(ListMails(), work)
    assert ([one.mail_id for one in page.mails], page.waiting) == ([aside], 1)
    assert len(mails.list_mails(ListMails(fate=""), work).mails) == 2
    assert mails.get_mail(GetMail(mail_id=aside), work).text == "想牵头制定团体标准"
    for wrong in ({"limit": 0}, {"fate": "eaten"}):
        with pytest.raises(Invalid):
            mails.list_mails(ListMails(**wrong), work)


def test_a_mail_of_no_park_concerns_every_station_and_one_of_a_park_only_that(work, aside):
    work.actor = ELSEWHERE
    assert mails.list_mails(ListMails(), work).waiting == 1
    need = take(work, message_id="n@x", digest="n")
    with pytest.raises(NotFound):
        mails.get_mail(GetMail(mail_id=need.mail_id), work)
    assert mails.list_mails(ListMails(fate="need"), work).mails == ()


@pytest.mark.parametrize("actor", [PUBLIC, Actor(id="c", role=Role.CLIENT), REGULATOR])
def test_nobody_else_reads_mail(work, aside, actor):
    work.actor = actor
    for ask in (
        lambda: mails.list_mails(ListMails(), work), lambda: mails.get_mail(GetMail(mail_id=aside), work),
        lambda: mails.settle_mail(SettleMail(mail_id=aside), work),
    ):  # fmt: skip
        with pytest.raises(Forbidden):
            ask()


def test_staff_make_a_need_of_it_with_its_files(work, aside):
    work.actor = STAFF
    with pytest.raises(Invalid):
        mails.open_from_mail(OpenFromMail(mail_id=aside, park="tianan", company=" "), work)
    view = mails.open_from_mail(OpenFromMail(mail_id=aside, park="tianan", company="示例企业"), work)
    request = work.requests.get(view.request_id)
    assert (view.fate, request.company, request.on_behalf) == ("need", "示例企业", True)
    assert (request.occasion.by, request.contact.email) == ("陈专员", "li@client.example")
    assert len(work.files.of_request(request.request_id)) == 1
    assert receipt_of(work).to == "li@client.example"
    with pytest.raises(IllegalMove):
        mails.open_from_mail(OpenFromMail(mail_id=aside, park="tianan", company="示例企业"), work)


def test_staff_of_another_park_cannot_open_a_need_here(work, aside):
    work.actor = ELSEWHERE
    with pytest.raises(Forbidden):
        mails.open_from_mail(OpenFromMail(mail_id=aside, park="tianan", company="示例企业"), work)


def test_staff_add_it_to_the_request_it_is_about(work, aside):
    first = take(work, message_id="n@x", digest="n")
    work.actor = STAFF
    with pytest.raises(Invalid):
        mails.add_mail(AddMail(mail_id=aside, number="天安2026-9999"), work)
    number = work.requests.get(first.request_id).number
    view = mails.add_mail(AddMail(mail_id=aside, number=number), work)
    assert (view.fate, view.request_id, view.settled_by) == ("added", first.request_id, "陈专员")
    assert work.types[-1] == "message_added"


def test_staff_put_it_away(work, aside):
    work.actor = STAFF
    assert mails.settle_mail(SettleMail(mail_id=aside), work).fate == "settled"
    assert mails.list_mails(ListMails(), work).waiting == 0
    with pytest.raises(IllegalMove):
        mails.settle_mail(SettleMail(mail_id=aside), work)


# --- letters


def test_staff_write_to_the_client_in_the_same_thread(work):
    taken = take(work)
    work.actor = STAFF
    shown = letters.write_to_client(WriteToClient(request_id=taken.request_id, text="请问几台？"), work)
    assert [(one.ours, one.who) for one in shown.messages] == [(False, "李工"), (True, "陈专员")]
    letter = max(work.kept["letters"].values(), key=lambda one: one.letter_id)
    assert (letter.answers, letter.written_by, letter.to) == ("a1@client.example", "陈专员", "li@client.example")
    assert letter.text.startswith("请问几台？\n")
    assert work.types[-1] == "client_written"
    with pytest.raises(Invalid):
        letters.write_to_client(WriteToClient(request_id=taken.request_id, text=" "), work)


@pytest.mark.parametrize("actor", [PUBLIC, ELSEWHERE, REGULATOR])
def test_nobody_else_reads_or_writes_letters(work, actor):
    taken = take(work)
    work.actor = actor
    with pytest.raises(Forbidden):
        letters.write_to_client(WriteToClient(request_id=taken.request_id, text="x"), work)
    with pytest.raises(Forbidden):
        letters.list_messages(ListMessages(request_id=taken.request_id), work)


def test_the_client_reads_its_own_letters(work):
    taken = take(work)
    work.actor = Actor(id="c", role=Role.CLIENT, requests=(taken.request_id,))
    assert len(letters.list_messages(ListMessages(request_id=taken.request_id), work).messages) == 1


def test_a_letter_is_marked_before_it_is_sent_and_due_again_if_nobody_comes_back(work):
    take(work)
    letter = letters.claim_letter(work)
    assert letter.way is Way.SENDING
    assert letters.claim_letter(work) is None
    work.now += timedelta(minutes=6)
    again = letters.claim_letter(work)
    assert (again.letter_id, again.message_id, again.tries) == (letter.letter_id, letter.message_id, 2)
    letters.settle_letter(again, "", "", work)
    work.now += timedelta(days=1)
    assert letters.claim_letter(work) is None
    assert receipt_of(work).way is Way.SENT


def test_a_letter_put_off_is_tried_ever_later_and_given_up_after_three_days(work):
    take(work)
    began, pauses = work.now, []
    while letter := letters.claim_letter(work):
        letters.settle_letter(letter, "", "451 later", work)
        kept = receipt_of(work)
        if kept.way is Way.FAILED:
            break
        pauses.append(kept.due_at - work.now)
        work.now = kept.due_at
    assert pauses[:3] == [timedelta(seconds=30), timedelta(minutes=1), timedelta(minutes=2)]
    assert max(pauses) == timedelta(hours=2)
    assert timedelta(days=3) < work.now - began < timedelta(days=4)
    assert receipt_of(work).way is Way.FAILED
    assert work.types[-1] == "letter_returned"


def test_a_letter_refused_for_good_is_told_to_staff(work):
    take(work)
    letters.settle_letter(letters.claim_letter(work), "550 no such user", "", work)
    assert (receipt_of(work).way, receipt_of(work).trouble) == (Way.FAILED, "550 no such user")
    assert work.types[-1] == "letter_returned"
