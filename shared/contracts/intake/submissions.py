"""What became of a need whose answer was lost on the way."""

from dataclasses import dataclass

from shared.contracts.base import Answer, Query


@dataclass(frozen=True, kw_only=True)
class Submission(Answer):
    """The request that came of it; its code is told to nobody again."""

    request_id: str
    number: str
    park: str


@dataclass(frozen=True, kw_only=True)
class GetSubmission(Query):
    """By the id of the command that stated the need."""

    returns = Submission
    command_id: str
