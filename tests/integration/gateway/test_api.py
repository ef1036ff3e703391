"""The HTTP API over a bus that is told what to answer."""

import json
from typing import Any

import pytest

from services.gateway import visit
from shared.contracts.archive import GetTimeline, Timeline
from shared.contracts.dispatch import AcceptItem, AssessItem, ListItems
from shared.contracts.feedback import AnswerSurvey, Inbox, ListNotices
from shared.contracts.intake import FileList, GetOwnRequest, GetRequest, ListFiles, SubmitNeed
from shared.errors import (
    Absent,
    Forbidden,
    IllegalMove,
    Interrupted,
    Invalid,
    KeyReused,
    NotFound,
    TimedOut,
)
from tests.integration.gateway.conftest import Station
from tests.integration.gateway.samples import ITEM, REQUEST, TAKEN

NEED = {"park": "tianan", "text": "压力表要检定", "company": "示例企业"}
URL = "/api/v1/requests"


@pytest.fixture
def database_url() -> str:
    """SQLite: nothing here depends on the database."""
    return ""


def submit(station: Station, need: Any = NEED, **headers: str) -> Any:
    return station.client.post(URL, json=need, headers={name.replace("_", "-"): v for name, v in headers.items()})


def wrong_fields(answer: Any) -> set[str]:
    assert answer.headers["content-type"] == "application/problem+json"
    return {one["field"] for one in answer.json().get("errors", [])}


# --- what is taken


def test_a_need_is_taken_and_told_its_number_and_code(station):
    answer = submit(station)
    assert answer.status_code == 201
    assert answer.json() == {
        "request_id": "r1",
        "number": "天安2026-0001",
        "code": "123456",
        "park": "tianan",
        "received_at": "2026-11-24T02:20:00+00:00",
        "links": {"self": "/api/v1/requests/天安2026-0001", "page": "/r/天安2026-0001"},
    }
    (asked,) = station.bus.of(SubmitNeed)
    assert asked.message == SubmitNeed(**NEED)
    assert asked.actor.role == "public"


def test_an_anonymous_need_never_asks_the_database(station, monkeypatch):
    def not_asked(*_: object) -> None:
        raise AssertionError("the database was asked")

    monkeypatch.setattr("services.gateway.accounts.people.to_thread.run_sync", not_asked)
    assert submit(station).status_code == 201


def test_spaces_around_a_text_do_not_count(station):
    submit(station, {**NEED, "text": "  压力表要检定\n"})
    assert station.bus.of(SubmitNeed)[0].message.text == "压力表要检定"


def test_the_same_key_is_the_same_command_and_another_is_not(station):
    for key in ("a", "a", "b"):
        submit(station, Idempotency_Key=key)
    first, again, other = (asked.command_id for asked in station.bus.of(SubmitNeed))
    assert first == again != other


def test_without_a_key_every_need_is_one_of_its_own(station):
    for _ in range(2):
        submit(station)
    first, second = (asked.command_id for asked in station.bus.of(SubmitNeed))
    assert first != second


@pytest.mark.parametrize("key", ["x" * 201, "a b", "é"])
def test_a_key_must_be_visible_and_short(station, key):
    answer = station.client.post(URL, json=NEED, headers={"idempotency-key": key.encode("latin-1")})
    assert answer.status_code == 400


def test_a_key_used_for_something_else_is_refused(station):
    station.bus.answers[SubmitNeed] = KeyReused("这个幂等键已经用在内容不同的请求上，请换一个")
    assert submit(station).status_code == 422


# --- what is refused


@pytest.mark.parametrize(
    ("need", "fields"),
    [
        ({}, {"park", "text", "company"}),
        ({**NEED, "text": ""}, {"text"}),
        ({**NEED, "text": "   "}, {"text"}),
        ({**NEED, "text": "长" * 5001}, {"text"}),
        ({**NEED, "text": 5}, {"text"}),
        ({**NEED, "text": None}, {"text"}),
        ({**NEED, "company": "长" * 201}, {"company"}),
        ({**NEED, "text": "a\0b"}, {"text"}),
        ({**NEED, "details": []}, {"details"}),
        ({**NEED, "colour": "red"}, {"colour"}),
        ([], {""}),
        ("text", {""}),
    ],
)
def test_wrong_fields_are_named(station, need, fields):
    answer = submit(station, need)
    assert answer.status_code == 422
    assert wrong_fields(answer) == fields
    assert not station.bus.of(SubmitNeed)


