"""What came of it: results told in time, satisfaction with its base, complaints, for whoever may read them."""

from collections.abc import Mapping
from typing import Any

from starlette.responses import Response

from services.gateway.pages.frame import page, signed_in
from services.gateway.pages.queue import desk, stations_of
from services.gateway.visit import Visit
from shared.contracts.feedback import Figures, GetFigures, GetSurveyPlan, Share, SurveyPlanView
from shared.errors import Invalid, Unavailable


@page("/desk/figures")
async def show(visit: Visit) -> Response:
    session = await signed_in(visit)
    actor = session.account.actor()
    query = visit.request.query_params
    stations = {one.park: one.short for one in await stations_of(visit, session)}
    given = {name: query.get(name, "").strip()[:60] for name in ("park", "since", "until")}
    given["park"] = given["park"] if given["park"] in stations else ""
    wrong: Mapping[str, str] = {}
    try:
        found: Figures = await visit.ask(GetFigures(**given), actor)
    except Invalid as error:
        wrong = {name: visit.say(text) for name, text in error.fields.items()}
        found = await visit.ask(GetFigures(park=given["park"]), actor)
    plan: SurveyPlanView = await visit.ask(GetSurveyPlan(), actor)
    reasons = {one.key: visit.say.own({"label": one.text, "en": one.en}, "label") for one in plan.reasons}
    return desk(
        visit,
        session,
        "figures.html",
        422 if wrong else 200,
        found=found,
        groups=[
            (visit.say("按服务站"), found.by_park, stations),
            (visit.say("按类别"), found.by_category, await _categories(visit)),
            (visit.say("按机构"), [one for one in found.by_organization if one.name], {}),
            (visit.say("按月"), found.by_month, {}),
        ],
        reasons=sorted(((reasons.get(key, key), count) for key, count in found.reasons.items()), key=lambda r: -r[1]),
        stations=stations,
        given={**given, "since": given["since"] or found.since, "until": given["until"] or found.until},
        wrong=wrong,
        percent=_percent,
        plan=plan,
    )


async def _categories(visit: Visit) -> dict[str, str]:
    try:
        return {str(one["code"]): visit.say.own(one, "title") for one in await visit.gateway.known.categories()}
    except Unavailable:
        return {}


def _percent(one: Share) -> dict[str, Any]:
    """A share as it is read: per cent, of how many, and between what it truly lies."""
    return {
        "rate": f"{100 * one.part / one.of:.0f}%" if one.of else "", "part": one.part, "of": one.of,
        "low": f"{100 * one.low:.0f}", "high": f"{100 * one.high:.0f}", "enough": one.enough,
    }  # fmt: skip
