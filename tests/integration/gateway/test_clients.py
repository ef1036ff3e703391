"""Enterprises and their consents on pages and by API; an enterprise's account sees its own and nothing else."""

import pytest

from services.gateway import accounts
from shared.contracts.intake import (
    ClientContact,
    ClientLine,
    ClientPage,
    ClientView,
    ConsentList,
    ConsentView,
    GetClient,
    IdentifyClient,
    ListClients,
    ListConsents,
    ListOwnRequests,
    OwnRequests,
    RecordConsent,
    SubmitNeed,
    WithdrawConsent,
)
from shared.errors import IllegalMove, Invalid, NotFound
from tests.integration.gateway.reading import hidden, text_of
from tests.integration.gateway.samples import AT, REQUEST

CODE = "91110000600037341L"
CONSENT = ConsentView(
    consent_id="c1", request_id="r1", number=REQUEST.number, purpose="share_contact", organization="lab",
    organization_name="甲实验室", note="电话里口头同意", given_at=AT, given_by="陈专员", given_by_role="staff",
)  # fmt: skip
CLIENT = ClientView(
    credit_code=CODE, name="示例企业", requests=(REQUEST,),
    contacts=(ClientContact(name="王工", phone="13900000000", email="", number=REQUEST.number),), consents=(CONSENT,),
)  # fmt: skip


@pytest.fixture
def database_url() -> str:
    """SQLite: nothing here depends on the database."""
    return ""


@pytest.fixture
def known(told):
    told.bus.answers |= {
        ListClients: ClientPage(clients=(ClientLine(credit_code=CODE, name="示例企业", requests=1, last_at=AT),)),
        GetClient: lambda query: CLIENT if query.credit_code == CODE else NotFound("没有这家企业的需求"),
        ListConsents: ConsentList(consents=(CONSENT,)), RecordConsent: CONSENT, WithdrawConsent: CONSENT,
        IdentifyClient: REQUEST.__class__(**{**vars(REQUEST), "credit_code": CODE}),
        ListOwnRequests: lambda query: OwnRequests(requests=(REQUEST,) if query.number in ("", REQUEST.number) else ()),
    }  # fmt: skip
    return told


@pytest.fixture
def desk(known):
    known.sign_in()
    return known


@pytest.fixture
def own(known):
    """The enterprise's account is signed in."""
    password = accounts.add(known.engine, "zhang", "client", (), "示例企业", client=CODE)
    page = known.client.get("/signin")
    data = {"account": "zhang", "password": password, "next": hidden(page, "next")}
    assert known.client.post("/signin", data=data).headers["location"] == "/own"
    return known


def test_staff_find_an_enterprise_and_see_what_belongs_to_it(desk):
    assert "示例企业" in text_of(desk.client.get("/desk/clients?search=示例"))
    said = text_of(desk.client.get(f"/desk/clients/{CODE}"))
    for one in (REQUEST.number, "王工", "13900000000", "甲实验室", "陈专员记下"):
        assert one in said
    assert desk.client.get("/desk/clients/nope").status_code == 404


def test_staff_say_which_enterprise_it_is(desk):
    page = desk.client.get("/desk/identify/i1")
    data = {"csrf": hidden(page, "csrf"), "key": hidden(page, "key"), "credit_code": CODE, "name": "示例企业"}
    assert desk.client.post("/desk/identify/i1", data=data).headers["location"] == f"/desk/clients/{CODE}"
    (asked,) = desk.bus.of(IdentifyClient)
    assert (asked.message.request_id, asked.message.credit_code) == ("r1", CODE)
    desk.bus.answers[IdentifyClient] = Invalid("请检查填写的内容", fields={"credit_code": "代码不对"})
    refused = desk.client.post("/desk/identify/i1", data={**data, "credit_code": "123"})
    assert "代码不对" in text_of(refused)
    assert 'value="123"' in refused.text


def test_staff_write_down_consents_and_their_end(desk):
    page = desk.client.get("/desk/consents/i1")
    data = {"csrf": hidden(page, "csrf"), "key": hidden(page, "key"), "organization": "甲实验室", "note": "电话"}
    assert desk.client.post("/desk/consents/i1", data=data).status_code == 303
    (asked,) = desk.bus.of(RecordConsent)
    assert (asked.message.organization, asked.message.note) == ("甲实验室", "电话")
    desk.bus.answers[WithdrawConsent] = IllegalMove("这项同意已经撤回了")
    gone = desk.client.post("/desk/consents/i1/c1/withdraw", data={"csrf": data["csrf"], "key": "k"})
    assert gone.headers["location"] == "/desk/consents/i1"
    desk.bus.answers[RecordConsent] = Invalid("请检查填写的内容", fields={"note": "请写明对方是怎么同意的"})
    assert "请写明对方是怎么同意的" in text_of(desk.client.post("/desk/consents/i1", data=data))


