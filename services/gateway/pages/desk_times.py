"""The page where staff choose a time for a client."""

from collections.abc import Mapping

from starlette.responses import Response

from services.gateway.pages.frame import page, see, signed_in
from services.gateway.pages.queue import desk
from services.gateway.pages.times import choose_time, may_choose, times_of
from services.gateway.targets import names
from services.gateway.visit import Visit
from shared.contracts.dispatch import GetItem, ItemView


@page("/desk/items/{item_id}/times", "GET", "POST")
async def times(visit: Visit, item_id: str) -> Response:
    session = await signed_in(visit)
    actor = session.account.actor()
    item: ItemView = await visit.ask(GetItem(item_id=item_id), actor)
    wrong: Mapping[str, str] = {}
    if visit.request.method == "POST":
        done, wrong = await choose_time(visit, item, actor)
        if done:
            return see(f"/desk/items/{item_id}?said={done}")
    if not may_choose(item):
        return see(f"/desk/items/{item_id}?said=late")
    return desk(
        visit,
        session,
        "desk_times.html",
        422 if wrong else 200,
        item=item,
        title=(await names(visit)).item(item.item, item.title),
        times=await times_of(visit, item_id, actor),
        wrong=wrong,
    )
