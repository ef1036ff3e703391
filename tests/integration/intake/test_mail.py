"""Mail through a real IMAP and a real SMTP server: one effect for each, whatever happens on the way."""

import uuid
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import make_msgid
from typing import Any

import pytest
import sqlalchemy as sa

from services.intake.domain.letters import Way
from services.intake.domain.mails import Fate
from services.intake.handlers import mails
from services.intake.mail.mailbox import ASIDE, DONE, Mailbox
from services.intake.mail.reading import read
from services.intake.mail.round import send_due, take_in
from shared.config import Settings
from shared.errors import Unavailable
from shared.files import Folder
from tests.integration.intake.conftest import STATION, uow_of
from tests.mailservers import Dovecot, SmtpServer

PDF = b"%PDF-1.7\n" + b"x" * 1000


@dataclass
class Post:
    """A station with a mailbox of its own."""

    engine: sa.Engine
    given: Settings
    shelf: Folder
    dovecot: Dovecot
    smtp: SmtpServer
    user: str

    def put(self, content: bytes) -> None:
        self.dovecot.put(self.user, content)

    def take_in(self) -> int:
        return take_in(uow_of(self.engine), self.shelf, self.given)

    def send(self) -> int:
        return send_due(uow_of(self.engine), self.given)

    def rows(self, table: str) -> list[Any]:
        with self.engine.connect() as connection:
            return list(connection.execute(sa.text(f"SELECT * FROM {table} ORDER BY 1")))

    @property
    def fates(self) -> list[str]:
        return [row.fate for row in self.rows("mails")]

    @property
    def events(self) -> list[str]:
        with self.engine.connect() as connection:
            return list(connection.execute(sa.text("SELECT routing_key FROM outbox ORDER BY id")).scalars())

    def folders(self) -> tuple[list[str], list[str], list[str]]:
        """The subjects in the mailbox, among the handled and those set aside."""
        return tuple(self.dovecot.subjects(self.user, folder) for folder in ("INBOX", DONE, ASIDE))  # type: ignore[return-value]


@pytest.fixture
def post(engine, given, shelf, dovecot, smtp) -> Post:
    user = f"station-{uuid.uuid4().hex[:8]}"
    given = replace(given, imap_uri=dovecot.uri(user), smtp_uri=smtp.uri, mail_mb=1)
    return Post(engine, given, shelf, dovecot, smtp, user)


def mail(text: str = "想牵头制定智能门锁的团体标准", subject: str = "团体标准", **headers: str) -> EmailMessage:
    message = EmailMessage(policy=SMTP)
    said = {
        "From": "示例企业N04 <n04@client.example>", "To": "station+tianan@example.com", "Subject": subject,
        "Message-ID": make_msgid(domain="client.example"), **headers,
    }  # fmt: skip
    for name, value in said.items():
        message[name.replace("_", "-")] = value
    message.set_content(text)
    return message


def attached(message: EmailMessage, *names: str) -> bytes:
    for name in names:
        message.add_attachment(PDF, maintype="application", subtype="pdf", filename=name)
    return message.as_bytes()


@pytest.mark.clause("6.2.b")
def test_a_mail_becomes_a_need_and_the_sender_gets_number_and_code(post):
    first = mail()
    post.put(attached(first, "铭牌.pdf"))
    assert post.take_in() == 1
    (request,) = post.rows("requests")
    assert (request.channel, request.park, request.company) == ("email", "tianan", "示例企业N04")
    assert request.text == "团体标准\n\n想牵头制定智能门锁的团体标准"
    (file,) = post.rows("files")
    assert (file.name, file.request_id) == ("铭牌.pdf", request.request_id)
    assert b"".join(post.shelf.read(file.sha256)) == PDF
    assert [len(found) for found in post.folders()] == [0, 1, 0]
    assert post.send() == 1
    (receipt,) = post.smtp.received
    assert (receipt.sender, receipt.recipients) == (STATION, ["n04@client.example"])
    assert request.number in receipt.text
    assert "https://station.example.com/track?number=" in receipt.text
    head = receipt.message
    assert head["In-Reply-To"] == head["References"] == first["Message-ID"]
    assert head["Auto-Submitted"] == "auto-replied"
    assert head["Message-ID"].endswith("@example.com>")
    assert post.send() == 0


def test_a_mail_delivered_again_takes_no_effect_again(post):
    content = attached(mail(), "a.pdf")
    post.put(content)
    post.take_in()
    post.put(b"Received: by another way\r\n" + content)
    post.put(content)
    assert post.take_in() == 2
    assert post.fates == [Fate.NEED]
    assert [len(post.rows(table)) for table in ("requests", "files", "letters")] == [1, 1, 1]
    assert [len(found) for found in post.folders()] == [0, 3, 0]
    assert post.rows("deliveries") == []


