"""Which request is a reader's own: opened with its code in this browser, or of the enterprise whose account it is."""

from services.gateway.accounts.domain import Session
from services.gateway.grants import Grant
from services.gateway.known import PUBLIC
from services.gateway.visit import Visit
from shared.access import Actor, Role
from shared.contracts.intake import ListOwnRequests, OwnRequests


def is_client(session: Session | None) -> bool:
    return session is not None and session.account.role == Role.CLIENT


async def own_of(visit: Visit, number: str) -> Grant | None:
    """What an enterprise's account lets it see of one request; None if it is not its own."""
    session = await visit.session()
    if session is None or not is_client(session):
        return None
    found: OwnRequests = await visit.ask(ListOwnRequests(number=number), session.account.actor())
    for request in found.requests:
        return visit.grants.with_request(request.number, request.request_id, request.park).held[0]
    return None


async def stating(visit: Visit) -> Actor:
    """Who states a need on a public page: an enterprise's account, else anybody."""
    session = await visit.session()
    return session.account.actor() if session and is_client(session) else PUBLIC


async def known_of(visit: Visit) -> dict[str, str]:
    """What need not be asked of an enterprise whose account is signed in."""
    session = await visit.session()
    if session is None or not is_client(session):
        return {}
    return {"company": session.account.display_name, "credit_code": session.account.client}
