"""What became of a need whose answer was lost on the way."""

from services.intake.handlers.work import IntakeWork
from shared import access
from shared.contracts.intake import GetSubmission, Submission
from shared.errors import NotFound


def get_submission(query: GetSubmission, uow: IntakeWork) -> Submission:
    """The command's id, which only its sender knows, is the proof; what it opens is the number alone."""
    access.check(uow.actor, "open_with_code")
    with uow:
        taken = uow.submissions.get(query.command_id)
    if taken is None:
        raise NotFound("没有这个需求")
    return Submission(request_id=taken.request_id, number=taken.number, park=taken.park)