def test_what_was_committed_but_not_moved_is_only_moved(post):
    post.put(mail().as_bytes())
    with Mailbox(post.given.imap_uri) as mailbox:
        (waiting,) = mailbox.waiting()
        mails.take_mail(read(mailbox.read(waiting.uid)), (), uow_of(post.engine))
    assert [len(found) for found in post.folders()] == [1, 0, 0]
    post.take_in()
    assert [len(found) for found in post.folders()] == [0, 1, 0]
    assert len(post.rows("requests")) == 1


def test_several_instances_take_each_mail_once_and_send_each_letter_once(post):
    for n in range(12):
        post.put(mail(f"第 {n} 件事", From=f"c{n}@client.example").as_bytes())
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda _: post.take_in(), range(4)))
        post.take_in()
        list(pool.map(lambda _: post.send(), range(4)))
    assert len(post.rows("requests")) == len(post.rows("letters")) == 12
    assert post.fates == [Fate.NEED] * 12
    assert sorted(one.recipients[0] for one in post.smtp.received) == sorted(f"c{n}@client.example" for n in range(12))
    assert [len(found) for found in post.folders()] == [0, 12, 0]


def answer_to(post: Post, **headers: str) -> EmailMessage:
    receipt = post.smtp.received[-1].message
    said = "两台\n\n2026年11月24日 station 写道：\n> 已收到"
    return mail(said, "Re: 已收到", In_Reply_To=receipt["Message-ID"], **headers)


def test_an_answer_to_the_receipt_is_added_to_the_request(post):
    post.put(mail().as_bytes())
    post.take_in()
    post.send()
    post.put(attached(answer_to(post), "照片.pdf"))
    post.take_in()
    assert post.fates == [Fate.NEED, Fate.ADDED]
    (request,) = post.rows("requests")
    assert [file.request_id for file in post.rows("files")] == [request.request_id]
    assert post.events[-2:] == ["intake.attachment_added", "intake.message_added"]
    assert post.send() == 0
    with uow_of(post.engine) as uow:
        assert [one.text for one in uow.mails.of_request(request.request_id)][-1] == "两台"


@pytest.mark.parametrize(
    "headers",
    [
        {"Auto_Submitted": "auto-replied"}, {"Precedence": "bulk"}, {"X_Auto_Response_Suppress": "All"},
        {"From": STATION}, {"From": "Station <juda+x@example.com>"},
    ],
)  # fmt: skip
def test_machines_and_ourselves_are_not_answered(post, headers):
    post.put(mail(**headers).as_bytes())
    post.take_in()
    assert post.rows("requests") == post.rows("letters") == []
    assert [len(found) for found in post.folders()] == [0, 1, 0]
    assert post.fates[0] in (Fate.AUTOMATIC, Fate.LOOP)


def test_our_own_mail_that_comes_back_to_us_opens_nothing(post):
    post.put(mail(From="c@client.example").as_bytes())
    post.take_in()
    post.send()
    post.put(post.smtp.received[0].content)
    post.put(post.smtp.received[0].content.replace(b"From: station@", b"From: list@"))
    post.take_in()
    assert post.fates[0] == Fate.NEED
    assert set(post.fates[1:]) == {Fate.LOOP}
    assert post.send() == 0


def test_a_receipt_that_bounces_is_told_and_answered_with_nothing(post):
    post.put(mail().as_bytes())
    post.take_in()
    post.send()
    receipt = post.smtp.received[0].message
    report = EmailMessage(policy=SMTP)
    report["From"], report["To"], report["Subject"] = "MAILER-DAEMON@mx.example", STATION, "Undelivered Mail"
    report["Return-Path"] = "<>"
    report["Message-ID"] = make_msgid()
    report.set_content("sorry")
    report.add_attachment(receipt)
    report.replace_header("Content-Type", 'multipart/report; report-type="delivery-status"')
    report.set_param("boundary", report.get_boundary() or "b")
    post.put(report.as_bytes())
    post.take_in()
    assert post.fates == [Fate.NEED, Fate.BOUNCED]
    assert [row.way for row in post.rows("letters")] == [Way.RETURNED]
    assert post.events[-1] == "intake.letter_returned"
    assert post.send() == 0


def test_what_cannot_be_understood_is_set_aside_whole_and_never_tried_again(post):
    post.put(b"Subject: strange\r\n\r\nno sender at all")
    post.put(b"From: x@y.example\r\nSubject: deep\r\n" + b"Content-Type: message/rfc822\r\n\r\n" * 300)
    post.take_in()
    assert post.fates == [Fate.SET_ASIDE] * 2
    assert [file.name for file in post.rows("files")] == ["邮件原文.eml"] * 2
    assert [len(found) for found in post.folders()] == [0, 0, 2]
    assert post.take_in() == 0


