"""Filters of the queue kept under a name: saved from the queue, dropped again on one's own page."""

from starlette.responses import Response

from services.gateway.accounts.filters import plain
from services.gateway.pages.frame import page, see, signed_in
from services.gateway.visit import Visit


@page("/desk/filters", "POST")
async def save(visit: Visit) -> Response:
    session = await signed_in(visit)
    query = plain(visit.form["query"])
    await visit.gateway.people.save_filter(session.account.id, visit.form["name"], query)
    return see(f"/desk?{query}")


@page("/desk/filters/drop", "POST")
async def drop(visit: Visit) -> Response:
    session = await signed_in(visit)
    await visit.gateway.people.drop_filter(session.account.id, visit.form["name"])
    return see("/desk/me#filters")
