"""The OpenAPI document: complete, and the same as what the operations do."""

import pytest

from services.gateway import app
from services.gateway.api.openapi import openapi
from services.gateway.api.operations import OPERATIONS, Who, routes

DOCUMENT = openapi()


def test_is_openapi_3_1_and_names_every_operation():
    assert app.API  # importing it registers them
    assert DOCUMENT["openapi"] == "3.1.0"
    described = {(method.upper(), path) for path, methods in DOCUMENT["paths"].items() for method in methods}
    assert described == {(one.method, one.path) for one in OPERATIONS}


@pytest.mark.parametrize("one", OPERATIONS, ids=lambda one: f"{one.method} {one.path}")
def test_every_operation_says_what_it_needs_and_answers(one):
    described = DOCUMENT["paths"][one.path][one.method.lower()]
    assert described["summary"].endswith(".")
    assert str(one.status) in described["responses"]
    assert bool(described["security"]) == (one.who is not Who.ANYONE)
    assert ("requestBody" in described) == (one.takes is not None or one.uploads)
    names = [parameter["name"] for parameter in described["parameters"]]
    assert ("Idempotency-Key" in names) == (one.method == "POST")
    for status, answer in described["responses"].items():
        if int(status) >= 400:
            assert list(answer["content"]) == ["application/problem+json"]


def test_the_busiest_path_is_tried_first():
    assert routes()[0].path == "/api/v1/requests"
