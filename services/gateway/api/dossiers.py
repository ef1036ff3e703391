"""The API's operations on dossiers, for whoever is signed in."""

from typing import Any

from marshmallow import fields, validate
from starlette.responses import Response

from services.gateway.api.operations import Who, operation
from services.gateway.api.requests import reader_of
from services.gateway.api.schemas import _MESSAGES, Empty, Input, _Page, _text
from services.gateway.printing.dossiers import exported
from services.gateway.visit import Visit, idempotency_key
from shared.access import Role
from shared.contracts.archive import (
    AmendDossier,
    AskDossierAccess,
    DecideDossierAccess,
    DossierState,
    FoundPage,
    GetDossier,
    GrantList,
    GrantView,
    ListGrants,
    OpenDossier,
    SearchDossiers,
    SupplyDossierPart,
)
from shared.contracts.base import Command
from shared.contracts.dispatch import GetItem, ItemView
from shared.errors import Forbidden

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


class DossierAccessIn(Input):
    why = _text("Why you want to open it.", most=LONG)
    days = fields.Int(load_default=7, validate=validate.Range(1, 30, error="填 1 到 30 天"), error_messages=_MESSAGES)


class DossierDecisionIn(Input):
    grant = fields.Bool(required=True, error_messages=_MESSAGES)
    reason = _text("Why not.", most=LONG, required=False)


class DossierGrantQuery(Input):
    item_id = _text("Only of this item's dossier.", required=False, most=60)
    park = _text("Only this park.", required=False, most=60)
    asked = fields.Bool(load_default=False, error_messages=_MESSAGES)


@operation(
    "POST",
    "/items/{item_id}/dossier/grants",
    "Ask to open a sealed dossier; another person grants it.",
    who=Who.STAFF,
    takes=DossierAccessIn,
    gives=GrantView,
    status=201,
)
async def ask_dossier_access(visit: Visit, item_id: str, why: str, days: int) -> GrantView:
    return await _tell(visit, AskDossierAccess(item_id=item_id, why=why, days=days))


@operation(
    "GET",
    "/dossier-grants",
    "Who asked to open dossiers of your parks, if you decide about it; else what you asked for.",
    who=Who.STAFF,
    query=DossierGrantQuery,
    gives=GrantList,
)
async def list_grants(visit: Visit, **given: Any) -> GrantList:
    found: GrantList = await visit.ask(ListGrants(**given), (await visit.staff()).account.actor())
    return found


@operation(
    "POST",
    "/dossier-grants/{grant_id}",
    "Grant it or refuse it; not your own.",
    who=Who.STAFF,
    takes=DossierDecisionIn,
    gives=GrantView,
)
async def decide_dossier_access(visit: Visit, grant_id: str, grant: bool, reason: str) -> GrantView:
    return await _tell(visit, DecideDossierAccess(grant_id=grant_id, grant=grant, reason=reason))


@operation(
    "POST",
    "/items/{item_id}/dossier/open",
    "The whole of a sealed dossier, with a grant that holds now; it is on the ledger.",
    who=Who.STAFF,
    takes=Empty,
    gives=DossierState,
)
async def open_dossier(visit: Visit, item_id: str) -> DossierState:
    return await _tell(visit, OpenDossier(item_id=item_id))


@operation(
    "POST",
    "/items/{item_id}/dossier/export",
    "A sealed dossier as PDF/A with your name across it, with a grant that holds now; it is on the ledger.",
    who=Who.STAFF,
    takes=Empty,
    media="application/pdf",
)
async def export_dossier(visit: Visit, item_id: str) -> Response:
    actor = (await visit.staff()).account.actor()
    return await exported(visit, item_id, actor, idempotency_key(visit.request))


@operation(
    "GET",
    "/requests/{number}/dossiers/{item_id}",
    "The client's own dossier of one item, as PDF/A.",
    who=Who.OWNER,
    media="application/pdf",
)
async def open_own_dossier(visit: Visit, number: str, item_id: str) -> Response:
    actor = await reader_of(visit, number)
    if actor.role != Role.CLIENT:
        raise Forbidden("打开归档的档案要先申请，由另一个人批准")
    return await exported(visit, item_id, actor, "", marked=False)


async def _tell(visit: Visit, command: Command) -> Any:
    return await visit.tell(command, (await visit.staff()).account.actor(), idempotency_key(visit.request))
