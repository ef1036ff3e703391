"""Errors as problem documents."""

import json

import pytest

from services.gateway.errors import Garbled, NotJson, SignedOut, TooLarge, TooMany, retry_after, status_of
from services.gateway.language import EN, ZH, speech
from services.gateway.problems import KINDS, problem
from shared.errors import (
    BY_NAME,
    Absent,
    Forbidden,
    IllegalMove,
    Interrupted,
    Invalid,
    KeyReused,
    NotFound,
    ServiceError,
    TimedOut,
    Unavailable,
    Unproven,
)


@pytest.mark.parametrize(
    ("error", "status"),
    [
        (Garbled("x"), 400), (Unproven("x"), 401), (SignedOut("x"), 401), (Forbidden("x"), 403), (NotFound("x"), 404),
        (IllegalMove("x"), 409), (TooLarge("x"), 413), (NotJson("x"), 415), (Invalid("x"), 422), (KeyReused("x"), 422),
        (TooMany("x", wait=9), 429), (ServiceError("x"), 500), (Unavailable("x"), 503), (Absent("x"), 503),
        (Interrupted("x"), 503), (TimedOut("x"), 504),
    ],
)  # fmt: skip
def test_every_error_has_its_status(error, status):
    assert status_of(error) == status
    assert status in KINDS


@pytest.mark.parametrize("name", list(BY_NAME))
def test_no_error_of_the_services_is_left_without_a_status(name):
    assert status_of(BY_NAME[name]("x")) in KINDS


def test_says_when_to_try_again():
    assert retry_after(TooMany("x", wait=900)) == 900
    assert retry_after(Absent("x")) == 5
    assert retry_after(NotFound("x")) is None
    assert problem(TooMany("x", wait=900), speech(ZH), "/").headers["retry-after"] == "900"


def test_is_an_rfc_9457_document_in_the_readers_language():
    error = Invalid("请检查填写的内容", fields={"details.rows.0.one": "请填写这一项"})
    response = problem(error, speech(EN), "/api/v1/requests")
    assert response.status_code == 422
    assert response.headers["content-type"] == "application/problem+json"
    assert json.loads(response.body) == {
        "type": "/api/v1/docs#invalid",
        "title": "The content is not acceptable",
        "status": 422,
        "detail": "Please check what was filled in",
        "instance": "/api/v1/requests",
        "errors": [{"field": "details.rows.0.one", "pointer": "#/details/rows/0/one", "detail": "Please fill this in"}],
    }


def test_keeps_what_broke_inside_to_itself():
    response = problem(ServiceError("Traceback: secret"), speech(ZH), "/api/v1/x")
    assert "secret" not in response.body.decode()
