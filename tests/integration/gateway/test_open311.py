"""Open311 GeoReport v2 at the gateway: what it answers, and what it lets in."""

from datetime import UTC, datetime, timedelta
from xml.etree import ElementTree

import pytest

from services.gateway import uploads
from services.gateway.accounts.doors import Doors
from services.gateway.open311 import catalogue
from services.gateway.open311.listing import OVER
from services.providers import plugins
from services.providers.plugin import provides
from shared import forms
from shared.access import Role
from shared.contracts.dispatch import ListStandings, ListTargets, Standing, Standings
from shared.contracts.intake import GetSubmission, RegisterFile, Submission, SubmitNeed
from shared.errors import Invalid, KeyReused, NotFound, TimedOut
from shared.files import Folder
from tests.integration.gateway.samples import AT, CODE, METROLOGY, VERIFY
from tests.integration.gateway.test_files import view

if not provides.codes:
    provides.discover(plugins)
V2 = "/open311/v2"
PNG = b"\x89PNG\r\n\x1a\n" + b"\0" * 50
NEED = {"service_code": CODE, "description": "压力表要检定", "attribute[company]": "示例企业", "phone": "13900000000"}


def standing(number="天安2026-0001", stage="accepted", **more):
    given = {
        "number": number, "park": "tianan", "stage": stage, "category": METROLOGY.code, "item": CODE,
        "title": VERIFY.title, "opened_at": AT, "changed_at": AT,
    }  # fmt: skip
    return Standing(**{**given, **more})


@pytest.fixture
def database_url(request):
    """SQLite: the keys' table is tested on both databases elsewhere."""
    return ""


@pytest.fixture
def key(told):
    return Doors(told.engine, b"d" * 32).keys.add("app", ["tianan"])


@pytest.fixture
def post(told, key):
    def post(fields=None, format="json", headers=None, **more):
        data = {"api_key": key, **NEED, **(fields or {})}
        return told.client.post(
            f"{V2}/requests.{format}", data={k: v for k, v in data.items() if v is not None}, headers=headers, **more
        )

    return post


def names(xml):
    return [child.tag for child in xml]


def test_the_services_are_all_items_then_their_category_then_the_general_one(told):
    found = told.client.get(f"{V2}/services.json").json()
    codes = [one["service_code"] for one in found]
    assert codes == [*(f"5.3.{letter}" for letter in METROLOGY.items), METROLOGY.code, "general"]
    first = found[1]
    assert first["service_name"] == VERIFY.title
    assert (first["metadata"], first["type"], first["group"]) == (True, "realtime", METROLOGY.title)
    assert set(first["keywords"].split(",")) == set(VERIFY.words)


def test_xml_says_the_same_as_json(told):
    answer = told.client.get(f"{V2}/services.xml")
    assert answer.headers["content-type"] == "text/xml; charset=utf-8"
    root = ElementTree.fromstring(answer.content)
    found = told.client.get(f"{V2}/services.json")
    assert found.headers["content-type"] == "application/json; charset=utf-8"
    assert (root.tag, {child.tag for child in root}) == ("services", {"service"})
    for element, one in zip(root, found.json(), strict=True):
        told_in_json = {k: str(v).lower() if isinstance(v, bool) else v for k, v in one.items()}
        assert {child.tag: child.text or "" for child in element} == told_in_json


def test_a_definition_asks_for_the_company_and_for_nothing_else(told):
    found = told.client.get(f"{V2}/services/{CODE}.json").json()
    assert found["service_code"] == CODE
    assert [one["code"] for one in found["attributes"] if one["required"]] == ["company"]
    assert [one["order"] for one in found["attributes"]] == list(range(1, len(found["attributes"]) + 1))
    assert {one["code"] for one in found["attributes"]} == {"company", "credit_code", *VERIFY.form}
    assert "一行一件" in found["attributes"][2]["datatype_description"]
    root = ElementTree.fromstring(told.client.get(f"{V2}/services/{CODE}.xml").content)
    assert (root.tag, names(root), names(root[1])[0]) == (
        "service_definition",
        ["service_code", "attributes"],
        "attribute",
    )


