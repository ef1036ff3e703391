"""The page where the district's limits are set, seeing first which deadlines move."""

from typing import Any

from starlette.responses import Response

from services.gateway import words
from services.gateway.language import N_
from services.gateway.pages.frame import page, see, signed_in
from services.gateway.pages.hours import DISTRICT, park_of, seen_of
from services.gateway.pages.queue import desk
from services.gateway.visit import Visit
from shared.contracts.dispatch import ClockPreview, PreviewClocks
from shared.contracts.station import GetLimits, GivenLimit, LimitsView, SetLimits
from shared.errors import IllegalMove, Invalid

UNITS = {"minutes": N_("分钟"), "hours": N_("工作小时"), "days": N_("工作日")}
SAID = {"limits": N_("时限改好了，在走的时限正在重新算。")}


@page("/desk/limits", "GET", "POST")
async def limits(visit: Visit) -> Response:
    session = await signed_in(visit)
    park_of(session, DISTRICT)
    actor, form = session.account.actor(), visit.form
    view: LimitsView = await visit.ask(GetLimits(), actor)
    typed: dict[str, tuple[str, str]] = {one.clock: (str(one.count), one.unit) for one in view.limits}
    version, note = view.version, ""
    preview: ClockPreview | None = None
    wrong: dict[str, str] = {}
    if visit.request.method == "POST":
        typed = {clock: (form[f"limits.{clock}"], form[f"unit.{clock}"]) for clock in typed}
        given = tuple(GivenLimit(clock=c, count=_whole(n), unit=unit) for c, (n, unit) in typed.items())
        version = _whole(form["version"])
        try:
            if form["save"] and form["seen"] == seen_of(typed):
                await visit.tell(SetLimits(limits=given, version=version), actor, form["key"])
                return see("/desk/limits?said=limits")
            preview = await visit.ask(PreviewClocks(what="limits", limits=given), actor)
        except Invalid as error:
            wrong = {path: visit.say(text) for path, text in error.fields.items()}
        except IllegalMove as error:
            note, version = visit.say.error(error), view.version
    data: dict[str, Any] = {
        "view": view, "typed": typed, "version": version, "preview": preview, "wrong": wrong, "note": note,
        "units": UNITS, "seen": seen_of(typed),
        "labels": {f"limits.{clock}": visit.say(words.CLOCKS[clock]) for clock in typed},
        "said": SAID.get(visit.request.query_params.get("said", ""), ""),
    }  # fmt: skip
    return desk(visit, session, "limits.html", 422 if wrong or note else 200, **data)


def _whole(text: str) -> int:
    """0 for what is no number, which the service refuses by field."""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 9 else 0
