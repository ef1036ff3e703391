"""Mails as they come: in every encoding, nested, marked up, broken, by people and by machines."""

import base64
from datetime import UTC, datetime
from email.message import EmailMessage
from email.policy import SMTP

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.intake.mail.headers import text_of
from services.intake.mail.reading import own_words, read

TEXT = "公司想牵头制定一个智能门锁的团体标准，请问流程是什么？"


def mail(**headers: str) -> EmailMessage:
    message = EmailMessage(policy=SMTP)
    said = {"From": "李工 <li@client.example>", "To": "station@example.com", "Subject": "团体标准", **headers}
    for name, value in said.items():
        message[name.replace("_", "-")] = value
    return message


def plain_mail(text: str = TEXT, **headers: str) -> bytes:
    message = mail(**headers)
    message.set_content(text)
    return message.as_bytes()


def raw(head: str, body: bytes) -> bytes:
    return b"From: li@client.example\r\n" + head.encode() + b"\r\n\r\n" + body


@pytest.mark.clause("6.2.b")
def test_reads_who_wrote_what_to_whom_and_when():
    found = read(
        plain_mail(
            Message_ID="<a1@client.example>", Date="Tue, 24 Nov 2026 10:20:00 +0800", Cc="x@y.example",
            In_Reply_To="<nqi.1@example.com>", References="<r1@x> <nqi.1@example.com>",
        )
    )  # fmt: skip
    assert (found.sender_name, found.sender, found.subject) == ("李工", "li@client.example", "团体标准")
    assert found.text == TEXT
    assert found.recipients == ("station@example.com", "x@y.example")
    assert found.message_id == "a1@client.example"
    assert found.answers == ("nqi.1@example.com", "r1@x", "nqi.1@example.com")
    assert found.sent_at == datetime(2026, 11, 24, 2, 20, tzinfo=UTC)
    assert (found.automatic, found.bounce, found.trouble) == ("", None, "")


@pytest.mark.parametrize(
    ("charset", "encoding"),
    [
        ("gb18030", "gb18030"), ("gb2312", "gbk"), ("GBK", "gbk"), ("x-gbk", "gb18030"), ("utf-8", "utf-8"),
        ("us-ascii", "gb18030"), ("unknown-8bit", "utf-8"), ("no-such-charset", "gb18030"), ("", "gb18030"),
        ("utf-16", "utf-16"), ("utf-8", "gb18030"),
    ],
)  # fmt: skip
def test_reads_text_in_every_charset_whatever_it_claims(charset, encoding):
    head = f"Content-Type: text/plain; charset={charset}\r\nContent-Transfer-Encoding: 8bit"
    assert read(raw(head, TEXT.encode(encoding))).text == TEXT


def test_reads_traditional_characters_in_big5():
    said = "請問標準的流程是什麼？"
    assert read(raw("Content-Type: text/plain; charset=big5", said.encode("big5"))).text == said


@pytest.mark.parametrize(
    ("subject", "said"),
    [
        (b"=?gb2312?B?1rjKvtbY1v7E?= =?gb2312?B?yA==?=", None), (b"=?utf-8?B?5Zui5L2T5qCH5YeG?=", "团体标准"),
        (b"=?GBK?Q?=CD=C5=CC=E5=B1=EA=D7=BC?=", "团体标准"), ("团体标准".encode("gb18030"), "团体标准"),
        ("团体标准".encode(), "团体标准"), (b"=?utf-8?B?5Zu?= =?utf-8?B?i5L2T5qCH5YeG?=", None),
        (b"=?nonsense?B?5Zui?=", "团"), (b"=?utf-8?B?!!!?=", None), (b"plain", "plain"), (b"", ""),
    ],
)  # fmt: skip
def test_reads_subjects_in_encoded_words_and_without(subject, said):
    found = read(b"From: li@client.example\r\nSubject: " + subject + b"\r\n\r\nhi")
    assert found.subject == said if said is not None else isinstance(found.subject, str)
    assert found.trouble == ""


def test_a_character_split_between_two_encoded_words_is_whole():
    first, second = "团体标准".encode()[:4], "团体标准".encode()[4:]
    words = b" ".join(b"=?utf-8?B?" + base64.b64encode(part) + b"?=" for part in (first, second))
    assert read(b"From: li@client.example\r\nSubject: " + words + b"\r\n\r\nhi").subject == "团体标准"


