"""What is to be followed up: the tasks of a reader's parks, leaving one out, and the district's plan."""

from collections.abc import Mapping

from starlette.responses import Response

from services.gateway import contacting
from services.gateway.accounts.domain import Session
from services.gateway.pages.frame import page, see, signed_in
from services.gateway.pages.queue import desk
from services.gateway.visit import Visit
from shared import access
from shared.contracts.dispatch import (
    CheckPage,
    CheckView,
    FollowPlanView,
    FollowUpPage,
    GetCheck,
    GetFollowPlan,
    ListChecks,
    ListFollowUps,
    RecordCheck,
    SetFollowPlan,
    SkipFollowUp,
)
from shared.errors import Forbidden, IllegalMove, Invalid

NUMBERS = ("first_share", "every_days", "before_days", "check_share")


@page("/desk/follow", "GET", "POST")
async def tasks(visit: Visit) -> Response:
    session = await signed_in(visit)
    actor = session.account.actor()
    wrong: Mapping[str, str] = {}
    if visit.request.method == "POST":
        try:
            command = SetFollowPlan(**{name: _number(visit.form[name]) for name in NUMBERS})
            await visit.tell(command, actor, visit.form["key"])
            return see("/desk/follow?said=plan")
        except Invalid as error:
            wrong = {path: visit.say(text) for path, text in error.fields.items()}
    query = visit.request.query_params
    mine = query.get("view") == "mine"
    asked = ListFollowUps(owner_id=actor.id if mine else "", after=query.get("after", "")[:100])
    found: FollowUpPage = await visit.ask(asked, actor)
    checks: CheckPage = await visit.ask(ListChecks(), actor)
    plan: FollowPlanView = await visit.ask(GetFollowPlan(), actor)
    return desk(
        visit,
        session,
        "follow_ups.html",
        422 if wrong else 200,
        found=found,
        checks=checks,
        mine=mine,
        handles=session.account.role != access.Role.REGULATOR,
        tasks=contacting.TASKS,
        plan={name: visit.form[name] or getattr(plan, name) for name in NUMBERS},
        configures=_configures(session),
        wrong=wrong,
        saved=query.get("said") == "plan",
    )


def _configures(session: Session) -> bool:
    try:
        access.check(session.account.actor(), "configure", park="")
    except Forbidden:
        return False
    return True


def _number(text: str) -> int:
    return int(text) if text.isdecimal() and len(text) < 5 else -1


@page("/desk/checks/{check_id}", "GET", "POST")
async def check(visit: Visit, check_id: str) -> Response:
    session = await signed_in(visit)
    actor = session.account.actor()
    wrong: Mapping[str, str] = {}
    if visit.request.method == "POST":
        try:
            command = RecordCheck(check_id=check_id, outcome=visit.form["outcome"], note=visit.form["note"])
            done = await visit.tell(command, actor, visit.form["key"])
            return see(f"/desk/items/{done.item_id}?said=checked")
        except IllegalMove:
            return see("/desk/follow")
        except Forbidden as error:
            wrong = {"outcome": visit.say.error(error)}
        except Invalid as error:
            wrong = {path: visit.say(text) for path, text in error.fields.items()}
    one: CheckView = await visit.ask(GetCheck(check_id=check_id), actor)
    return desk(
        visit,
        session,
        "check.html",
        422 if wrong else 200,
        one=one,
        outcomes={name: contacting.named(contacting.OUTCOMES, name, visit.say) for name in contacting.OUTCOMES},
        typed={"outcome": visit.form["outcome"], "note": visit.form["note"]},
        wrong=wrong,
    )


@page("/desk/follow-ups/{follow_up_id}/skip", "GET", "POST")
async def skip(visit: Visit, follow_up_id: str) -> Response:
    session = await signed_in(visit)
    item_id = visit.request.query_params.get("item", "")
    wrong: Mapping[str, str] = {}
    if visit.request.method == "POST":
        try:
            command = SkipFollowUp(follow_up_id=follow_up_id, reason=visit.form["reason"])
            done = await visit.tell(command, session.account.actor(), visit.form["key"])
            return see(f"/desk/items/{done.item_id}?said=skip")
        except IllegalMove:
            return see("/desk/follow")
        except Invalid as error:
            wrong = {path: visit.say(text) for path, text in error.fields.items()}
    return desk(
        visit,
        session,
        "follow_skip.html",
        422 if wrong else 200,
        follow_up_id=follow_up_id,
        back=f"/desk/items/{item_id}" if item_id.replace("-", "").isalnum() else "/desk/follow",
        reason=visit.form["reason"],
        wrong=wrong,
    )
