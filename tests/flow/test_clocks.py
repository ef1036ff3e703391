"""What time alone brings about: surveys expire, offers lapse."""

import signal

import pytest

from tests.flow.district import check_items, dossier_of, load_district, rows, staff_password
from tests.flow.journey import Journey
from tests.system import System, eventually

SECONDS = 3
DAY = 86400


@pytest.fixture(scope="module")
def system(tmp_path_factory, virtual_host):
    """A district in a hurry."""
    system = System(
        tmp_path_factory.mktemp("clocks"), virtual_host(),
        NQI_SURVEY_DAYS=str(SECONDS / DAY), NQI_OFFER_SECONDS=str(SECONDS), NQI_LEASE_SECONDS="6",
    )  # fmt: skip
    try:
        system.start()
        load_district(system)
        system.passwords["chen"] = staff_password(system)
        yield system
        check_items(system)
    finally:
        system.stop()


@pytest.fixture(scope="module")
def journey(system):
    with system.api() as public, system.api() as staff:
        staff.sign_in("chen", system.passwords["chen"])
        yield lambda: Journey(public, staff)


@pytest.mark.clause("6.6.3")
def test_a_survey_nobody_answers_ends_as_that_and_never_as_a_good_mark(system, journey):
    one = journey()
    one.assess("5.3.b")
    one.until("sealed", seconds=SECONDS + 15)
    assert one.survey()["status"] == "expired"
    assert one.survey()["score"] is None
    query = "SELECT body FROM ledger WHERE request_id = :r AND key = 'feedback.survey_lapsed'"
    (body,) = rows(system, "archive", query, r=one.told["request_id"])
    assert '"reason":"expired"' in body[0]
    assert b'"score": null' in dossier_of(system, "tianan", one.number)["data/evaluation.json"]


def test_an_offer_nobody_answers_lapses_and_the_item_waits_for_the_next(system, journey):
    one = journey()
    system.kill("providers", signal.SIGSTOP)
    try:
        offered = one.assess("5.3.d")
        assert offered["stage"] == "offered"
        eventually(lambda: one.item["stage"] == "assessed" or one.item["job_id"] != offered["job_id"], seconds=20)
    finally:
        system.kill("providers", signal.SIGCONT)
    served = one.until("serving", seconds=30)
    assert served["job_id"] != offered["job_id"]
    query = "SELECT 1 FROM jobs WHERE job_id = :job AND status = 'withdrawn'"
    eventually(lambda: rows(system, "providers", query, job=offered["job_id"]), seconds=20)
