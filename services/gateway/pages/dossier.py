"""The dossier of one item, for staff: what it holds, what it still lacks, what was added, its print."""

import asyncio
from collections.abc import Mapping

from starlette.responses import Response

from services.gateway.accounts.domain import Session
from services.gateway.language import N_
from services.gateway.pages.frame import page, see, signed_in
from services.gateway.pages.item import may_handle
from services.gateway.pages.queue import desk
from services.gateway.printing.dossiers import printed
from services.gateway.visit import Visit
from services.gateway.words import PARTS
from shared.contracts.archive import AmendDossier, DossierState, GetDossier, SupplyDossierPart
from shared.contracts.base import Command
from shared.contracts.dispatch import GetItem, ItemView
from shared.errors import IllegalMove, Invalid

SAID = {
    "supplied": N_("已经补记，齐了就自动归档。"),
    "amended": N_("已经补充，和原来的档案放在一起。"),
    "late": N_("这份档案刚才变了，下面是最新的情况。"),
}
PATIENCE = 20  # looks, a tenth of a second apart, for what was just written to be on the ledger


@page("/desk/items/{item_id}/dossier")
async def show(visit: Visit, item_id: str) -> Response:
    session = await signed_in(visit)
    return await _shown(visit, session, await _state(visit, session, item_id), {})


@page("/desk/items/{item_id}/dossier/supply", "POST")
async def supply(visit: Visit, item_id: str) -> Response:
    session = await signed_in(visit)
    state = await _state(visit, session, item_id)
    part, text = visit.form["part"], visit.form["text"]
    command = SupplyDossierPart(item_id=item_id, request_id=state.request_id, part=part, text=text)
    return await _take(visit, session, state, command, "supplied", {"text": f"text.{part}"})


@page("/desk/items/{item_id}/dossier/amend", "POST")
async def amend(visit: Visit, item_id: str) -> Response:
    session = await signed_in(visit)
    state = await _state(visit, session, item_id)
    command = AmendDossier(item_id=item_id, text=visit.form["text"], reason=visit.form["reason"])
    return await _take(visit, session, state, command, "amended", {})


@page("/desk/items/{item_id}/dossier.pdf")
async def open_print(visit: Visit, item_id: str) -> Response:
    session = await signed_in(visit)
    actor = session.account.actor()
    return await printed(visit, await visit.ask(GetDossier(item_id=item_id, whole=True), actor), actor)


async def _state(visit: Visit, session: Session, item_id: str) -> DossierState:
    actor = session.account.actor()
    item: ItemView = await visit.ask(GetItem(item_id=item_id), actor)
    state: DossierState = await visit.ask(GetDossier(item_id=item_id, request_id=item.request_id), actor)
    return state


async def _take(
    visit: Visit,
    session: Session,
    state: DossierState,
    command: Command,
    said: str,
    places: Mapping[str, str],
) -> Response:
    """Write it down, and show the dossier again once the ledger has it; `places` are the fields' names on the page."""
    try:
        await visit.tell(command, session.account.actor(), visit.form["key"])
    except IllegalMove:
        said = "late"
    except Invalid as error:
        wrong = {places.get(name, name): visit.say(text) for name, text in error.fields.items()}
        return await _shown(visit, session, state, wrong)
    for _ in range(PATIENCE if said != "late" else 0):
        now = await _state(visit, session, state.item_id)
        if (now.missing, now.amendments) != (state.missing, state.amendments):
            break
        await asyncio.sleep(0.1)
    return see(f"/desk/items/{state.item_id}/dossier?said={said}")


async def _shown(visit: Visit, session: Session, state: DossierState, wrong: Mapping[str, str]) -> Response:
    item: ItemView = await visit.ask(GetItem(item_id=state.item_id), session.account.actor())
    return desk(
        visit,
        session,
        "dossier.html",
        422 if wrong else 200,
        item=item,
        state=state,
        part_names=PARTS,
        handles=may_handle(session, state.park),
        typed=visit.form,
        wrong=wrong,
        said=SAID.get(visit.request.query_params.get("said", ""), ""),
    )
