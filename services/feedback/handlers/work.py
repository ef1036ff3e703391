"""What feedback's handlers share: their transaction."""

from typing import Protocol

from services.feedback.domain.told import Notices, Surveys
from shared.plans import Plans
from shared.ports import Work


class FeedbackWork(Work, Protocol):
    notices: Notices
    surveys: Surveys
    plans: Plans
    survey_days: float
