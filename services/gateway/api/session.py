"""The API's operations on the session of whoever signs in."""

from dataclasses import dataclass

from starlette.responses import JSONResponse, Response

from services.gateway.accounts.domain import LIFETIME, Session
from services.gateway.api.operations import Who, operation
from services.gateway.api.schemas import SignIn
from services.gateway.visit import SESSION_COOKIE, Visit
from shared.contracts.base import Answer
from shared.wire import dump


@dataclass(frozen=True, kw_only=True)
class SignedIn(Answer):
    """`token` goes into `Authorization: Bearer`; with the cookie, send `csrf` as X-CSRF-Token instead."""

    account: str
    role: str
    name: str
    parks: tuple[str, ...]
    csrf: str
    token: str = ""


@operation("POST", "/session", "Sign in.", takes=SignIn, gives=SignedIn)
async def sign_in(visit: Visit, account: str, password: str) -> Response:
    last = visit.request.cookies.get(SESSION_COOKIE, "")
    session = await visit.gateway.people.sign_in(account, password, visit.address, last)
    response = JSONResponse(dump(_signed_in(session, session.token)))
    set_session(response, session, secure=visit.secure)
    return response


@operation("GET", "/session", "Who is signed in.", who=Who.STAFF, gives=SignedIn)
async def get_session(visit: Visit) -> SignedIn:
    return _signed_in(await visit.staff())


@operation("DELETE", "/session", "Sign out.", who=Who.STAFF, status=204)
async def sign_out(visit: Visit) -> Response:
    await visit.gateway.people.sign_out((await visit.staff()).token)
    response = Response(status_code=204)
    response.delete_cookie(SESSION_COOKIE)
    return response


def set_session(response: Response, session: Session, *, secure: bool) -> None:
    response.set_cookie(
        SESSION_COOKIE,
        session.token,
        max_age=int(LIFETIME.total_seconds()),
        httponly=True,
        samesite="lax",
        secure=secure,
    )


def _signed_in(session: Session, token: str = "") -> SignedIn:
    account = session.account
    return SignedIn(
        account=account.id,
        role=account.role,
        name=account.display_name,
        parks=account.parks,
        csrf=session.csrf,
        token=token,
    )
