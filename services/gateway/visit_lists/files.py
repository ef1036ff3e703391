"""XLSX files about a list of visits, as answers."""

from urllib.parse import quote

from starlette.responses import Response

from services.gateway.visit import Visit
from services.gateway.visit_lists import importing
from services.gateway.visit_lists.writing import TYPE, mended
from shared.contracts.intake import GetVisits, VisitPage


async def mending(visit: Visit, list_id: str) -> Response:
    """The wrong lines of a list as a file."""
    actor = (await visit.staff()).account.actor()
    page: VisitPage = await visit.ask(GetVisits(list_id=list_id, limit=1), actor)
    wrong = await importing.lines(visit, list_id, actor, wrong=True)
    categories = await visit.gateway.known.categories()
    return xlsx(mended(wrong, page.list.columns, visit.say, categories), visit.say("走访记录（要改）"))


def xlsx(content: bytes, name: str) -> Response:
    headers = {
        "content-disposition": f"attachment; filename*=UTF-8''{quote(name + '.xlsx', safe='')}",
        "cache-control": "private, no-store",
    }
    return Response(content, media_type=TYPE, headers=headers)
