"""What intake's handlers share: their transaction."""

from typing import Protocol
from zoneinfo import ZoneInfo

from services.intake.domain.clients import Clients
from services.intake.domain.consents import Consents
from services.intake.domain.parks import Parks
from services.intake.domain.requests import Requests
from shared.ports import Work


class IntakeWork(Work, Protocol):
    requests: Requests
    parks: Parks
    clients: Clients
    consents: Consents
    zone: ZoneInfo
