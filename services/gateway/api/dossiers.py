"""The API's operations on dossiers, for whoever is signed in."""

from typing import Any

from starlette.responses import Response

from services.gateway.api.operations import Who, operation
from services.gateway.api.schemas import Input, _Page, _text
from services.gateway.printing.dossiers import printed
from services.gateway.visit import Visit, idempotency_key
from shared.contracts.archive import (
    AmendDossier,
    DossierState,
    FoundPage,
    GetDossier,
    SearchDossiers,
    SupplyDossierPart,
)
from shared.contracts.base import Command
from shared.contracts.dispatch import GetItem, ItemView

LONG = 2000


class DossierPartIn(Input):
    part = _text("The part that is missing: application, agreement, result, staff, fees or evaluation.", most=20)
    text = _text("What is to be recorded.", most=LONG)


class DossierAmendmentIn(Input):
    text = _text("What is added; what was sealed stays as it is.", most=LONG)
    reason = _text("Why.", most=LONG)


class DossierSearchQuery(_Page):
    text = _text("Words, numbers or companies; Chinese of one character too.", required=False, most=100)
    category = _text("Only this category.", required=False, most=60)
    year = _text("Only items closed in this year.", required=False, most=4)
    served = _text("Only what was served by: station or organization.", required=False, most=20)


@operation(
    "GET",
    "/dossiers/search",
    "Find sealed dossiers of your parks, the newest first.",
    who=Who.STAFF,
    query=DossierSearchQuery,
    gives=FoundPage,
)
async def search_dossiers(visit: Visit, **given: Any) -> FoundPage:
    found: FoundPage = await visit.ask(SearchDossiers(**given), (await visit.staff()).account.actor())
    return found


@operation(
    "GET",
    "/items/{item_id}/dossier",
    "What the dossier of an item holds, part by part, what it still lacks, and how it is sealed.",
    who=Who.STAFF,
    gives=DossierState,
)
async def get_dossier(visit: Visit, item_id: str) -> DossierState:
    actor = (await visit.staff()).account.actor()
    item: ItemView = await visit.ask(GetItem(item_id=item_id), actor)
    state: DossierState = await visit.ask(GetDossier(item_id=item_id, request_id=item.request_id), actor)
    return state


@operation(
    "POST",
    "/items/{item_id}/dossier/parts",
    "Record a part that is missing; the dossier is sealed as soon as none is.",
    who=Who.STAFF,
    takes=DossierPartIn,
    gives=DossierState,
)
async def supply_dossier_part(visit: Visit, item_id: str, part: str, text: str) -> DossierState:
    actor = (await visit.staff()).account.actor()
    item: ItemView = await visit.ask(GetItem(item_id=item_id), actor)
    return await _tell(visit, SupplyDossierPart(item_id=item_id, request_id=item.request_id, part=part, text=text))


@operation(
    "POST",
    "/items/{item_id}/dossier/amendments",
    "Add to a sealed dossier: a correction, or what came later.",
    who=Who.STAFF,
    takes=DossierAmendmentIn,
    gives=DossierState,
)
async def amend_dossier(visit: Visit, item_id: str, text: str, reason: str) -> DossierState:
    return await _tell(visit, AmendDossier(item_id=item_id, text=text, reason=reason))


@operation(
    "GET",
    "/items/{item_id}/dossier.pdf",
    "A sealed dossier for people, as PDF/A.",
    who=Who.STAFF,
    media="application/pdf",
)
async def open_dossier_print(visit: Visit, item_id: str) -> Response:
    actor = (await visit.staff()).account.actor()
    return await printed(visit, await visit.ask(GetDossier(item_id=item_id, whole=True), actor), actor)


async def _tell(visit: Visit, command: Command) -> DossierState:
    actor = (await visit.staff()).account.actor()
    state: DossierState = await visit.tell(command, actor, idempotency_key(visit.request))
    return state