def test_the_longest_text_is_taken(station):
    assert submit(station, {**NEED, "text": "长" * 5000}).status_code == 201


def test_what_the_service_refuses_is_told_field_by_field(station):
    station.bus.answers[SubmitNeed] = Invalid(
        "请检查填写的内容", fields={"phone": "电话号码不对，请检查，例如 13900000000 或 020-00000001"}
    )
    answer = submit(station, Accept_Language="en")
    assert answer.status_code == 422
    assert answer.json()["detail"] == "Please check what was filled in"
    assert answer.json()["errors"][0]["detail"].startswith("Please check the telephone number")


@pytest.mark.parametrize(
    ("body", "kind", "status"),
    [
        (b"{", "application/json", 400),
        (b"\xff\xfe", "application/json", 400),
        (b'{"text": NaN}', "application/json", 400),
        (b"[" * 60_000, "application/json", 400),
        (b'{"text": "\\ud800"}', "application/json", 422),
        (b'{"\\ud800": 1}', "application/json", 422),
        (b"text=a", "application/x-www-form-urlencoded", 415),
        (b"{}", "text/plain", 415),
        (b"{}", "", 415),
        (b'"' + b"a" * 70_000 + b'"', "application/json", 413),
        (b"", "application/json", 422),
    ],
)  # fmt: skip
def test_bodies_that_cannot_be_read_are_refused(station, body, kind, status):
    answer = station.client.post(URL, content=body, headers={"content-type": kind})
    assert answer.status_code == status
    assert answer.json()["status"] == status


def test_a_body_declared_too_long_is_refused_unread(station):
    answer = station.client.post(URL, content=b"{}", headers={"content-length": "2000000"})
    assert answer.status_code == 413
    assert answer.headers["content-type"] == "application/problem+json"


def test_a_body_that_turns_out_too_long_is_refused_while_reading(station):
    answer = station.client.post(URL, content=iter([b"x" * 40_000] * 4), headers={"content-type": "application/json"})
    assert answer.status_code == 413


def test_unknown_addresses_and_methods_are_problems_too(station):
    assert station.client.get("/api/v1/nothing").json()["status"] == 404
    answer = station.client.put("/api/v1/items")
    assert (answer.status_code, answer.headers["allow"]) == (405, "GET, HEAD")
    assert station.client.patch("/api/v1/session").headers["allow"] == "DELETE, GET, HEAD, POST"


@pytest.mark.parametrize(
    ("error", "status"),
    [(NotFound("没有这个需求"), 404), (Forbidden("您没有权限做这件事，请联系服务站负责人"), 403)],
)
def test_what_a_service_raises_becomes_a_problem(station, error, status):
    station.sign_in()
    station.bus.answers[GetRequest] = error
    answer = station.client.get("/api/v1/requests/x")
    assert (answer.status_code, answer.json()["detail"]) == (status, error.text)


# --- services that come and go


def test_a_command_waits_for_a_service_that_is_starting(station, monkeypatch):
    monkeypatch.setattr(visit, "PAUSE", 0.01)
    station.bus.answers[SubmitNeed] = [Absent("x"), Absent("x"), TAKEN]
    assert submit(station).status_code == 201
    assert len({asked.command_id for asked in station.bus.of(SubmitNeed)}) == 1


@pytest.mark.parametrize("lost", [TimedOut("x"), Interrupted("x")])
def test_a_command_without_an_answer_is_asked_once_more_with_the_same_id(station, lost):
    station.bus.answers[SubmitNeed] = [lost, TAKEN]
    assert submit(station).status_code == 201
    assert len({asked.command_id for asked in station.bus.of(SubmitNeed)}) == 1


def test_a_command_that_stays_without_an_answer_says_so(station):
    station.bus.answers[SubmitNeed] = TimedOut("等了很久还没有回答，请稍后查看结果或再试一次")
    assert submit(station).status_code == 504
    assert len(station.bus.of(SubmitNeed)) == 2


