"""How staff say that an item is served: at once, by appointment with what that holds, or by an organization."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from services.gateway.language import N_, Speech
from services.gateway.visit import Visit
from shared.contracts.dispatch import ItemView, ListResources, ResourceView
from shared.errors import Rejected, Unavailable

KINDS = {
    # kind: what it is called, any of it, none of it ("" where one is always needed)
    "post": (N_("人员"), N_("任一位"), N_("不用")),
    "room": (N_("房间"), N_("任一间"), N_("不用")),
    "instrument": (N_("仪器"), N_("任一台"), N_("不用")),
}
LENGTHS = (0, 15, 30, 45, 60, 90, 120, 180, 240)
PLAN = ("way", *KINDS, "minutes", "priority", "reason")
APPOINTMENT, URGENT = "appointment", "urgent"


@dataclass(frozen=True, kw_only=True)
class Plan:
    """What the form shows: for each kind its field, label, options and the one chosen; none where nothing is booked."""

    way: str
    needs: Sequence[tuple[str, str, Sequence[tuple[str, str]], str]]
    lengths: Sequence[int]
    minutes: int
    urgent: bool
    reason: str


async def plan_of(visit: Visit, item: ItemView, typed: Mapping[str, str]) -> Plan:
    """As it was typed, else as it was assessed before, else at once."""
    resources = await _resources(visit, item)
    given = typed if typed.get("way") else _assessed(item, resources)
    minutes = _number(given.get("minutes", ""))
    return Plan(
        way=given.get("way", ""),
        needs=[
            (kind, visit.say(label), _options(kind, resources, visit.say), given.get(kind, ""))
            for kind, (label, _, _) in KINDS.items()
            if any(one.kind == kind for one in resources)
        ],
        lengths=sorted({*LENGTHS, minutes}),
        minutes=minutes,
        urgent=given.get("priority") == URGENT,
        reason=typed.get("reason", ""),
    )


async def _resources(visit: Visit, item: ItemView) -> list[ResourceView]:
    session = await visit.staff()
    try:
        listed = await visit.ask(ListResources(park=item.park), session.account.actor())
    except (Unavailable, Rejected):
        return []
    return [one for one in listed.resources if one.active]


def _options(kind: str, resources: Sequence[ResourceView], say: Speech) -> list[tuple[str, str]]:
    _, any_of_it, none = KINDS[kind]
    return [("", say(none)), (kind, say(any_of_it)), *((one.code, one.name) for one in resources if one.kind == kind)]


def _assessed(item: ItemView, resources: Sequence[ResourceView]) -> dict[str, str]:
    kinds = {one.code: one.kind for one in resources} | {kind: kind for kind in KINDS}
    needs = item.needs if item.way == APPOINTMENT else ("post",)
    chosen = {kinds[need]: need for need in needs if need in kinds}
    return {"way": item.way, "minutes": str(item.minutes), "priority": item.priority, **chosen}


def planned(typed: Mapping[str, str]) -> dict[str, Any]:
    """What the form holds, as the command has it."""
    found: dict[str, Any] = {
        "way": typed.get("way", ""),
        "priority": typed.get("priority") or "normal",
        "reason": typed.get("reason", ""),
    }
    if found["way"] == APPOINTMENT:
        found["needs"] = tuple(typed[kind] for kind in KINDS if typed.get(kind))
        found["minutes"] = _number(typed.get("minutes", ""))
    return found


def _number(text: str) -> int:
    return int(text) if text.isdecimal() and len(text) < 5 else 0
