"""A one-time notice as both sides see it: what is asked, what of it is there, the form to answer it with."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from services.gateway.pages import fields
from services.gateway.visit import Visit
from shared.access import Actor
from shared.contracts.dispatch import Ask, ItemView, ListOneTimeNotices, OneTimeNotice
from shared.errors import Rejected, Unavailable

PREFIX = "n"


@dataclass(frozen=True, kw_only=True)
class Asked:
    """What is missing first; `given` of `needed` are there."""

    notice: OneTimeNotice
    missing: Sequence[Ask]
    there: Sequence[Ask]
    given: int
    needed: int

    @classmethod
    def of(cls, notice: OneTimeNotice) -> "Asked":
        needed = [ask for ask in notice.asks if ask.needed]
        return cls(
            notice=notice,
            missing=[ask for ask in notice.asks if ask.given_at is None],
            there=[ask for ask in notice.asks if ask.given_at is not None],
            given=sum(ask.given_at is not None for ask in needed),
            needed=len(needed),
        )


async def asked_of(visit: Visit, item: ItemView, actor: Actor) -> OneTimeNotice | None:
    """The item's last notice, if there is one and it can be had now."""
    if not item.asked:
        return None
    try:
        listed = await visit.ask(ListOneTimeNotices(request_id=item.request_id, park=item.park), actor)
    except (Unavailable, Rejected):
        return None
    mine = [one for one in listed.notices if one.item_id == item.item_id]
    return mine[-1] if mine else None


def drawn(visit: Visit, notice: OneTimeNotice, values: Mapping[str, Any]) -> Sequence[fields.Drawn]:
    """A control for everything asked, with what was given before or typed now."""
    return fields.draw(_description(notice), values, visit.say, PREFIX, visit.form["row"])


def answers(visit: Visit, notice: OneTimeNotice) -> dict[str, Any]:
    """What the form holds."""
    found = fields.gather(_description(notice), visit.form, PREFIX)
    return {name: value for name, value in found.items() if value not in (None, "", [])}


def _description(notice: OneTimeNotice) -> list[dict[str, Any]]:
    return [{**ask.field, "hint": ask.why, "required": ask.needed} for ask in notice.asks]
