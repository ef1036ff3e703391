"""The print of a dossier: its client's is made once and kept; a copy that anybody else takes along is marked."""

import asyncio
from datetime import UTC, datetime
from urllib.parse import quote

from starlette.responses import Response

from services.gateway.printing.press import Prints, press
from services.gateway.printing.sheet import Sheet, forms_of
from services.gateway.targets import names
from services.gateway.visit import Visit
from shared.access import Actor
from shared.contracts.archive import DossierState, KeepDossierPrint, OpenDossier
from shared.errors import NotFound


async def exported(visit: Visit, item_id: str, actor: Actor, key: str, marked: bool = True) -> Response:
    """Open the dossier to take it along, which is on the ledger. Raises Forbidden; IllegalMove before it is sealed."""
    state: DossierState = await visit.tell(OpenDossier(item_id=item_id, how="export"), actor, key)
    content = await sheet(visit, state, _watermark(visit, state)) if marked else await _print(visit, state, actor)
    assert state.sealed is not None
    name = quote(f"{state.sealed.file_number or state.sealed.number}.pdf")
    return Response(
        content,
        media_type="application/pdf",
        headers={
            "content-disposition": f"attachment; filename*=UTF-8''{name}",
            "x-content-type-options": "nosniff",
            "cache-control": "private, no-store",
        },
    )


def _watermark(visit: Visit, state: DossierState) -> str:
    """Who took this copy along, when, and by which grant."""
    grant, now = state.grant, datetime.now(visit.gateway.settings.timezone)
    assert grant is not None
    return f"仅供 {grant.by_name} 查阅 · {now:%Y-%m-%d %H:%M} · {grant.grant_id[-8:]}"


async def _print(visit: Visit, state: DossierState, actor: Actor) -> bytes:
    """The one that is kept, as long as nothing was added since; what was added is printed along."""
    prints = Prints(visit.gateway.settings, state.item_id)
    if state.print_sha256 and not state.amendments:
        try:
            return await asyncio.to_thread(prints.kept, state.print_sha256)
        except NotFound:
            pass  # the store lost it: the same is made again
    content = await sheet(visit, state)
    if not state.amendments:
        sha256 = await asyncio.to_thread(prints.keep, content)
        await visit.tell(
            KeepDossierPrint(item_id=state.item_id, sha256=sha256, size=len(content)), actor, f"print {sha256}"
        )
    return content


async def sheet(visit: Visit, state: DossierState, watermark: str = "") -> bytes:
    assert state.sealed is not None
    items = [str(part.content.get("item") or "") for part in state.parts]
    station = await visit.gateway.known.station(state.park)
    zone, now = visit.gateway.settings.timezone, datetime.now(UTC)
    made = Sheet(zone, await names(visit), await forms_of(visit, items), now)
    number = state.sealed.number.rstrip("ABCDEFGHIJKLMNOPQRSTUVWXYZ")
    return await press(
        made.data(state, station.official_name, f"{visit.request.base_url}track?number={quote(number)}", watermark)
    )
