"""What intake tells of requests of the same client."""

from services.intake.handlers.work import IntakeWork, found
from shared import access
from shared.contracts.intake import ListSameClient, SameClient

MOST = 50


def list_same_client(query: ListSameClient, uow: IntakeWork) -> SameClient:
    with uow:
        request = found(query.request_id, "", uow)
        access.check(uow.actor, "list_items", park=request.park)
        code = request.credit_code
        by_code = uow.requests.of_client(code, (request.park,), limit=MOST) if code else []
        by_contact = uow.traces.same_contact(request, MOST)
    others = tuple(one.request_id for one in by_code if one.request_id != request.request_id)
    return SameClient(by_code=others, by_contact=tuple(by_contact))
