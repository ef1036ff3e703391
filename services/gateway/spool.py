"""Instant messages that came while intake was away: kept sealed as they came, and handed on once it is back.

Whoever wrote one has no way to know that it did not arrive, and the messenger repeats it for seconds only.
"""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from typing import NamedTuple

import sqlalchemy as sa
from anyio import to_thread

from services.gateway.accounts.store import metadata, reading
from services.gateway.wecom import messages
from services.gateway.wecom.envelope import Envelope
from shared import log
from shared.access import EVERYWHERE, Actor, Role
from shared.client import Bus
from shared.config import Settings
from shared.contracts.intake import TakeChat
from shared.errors import KeyReused, Rejected, ServiceError, Unavailable
from shared.store import Moment, insert, unavailable

WECOM = Actor(id="wecom", role=Role.SYSTEM, name="企业微信", parks=(EVERYWHERE,))
PATIENCE = 3.0  # seconds; WeCom waits five
PAUSE = 5.0
BATCH = 20

held = sa.Table(
    "held_chats",
    metadata,
    sa.Column("message_id", sa.Text, primary_key=True),
    sa.Column("encrypted", sa.Text, nullable=False),
    sa.Column("held_at", Moment, nullable=False),
    sa.Index(None, "held_at"),
)

logger = log.get(__name__)


class Held(NamedTuple):
    message_id: str
    encrypted: str


class Spool:
    """Hands messages to intake, at once or later. Several gateways may do so: intake takes each once."""

    def __init__(self, engine: sa.Engine, bus: Bus, given: Settings) -> None:
        self._engine, self._bus, self._given = engine, bus, given

    async def take(self, command: TakeChat, encrypted: str) -> None:
        """The message is intake's, or kept here; raises Unavailable if neither can be."""
        try:
            await self._hand_on(command)
        except ServiceError as error:
            logger.warning("chat_held", message_id=command.message_id, error=str(error))
            await to_thread.run_sync(self._keep, Held(command.message_id, encrypted))

    async def _hand_on(self, command: TakeChat) -> None:
        with contextlib.suppress(KeyReused):  # it was taken before, and differs in nothing that matters
            await self._bus.ask(command, actor=WECOM, command_id=command.message_id, deadline=PATIENCE)

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """Hand on what is kept, for as long as the process runs."""
        if not self._given.wecom_corp_id:
            yield
            return
        task = asyncio.create_task(self._run())
        yield
        task.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await task

    async def _run(self) -> None:
        while True:
            await asyncio.sleep(PAUSE)
            try:
                for one in await to_thread.run_sync(self._oldest):
                    await self._try(one)
            except Unavailable as error:
                logger.warning("chats_wait", error=str(error))

    async def _try(self, one: Held) -> None:
        """Raises Unavailable; one that intake refuses waits behind the others, for somebody to mend a setting."""
        try:
            await self._hand_on(self._opened(one))
        except Rejected as error:
            logger.error("chat_refused", message_id=one.message_id, error=str(error))
            await to_thread.run_sync(self._put_off, one.message_id)
        else:
            await to_thread.run_sync(self._forget, one.message_id)

    def _opened(self, one: Held) -> TakeChat:
        given = self._given
        envelope = Envelope.of(given.wecom_token, given.wecom_aes_key, given.wecom_corp_id)
        return messages.message(envelope.unsealed(one.encrypted), given.wecom_corp_id, given.wecom_agent_id)

    def _keep(self, one: Held) -> None:
        with unavailable(), self._engine.begin() as connection:
            kept = insert(held, connection).values(**one._asdict(), held_at=datetime.now(UTC))
            connection.execute(kept.on_conflict_do_nothing())

    def _oldest(self) -> list[Held]:
        query = sa.select(held.c.message_id, held.c.encrypted).order_by(held.c.held_at).limit(BATCH)
        with unavailable(), reading(self._engine) as connection:
            return [Held(*row) for row in connection.execute(query)]

    def _put_off(self, message_id: str) -> None:
        with unavailable(), self._engine.begin() as connection:
            this = held.c.message_id == message_id
            connection.execute(held.update().where(this).values(held_at=datetime.now(UTC)))

    def _forget(self, message_id: str) -> None:
        with unavailable(), self._engine.begin() as connection:
            connection.execute(held.delete().where(held.c.message_id == message_id))
