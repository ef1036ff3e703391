"""A mail becomes a need that ends in a dossier, through a real mailbox, real processes, and deaths on the way."""

import signal
from collections.abc import Iterator
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import make_msgid
from typing import Any

import bagit
import pytest
import sqlalchemy as sa

from tests.flow.district import engine_of, load_district, rows, staff_password, unpacked
from tests.flow.journey import Journey
from tests.mailservers import Dovecot, Received, SmtpServer
from tests.system import System, eventually

STATION, USER = "station@example.com", "station"
PDF = b"%PDF-1.7\n" + b"x" * 5000


@pytest.fixture(scope="module")
def dovecot() -> Iterator[Dovecot]:
    with Dovecot() as server:
        yield server


@pytest.fixture(scope="module")
def smtp() -> Iterator[SmtpServer]:
    with SmtpServer() as server:
        yield server


@pytest.fixture(scope="module")
def settings(dovecot, smtp) -> dict[str, str]:
    return {
        "NQI_IMAP_URI": dovecot.uri(USER), "NQI_SMTP_URI": smtp.uri, "NQI_MAIL_FROM": STATION,
        "NQI_MAIL_SECONDS": "0.5", "NQI_SITE": "https://station.example.com",
    }  # fmt: skip


@pytest.fixture(scope="module")
def system(tmp_path_factory, virtual_host, settings) -> Iterator[System]:
    system = System(tmp_path_factory.mktemp("mail"), virtual_host(), **settings)
    try:
        system.start()
        load_district(system)
        system.passwords["chen"] = staff_password(system)
        yield system
    finally:
        system.stop()


def mail(text: str, subject: str, **headers: str) -> EmailMessage:
    message = EmailMessage(policy=SMTP)
    said = {
        "From": "示例企业N04 <n04@client.example>", "To": "station+tianan@example.com", "Subject": subject,
        "Message-ID": make_msgid(domain="client.example"), **headers,
    }  # fmt: skip
    for name, value in said.items():
        message[name.replace("_", "-")] = value
    message.set_content(text)
    return message


class Followed(Journey):
    """The journey of a need that came by mail."""

    def __init__(self, public: Any, staff: Any, number: str, code: str) -> None:
        self.public, self.staff, self.number, self.code = public, staff, number, code
        self.item_id = eventually(self._find)["item_id"]


@pytest.mark.clause("6.2.b", "6.1")
def test_a_mail_becomes_a_need_that_ends_in_a_dossier(system, dovecot, smtp, tmp_path):
    need = mail("公司想牵头制定一个智能门锁的团体标准，请问流程是什么？", "团体标准")
    need.add_attachment(PDF, maintype="application", subtype="pdf", filename="门锁说明.pdf")
    dovecot.put(USER, need.as_bytes())
    receipt = eventually(lambda: smtp.received, seconds=30)[0]
    lines = dict(line.split("：", 1) for line in receipt.text.splitlines() if "：" in line)
    with system.api() as public, system.api() as staff:
        staff.sign_in("chen", system.passwords["chen"])
        one = Followed(public, staff, lines["受理编号"], lines["查询码"])
        assert (one.item["channel"], one.item["company"]) == ("email", "示例企业N04")
        (file,) = one.own["files"]
        assert (file["name"], file["size"]) == ("门锁说明.pdf", len(PDF))

        # the client answers, and the answer is added; staff write back in the same thread
        answer = mail("样品可以先寄两台。", "Re: 已收到", In_Reply_To=receipt.message["Message-ID"])
        dovecot.put(USER, answer.as_bytes())
        written = eventually(lambda: [e for e in one.own["timeline"] if e["type"] == "message_added"], seconds=30)
        assert len(written) == 1
        assert len(staff.get("/items", search=one.number)["items"]) == 1
        staff.post(f"/requests/{one.number}/messages", {"text": "好的，请寄到服务站。"})
        reply = eventually(lambda: smtp.received[1:], seconds=30)[0]
        assert reply.message["In-Reply-To"] == answer["Message-ID"]
        assert reply.text.startswith("好的，请寄到服务站。")

        # a bounce of it is told to staff, and opens nothing
        report = mail("delivery failed", "Undelivered Mail Returned to Sender", From="MAILER-DAEMON@mx.example")
        report["Return-Path"] = "<>"
        report.add_attachment(reply.message)
        dovecot.put(USER, report.as_bytes())
        eventually(lambda: [e for e in one.own["timeline"] if e["type"] == "letter_returned"], seconds=30)

        one.to_the_end("5.2.c")
        folder = unpacked(system, "tianan", one.number, tmp_path / "dossier")
        bagit.Bag(str(folder)).validate()
        application = (folder / "data" / "application.json").read_text()
        assert "智能门锁" in application
        assert "n04@client.example" not in "".join(path.read_text() for path in (folder / "data").iterdir())
    assert len(rows(system, "intake", "SELECT 1 FROM requests")) == 1


POINTS = ("before_commit", "after_commit", "mail_taken", "letter_claimed", "letter_sent")


def test_a_death_between_the_effect_and_the_mailbox_repeats_nothing(system, dovecot, smtp, settings):
    """An instance dies at each point on the way; its successor finds what it left, and all of it happens once."""
    sent = len(smtp.received)
    before = len(rows(system, "intake", "SELECT 1 FROM requests"))
    home = system.settings.home
    for point in POINTS:
        other = System(home, system.settings.amqp_given, services=("intake",), **settings, CRASH_AT=point)
        system.kill("intake", signal.SIGSTOP)  # so that only the other one acts
        try:
            dovecot.put(USER, mail("一件事", point, From=f"{point}@client.example").as_bytes())
            other.supervisor.start()
            eventually((home / f"crashed-intake-{point}").exists, seconds=60, what=point)
            eventually(lambda at=point: _settled(system, smtp, at), seconds=60, what=f"all of it after {point}")
        finally:
            other.stop()
            system.kill("intake", signal.SIGCONT)
    eventually(lambda: not dovecot.subjects(USER), seconds=30)
    assert len(rows(system, "intake", "SELECT 1 FROM requests")) == before + len(POINTS)
    for point in POINTS:  # if a receipt went twice, it says that it is the same
        assert len({one.message["Message-ID"] for one in _receipts(smtp, point)}) == 1
    twice = [point for point in POINTS if len(_receipts(smtp, point)) > 1]
    assert twice == ["letter_sent"]
    assert len(smtp.received) == sent + len(POINTS) + 1


def _settled(system: System, smtp: SmtpServer, sender: str) -> bool:
    """Whether the receipt went and is marked. What the dead one held is held for minutes: a test does not wait."""
    _let_leases_end(system)
    return bool(_receipts(smtp, sender)) and not rows(
        system, "intake", "SELECT 1 FROM letters WHERE way IN ('waiting', 'sending')"
    )


def _let_leases_end(system: System) -> None:
    engine = engine_of(system, "intake")
    try:
        with engine.begin() as connection:
            connection.execute(sa.text("UPDATE deliveries SET held_until = NULL"))
            connection.execute(sa.text("UPDATE letters SET due_at = written_at WHERE way = 'sending'"))
    finally:
        engine.dispose()


def _receipts(smtp: SmtpServer, sender: str) -> list[Received]:
    return [one for one in smtp.received if one.recipients == [f"{sender}@client.example"]]
