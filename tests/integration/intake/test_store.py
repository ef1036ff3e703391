"""The repositories' promises, kept by the fake and by both databases alike."""

from dataclasses import replace
from datetime import timedelta

from services.intake.domain.clients import Client
from services.intake.domain.consents import Consent
from services.intake.domain.files import File
from services.intake.domain.letters import Letter, Way
from services.intake.domain.mails import Fate, Taken
from services.intake.domain.requests import Contact, Request
from shared.contracts.intake import Occasion
from tests.builders import NOON

CONTACT = Contact(name="王工", phone="13900000000", email="wang@client.example", code="123456")
CODE = "91110000600037341L"


def request(number: int = 1, **given) -> Request:
    values = {
        "request_id": f"r{number}", "park": "tianan", "number": f"天安2026-{number:04d}", "company": "示例企业",
        "text": "压力表", "channel": "visit", "received_at": NOON, "contact": CONTACT, "details": {"清单": [1, None]},
        "occasion": Occasion(by="陈专员", place="车间", at=NOON), "on_behalf": True, "reference": "x",
        "credit_code": CODE,
    }  # fmt: skip
    return Request(**{**values, **given})


def taken(number: int = 1, **given) -> Taken:
    values = {
        "mail_id": f"m{number}", "message_id": f"{number}@x", "digest": "d", "sender": "li@client.example",
        "sender_name": "李工", "subject": "团体标准", "text": "想制定", "arrived_at": NOON, "fate": Fate.NEED,
        "park": "tianan", "request_id": f"r{number}",
    }  # fmt: skip
    return Taken(**{**values, **given})


def letter(number: int = 1, **given) -> Letter:
    values = {
        "letter_id": f"l{number}", "fact": f"receipt:{number}", "request_id": "r1", "park": "tianan",
        "message_id": f"nqi.{number}@example.com", "to": "li@client.example", "subject": "已收到", "text": "您好",
        "answers": "", "written_by": "", "written_at": NOON, "due_at": NOON,
    }  # fmt: skip
    return Letter(**{**values, **given})


def put(work, **rows) -> None:
    with work() as uow:
        for name, many in rows.items():
            for one in many:
                getattr(uow, name).add(one)
        uow.commit()


def test_a_request_comes_back_as_it_was_added(work):
    bare = request(2, occasion=None, credit_code="")
    put(work, requests=[request(), bare])
    with work() as uow:
        assert uow.requests.get("r1") == request()
        assert uow.requests.by_number("天安2026-0002") == bare
        assert uow.requests.get("nope") is None


def test_a_request_is_identified_and_found_by_its_client(work):
    put(work, requests=[request(n) for n in (1, 2)] + [request(3, park="juda"), request(4, credit_code="")])
    with work() as uow:
        uow.requests.identify(replace(request(4), company="新名字"))
        uow.commit()
    with work() as uow:
        assert uow.requests.get("r4") == replace(request(4), company="新名字")
        assert [one.request_id for one in uow.requests.of_client(CODE, ("*",))] == ["r4", "r3", "r2", "r1"]
        assert [one.request_id for one in uow.requests.of_client(CODE, ("juda",))] == ["r3"]
        assert [one.request_id for one in uow.requests.of_client(CODE, ("*",), "r3", 1)] == ["r2"]


def test_clients_are_met_once_and_listed_with_their_requests(work):
    put(work, requests=[request(1), request(2, received_at=NOON + timedelta(hours=1)), request(3, park="juda")])
    with work() as uow:
        uow.clients.meet(Client(credit_code=CODE, name="示例企业", known_since=NOON))
        uow.clients.meet(Client(credit_code=CODE, name="别名", known_since=NOON))
        uow.commit()
    with work() as uow:
        assert uow.clients.get(CODE).name == "示例企业"
        (line,) = uow.clients.page("", ("tianan",), "", 10)
        assert (line.requests, line.last_at) == (2, NOON + timedelta(hours=1))
        assert uow.clients.page("示例", ("*",), "", 10)[0].requests == 3
        assert uow.clients.page("%", ("*",), "", 10) == uow.clients.page("", ("shawan",), "", 10) == []
        assert uow.clients.page("", ("*",), CODE, 10) == []
        uow.clients.rename(CODE, "新名字")
        uow.commit()
    with work() as uow:
        assert uow.clients.get(CODE).name == "新名字"


def test_consents_are_kept_with_their_end(work):
    one = Consent(
        consent_id="c1", request_id="r1", park="tianan", number="天安2026-0001", purpose="share_contact",
        organization="lab", organization_name="实验室", note="电话", given_at=NOON, given_by="陈专员",
        given_by_role="staff",
    )  # fmt: skip
    put(work, requests=[request(1), request(2)], consents=[one, replace(one, consent_id="c2", request_id="r2")])
    with work() as uow:
        kept = uow.consents.get("c1")
        kept.withdrawn_at, kept.withdrawn_by, kept.reason = NOON, "王工", "换一家"
        uow.consents.put(kept)
        uow.commit()
    with work() as uow:
        assert uow.consents.get("nope") is None
        assert uow.consents.of_requests(["r1"]) == [kept]
        assert [each.consent_id for each in uow.consents.of_requests(["r1", "r2"])] == ["c1", "c2"]


