"""The print of a dossier: made once when somebody first asks for it, and kept; a copy to take along is marked."""

import asyncio
from datetime import UTC, datetime
from urllib.parse import quote

from starlette.responses import Response

from services.gateway.printing.press import keep, kept, press
from services.gateway.printing.sheet import Sheet, forms_of
from services.gateway.targets import names
from services.gateway.visit import Visit
from shared.access import Actor
from shared.contracts.archive import DossierState, KeepDossierPrint
from shared.errors import IllegalMove, NotFound


async def printed(visit: Visit, state: DossierState, actor: Actor) -> Response:
    """`state` is the whole of it; raises IllegalMove before it is sealed."""
    if state.sealed is None:
        raise IllegalMove("这份档案还没有归档")
    content = await _print(visit, state, actor)
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


async def _print(visit: Visit, state: DossierState, actor: Actor) -> bytes:
    """The one that is kept, as long as nothing was added since; what was added is printed along."""
    if state.print_sha256 and not state.amendments:
        try:
            return await asyncio.to_thread(kept, state.print_sha256)
        except NotFound:
            pass  # the store lost it: the same is made again
    content = await sheet(visit, state)
    if not state.amendments:
        sha256 = await asyncio.to_thread(keep, content)
        await visit.tell(
            KeepDossierPrint(item_id=state.item_id, sha256=sha256, size=len(content)), actor, f"print {sha256}"
        )
    return content


async def sheet(visit: Visit, state: DossierState, watermark: str = "") -> bytes:
    assert state.sealed is not None
    items = [str(part.content.get("item") or "") for part in state.parts]
    station = await visit.gateway.known.station(state.park)
    made = Sheet(visit.gateway.settings.timezone, await names(visit), await forms_of(visit, items), datetime.now(UTC))
    address = f"{visit.request.base_url}track?number={quote(state.sealed.number.rstrip('ABCDEFGHIJKLMNOPQRSTUVWXYZ'))}"
    return await press(made.data(state, station.official_name, address, watermark))