@pytest.mark.parametrize(
    ("code", "item"), [(f"{one.clause}.{letter}", item) for one in provides for letter, item in one.items.items()]
)
def test_every_form_can_be_filled_in_by_its_attributes(code, item):
    form = forms.describe(item.form)

    def text(field, value):
        if field["kind"] == "table":
            return "\n".join("|".join(text(c, row.get(c["name"], "")) for c in field["fields"]) for row in value)
        return str(value).lower() if isinstance(value, bool) else str(value)

    known = {field["name"]: field for field in form}
    given = {name: text(known[name], value) for name, value in item.example.items()}
    assert catalogue.details(form, given) == dict(item.example)


@pytest.mark.clause("6.2.b")
def test_a_post_is_a_need_with_its_details(told, post):
    answer = post(
        {
            "attribute[instruments]": "压力表|Y-100|12\n电子天平",
            "first_name": "工", "last_name": "王", "email": "wang@example.com", "address_string": "示例楼 1 层",
            "lat": "22.93", "long": "113.36", "media_url": "https://example.com/1.jpg", "device_id": "d1",
            "attribute[credit_code]": "91110000600037341L",
        }
    )  # fmt: skip
    assert answer.status_code == 200
    (given,) = answer.json()
    assert given["service_request_id"] == "天安2026-0001"
    assert "123456" in given["service_notice"]
    (asked,) = told.bus.of(SubmitNeed)
    assert asked.message == SubmitNeed(
        park="tianan", company="示例企业", channel="open311", contact_name="王工", phone="13900000000",
        text="压力表要检定\n地点：示例楼 1 层\n坐标：22.93, 113.36\n图片：https://example.com/1.jpg",
        email="wang@example.com", credit_code="91110000600037341L", category=METROLOGY.code, item=CODE,
        details={"instruments": [{"name": "压力表", "model": "Y-100", "count": 12}, {"name": "电子天平"}]},
    )  # fmt: skip
    assert (asked.actor.id, asked.actor.role, asked.actor.parks) == ("key:app", Role.SYSTEM, ("tianan",))


def test_a_post_is_answered_in_xml_too(post):
    root = ElementTree.fromstring(post(format="xml").content)
    assert (root.tag, names(root)) == ("service_requests", ["request"])
    assert root.findtext("request/service_request_id") == "天安2026-0001"


def test_multipart_is_read_like_a_form_and_its_files_go_with_the_need(told, post, tmp_path, monkeypatch):
    folder = Folder(tmp_path / "files")
    monkeypatch.setattr(uploads, "shelf", lambda: folder)
    told.bus.answers[RegisterFile] = view
    assert post(files={"unused": (None, "")}).status_code == 200
    media = {"media": ("photo.png", PNG, "image/png")}
    assert post(files=media).status_code == 200
    (kept,) = told.bus.of(RegisterFile)
    assert kept.message.content_type == "image/png"
    assert b"".join(folder.read(kept.message.sha256)) == PNG
    assert [len(asked.message.files) for asked in told.bus.of(SubmitNeed)] == [0, 1]
    refused = post(files={"media": ("virus.exe", b"MZ" + b"\0" * 100, "application/octet-stream")})
    assert refused.status_code == 400
    assert len(told.bus.of(SubmitNeed)) == 2


def test_a_category_or_nothing_at_all_may_be_named_instead_of_an_item(told, post):
    post({"service_code": METROLOGY.code})
    post({"service_code": "general"})
    assert [(a.message.category, a.message.item) for a in told.bus.of(SubmitNeed)] == [(METROLOGY.code, ""), ("", "")]
    assert post({"service_code": "general", "description": None}).status_code == 400
    post({"description": None})
    assert told.bus.of(SubmitNeed)[-1].message.text == f"想办：{VERIFY.title}"


