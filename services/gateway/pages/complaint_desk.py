"""Complaints on the workbench: the list, writing one down, one on a page of its own with its next step."""

import uuid
from collections.abc import Mapping
from typing import Any
from urllib.parse import quote

from starlette.responses import Response

from services.gateway import complaining
from services.gateway.accounts.domain import Session
from services.gateway.pages import fields
from services.gateway.pages.complaint_steps import CORRECTION_STEPS, PREFIX, STEPS, Step, drawn_for
from services.gateway.pages.follow import missing
from services.gateway.pages.frame import page, render, see, signed_in
from services.gateway.pages.item import may_handle
from services.gateway.pages.queue import desk, stations_of
from services.gateway.qr import qr
from services.gateway.visit import Visit
from shared.contracts.dispatch import GetItem, ItemView
from shared.contracts.feedback import (
    AcknowledgeComplaint,
    ComplaintFiled,
    ComplaintPage,
    ComplaintView,
    FileComplaint,
    GetComplaint,
    ListComplaints,
)
from shared.errors import Forbidden, IllegalMove, Invalid, NotFound

VIEWS = ("open", "mine", "all")
_FIELDS = ("park", "channel", "about", "text", "wish", "anonymous", "company", "contact_name", "phone", "email")


@page("/desk/complaints")
async def show(visit: Visit) -> Response:
    session = await signed_in(visit)
    query = visit.request.query_params
    view = query.get("view", "open") if query.get("view") in VIEWS else "open"
    stage = query.get("stage", "") if query.get("stage") in complaining.STAGES else ""
    asked = ListComplaints(
        stage=stage, open=view != "all", handler_id=session.account.id if view == "mine" else "",
        after=query.get("after", "")[:100],
    )  # fmt: skip
    found: ComplaintPage = await visit.ask(asked, session.account.actor())
    return desk(
        visit,
        session,
        "complaints.html",
        found=found,
        view=view,
        stage=stage,
        stages=complaining.STAGES,
        stations={one.park: one.short for one in await stations_of(visit, session)},
        about=_named(visit, complaining.ABOUT),
        channels=_named(visit, complaining.CHANNELS),
        handles=session.account.role != "regulator",
    )


def _named(visit: Visit, options: complaining.Options) -> dict[str, str]:
    return {name: complaining.named(options, name, visit.say) for name in options}


@page("/desk/complaints/new", "GET", "POST")
async def register(visit: Visit) -> Response:
    """Write down what came by telephone, at the window, by letter or by instant message."""
    session = await signed_in(visit)
    actor = session.account.actor()
    stations = [one for one in await stations_of(visit, session) if may_handle(session, one.park)]
    if not stations:
        raise Forbidden("您没有权限做这件事，请联系服务站负责人")
    item_id = visit.request.query_params.get("item", "")[:100]
    item: ItemView | None = await visit.ask(GetItem(item_id=item_id), actor) if item_id else None
    typed: dict[str, Any] = {name: visit.form[name] for name in _FIELDS}
    wrong: Mapping[str, str] = {}
    if visit.request.method == "POST":
        given = {**typed, "anonymous": bool(typed["anonymous"])}
        if item:
            given |= {"park": item.park, "request_id": item.request_id, "item_id": item.item_id}
            given["company"] = item.company
        try:
            filed: ComplaintFiled = await visit.tell(FileComplaint(**given), actor, visit.form["key"])
            return await _slip(visit, filed)
        except Invalid as error:
            wrong = {path: visit.say(text) for path, text in error.fields.items()}
    channels = {name: text for name, text in _named(visit, complaining.CHANNELS).items() if name != "web"}
    return desk(
        visit,
        session,
        "complaint_new.html",
        422 if wrong else 200,
        stations=stations,
        item=item,
        typed=typed,
        wrong=wrong,
        channels=channels,
        about=_named(visit, complaining.ABOUT),
        key=visit.form["key"] or uuid.uuid4().hex,
    )


async def _slip(visit: Visit, filed: ComplaintFiled) -> Response:
    """Number and code, to be told at once: they are shown only here."""
    return render(
        visit,
        "complaint_slip.html",
        201,
        station=await visit.gateway.known.station(filed.park),
        filed=filed,
        qr=qr(f"{visit.request.base_url}track?number={quote(filed.number)}"),
    )


@page("/desk/complaints/by-number/{number}")
async def by_number(visit: Visit, number: str) -> Response:
    session = await signed_in(visit)
    one: ComplaintView = await visit.ask(GetComplaint(number=number), session.account.actor())
    return see(f"/desk/complaints/{one.complaint_id}")