def test_a_comma_in_an_encoded_name_is_part_of_the_name():
    found = read(b"From: =?utf-8?B?5byg5LiJLCDnpLrkvovkvIHkuJo=?= <z@client.example>\r\n\r\nhi")
    assert (found.sender_name, found.sender) == ("张三, 示例企业", "z@client.example")


def test_of_the_same_said_twice_the_plain_text_counts():
    message = mail()
    message.set_content(TEXT)
    message.add_alternative("<p>别的</p>", subtype="html")
    assert read(message.as_bytes()).text == TEXT


def test_markup_is_made_safe_and_readable():
    message = mail()
    message.set_content(
        "<html><head><title>t</title><style>p{color:red}</style></head><body><p>您好，&nbsp;想问：</p>"
        "<script>alert('x')</script><div onclick='x()'>一、<b>型式批准</b> &lt;费用&gt;</div><img src=x onerror=y()>"
        "<table><tr><td>流量计</td><td>2 台</td></tr></table></body></html>",
        subtype="html",
    )
    text = read(message.as_bytes()).text
    assert text.splitlines()[0] == "您好， 想问："
    assert "一、型式批准 <费用>" in text
    assert "流量计" in text
    for gone in ("alert", "color:red", "onerror", "onclick", "<p", "<b"):
        assert gone not in text


def test_an_empty_plain_part_gives_way_to_the_marked_up_one():
    message = mail()
    message.set_content("\n \n")
    message.add_alternative(f"<div>{TEXT}</div>", subtype="html")
    assert read(message.as_bytes()).text == TEXT


def test_files_are_found_however_deep_they_are_and_named_in_chinese():
    inner = mail()
    inner.set_content(TEXT)
    inner.add_alternative("<p>x</p>", subtype="html")
    inner.add_attachment(b"%PDF-1.7", maintype="application", subtype="pdf", filename="检测报告.pdf")
    outer = mail(Subject="转发")
    outer.set_content("请看附件")
    outer.add_attachment(inner)
    outer.add_attachment(b"\x89PNG", maintype="image", subtype="png", filename="a.png", disposition="inline")
    found = read(outer.as_bytes())
    assert found.text == "请看附件"
    assert [(part.name, part.declared) for part in found.parts] == [
        ("团体标准.eml", "message/rfc822"), ("a.png", "image/png"),
    ]  # fmt: skip
    assert [part.name for part in read(found.parts[0].content).parts] == ["检测报告.pdf"]


@pytest.mark.parametrize(
    ("said", "own"),
    [
        ("好的，两台。\n\n在 2026年11月24日，station 写道：\n> 请问几台？", "好的，两台。"),
        ("好的\n\n------------------ 原始邮件 ------------------\n发件人: x", "好的"),
        ("Two.\n\nOn Tue, Nov 24, station wrote:\n> How many?", "Two."),
        ("好的\n发件人：station@example.com\n主题：x", "好的"), ("> 只有引用", "> 只有引用"), ("一句话", "一句话"),
    ],
)  # fmt: skip
def test_of_an_answer_only_what_is_new_counts(said, own):
    assert own_words(said) == own
    assert read(plain_mail(said, In_Reply_To="<nqi.1@example.com>")).text == own


@pytest.mark.parametrize(
    "headers",
    [
        {"Auto-Submitted": "auto-replied"}, {"Auto-Submitted": "auto-generated; x=y"}, {"Precedence": "bulk"},
        {"Precedence": "auto_reply"}, {"X-Autoreply": "yes"}, {"X-Auto-Response-Suppress": "OOF, AutoReply"},
        {"Return-Path": "<>"}, {"List-Id": "<news.example>"}, {"List-Unsubscribe": "<mailto:x@y>"},
    ],
)  # fmt: skip
def test_what_a_machine_wrote_is_known_by_its_headers(headers):
    message = mail(**{name.replace("-", "_"): value for name, value in headers.items() if name != "Return-Path"})
    message.set_content("我在休假")
    head = b"Return-Path: <>\r\n" if "Return-Path" in headers else b""
    assert read(head + message.as_bytes()).automatic


@pytest.mark.parametrize(
    "headers",
    [{"Auto_Submitted": "no"}, {"X_Auto_Response_Suppress": "DR, RN"}, {"Return_Path": "<li@client.example>"}],
)
def test_what_a_person_wrote_is_not_taken_for_a_machine_s(headers):
    assert read(plain_mail(**headers)).automatic == ""