@pytest.mark.parametrize(
    ("fields", "status", "said"),
    [
        ({"api_key": None}, 403, "api_key"),
        ({"api_key": "wrong"}, 403, "api_key"),
        ({"jurisdiction_id": "juda"}, 403, "这个 api_key 不能向这个园区提需求"),
        ({"jurisdiction_id": "mars"}, 404, "mars"),
        ({"service_code": None}, 400, "service_code: "),
        ({"service_code": "9.9.z"}, 404, "9.9.z"),
        ({"attribute[company]": None}, 400, "attribute[company]: "),
        ({"attribute[nothing]": "x"}, 400, "attribute[nothing]: "),
        ({"attribute[instruments]": "压力表|Y|一打"}, 400, "attribute[instruments].0.count: "),
        ({"attribute[instruments]": "a||1|||more"}, 400, "attribute[instruments].0.|: "),
        ({"lat": "91", "long": "0"}, 400, "lat: "),
        ({"lat": "1"}, 400, "lat: "),
        ({"lat": "nan", "long": "0"}, 400, "lat: "),
        ({"description": "a\0b"}, 400, "不能保存的字符"),
    ],
)
def test_what_is_wrong_is_told_in_the_specifications_form_and_nothing_is_sent(told, post, fields, status, said):
    for format in ("json", "xml"):
        answer = post(fields, format)
        assert answer.status_code == status
        if format == "json":
            (error,) = answer.json()
            assert error["code"] == status
            assert said in error["description"]
        else:
            root = ElementTree.fromstring(answer.content)
            assert (root.tag, names(root), root.findtext("error/code")) == ("errors", ["error"], str(status))
    assert not told.bus.of(SubmitNeed)


def test_other_media_types_and_forms_nobody_can_read_are_refused(told, key):
    url = f"{V2}/requests.json"
    assert told.client.post(url, json={"api_key": key}).status_code == 415
    form = {"content-type": "application/x-www-form-urlencoded"}
    assert told.client.post(url, content=b"a=%ff", headers=form).status_code == 400
    broken = {"content-type": "multipart/form-data"}
    assert told.client.post(url, content=b"x", headers=broken).status_code == 400
    assert told.client.post(url, content=b"a=" + b"x" * 1_100_000, headers=form).status_code == 413


def test_several_faults_are_told_at_once(post):
    found = post({"attribute[company]": None, "description": None, "service_code": "general", "lat": "x"}).json()
    assert {one["description"].partition(":")[0] for one in found} == {"attribute[company]", "description", "lat"}


def test_what_the_service_refuses_bears_the_clients_names(told, post):
    told.bus.answers[SubmitNeed] = Invalid("请检查填写的内容", fields={"text": "请写下您的需求", "phone": "没有"})
    assert [one["description"].partition(":")[0] for one in post().json()] == ["description", "phone"]


def test_a_key_for_several_parks_says_which_and_a_revoked_one_opens_nothing(told):
    keys = Doors(told.engine, b"d" * 32).keys
    several = keys.add("both", ["*"])
    url, fields = f"{V2}/requests.json", {**NEED, "api_key": several}
    assert told.client.post(url, data=fields).json()[0]["description"].startswith("jurisdiction_id: ")
    assert told.client.post(url, data={**fields, "jurisdiction_id": "番禺区"}).status_code == 400
    assert told.client.post(url, data={**fields, "jurisdiction_id": "juda"}).status_code == 200
    assert told.bus.of(SubmitNeed)[-1].message.park == "juda"
    header = {"x-api-key": several}
    assert told.client.post(url, data={**NEED, "jurisdiction_id": "juda"}, headers=header).status_code == 200
    keys.revoke("both")
    assert told.client.post(url, data={**fields, "jurisdiction_id": "juda"}).status_code == 403