@page("/desk/complaints/{complaint_id}")
async def one_complaint(visit: Visit, complaint_id: str) -> Response:
    session = await signed_in(visit)
    one: ComplaintView = await visit.ask(GetComplaint(complaint_id=complaint_id), session.account.actor())
    handles = may_handle(session, one.park)
    mine = handles and not one.barred and one.handler_id == session.account.id
    say = visit.say
    takes = handles and not one.barred and not mine and {"acknowledge", "review", "take_over"} & set(one.allowed)
    facts = [
        (say("有多严重"), complaining.named(complaining.SEVERITIES, one.severity, say)),
        (say("涉及安全"), say("是") if one.safety else say("否") if one.severity else ""),
        (say("复杂程度"), complaining.named(complaining.COMPLEXITIES, one.complexity, say)),
        (say("影响范围"), complaining.named(complaining.IMPACTS, one.impact, say)),
        (say("马上处置"), one.action),
        (say("投诉的是谁"), one.against_name),
        (say("办理的机构"), one.organization),
    ]
    return desk(
        visit,
        session,
        "complaint.html",
        one=one,
        stage=complaining.STAGES[one.stage],
        next=complaining.STAFF_NEXT.get(one.stage, ""),
        told=list(reversed(complaining.story(one.steps, say, visit.clock, to_client=False))),
        facts=[(label, text) for label, text in facts if text],
        takes=takes,
        handles=handles,
        mine=mine,
        steps=[(name, step) for name, step in STEPS.items() if handles and step.possible(one, mine)],
        words_of={
            "about": complaining.named(complaining.ABOUT, one.about, say),
            "channel": complaining.named(complaining.CHANNELS, one.channel, say),
            "outcome": complaining.named(complaining.OUTCOMES, one.outcome, say),
            "response": complaining.named(complaining.RESPONSES, one.response, say),
            "method": complaining.named(complaining.METHODS, one.dispute.method, say) if one.dispute else "",
        },
        corrections=complaining.CORRECTIONS,
        late=visit.request.query_params.get("said") == "late",
    )


@page("/desk/complaints/{complaint_id}/acknowledge", "POST")
async def acknowledge(visit: Visit, complaint_id: str) -> Response:
    session = await signed_in(visit)
    try:
        command = AcknowledgeComplaint(complaint_id=complaint_id)
        await visit.tell(command, session.account.actor(), visit.form["key"])
    except IllegalMove:
        return see(f"/desk/complaints/{complaint_id}?said=late")
    return see(f"/desk/complaints/{complaint_id}")


@page("/desk/complaints/{complaint_id}/{name}", "GET", "POST")
async def take(visit: Visit, complaint_id: str, name: str) -> Response:
    """A page that states the effect, asks for what is needed, and has a verb on its button."""
    if name not in STEPS:
        raise NotFound("没有这个页面")
    return await _take(visit, await signed_in(visit), complaint_id, STEPS[name], name)


@page("/desk/complaints/{complaint_id}/corrections/{correction_id}/{name}", "GET", "POST")
async def take_correction(visit: Visit, complaint_id: str, correction_id: str, name: str) -> Response:
    if name not in CORRECTION_STEPS:
        raise NotFound("没有这个页面")
    session, path = await signed_in(visit), f"corrections/{quote(correction_id)}/{name}"
    return await _take(visit, session, complaint_id, CORRECTION_STEPS[name], path, correction_id=correction_id)


async def _take(visit: Visit, session: Session, complaint_id: str, step: Step, path: str, **more: str) -> Response:
    actor = session.account.actor()
    one: ComplaintView = await visit.ask(GetComplaint(complaint_id=complaint_id), actor)
    form = await drawn_for(visit, step, one.park)
    values: Mapping[str, Any] = {}
    wrong: Mapping[str, str] = {}
    if visit.request.method == "POST":
        values = fields.gather(form, visit.form, PREFIX)
        try:
            wrong = missing(visit, form, values)
            if not wrong:
                await visit.tell(step.command(complaint_id, {**values, **more}), actor, visit.form["key"])
                return see(f"/desk/complaints/{complaint_id}")
        except IllegalMove:
            return see(f"/desk/complaints/{complaint_id}?said=late")
        except Invalid as error:
            wrong = {f"{PREFIX}.{step.renamed.get(name, name)}": visit.say(text) for name, text in error.fields.items()}
    drawn = fields.draw(form, values, visit.say, PREFIX)
    return desk(
        visit,
        session,
        "complaint_step.html",
        422 if wrong else 200,
        one=one,
        step=step,
        path=path,
        drawn=drawn,
        wrong=wrong,
        labels=fields.labels(drawn, visit.say),
    )