def test_a_file_that_is_not_taken_is_named_and_the_whole_mail_kept(post):
    message = mail()
    message.add_attachment(b"MZ\x90\0", maintype="application", subtype="octet-stream", filename="setup.exe")
    post.put(message.as_bytes())
    post.take_in()
    (request,) = post.rows("requests")
    assert "setup.exe" in request.text
    assert [file.name for file in post.rows("files")] == ["邮件原文.eml"]


def test_a_mail_that_is_too_large_is_set_aside_by_its_headers(post):
    post.put(mail("x" * 1_200_000).as_bytes())
    post.take_in()
    (row,) = post.rows("mails")
    assert (row.fate, "太大" in row.reason) == (Fate.SET_ASIDE, True)
    with uow_of(post.engine) as uow:
        assert uow.mails.get(row.mail_id).subject == "团体标准"


def test_a_mail_that_nobody_could_finish_is_set_aside_unread(post):
    post.put(mail().as_bytes())
    with Mailbox(post.given.imap_uri) as mailbox:
        (waiting,) = mailbox.waiting()
    long_ago = datetime.now(UTC) - timedelta(hours=1)
    for _ in range(mails.TRIES):  # so often somebody died over it
        with uow_of(post.engine) as uow:
            uow.mails.begin(waiting.delivery, long_ago, long_ago)
            uow.commit()
    post.take_in()
    assert post.fates == [Fate.SET_ASIDE]
    assert post.rows("requests") == []
    assert [len(found) for found in post.folders()] == [0, 0, 1]


def test_while_somebody_is_at_a_mail_the_others_are_taken(post):
    post.put(mail("甲").as_bytes())
    post.put(mail("乙", From="b@client.example").as_bytes())
    with Mailbox(post.given.imap_uri) as mailbox:
        held = mailbox.waiting()[0]
    assert mails.begin(held.delivery, uow_of(post.engine)) == 1
    assert post.take_in() == 1
    assert len(post.folders()[0]) == 1


def test_without_a_mailbox_or_a_store_nothing_is_lost_and_no_try_is_counted(post, tmp_path):
    post.put(attached(mail(), "a.pdf"))
    (tmp_path / "no-folder").write_text("")
    broken = replace(post, shelf=Folder(tmp_path / "no-folder"))
    for _ in range(mails.TRIES + 2):
        with pytest.raises(Unavailable):
            broken.take_in()
    away = replace(post, given=replace(post.given, imap_uri="imap://x:y@127.0.0.1:9/INBOX"))
    with pytest.raises(Unavailable):
        away.take_in()
    wrong = replace(post, given=replace(post.given, imap_uri=post.given.imap_uri.replace("secret", "wrong")))
    with pytest.raises(Unavailable):
        wrong.take_in()
    assert post.take_in() == 1
    assert post.fates == [Fate.NEED]


# --- sending


@pytest.fixture
def written(post) -> Post:
    """A station with one receipt to send."""
    post.put(mail().as_bytes())
    post.take_in()
    return post


def test_an_address_that_is_refused_for_good_is_told_to_staff(written):
    written.smtp.answer = lambda address: "550 5.1.1 no such user"
    assert written.send() == 0
    (letter,) = written.rows("letters")
    assert (letter.way, "no such user" in letter.trouble) == (Way.FAILED, True)
    assert written.events[-1] == "intake.letter_returned"


@pytest.mark.parametrize("said", ["451 4.7.1 later", "450 4.2.0 greylisted"])
def test_an_address_that_may_be_taken_later_is_tried_later(written, said):
    written.smtp.answer = lambda address: said
    assert written.send() == 0
    (letter,) = written.rows("letters")
    assert letter.way == Way.WAITING
    assert "intake.letter_returned" not in written.events


def test_a_server_that_is_away_or_does_not_want_us_does_not_cost_the_letter(written):
    away = replace(written, given=replace(written.given, smtp_uri="smtp://127.0.0.1:9"))
    assert away.send() == 0
    (letter,) = written.rows("letters")
    assert letter.way == Way.WAITING


def test_a_letter_whose_sending_was_not_seen_to_end_goes_again_with_the_same_identity(written):
    written.smtp.after_data = lambda: "451 4.3.0 lost my answer"
    assert written.send() == 0
    with written.engine.connect() as connection:  # later
        connection.execute(sa.text("UPDATE letters SET due_at = written_at"))
        connection.commit()
    written.smtp.after_data = lambda: "250 OK"
    assert written.send() == 1
    first, second = written.smtp.received
    assert first.message["Message-ID"] == second.message["Message-ID"]
    assert first.content == second.content
