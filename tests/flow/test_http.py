"""The HTTP API does what its OpenAPI document says, whatever is sent to it."""

import pytest
import schemathesis
from hypothesis import HealthCheck, given, settings
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from services.gateway import app
from services.gateway.api.openapi import openapi
from services.gateway.api.operations import PREFIX
from tests.flow.district import load_district, staff_password
from tests.system import System

assert app.API  # Importing it registers every operation.

CHECKS = [not_a_server_error, status_code_conformance, content_type_conformance, response_schema_conformance]
EXAMPLES = 25
LEFT_OUT = ("GET /events", "DELETE /session")  # the one has no end, the other ends the session of all the rest
OPERATIONS = {
    operation.label: operation
    for operation in (found.ok() for found in schemathesis.openapi.from_dict(openapi()).get_all_operations())
    if operation.label not in LEFT_OUT
}


@pytest.fixture(scope="module")
def running(tmp_path_factory, virtual_host):
    """A system of its own, for all that is guessed here would close the door to the other tests."""
    system = System(tmp_path_factory.mktemp("http"), virtual_host())
    try:
        system.start()
        load_district(system)
        system.passwords["chen"] = staff_password(system)
        yield system
    finally:
        system.stop()


@pytest.fixture(scope="module")
def headers(running):
    """Of one session: soon this address has guessed too often to sign in again."""
    with running.api() as client:
        told = client.post("/session", {"account": "chen", "password": running.passwords["chen"]})
    return {"Authorization": f"Bearer {told['token']}"}


@pytest.mark.parametrize("label", OPERATIONS)
def test_no_server_error_and_no_undocumented_answer(label, running, headers):
    @given(case=OPERATIONS[label].as_strategy())
    @settings(max_examples=EXAMPLES, deadline=None, suppress_health_check=list(HealthCheck), database=None)
    def call(case):
        answer = case.call(base_url=running.url + PREFIX, headers=headers)
        case.validate_response(answer, checks=CHECKS)

    call()
