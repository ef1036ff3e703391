"""The API's operations on needs: state one, see how it goes, and what it may be about."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from services.gateway.accounts.domain import Session
from services.gateway.api.operations import CSRF_HEADER, PREFIX, Who, operation, signed_in
from services.gateway.api.schemas import NeedIn, TextIn
from services.gateway.known import PUBLIC
from services.gateway.opening import Opened, opened, proven_by_code, with_parts
from services.gateway.owning import is_client, own_of
from services.gateway.visit import Visit, idempotency_key
from shared.access import Actor
from shared.contracts.base import Answer
from shared.contracts.dispatch import Guesses, SuggestCategory
from shared.contracts.intake import ChannelList, ListChannels, Occasion, SubmitNeed
from shared.errors import NotFound, Unproven

CODE_HEADER = "x-request-code"
_WEB = "web"  # our own channel, which is everybody's


@dataclass(frozen=True, kw_only=True)
class Links(Answer):
    self: str
    page: str


@dataclass(frozen=True, kw_only=True)
class NeedTaken(Answer):
    """`code` proves ownership later on; it is told only here."""

    request_id: str
    number: str
    code: str
    park: str
    received_at: datetime
    links: Links


@operation(
    "POST",
    "/requests",
    "State a need. The code in the answer opens the request later.",
    takes=NeedIn,
    gives=NeedTaken,
    status=201,
)
async def submit_request(visit: Visit, **need: Any) -> NeedTaken:
    actor = PUBLIC
    if await by_staff(visit, need["channel"]):
        actor = (await signed_in(visit)).account.actor()
    need["occasion"] = Occasion(**need["occasion"]) if need["occasion"] else None
    need["files"] = tuple(need["files"])
    taken = await visit.tell(SubmitNeed(**need), actor, idempotency_key(visit.request))
    return NeedTaken(
        request_id=taken.request_id,
        number=taken.number,
        code=taken.code,
        park=taken.park,
        received_at=taken.received_at,
        links=Links(self=f"{PREFIX}/requests/{taken.number}", page=f"/r/{taken.number}"),
    )


async def by_staff(visit: Visit, channel: str) -> bool:
    """Whether only people of the station write down what comes by this channel."""
    known = () if channel == _WEB else await visit.gateway.known.channels()
    return any(one.name == channel and "client" not in one.hands for one in known)


@operation("GET", "/channels", "The ways that needs come by, and who writes them down.", gives=ChannelList)
async def list_channels(visit: Visit) -> ChannelList:
    return await visit.ask(ListChannels())


@operation(
    "POST",
    "/suggestions",
    "What a need may be about: up to three items, each with the words that spoke for it; or that it is a question.",
    takes=TextIn,
    gives=Guesses,
)
async def suggest(visit: Visit, text: str, park: str) -> Guesses:
    return await visit.ask(SuggestCategory(text=text, park=park))


@operation(
    "GET",
    "/requests/{number}",
    "A request with its items, what happened, and what was told. Needs X-Request-Code, or a session.",
    who=Who.OWNER,
    gives=Opened,
)
async def get_request(visit: Visit, number: str) -> Opened:
    if code := visit.request.headers.get(CODE_HEADER, ""):
        request, grant = await proven_by_code(visit, number, code)
        return await with_parts(visit, request, grant.actor())
    return await opened(visit, number, await reader_of(visit, number))


async def owner_of(visit: Visit, number: str) -> Any:
    """The actor that may change this request; a cookie counts only with the token of our own page."""
    if code := visit.request.headers.get(CODE_HEADER, ""):
        return (await proven_by_code(visit, number, code))[1].actor()
    if grant := visit.grants.get(number):
        visit.check_token(visit.request.headers.get(CSRF_HEADER, ""), visit.grants.csrf(visit.gateway.seals))
        return grant.actor()
    return await _as(await signed_in(visit), visit, number)


async def _as(session: Session, visit: Visit, number: str) -> Actor:
    """Whoever is signed in; an enterprise's account only as the owner of what is its own. Raises NotFound."""
    if not is_client(session):
        return session.account.actor()
    if own := await own_of(visit, number):
        return own.actor()
    raise NotFound("没有这个需求")


async def reader_of(visit: Visit, number: str) -> Any:
    """The actor that may read this request: by its code, by what this browser opened before, or signed in."""
    if code := visit.request.headers.get(CODE_HEADER, ""):
        return (await proven_by_code(visit, number, code))[1].actor()
    if grant := visit.grants.get(number):
        return grant.actor()
    if session := await visit.session():
        return await _as(session, visit, number)
    raise Unproven("请用 X-Request-Code 说明查询码，或先登录")
