"""All sealed dossiers of the reader's stations: found by words, companies and numbers, narrowed by filters."""

from collections.abc import Mapping
from datetime import datetime
from urllib.parse import urlencode

from starlette.responses import Response

from services.gateway.language import N_
from services.gateway.pages.frame import page, signed_in
from services.gateway.pages.queue import desk, stations_of
from services.gateway.visit import Visit
from shared.contracts.archive import FoundPage, SearchDossiers
from shared.errors import Invalid, Unavailable

YEARS_BACK = 6
SERVED = {"station": N_("服务站自办"), "organization": N_("服务机构提供")}
FILTERS = ("park", "category", "year", "served")
EMPTY = FoundPage(dossiers=(), total=0)


@page("/desk/dossiers")
async def show(visit: Visit) -> Response:
    session = await signed_in(visit)
    query = visit.request.query_params
    typed = {name: query.get(name, "").strip()[:60] for name in FILTERS}
    text, after = query.get("search", "").strip(), query.get("after", "")
    wrong: Mapping[str, str] = {}
    try:
        found: FoundPage = await visit.ask(_asked(text, after, typed), session.account.actor())
    except Invalid as error:
        found, wrong = EMPTY, {"search": visit.say(next(iter(error.fields.values()), error.text))}
    this_year = datetime.now(visit.gateway.settings.timezone).year
    return desk(
        visit,
        session,
        "dossiers.html",
        422 if wrong else 200,
        found=found,
        search=text,
        typed=typed,
        wrong=wrong,
        stations=await stations_of(visit, session),
        categories=await _categories(visit),
        years=[str(this_year - back) for back in range(YEARS_BACK)],
        served=SERVED,
        narrowed=any(typed.values()),
        more=urlencode({"search": text, **typed, "after": found.next}),
    )


def _asked(text: str, after: str, typed: Mapping[str, str]) -> SearchDossiers:
    return SearchDossiers(
        text=text, after=after, park=typed["park"], category=typed["category"], year=typed["year"],
        served=typed["served"],
    )  # fmt: skip


async def _categories(visit: Visit) -> list[tuple[str, str]]:
    try:
        known = await visit.gateway.known.categories()
    except Unavailable:
        return []
    return [(one["code"], visit.say.own(one, "title")) for one in known]
