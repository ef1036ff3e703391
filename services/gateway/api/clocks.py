"""The API's operations on clocks: what is due, why, and letting a clock stand still."""

from typing import Any

from marshmallow import fields

from services.gateway.api.operations import Who, operation
from services.gateway.api.requests import reader_of
from services.gateway.api.schemas import Input, _Page, _text
from services.gateway.visit import Visit, idempotency_key
from shared.contracts.dispatch import (
    ClockPage,
    GetClocks,
    ItemClocks,
    ItemView,
    ListClocks,
    PauseItem,
    ResumeItem,
)


class PauseIn(Input):
    reason = _text("What is waited for; the client reads it.")


class ResumeIn(Input):
    reason = _text("What has come of it.", required=False)


class ClockQuery(_Page):
    clock = _text("Only this hand-off, such as accept or serve.", required=False, most=20)
    owner_id = _text("Only items this account is responsible for.", required=False, most=60)
    told = fields.Boolean(load_default=False, metadata={"description": "Only those that you were warned or told of."})


@operation(
    "GET",
    "/clocks",
    "The items of your parks whose clocks run, by urgency: late, in the last third, then by deadline; paused last.",
    who=Who.STAFF,
    query=ClockQuery,
    gives=ClockPage,
)
async def list_clocks(visit: Visit, **given: Any) -> ClockPage:
    return await visit.ask(ListClocks(**given), (await visit.staff()).account.actor())


@operation(
    "GET",
    "/items/{item_id}/clocks",
    "Every clock of an item, with each step of the sum that leads to its deadline.",
    who=Who.STAFF,
    gives=ItemClocks,
)
async def get_clocks(visit: Visit, item_id: str) -> ItemClocks:
    return await visit.ask(GetClocks(item_id=item_id), (await visit.staff()).account.actor())


@operation(
    "GET",
    "/requests/{number}/items/{item_id}/clocks",
    "The same, for whoever stated the need. Needs X-Request-Code, or a session.",
    who=Who.OWNER,
    gives=ItemClocks,
)
async def get_own_clocks(visit: Visit, number: str, item_id: str) -> ItemClocks:
    return await visit.ask(GetClocks(item_id=item_id), await reader_of(visit, number))


@operation(
    "POST",
    "/items/{item_id}/pause",
    "Let the item's clock stand still while something is waited for that is not in our hands.",
    who=Who.STAFF,
    takes=PauseIn,
    gives=ItemView,
)
async def pause_item(visit: Visit, item_id: str, reason: str) -> ItemView:
    actor = (await visit.staff()).account.actor()
    return await visit.tell(PauseItem(item_id=item_id, reason=reason), actor, idempotency_key(visit.request))


@operation(
    "POST",
    "/items/{item_id}/resume",
    "Let the item's clock go on.",
    who=Who.STAFF,
    takes=ResumeIn,
    gives=ItemView,
)
async def resume_item(visit: Visit, item_id: str, reason: str) -> ItemView:
    actor = (await visit.staff()).account.actor()
    return await visit.tell(ResumeItem(item_id=item_id, reason=reason), actor, idempotency_key(visit.request))
