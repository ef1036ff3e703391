"""Pages and API of mail: what staff look at and decide, and what they write."""

import pytest

from shared.contracts.intake import (
    AddMail,
    Correspondence,
    GetMail,
    ListMails,
    ListMessages,
    MailPage,
    MailView,
    OpenFromMail,
    SettleMail,
    WriteToClient,
    Written,
)
from shared.errors import IllegalMove, Invalid
from tests.integration.gateway.reading import hidden, text_of
from tests.integration.gateway.samples import AT

MAIL = MailView(
    mail_id="m1", sender="li@client.example", sender_name="李工", subject="标准<b>", text="想制定<script>",
    arrived_at=AT, fate="set_aside", reason="看不出是给哪个园区的",
)  # fmt: skip
LETTERS = Correspondence(
    messages=(
        Written(message_id="m1", ours=False, at=AT, who="李工", subject="标准", text="想制定"),
        Written(
            message_id="l1", ours=True, at=AT, who="陈专员", subject="关于", text="几台？", way="failed", trouble="550"
        ),
    ),
    possible=True,
)  # fmt: skip


@pytest.fixture
def database_url() -> str:
    """SQLite: nothing here depends on the database."""
    return ""


@pytest.fixture
def desk(told):
    told.sign_in()
    told.bus.answers |= {
        ListMails: MailPage(mails=(MAIL,), waiting=1), GetMail: MAIL, OpenFromMail: MAIL, AddMail: MAIL,
        SettleMail: MAIL, ListMessages: LETTERS, WriteToClient: LETTERS,
    }  # fmt: skip
    return told


def post(desk, step: str, **data: str):
    page = desk.client.get("/desk/mails/m1")
    return desk.client.post(f"/desk/mails/m1/{step}", data={"csrf": hidden(page, "csrf"), "key": "k", **data})


def test_the_queue_says_how_many_mails_wait_and_leads_there(desk):
    page = desk.client.get("/desk")
    assert "有 1 封邮件等人看" in text_of(page)
    assert 'href="/desk/mails"' in page.text
    desk.bus.answers[ListMails] = MailPage(mails=(), waiting=0)
    assert "封邮件等人看" not in text_of(desk.client.get("/desk"))


def test_mails_are_listed_with_why_they_wait_and_shown_as_text(desk):
    listed = desk.client.get("/desk/mails")
    assert "看不出是给哪个园区的" in text_of(listed)
    desk.client.get("/desk/mails?fate=bounced")
    desk.client.get("/desk/mails?fate=nonsense")
    assert [one.message.fate for one in desk.bus.of(ListMails)][-2:] == ["bounced", "set_aside"]
    page = desk.client.get("/desk/mails/m1")
    assert "标准<b>" in text_of(page)
    assert "<script>" not in page.text.split("</head>")[1].replace("<script src", "")


def test_staff_make_a_need_of_a_mail(desk):
    answer = post(desk, "need", park="tianan", company="示例企业", text="想制定")
    assert answer.headers["location"] == "/desk/mails?said=need"
    (asked,) = desk.bus.of(OpenFromMail)
    assert asked.message == OpenFromMail(mail_id="m1", park="tianan", company="示例企业", text="想制定")


def test_what_is_wrong_is_said_and_what_was_typed_stays(desk):
    desk.bus.answers[OpenFromMail] = Invalid("请检查填写的内容", fields={"company": "请填写企业名称"})
    page = post(desk, "need", park="tianan", text="改过的")
    assert page.status_code == 422
    assert "请填写企业名称" in text_of(page)
    assert ">改过的</textarea>" in page.text


def test_staff_add_it_to_a_request_or_put_it_aside(desk):
    assert post(desk, "added", number="天安2026-0001").headers["location"] == "/desk/mails?said=added"
    assert post(desk, "settled").headers["location"] == "/desk/mails?said=settled"
    assert post(desk, "eaten").status_code == 404
    assert desk.bus.of(AddMail)[0].message.number == "天安2026-0001"


def test_a_mail_that_somebody_else_dealt_with_says_so(desk):
    desk.bus.answers[SettleMail] = IllegalMove("这封邮件已经处理过了")
    answer = post(desk, "settled")
    assert "已经有人处理了" in text_of(desk.client.get(answer.headers["location"]))


def test_forms_about_mail_need_our_own_token(desk):
    for step in ("need", "added", "settled"):
        assert desk.client.post(f"/desk/mails/m1/{step}", data={"csrf": "forged"}).status_code == 403
    assert desk.client.post("/desk/letters/i1", data={"csrf": "forged", "text": "x"}).status_code == 403


def test_letters_are_shown_with_how_far_they_got_and_written(desk):
    page = desk.client.get("/desk/letters/i1")
    for said in ("李工", "陈专员写给企业", "没有发出去", "550"):
        assert said in text_of(page)
    data = {"csrf": hidden(page, "csrf"), "key": hidden(page, "key"), "text": "请问几台？"}
    assert desk.client.post("/desk/letters/i1", data=data).headers["location"] == "/desk/letters/i1?said=1"
    (asked,) = desk.bus.of(WriteToClient)
    assert (asked.message.request_id, asked.message.text) == ("r1", "请问几台？")


def test_whom_nobody_can_write_to_is_said(desk):
    desk.bus.answers[ListMessages] = Correspondence(messages=(), possible=False)
    page = desk.client.get("/desk/letters/i1")
    assert "没有留邮箱" in text_of(page)
    assert "<textarea" not in page.text


def test_the_api_does_all_of_it_for_staff(desk):
    get = desk.client.get
    assert get("/api/v1/mails").json()["waiting"] == 1
    assert get("/api/v1/mails/m1").json()["sender"] == "li@client.example"
    assert len(get("/api/v1/requests/天安2026-0001/messages").json()["messages"]) == 2
    token = desk.client.get("/api/v1/session").json()["csrf"]
    headers = {"x-csrf-token": token}
    for path, body in (
        ("/mails/m1/need", {"park": "tianan", "company": "示例企业"}), ("/mails/m1/add", {"number": "天安2026-0001"}),
        ("/mails/m1/settle", {}), ("/requests/天安2026-0001/messages", {"text": "几台？"}),
    ):  # fmt: skip
        assert desk.client.post(f"/api/v1{path}", json=body).status_code == 403
        assert desk.client.post(f"/api/v1{path}", json=body, headers=headers).status_code == 200
    assert desk.new_client().get("/api/v1/mails").status_code == 401
