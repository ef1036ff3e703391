"""The ways in for other programs: keys and webhooks, each look-up off the event loop."""

import sqlalchemy as sa
from anyio import to_thread

from services.gateway.accounts.hooks import Hook, Hooks
from services.gateway.accounts.keys import ApiKey, ApiKeys


class Doors:
    """Proves which program calls."""

    def __init__(self, engine: sa.Engine, data_key: bytes) -> None:
        self.keys, self.hooks = ApiKeys(engine), Hooks(engine, data_key)

    async def key(self, key: str) -> ApiKey | None:
        return await to_thread.run_sync(self.keys.find, key)

    async def hook(self, name: str) -> Hook | None:
        return await to_thread.run_sync(self.hooks.find, name)
