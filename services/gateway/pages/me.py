"""The page of whoever is signed in: who they are, when they are away, what they may set."""

from collections.abc import Mapping

from starlette.responses import Response

from services.gateway.accounts.domain import Session
from services.gateway.pages.duty import SAID, note
from services.gateway.pages.frame import page, see, signed_in
from services.gateway.pages.hours import configures
from services.gateway.pages.queue import desk, stations_of
from services.gateway.visit import Visit
from shared.access import Role
from shared.contracts.station import AbsenceList, ListAbsences
from shared.errors import Invalid, Rejected, Unavailable

WORKING = (Role.STAFF, Role.OPERATOR, Role.ADMIN)


@page("/desk/me")
async def me(visit: Visit) -> Response:
    return await _shown(visit, await signed_in(visit), {})


@page("/desk/me/away", "POST")
async def away(visit: Visit) -> Response:
    """Staff note their own absence, at all of their parks."""
    session = await signed_in(visit)
    account = session.account
    try:
        await note(visit, session, account.id, account.display_name, account.parks)
    except Invalid as error:
        return await _shown(visit, session, {path: visit.say(text) for path, text in error.fields.items()})
    return see("/desk/me?said=away")


async def _shown(visit: Visit, session: Session, wrong: Mapping[str, str]) -> Response:
    account = session.account
    stations = await stations_of(visit, session)
    works = account.role in WORKING
    try:
        found: AbsenceList = await visit.ask(ListAbsences(), account.actor())
        absences = [one for one in found.absences if one.account == account.id]
    except (Unavailable, Rejected):
        absences = []
    return desk(
        visit, session, "me.html", 422 if wrong else 200, stations=stations, works=works, wrong=wrong,
        saved=await visit.gateway.people.filters(account.id),
        absences=absences, place="", sets=any(configures(session, one.park) for one in stations),
        typed={name: visit.form[name] for name in ("since", "until", "reason")},
        said=SAID.get(visit.request.query_params.get("said", ""), ""),
    )  # fmt: skip