def test_with_the_same_idempotency_key_it_is_the_same_command_and_its_token_finds_it(told, post):
    told.bus.answers[GetSubmission] = lambda query: Submission(request_id="r1", number="天安2026-0001", park="tianan")
    first, second = (post(headers={"idempotency-key": "k1"}) for _ in range(2))
    post()
    ids = [asked.command_id for asked in told.bus.of(SubmitNeed)]
    token = first.headers["x-request-token"]
    assert ids[0] == ids[1] == token == second.headers["x-request-token"]
    assert ids[2] != token
    found = told.client.get(f"{V2}/tokens/{token}.json")
    assert found.json() == [{"service_request_id": "天安2026-0001", "token": token}]
    assert told.bus.of(GetSubmission)[0].message.command_id == token
    told.bus.answers[GetSubmission] = NotFound("没有这个需求")
    assert told.client.get(f"{V2}/tokens/{token}.xml").status_code == 404


def test_an_answer_that_got_lost_leaves_a_token(told, post):
    told.bus.answers[SubmitNeed] = TimedOut("等了很久还没有回答，请稍后查看结果或再试一次")
    answer = post(headers={"idempotency-key": "k1"})
    assert answer.status_code == 504
    assert answer.headers["x-request-token"] == told.bus.of(SubmitNeed)[-1].command_id
    told.bus.answers[SubmitNeed] = KeyReused("这个幂等键已经用在内容不同的请求上，请换一个")
    assert post().status_code == 400


def test_a_list_shows_how_requests_stand_and_nothing_personal(told):
    told.bus.answers[ListStandings] = Standings(standings=(standing(),))
    (found,) = told.client.get(f"{V2}/requests.json").json()
    assert found["service_request_id"] == "天安2026-0001"
    assert (found["status"], found["status_notes"]) == ("open", "已受理，正在评估")
    assert (found["service_code"], found["service_name"]) == (CODE, VERIFY.title)
    assert found["requested_datetime"] == "2026-11-24T10:20:00+08:00"
    assert found["description"] is None
    assert found["extended_attributes"] == {"park": "tianan", "stage": "accepted"}
    root = ElementTree.fromstring(told.client.get(f"{V2}/requests.xml").content)
    assert root.findtext("request/requested_datetime") == "2026-11-24T10:20:00+08:00"


def test_every_stage_is_open_or_closed(told):
    stages = {"received": "open", "told": "closed", "sealed": "closed", "refused": "closed", "serving": "open"}
    for stage, status in stages.items():
        told.bus.answers[ListStandings] = Standings(standings=(standing(stage=stage),))
        assert told.client.get(f"{V2}/requests.json").json()[0]["status"] == status


def test_a_request_of_several_items_is_one_and_open_while_any_of_them_is(told):
    told.bus.answers[ListStandings] = Standings(
        standings=(standing(stage="sealed"), standing(stage="serving", item="5.4.b", title="委托检验检测"))
    )
    (found,) = told.client.get(f"{V2}/requests/天安2026-0001.json").json()
    assert (found["status"], found["service_name"]) == ("open", f"{VERIFY.title}、委托检验检测")


def asked_of(told, **query):
    told.bus.answers.setdefault(ListStandings, Standings(standings=()))
    answer = told.client.get(f"{V2}/requests.json", params=query)
    assert answer.status_code == 200, answer.text
    return told.bus.of(ListStandings)[-1].message


def test_filters_reach_the_service(told):
    asked = asked_of(
        told, service_code=f"{CODE}, general", status="closed", jurisdiction_id="juda", page="2", page_size="50",
        start_date="2026-11-01T00:00:00Z", end_date="2026-11-30T00:00:00+08:00",
    )  # fmt: skip
    assert (asked.services, asked.closed, asked.parks, asked.over) == ((CODE, ""), True, ("juda",), OVER)
    assert (asked.skip, asked.limit) == (50, 50)
    assert (asked.since, asked.until) == (datetime(2026, 11, 1, tzinfo=UTC), datetime(2026, 11, 29, 16, tzinfo=UTC))
    assert asked_of(told, status="open,closed").closed is None
    assert asked_of(told, status="open").closed is False
    assert set(asked_of(told, jurisdiction_id="番禺区").parks) == {"tianan", "juda"}
    ids = asked_of(told, service_request_id="天安2026-0001,巨大2026-0002", status="nonsense")
    assert (ids.numbers, ids.since, ids.closed) == (("天安2026-0001", "巨大2026-0002"), None, None)


