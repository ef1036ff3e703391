"""Where a merged item is handled: its client follows the other's progress with its own number and code."""

from dataclasses import dataclass, replace

from services.gateway.story import TOLD_TO_CLIENTS
from services.gateway.visit import Visit
from shared.access import Actor, Role
from shared.contracts.archive import Entry, GetTimeline
from shared.contracts.base import Answer
from shared.contracts.dispatch import GetItem, ItemView
from shared.errors import Rejected, Unavailable

CHAIN = 10  # merged into one that is merged into one ...


@dataclass(frozen=True, kw_only=True)
class Elsewhere(Answer):
    """How the item goes on that a merged one, `item_id`, is handled as; nothing of what another client wrote."""

    item_id: str
    handled_as: ItemView
    timeline: tuple[Entry, ...]


async def elsewhere(visit: Visit, item: ItemView) -> Elsewhere | None:
    """That staff merged it is what lets its client see the other's progress. None if it cannot be had now."""
    reader = Actor(id=f"client:{item.number}", role=Role.CLIENT, requests=(item.into_request,))
    try:
        other: ItemView = await visit.ask(GetItem(item_id=item.into_id), reader)
        for _ in range(CHAIN):
            if other.stage != "merged" or not other.into_id:
                break
            reader = replace(reader, requests=(other.into_request,))
            other = await visit.ask(GetItem(item_id=other.into_id), reader)
        timeline = await visit.ask(GetTimeline(request_id=other.request_id, park=other.park), reader)
    except (Unavailable, Rejected):
        return None
    return Elsewhere(
        item_id=item.item_id,
        handled_as=replace(other, text="", company="", details={}),
        timeline=tuple(
            entry
            for entry in timeline.entries
            if entry.item_id == other.item_id and f"{entry.source}.{entry.type}" in TOLD_TO_CLIENTS
        ),
    )