def test_files_are_claimed_held_and_forgotten(work):
    free = File(file_id="f1", sha256="a" * 64, name="a.pdf", content_type="x", size=3 * 2**32, added_at=NOON)
    put(work, requests=[request()], mails=[taken()])
    held = replace(free, file_id="f3", sha256="b" * 64, mail_id="m1")
    put(work, files=[free, replace(free, file_id="f2"), held])
    with work() as uow:
        two, one = uow.files.get(["f2", "nope", "f1"])
        assert (two.file_id, one) == ("f2", free)
        one.claim("r1", "client")
        uow.files.put(one)
        uow.commit()
    with work() as uow:
        assert uow.files.of_request("r1") == [one]
        assert uow.files.of_mail("m1") == [held]
        assert uow.files.unknown(["a" * 64, "c" * 64, "b" * 64]) == ["c" * 64]
        assert uow.files.forget_unclaimed(NOON, 10) == 0
        assert uow.files.forget_unclaimed(NOON + timedelta(seconds=1), 10) == 1
        uow.commit()
    with work() as uow:
        assert [each.file_id for each in uow.files.get(["f1", "f2", "f3"])] == ["f1", "f3"]


def test_a_mail_is_added_once_by_its_identity(work):
    with work() as uow:
        assert uow.mails.add(taken())
        assert not uow.mails.add(replace(taken(2), message_id="1@x"))
        uow.commit()
    with work() as uow:
        assert uow.mails.get("m1") == uow.mails.by_message_id("1@x") == taken()
        assert uow.mails.get("m2") is None


def test_mails_are_counted_by_sender_and_listed_by_fate_and_park(work):
    put(
        work,
        mails=[
            taken(1), taken(2, arrived_at=NOON + timedelta(minutes=30), fate=Fate.SET_ASIDE, request_id="", park=""),
            taken(3, fate=Fate.ADDED, request_id="r1"), taken(4, sender="other@x", park="juda", fate=Fate.SET_ASIDE),
            taken(5, fate=Fate.NEED, request_id=""),
        ],
    )  # fmt: skip
    with work() as uow:
        assert uow.mails.since("li@client.example", NOON) == 1
        assert uow.mails.since("li@client.example", NOON - timedelta(seconds=1)) == 4
        assert uow.mails.last_request_of("li@client.example") == "r1"
        assert uow.mails.last_request_of("nobody@x") == ""
        aside = (Fate.SET_ASIDE,)
        assert [one.mail_id for one in uow.mails.page(aside, ("*",), "", 10)] == ["m4", "m2"]
        assert [one.mail_id for one in uow.mails.page(aside, ("tianan",), "", 10)] == ["m2"]
        assert [one.mail_id for one in uow.mails.page(tuple(Fate), ("*",), "m4", 2)] == ["m3", "m2"]
        assert uow.mails.count(Fate.SET_ASIDE, ("juda",)) == 2
        assert [one.mail_id for one in uow.mails.of_request("r1")] == ["m1", "m3"]


def test_what_became_of_a_mail_changes_and_its_words_do_not(work):
    put(work, mails=[taken(fate=Fate.SET_ASIDE, reason="看不懂", park="", request_id="")])
    with work() as uow:
        one = uow.mails.get("m1")
        one.settle(Fate.NEED, "陈专员", "r1", "tianan")
        uow.mails.put(one)
        uow.commit()
    with work() as uow:
        assert uow.mails.get("m1") == taken(reason="看不懂", settled_by="陈专员")


def test_a_delivery_is_held_by_one_at_a_time(work):
    until = NOON + timedelta(minutes=5)

    def begin(now):
        with work() as uow:
            tries = uow.mails.begin("box/1", now, now + timedelta(minutes=5))
            uow.commit()
        return tries

    def let_go(again):
        with work() as uow:
            uow.mails.let_go("box/1", again)
            uow.commit()

    assert [begin(NOON), begin(NOON), begin(until)] == [1, 0, 2]
    let_go(again=True)
    assert begin(NOON) == 2
    let_go(again=False)
    assert begin(NOON) == 1


def test_a_fact_has_one_letter_and_the_one_due_longest_goes_first(work):
    put(work, requests=[request()])
    with work() as uow:
        assert uow.letters.add(letter(1))
        assert not uow.letters.add(letter(2, fact="receipt:1"))
        assert uow.letters.add(letter(3, due_at=NOON - timedelta(minutes=1)))
        assert uow.letters.add(letter(4, due_at=None, way=Way.SENT))
        uow.commit()
    with work() as uow:
        assert uow.letters.due(NOON - timedelta(hours=1)) is None
        assert uow.letters.due(NOON).letter_id == "l3"
        assert uow.letters.by_message_id("nqi.1@example.com") == uow.letters.get("l1") == letter(1)
        assert [one.letter_id for one in uow.letters.of_request("r1")] == ["l1", "l3", "l4"]
        one = uow.letters.get("l1")
        one.take(NOON)
        uow.letters.put(one)
        uow.commit()
    with work() as uow:
        assert uow.letters.get("l1") == one


def test_parks_are_known(work):
    with work() as uow:
        assert uow.parks.all() == ["juda", "tianan"]