def test_a_client_agrees_and_withdraws_on_its_own_page(known):
    known.client.post("/track", data={"number": REQUEST.number, "code": "123456"})
    at = f"/r/{REQUEST.number}/consents"
    page = known.client.get(at)
    assert "甲实验室" in text_of(page)
    data = {"csrf": hidden(page, "csrf"), "key": hidden(page, "key")}
    assert known.client.post(at, data=data).status_code == 303
    (asked,) = known.bus.of(RecordConsent)
    assert (asked.message.request_id, asked.actor.requests) == ("r1", ("r1",))
    assert known.client.post(f"{at}/c1/withdraw", data=data).status_code == 303
    assert known.bus.of(WithdrawConsent)[0].message.consent_id == "c1"
    assert known.client.post(at, data={**data, "csrf": "forged"}).status_code == 403
    assert known.new_client().get(at).headers["location"].startswith("/track")


def test_an_account_of_an_enterprise_sees_its_own_and_opens_it(own):
    said = text_of(own.client.get("/own"))
    assert REQUEST.number in said
    assert {one.actor.client for one in own.bus.of(ListOwnRequests)} == {CODE}
    opened = own.client.get(f"/r/{REQUEST.number}")
    assert opened.status_code == 303  # the browser holds it now, and comes back
    assert REQUEST.number in text_of(own.client.get(f"/r/{REQUEST.number}"))


def test_it_opens_nothing_of_others_and_no_page_of_staff(own):
    assert own.client.get("/r/天安2026-0999").headers["location"].startswith("/track")
    own.bus.answers[ListOwnRequests] = OwnRequests(requests=())
    assert own.client.get(f"/api/v1/requests/{REQUEST.number}").status_code == 404
    for path in ("/desk", "/desk/new"):
        assert own.client.get(path).status_code in (403, 404), path


def test_what_it_opened_is_shut_when_it_signs_out(own):
    own.client.get(f"/r/{REQUEST.number}")
    page = own.client.get("/own")
    own.client.post("/signout", data={"csrf": hidden(page, "csrf")})
    assert own.client.get(f"/r/{REQUEST.number}").headers["location"].startswith("/track")


def test_the_form_knows_whose_account_it_is(own):
    page = own.client.get("/tianan")
    assert 'value="示例企业"' in page.text
    assert f'value="{CODE}"' in page.text
    own.client.post("/tianan", data={"text": "压力表", "company": "示例企业", "contact": "13900000000", "key": "k"})
    (asked,) = own.bus.of(SubmitNeed)
    assert (asked.actor.role, asked.actor.client) == ("client", CODE)


def test_staff_have_no_page_of_an_enterprise(desk):
    assert desk.client.get("/own").status_code == 403


def test_the_api_does_all_of_it(desk):
    code = {"x-request-code": "123456"}
    at = f"/api/v1/requests/{REQUEST.number}"
    assert desk.client.get("/api/v1/clients").json()["clients"][0]["credit_code"] == CODE
    assert desk.client.get(f"/api/v1/clients/{CODE}").json()["contacts"][0]["name"] == "王工"
    anybody = desk.new_client()
    assert anybody.get("/api/v1/clients").status_code == 401
    assert anybody.get(f"{at}/consents", headers=code).json()["consents"][0]["consent_id"] == "c1"
    assert anybody.post(f"{at}/consents", json={}, headers=code).status_code == 200
    assert anybody.post(f"{at}/consents/c1/withdraw", json={}, headers=code).status_code == 200
    assert anybody.post(f"{at}/consents", json={}).status_code == 401
    token = {"x-csrf-token": desk.client.get("/api/v1/session").json()["csrf"]}
    assert desk.client.post(f"{at}/client", json={"credit_code": CODE}, headers=token).json()["credit_code"] == CODE


def test_the_api_lists_an_enterprise_its_own(own):
    assert own.client.get("/api/v1/own/requests").json()["requests"][0]["number"] == REQUEST.number
