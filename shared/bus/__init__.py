"""How a service meets the bus: `on` events, answer `rpc`, run `every` so often, `Work` in a transaction."""

import eventlet

eventlet.monkey_patch()  # before anything else is imported that makes a lock or a socket

from shared.bus.announce import Announce  # noqa: E402
from shared.bus.events import on, on_all  # noqa: E402
from shared.bus.rpc import rpc  # noqa: E402
from shared.bus.work import Work, every  # noqa: E402

__all__ = ["Announce", "Work", "every", "on", "on_all", "rpc"]