def test_a_list_spans_ninety_days_at_the_most(told):
    span = timedelta(days=90)
    asked = asked_of(told)
    assert asked.until - asked.since == span
    assert abs(asked.until - datetime.now(UTC)) < timedelta(minutes=1)
    asked = asked_of(told, start_date="2026-01-01T00:00:00Z")
    assert (asked.since, asked.until) == (datetime(2026, 1, 1, tzinfo=UTC), datetime(2026, 1, 1, tzinfo=UTC) + span)
    asked = asked_of(told, start_date="2020-01-01T00:00:00Z", end_date="2026-11-30T00:00:00Z")
    assert asked.until - asked.since == span
    assert asked.until == datetime(2026, 11, 30, tzinfo=UTC)


def test_a_thousand_are_fetched_in_parts(told):
    everything = [standing(f"天安2026-{n:04d}") for n in range(1100)]
    told.bus.answers[ListStandings] = lambda query: Standings(
        standings=tuple(everything[query.skip : query.skip + query.limit])
    )
    found = told.client.get(f"{V2}/requests.json").json()
    assert [one["service_request_id"] for one in found] == [one.number for one in everything[:1000]]
    assert len(told.client.get(f"{V2}/requests.json?page=2").json()) == 100


@pytest.mark.parametrize(
    ("query", "name"),
    [
        ({"status": "half"}, "status"), ({"start_date": "yesterday"}, "start_date"), ({"end_date": "x"}, "end_date"),
        ({"page": "0"}, "page"), ({"page_size": "1001"}, "page_size"), ({"page": "x"}, "page"),
        ({"start_date": "2026-11-02T00:00:00Z", "end_date": "2026-11-01T00:00:00Z"}, "start_date"),
        ({"start_date": "0001-01-01T00:00:00+23:00"}, "start_date"),
        ({"service_request_id": ",".join(map(str, range(300)))}, "service_request_id"),
    ],
)  # fmt: skip
def test_filters_that_make_no_sense_are_named(told, query, name):
    answer = told.client.get(f"{V2}/requests.json", params=query)
    assert answer.status_code == 400
    assert answer.json()[0]["description"].startswith(f"{name}: ")


def test_what_is_not_there_is_told_in_the_specifications_form(told):
    told.bus.answers[ListStandings] = Standings(standings=())
    for path in ("/requests/天安2026-9999.xml", "/nothing.xml", "/services/x.xml", "/requests.csv", "/requests"):
        answer = told.client.get(V2 + path)
        assert answer.status_code == 404, path
        assert ElementTree.fromstring(answer.content).findtext("error/code") == "404"
    assert told.client.get(f"{V2}/services.json?jurisdiction_id=mars").status_code == 404


def test_discovery_names_the_endpoint_and_its_formats(told):
    found = told.client.get(f"{V2}/discovery.json").json()["endpoints"][0]
    assert found["url"].endswith(V2)
    assert found["formats"] == ["text/xml", "application/json"]
    root = ElementTree.fromstring(told.client.get(f"{V2}/discovery.xml").content)
    assert root.findtext("endpoints/endpoint/formats/format") == "text/xml"


def test_text_that_xml_cannot_hold_is_left_out(told):
    told.bus.answers[ListStandings] = Standings(standings=(standing(title="坏\x08字"),))
    told.bus.answers[ListTargets] = type(told.bus.answers[ListTargets])(targets=())
    root = ElementTree.fromstring(told.client.get(f"{V2}/requests.xml").content)
    assert root.findtext("request/service_name") == "坏字"