REPORT = b"""From: Mail Delivery System <MAILER-DAEMON@mx.example>
To: station@example.com
Subject: Undelivered Mail Returned to Sender
Auto-Submitted: auto-replied
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary="b"

--b
Content-Type: text/plain

I'm sorry.
--b
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.example

Final-Recipient: rfc822; li@client.example
Action: %s
Status: 5.1.1
--b
Content-Type: message/rfc822

Message-ID: <nqi.0123456789ab@example.com>
Subject: x

hi
--b--
"""


def test_a_report_names_the_mail_that_did_not_arrive():
    bounce = read(REPORT % b"failed").bounce
    assert bounce is not None
    assert (bounce.original, bounce.recipient, bounce.status) == (
        "nqi.0123456789ab@example.com", "li@client.example", "5.1.1",
    )  # fmt: skip
    assert bounce.failed
    delayed = read(REPORT % b"delayed").bounce
    assert delayed is not None
    assert not delayed.failed


def test_a_report_that_keeps_to_no_standard_is_known_too():
    said = (
        b"Return-Path: <>\r\nFrom: postmaster@qq.example\r\nSubject: =?utf-8?B?57O757uf6YCA5L+h?=\r\n\r\n"
        b"... Message-ID: <nqi.0123456789ab@example.com> ..."
    )
    bounce = read(said).bounce
    assert bounce is not None
    assert bounce.original == "nqi.0123456789ab@example.com"


def test_a_client_who_writes_about_returned_goods_is_no_report():
    assert read(plain_mail(Subject="退信：产品被退回，想做检测")).bounce is None


def test_the_same_mail_by_another_way_has_the_same_digest_and_another_mail_has_not():
    one = plain_mail(Message_ID="<a@b>")
    again = b"Received: from x by y\r\nReturn-Path: <li@client.example>\r\n" + one
    assert read(one).digest == read(again).digest
    assert read(plain_mail("别的", Message_ID="<a@b>")).digest != read(one).digest
    unnamed = read(plain_mail())
    assert unnamed.message_id == read(plain_mail()).message_id
    assert unnamed.message_id


@pytest.mark.parametrize(
    "content",
    [
        b"", b"\0\0\0", b"no headers at all", b"From: nobody\r\n\r\nhi", b"From: a b c\r\nSubject: x\r\n\r\n",
        b"Content-Type: multipart/mixed; boundary=x\r\n\r\n--x\r\n" * 2000,
        b"Content-Type: message/rfc822\r\n\r\n" * 3000,
        b"From: li@client.example\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n" + b"--b\r\n\r\nx\r\n" * 200,
    ],
)  # fmt: skip
def test_what_cannot_be_understood_says_so(content):
    assert read(content).trouble


@settings(max_examples=300, deadline=None)
@given(st.binary(max_size=2000))
def test_nothing_that_arrives_makes_it_fail(content):
    found = read(b"From: li@client.example\r\n" + content)
    assert "\0" not in found.text + found.subject + found.sender_name


HEADERS = st.sampled_from(
    [b"Content-Type: ", b"Subject: ", b"From: ", b"Content-Transfer-Encoding: ", b"References: ", b"Date: ", b"To: "]
)
VALUES = st.one_of(
    st.binary(max_size=60),
    st.sampled_from(
        [
            b"multipart/mixed; boundary=b", b"multipart/report", b"message/delivery-status", b"text/html; charset=gbk",
            b"=?utf-8?B?5Zui", b"=?gbk?Q?=CD=C5?=", b"base64", b"quoted-printable", b"x-uuencode", b"message/rfc822",
            b"multipart/alternative; boundary*0=b", b'text/plain; charset="', b"<a@b> <", b"Tue, 99 Foo 2026",
        ]
    ),
)  # fmt: skip


@settings(max_examples=400, deadline=None)
@given(st.lists(st.tuples(HEADERS, VALUES), max_size=8), st.binary(max_size=300))
def test_no_mixture_of_headers_makes_it_fail(headers, body):
    head = b"".join(name + value.replace(b"\n", b" ") + b"\r\n" for name, value in headers)
    read(head + b"\r\n" + body + b"\r\n--b\r\n" + head + b"\r\n" + body + b"\r\n--b--\r\n")


@given(st.binary(max_size=200), st.text(max_size=20))
def test_every_byte_becomes_text_of_some_kind(content, charset):
    assert isinstance(text_of(content, charset), str)
