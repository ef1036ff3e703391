"""A need whose answer was lost on the way is found by the command that stated it."""

import pytest

from services.intake.handlers.submissions import get_submission
from shared.contracts.intake import GetSubmission, NeedSubmitted
from shared.errors import NotFound
from tests.builders import NOON
from tests.system import PUBLIC
from tests.unit.intake.fakes import FakeIntake


def test_it_tells_the_number_and_never_the_code():
    work = FakeIntake(actor=PUBLIC)
    work.kept["submissions"] = {
        "c1": NeedSubmitted(request_id="r1", number="天安2026-0001", code="123456", park="tianan", received_at=NOON)
    }
    told = get_submission(GetSubmission(command_id="c1"), work)
    assert vars(told) == {"request_id": "r1", "number": "天安2026-0001", "park": "tianan"}
    with pytest.raises(NotFound):
        get_submission(GetSubmission(command_id="c2"), work)