def test_a_service_that_stays_away_is_unavailable(station, monkeypatch):
    monkeypatch.setattr(visit, "PATIENCE", dict.fromkeys(visit.PATIENCE, 0.0))
    station.bus.answers[SubmitNeed] = Absent("这项服务暂时没有开，请稍后再试")
    answer = submit(station)
    assert (answer.status_code, answer.headers["retry-after"]) == (503, "5")


# --- opening a request


@pytest.fixture
def opened(station):
    station.bus.answers |= {
        GetOwnRequest: lambda query: REQUEST if query.code == "123456" else NotFound("编号和查询码对不上"),
        GetRequest: REQUEST,
        GetTimeline: Timeline(request_id="r1", park="tianan", entries=()),
        ListFiles: FileList(files=()),
        ListNotices: Inbox(notices=(), surveys=()),
    }
    return station


def test_number_and_code_open_a_request(opened):
    answer = opened.client.get(f"{URL}/天安2026-0001", headers={"x-request-code": "123456"})
    assert answer.status_code == 200
    assert answer.json()["request"]["number"] == "天安2026-0001"
    assert [item["item_id"] for item in answer.json()["items"]] == ["i1"]
    (asked,) = opened.bus.of(ListItems)
    assert (asked.actor.role, asked.actor.requests) == ("client", ("r1",))


def test_a_request_needs_a_proof(opened):
    answer = opened.client.get(f"{URL}/天安2026-0001")
    assert answer.status_code == 401
    assert "Bearer" in answer.headers["www-authenticate"]


def test_what_cannot_be_shown_now_is_named(opened, monkeypatch):
    monkeypatch.setattr(visit, "PATIENCE", dict.fromkeys(visit.PATIENCE, 0.0))
    opened.bus.answers[GetTimeline] = Absent("这项服务暂时没有开，请稍后再试")
    answer = opened.client.get(f"{URL}/天安2026-0001", headers={"x-request-code": "123456"})
    assert (answer.status_code, answer.json()["missing"]) == (200, ["timeline"])


def test_five_wrong_codes_close_a_request_for_a_while_even_for_the_right_one(opened):
    for code in ("000000", "000001", "000002", "000003", "000004"):
        answer = opened.client.get(f"{URL}/天安2026-0001", headers={"x-request-code": code})
        assert answer.status_code == 404
    answer = opened.client.get(f"{URL}/天安2026-0001", headers={"x-request-code": "123456"})
    assert answer.status_code == 429
    assert 890 <= int(answer.headers["retry-after"]) <= 901
    elsewhere = opened.new_client("192.0.2.99")  # the number stays closed from other addresses
    answer = elsewhere.get(f"{URL}/天安2026-0001", headers={"x-request-code": "123456"})
    assert answer.status_code == 429


def test_the_right_code_is_never_counted(opened):
    for _ in range(8):
        answer = opened.client.get(f"{URL}/天安2026-0001", headers={"x-request-code": "123456"})
        assert answer.status_code == 200


def test_a_service_that_is_away_uses_up_no_guess(opened, monkeypatch):
    monkeypatch.setattr(visit, "PATIENCE", dict.fromkeys(visit.PATIENCE, 0.0))
    opened.bus.answers[GetOwnRequest] = Absent("这项服务暂时没有开，请稍后再试")
    for _ in range(8):
        answer = opened.client.get(f"{URL}/天安2026-0001", headers={"x-request-code": "123456"})
        assert answer.status_code == 503


# --- items


def test_items_need_somebody_signed_in(station):
    assert station.client.get("/api/v1/items").status_code == 401
    assert station.client.post("/api/v1/items/i1/accept").status_code == 401
    assert not station.bus.asked


def test_a_list_is_asked_with_its_filters(station):
    station.sign_in()
    answer = station.client.get("/api/v1/items?park=tianan&open=true&limit=20")
    assert answer.status_code == 200
    assert station.bus.of(ListItems)[0].message == ListItems(park="tianan", open=True, limit=20)
    assert station.bus.of(ListItems)[0].actor.id == "chen"


