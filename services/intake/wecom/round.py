"""Sends the answers that are due, one after the other, each marked before and after."""

from functools import cache

from services.intake.handlers.chats import claim_reply, open_left_waiting, settle_reply
from services.intake.handlers.work import IntakeWork
from services.intake.wecom.client import Client, NotEver, NotNow
from shared import log
from shared.config import settings

MOST = 50  # in one round

logger = log.get(__name__)


@cache
def client() -> Client:
    """One for this process, for it keeps the token."""
    return Client(settings())


def send_due(uow: IntakeWork) -> None:
    for _ in range(MOST):
        reply = claim_reply(uow)
        if reply is None:
            return
        refused = put_off = ""
        try:
            client().send(reply.user, reply.text)
        except NotEver as error:
            refused = str(error)
        except NotNow as error:
            put_off = str(error)
        settle_reply(reply, refused, put_off, uow)
        if refused or put_off:
            logger.warning("reply_not_sent", reply_id=reply.reply_id, trouble=refused or put_off, tries=reply.tries)


def open_left(uow: IntakeWork) -> None:
    for _ in range(MOST):
        if not open_left_waiting(uow):
            return
