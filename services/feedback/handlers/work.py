"""What feedback's handlers share: their transaction."""

from typing import Protocol
from zoneinfo import ZoneInfo

from services.feedback.domain.asking import AskPlans
from services.feedback.domain.figures import Counting
from services.feedback.domain.parties import Parties
from services.feedback.domain.repositories import Complaints
from services.feedback.domain.revisits import Revisits
from services.feedback.domain.told import Notices, Surveys
from shared.plans import Plans
from shared.ports import Work


class FeedbackWork(Work, Protocol):
    notices: Notices
    surveys: Surveys
    complaints: Complaints
    parties: Parties
    revisits: Revisits
    plans: Plans
    ask_plans: AskPlans
    counting: Counting
    survey_days: float
    appeal_days: float
    zone: ZoneInfo
