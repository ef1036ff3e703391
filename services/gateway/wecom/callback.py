"""Where WeCom delivers: its check of the address, and its messages, answered within the seconds it waits."""

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from services.gateway.bodies import read
from services.gateway.errors import status_of
from services.gateway.visit import Visit
from services.gateway.wecom import messages
from services.gateway.wecom.envelope import Envelope
from shared import log
from shared.config import Settings
from shared.errors import Forbidden, NotFound, ServiceError

PATH = "/wecom"
BODY_LIMIT = 64 * 1024

logger = log.get(__name__)


def route() -> Route:
    return Route(PATH, deliver, methods=["GET", "POST"])


async def deliver(request: Request) -> Response:
    """An empty answer is what WeCom wants to hear; anything but 200 makes it repeat a few times."""
    visit = Visit(request)
    try:
        return await (_take(visit) if request.method == "POST" else _verify(visit))
    except ServiceError as error:
        logger.warning("wecom_refused", error=str(error))
        return PlainTextResponse("", status_of(error))


async def _verify(visit: Visit) -> Response:
    """WeCom's check that this address is ours: the text in its envelope comes back in clear."""
    signature, timestamp, nonce, echo = _asked(visit, "msg_signature", "timestamp", "nonce", "echostr")
    return PlainTextResponse(_envelope(visit.gateway.settings).open(signature, timestamp, nonce, echo))


async def _take(visit: Visit) -> Response:
    given = visit.gateway.settings
    envelope = _envelope(given)
    outside = messages.sealed(await read(visit.request, BODY_LIMIT))
    if outside.receiver != given.wecom_corp_id:
        raise Forbidden("这条消息不是发给我们的")
    signature, timestamp, nonce = _asked(visit, "msg_signature", "timestamp", "nonce")
    plain = envelope.open(signature, timestamp, nonce, outside.encrypted)
    command = messages.message(plain, given.wecom_corp_id, given.wecom_agent_id)
    await visit.gateway.spool.take(command, outside.encrypted)
    return PlainTextResponse("")


def _asked(visit: Visit, *names: str) -> list[str]:
    return [visit.request.query_params.get(name, "") for name in names]


def _envelope(given: Settings) -> Envelope:
    """Raises NotFound where WeCom is not set up."""
    if not given.wecom_corp_id:
        raise NotFound("没有这个页面")
    return Envelope.of(given.wecom_token, given.wecom_aes_key, given.wecom_corp_id)
