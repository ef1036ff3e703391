"""The dossier of one item, for staff: what it holds, what it still lacks, what was added, its print."""

import asyncio
import uuid
from collections.abc import Mapping
from datetime import UTC, datetime
from urllib.parse import quote

from starlette.responses import Response

from services.gateway.accounts.domain import Session
from services.gateway.language import N_
from services.gateway.pages.frame import owner, page, see, signed_in
from services.gateway.pages.item import may_handle
from services.gateway.pages.queue import desk
from services.gateway.printing.dossiers import exported
from services.gateway.printing.sheet import Sheet, forms_of
from services.gateway.targets import names
from services.gateway.visit import Visit
from services.gateway.words import PARTS
from shared import access
from shared.contracts.archive import (
    AmendDossier,
    AskDossierAccess,
    DecideDossierAccess,
    DossierState,
    GetDossier,
    GrantList,
    ListGrants,
    OpenDossier,
    SupplyDossierPart,
)
from shared.contracts.base import Command
from shared.contracts.dispatch import GetItem, ItemView
from shared.errors import IllegalMove, Invalid

SAID = {
    "supplied": N_("已经补记，齐了就自动归档。"),
    "amended": N_("已经补充，和原来的档案放在一起。"),
    "asked": N_("申请已经提交，由另一个人批准后就能打开。"),
    "decided": N_("已经处理，申请的人能看到。"),
    "late": N_("这份档案刚才变了，下面是最新的情况。"),
}
STATES = {"asked": N_("等批准"), "granted": N_("已批准"), "refused": N_("没有批准"), "over": N_("已到期")}
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


@page("/desk/items/{item_id}/dossier/ask", "POST")
async def ask(visit: Visit, item_id: str) -> Response:
    session = await signed_in(visit)
    state = await _state(visit, session, item_id)
    days = visit.form["days"].strip()
    command = AskDossierAccess(item_id=item_id, why=visit.form["why"], days=int(days) if _counts(days) else 0)
    return await _take(visit, session, state, command, "asked", {})


@page("/desk/items/{item_id}/dossier/open", "POST")
async def read(visit: Visit, item_id: str) -> Response:
    """The whole of it, to read here; each time is on the ledger."""
    session = await signed_in(visit)
    actor = session.account.actor()
    state: DossierState = await visit.tell(OpenDossier(item_id=item_id), actor, visit.form["key"])
    items = [str(part.content.get("item") or "") for part in state.parts]
    sheet = Sheet(visit.gateway.settings.timezone, await names(visit), await forms_of(visit, items), datetime.now(UTC))
    return desk(
        visit,
        session,
        "dossier_open.html",
        state=state,
        sheet=sheet.data(state, "", ""),
    )


@page("/desk/items/{item_id}/dossier/export", "POST")
async def export(visit: Visit, item_id: str) -> Response:
    session = await signed_in(visit)
    return await exported(visit, item_id, session.account.actor(), visit.form["key"])


@page("/r/{number}/dossiers/{item_id}")
async def own_print(visit: Visit, number: str, item_id: str) -> Response:
    """The client's own, by number and code."""
    grant = owner(visit, number)
    if grant is None:
        return see(f"/track?number={quote(number)}")
    return await exported(visit, item_id, grant.actor(), uuid.uuid4().hex, marked=False)


@page("/desk/grants")
async def grants(visit: Visit) -> Response:
    """Who wants to open which dossier; to decide about, or to see what became of one's own."""
    session = await signed_in(visit)
    return await _grants(visit, session, {})


@page("/desk/grants/{grant_id}", "POST")
async def decide(visit: Visit, grant_id: str) -> Response:
    session = await signed_in(visit)
    command = DecideDossierAccess(grant_id=grant_id, grant=visit.form["grant"] == "yes", reason=visit.form["reason"])
    try:
        await visit.tell(command, session.account.actor(), visit.form["key"])
    except IllegalMove:
        return see("/desk/grants?said=late")
    except Invalid as error:
        return await _grants(visit, session, {f"reason.{grant_id}": visit.say(t) for t in error.fields.values()})
    return see("/desk/grants?said=decided")


async def _grants(visit: Visit, session: Session, wrong: Mapping[str, str]) -> Response:
    found: GrantList = await visit.ask(ListGrants(), session.account.actor())
    return desk(
        visit,
        session,
        "grants.html",
        422 if wrong else 200,
        grants=found.grants,
        decides=session.account.role in access.RULES["decide_dossier_access"],
        states=STATES,
        wrong=wrong,
        said=SAID.get(visit.request.query_params.get("said", ""), ""),
    )


def _counts(text: str) -> bool:
    return text.isascii() and text.isdecimal() and len(text) < 4


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
        if (now.missing, now.amended, now.grant) != (state.missing, state.amended, state.grant):
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
        states=STATES,
        typed=visit.form,
        wrong=wrong,
        said=SAID.get(visit.request.query_params.get("said", ""), ""),
    )