@pytest.mark.parametrize("query", ["limit=0", "limit=x", "open=perhaps", "colour=red"])
def test_a_wrong_query_is_named(station, query):
    station.sign_in()
    answer = station.client.get(f"/api/v1/items?{query}")
    assert answer.status_code == 422
    assert wrong_fields(answer) == {query.partition("=")[0]}


def test_a_step_goes_to_its_service_with_the_actor_and_the_key(station):
    session = station.sign_in()
    station.bus.answers[AssessItem] = ITEM
    station.client.cookies.clear()
    answer = station.client.post(
        "/api/v1/items/i1/assess",
        json={"category": "c", "item": "5.3.b", "details": {"count": 2}},
        headers={"authorization": f"Bearer {session['token']}"},
    )
    assert answer.status_code == 200
    (asked,) = station.bus.of(AssessItem)
    assert asked.message == AssessItem(item_id="i1", category="c", item="5.3.b", details={"count": 2})
    assert (asked.actor.id, asked.actor.parks) == ("chen", ("tianan",))


def test_a_step_the_state_does_not_allow_is_a_conflict(station):
    session = station.sign_in()
    station.bus.answers[AcceptItem] = IllegalMove(
        "现在不能这样做：{state} 时没有“{trigger}”这一步", state="a", trigger="b"
    )
    answer = station.client.post("/api/v1/items/i1/accept", headers={"x-csrf-token": session["csrf"]})
    assert (answer.status_code, answer.json()["detail"]) == (409, "现在不能这样做：a 时没有“b”这一步")


@pytest.mark.parametrize("score", [0, 6, "5", 3.5, None, True])
def test_a_score_runs_from_one_to_five(station, score):
    answer = station.client.post("/api/v1/surveys/t/answer", json={"score": score})
    assert answer.status_code == 422
    assert not station.bus.of(AnswerSurvey)


# --- what surrounds it all


def test_every_answer_bears_the_security_headers(station):
    for path in ("/", "/api/v1/nothing", "/healthz", "/static/0/nqi.css", "/nowhere"):
        headers = station.client.get(path).headers
        assert headers["content-security-policy"].startswith("default-src 'none'; script-src 'self'; style-src 'self'")
        assert headers["x-content-type-options"] == "nosniff"
        assert "referrer-policy" in headers


def test_what_is_personal_is_not_kept_by_caches(station):
    assert submit(station).headers["cache-control"] == "no-store"


def test_files_are_kept_for_ever_under_the_address_of_their_content(station):
    page = station.client.get("/signin").text
    address = page.partition('rel="stylesheet" href="')[2].partition('"')[0].replace("tabler", "nqi")
    styles = station.client.get("/static/0000/nqi.css")
    assert styles.headers["cache-control"] == "no-cache"
    assert address
    assert "gzip" in styles.headers.get("content-encoding", "gzip")
    assert station.client.get("/static/0000/nothing.css").status_code == 404


def test_health_tells_bus_and_database_apart(station):
    assert station.client.get("/healthz").json() == {"broker": True, "database": True}
    station.bus.up = False
    answer = station.client.get("/healthz")
    assert (answer.status_code, answer.json()["broker"]) == (503, False)


def test_metrics_count_by_route_and_not_by_address(station):
    station.client.get("/api/v1/surveys/secret-token")
    submit(station)
    told = station.client.get("/metrics").text
    assert "secret-token" not in told
    assert 'nqi_http_requests_total{method="POST",route="/api/v1/requests",status="201"} 1.0' in told
    assert 'route="/api/v1/surveys/{token}"' in told


def test_the_document_and_its_page_are_there(station):
    assert station.client.get("/api/v1/openapi.json").json()["openapi"] == "3.1.0"
    assert "/api/v1/requests" in station.client.get("/api/v1/docs").text


def test_a_mistake_of_ours_is_a_problem_without_details(station):
    station.bus.answers[SubmitNeed] = RuntimeError("secret")
    answer = submit(station)
    assert answer.status_code == 500
    assert "secret" not in json.dumps(answer.json())
    assert answer.headers["x-content-type-options"] == "nosniff"
