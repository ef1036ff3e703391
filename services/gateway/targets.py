"""Dispatch targets, their items and the channels by the names people know."""

from collections.abc import Sequence

from services.gateway.language import Speech
from services.gateway.visit import Visit
from shared.contracts.dispatch import TargetView
from shared.contracts.intake import ChannelView
from shared.errors import Unavailable


class Names:
    """Titles in one reader's language; what nobody announced keeps the name it came with."""

    def __init__(self, targets: Sequence[TargetView], say: Speech, channels: Sequence[ChannelView] = ()) -> None:
        self._targets = {one.target: say.own(one.manifest, "title") or one.title for one in targets}
        self._items = {code: say.own(item, "title") for one in targets for code, item in one.manifest["items"].items()}
        self._channels = {one.name: say.own(vars(one), "title") for one in channels}

    def channel(self, name: str) -> str:
        return self._channels.get(name, "")

    def target(self, target: str) -> str:
        return self._targets.get(target, target)

    def item(self, code: str, title: str) -> str:
        """The title of a category's item; nothing while it is not known what the need is."""
        return self._items.get(code, title) if title else ""


async def names(visit: Visit) -> Names:
    try:
        targets = await visit.gateway.known.targets()
    except Unavailable:
        targets = ()
    return Names(targets, visit.say, await channels(visit))


async def channels(visit: Visit) -> Sequence[ChannelView]:
    """None while the service that knows them is away."""
    try:
        return await visit.gateway.known.channels()
    except Unavailable:
        return ()
