"""What intake's handlers share: their transaction, and how a request is found."""

from typing import Protocol
from zoneinfo import ZoneInfo

from services.intake.domain.chats import Chats, Manners
from services.intake.domain.clients import Clients
from services.intake.domain.consents import Consents
from services.intake.domain.files import Files
from services.intake.domain.letters import Letters
from services.intake.domain.mails import Addresses, Mails
from services.intake.domain.parks import Parks
from services.intake.domain.requests import Request, Requests
from services.intake.domain.submissions import Submissions
from services.intake.domain.traces import Traces
from services.intake.domain.visits import VisitLists
from shared.errors import NotFound
from shared.ports import Work


class IntakeWork(Work, Protocol):
    requests: Requests
    parks: Parks
    clients: Clients
    consents: Consents
    files: Files
    submissions: Submissions
    visits: VisitLists
    traces: Traces
    mails: Mails
    letters: Letters
    chats: Chats
    manners: Manners
    zone: ZoneInfo
    addresses: Addresses
    site: str
    file_mb: int
    request_mb: int


def found(request_id: str, number: str, uow: IntakeWork) -> Request:
    """By id or by number; raises NotFound."""
    request = uow.requests.get(request_id) if request_id else uow.requests.by_number(number)
    if request is None:
        raise NotFound("没有这个需求")
    return request
