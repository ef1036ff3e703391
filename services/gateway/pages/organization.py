"""The desk of an organization: what it is asked, what it has in hand, terms and results."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from starlette.responses import Response

from services.gateway import words
from services.gateway.accounts.domain import Session
from services.gateway.language import N_
from services.gateway.pages import fields
from services.gateway.pages.agreeing import ORGANIZATION, SAID, Agreeing, Typed, agreeing, take, terms_of
from services.gateway.pages.follow import PREFIX, STEPS, missing
from services.gateway.pages.frame import page, render, see, signed_in
from services.gateway.pages.item import description
from services.gateway.targets import names
from services.gateway.visit import Visit
from shared.access import system
from shared.contracts.dispatch import (
    AcceptOffer,
    DeclineOffer,
    DeliverResult,
    GetOffer,
    ListOffers,
    OfferPage,
    OfferView,
    StartJob,
)
from shared.contracts.intake import ContactView, GetSharedContact
from shared.errors import Forbidden, IllegalMove, Invalid, NotFound, Rejected, Unavailable

PAGE = 50
TOLD: Mapping[str, str] = {
    "accepted": N_("已接手。接下来请写约定，企业同意了就开始。"),
    "declined": N_("已谢绝，服务站会看到您写的原因。"),
    "started": N_("已记下开始办理。"),
    "delivered": N_("结果已交付，系统会告诉企业并请其评价。"),
    "report": N_("进展已经告诉企业。"),
    "delay": N_("延期和原因已经告诉企业。"),
    "fail": N_("已告诉服务站，由服务站重新安排。"),
    **SAID,
}
OWN_STEPS: Mapping[str, str] = {
    # steps of following that the organization takes itself: what its link says
    "report": N_("报进展"),
    "delay": N_("告知要延期"),
    "fail": N_("办不成，说明原因"),
}
STATES: Mapping[str, tuple[str, str]] = {
    # an offer's status: its word for the organization, the badge's shape
    "open": (N_("等您答复"), "wait"),
    "declined": (N_("已谢绝"), "end"),
    "lapsed": (N_("没有按时答复"), "end"),
    "withdrawn": (N_("已收回"), "end"),
    "finished": (N_("已办完"), "done"),
    "released": (N_("没有办成"), "end"),
}
IN_HAND: Mapping[str, tuple[str, str]] = {
    # the item's stage while the job is in hand
    "agreeing": (N_("在谈约定"), "act"),
    "agreed": (N_("约定好了，等开始"), "wait"),
    "serving": (N_("正在办理"), "act"),
}


@dataclass(frozen=True, kw_only=True)
class Delivery:
    """The result's form, as it was typed."""

    values: Mapping[str, Any] = field(default_factory=dict)
    more_rows_of: str = ""
    wrong: Mapping[str, str] = field(default_factory=dict)


def state(offer: OfferView) -> words.Stage:
    text, shape = IN_HAND.get(offer.stage, STATES["open"]) if offer.status == "accepted" else STATES[offer.status]
    return words.Stage(text, text, shape, words.TARGET)


def ours(offer: OfferView) -> bool:
    """Whether it is the organization's turn."""
    return offer.status == "open" or offer.turn == ORGANIZATION or bool(offer.allowed)


async def _signed_in(visit: Visit) -> Session:
    session = await signed_in(visit)
    if not session.account.organization:
        raise Forbidden("这里是服务机构的页面")
    return session


def _page(visit: Visit, session: Session, template: str, status: int = 200, **data: Any) -> Response:
    return render(
        visit, template, status, account=session.account, csrf=session.csrf, state_of=state,
        said=TOLD.get(visit.request.query_params.get("said", ""), ""), **data,
    )  # fmt: skip


@page("/org")
async def home(visit: Visit) -> Response:
    session = await _signed_in(visit)
    after = visit.request.query_params.get("after", "")
    found: OfferPage = await visit.ask(
        ListOffers(after=after if after.isdecimal() else "", limit=PAGE), session.account.actor()
    )
    groups: Sequence[tuple[str, list[OfferView]]] = (
        (N_("等您答复的邀请"), [one for one in found.offers if one.status == "open"]),
        (N_("在手上的"), [one for one in found.offers if one.status == "accepted"]),
        (N_("以前的"), [one for one in found.offers if one.status not in ("open", "accepted")]),
    )
    return _page(
        visit, session, "org.html", groups=[(head, offers) for head, offers in groups if offers], more=found.next,
        asked=len(groups[0][1]), ours=ours, titles=await names(visit),
    )  # fmt: skip


@page("/org/jobs/{job_id}")
async def show(visit: Visit, job_id: str) -> Response:
    return await job_page(visit, await _signed_in(visit), job_id)


async def job_page(
    visit: Visit, session: Session, job_id: str, delivery: Delivery | None = None, typed: Typed | None = None
) -> Response:
    actor = session.account.actor()
    offer: OfferView = await visit.ask(GetOffer(job_id=job_id), actor)
    deal: Agreeing | None = None
    if offer.status in ("accepted", "finished"):
        view = await terms_of(visit, offer.item_id, actor)
        deal = agreeing(visit, view, ORGANIZATION, typed) if view and view.job_id == job_id else None
    described = await description(visit, offer.item)
    given = delivery or Delivery()
    drawn = fields.draw(described.get("result", []), given.values, visit.say, "r", given.more_rows_of)
    wrong = {**given.wrong, **(typed.wrong if typed else {})}
    return _page(
        visit, session, "org_job.html", 422 if wrong else 200, offer=offer, deal=deal, wrong=wrong,
        contact=await contact_of(visit, offer), steps=_steps(offer),
        title=(await names(visit)).item(offer.item, offer.title), drawn=drawn, delivering=bool(given.values),
        details=fields.show(described.get("form", []), offer.details, visit.say, visit.clock),
        station=await visit.gateway.known.station(offer.park),
        labels={**fields.labels(drawn, visit.say), **(deal.labels if deal else {})},
    )  # fmt: skip


def _steps(offer: OfferView) -> Mapping[str, str]:
    """What it may say beside its result."""
    if offer.status != "accepted" or offer.stage not in ("agreed", "serving"):
        return {}
    return OWN_STEPS if offer.stage == "serving" else {"fail": OWN_STEPS["fail"]}


async def contact_of(visit: Visit, offer: OfferView) -> ContactView | None:
    """Whom to call, for the organization that has the job, as far as the client consents."""
    if offer.status != "accepted":
        return None
    try:
        found: ContactView = await visit.ask(
            GetSharedContact(request_id=offer.request_id, organization=offer.target), system("gateway")
        )
    except (Rejected, Unavailable):  # no consent any more, or away
        return None
    return found


@page("/org/jobs/{job_id}/accept", "POST")
async def accept(visit: Visit, job_id: str) -> Response:
    """By one button; whoever was faster is said on the page that follows."""
    session = await _signed_in(visit)
    try:
        command = AcceptOffer(job_id=job_id, note=visit.form["note"])
        await visit.tell(command, session.account.actor(), visit.form["key"])
    except IllegalMove as error:
        offer: OfferView = await visit.ask(GetOffer(job_id=job_id), session.account.actor())
        return _page(visit, session, "org_lost.html", 409, offer=offer, text=visit.say.error(error))
    return see(f"/org/jobs/{job_id}?said=accepted")


@page("/org/jobs/{job_id}/decline", "GET", "POST")
async def decline(visit: Visit, job_id: str) -> Response:
    session = await _signed_in(visit)
    actor, wrong = session.account.actor(), {}
    if visit.request.method == "POST":
        try:
            await visit.tell(DeclineOffer(job_id=job_id, reason=visit.form["reason"]), actor, visit.form["key"])
            return see("/org?said=declined")
        except IllegalMove:
            return see(f"/org/jobs/{job_id}")
        except Invalid as error:
            wrong = {path: visit.say(text) for path, text in error.fields.items()}
    offer: OfferView = await visit.ask(GetOffer(job_id=job_id), actor)
    return _page(
        visit, session, "org_decline.html", 422 if wrong else 200, offer=offer, wrong=wrong, reason=visit.form["reason"]
    )  # fmt: skip


@page("/org/jobs/{job_id}/start", "POST")
async def start(visit: Visit, job_id: str) -> Response:
    session = await _signed_in(visit)
    try:
        await visit.tell(StartJob(job_id=job_id), session.account.actor(), visit.form["key"])
    except IllegalMove:
        return see(f"/org/jobs/{job_id}")
    return see(f"/org/jobs/{job_id}?said=started")


@page("/org/jobs/{job_id}/terms", "POST")
async def terms(visit: Visit, job_id: str) -> Response:
    session = await _signed_in(visit)
    actor = session.account.actor()
    offer: OfferView = await visit.ask(GetOffer(job_id=job_id), actor)
    done, typed = await take(visit, offer.item_id, actor)
    if done:
        return see(f"/org/jobs/{job_id}?said={done}")
    return await job_page(visit, session, job_id, typed=typed)


@page("/org/jobs/{job_id}/deliver", "POST")
async def deliver(visit: Visit, job_id: str) -> Response:
    session = await _signed_in(visit)
    actor = session.account.actor()
    offer: OfferView = await visit.ask(GetOffer(job_id=job_id), actor)
    described = (await description(visit, offer.item)).get("result", [])
    values = fields.gather(described, visit.form, "r")
    if visit.form["row"]:
        return await job_page(visit, session, job_id, Delivery(values=values, more_rows_of=visit.form["row"]))
    try:
        await visit.tell(DeliverResult(job_id=job_id, result=values), actor, visit.form["key"])
    except IllegalMove:
        return see(f"/org/jobs/{job_id}")
    except Invalid as error:
        wrong = {path: visit.say(text) for path, text in fields.named(error.fields, "r", "result").items()}
        return await job_page(visit, session, job_id, Delivery(values=values, wrong=wrong))
    return see(f"/org/jobs/{job_id}?said=delivered")


@page("/org/jobs/{job_id}/step/{name}", "GET", "POST")
async def step(visit: Visit, job_id: str, name: str) -> Response:
    """A page of its own to report how far it is, or to say that it came to nothing."""
    if name not in OWN_STEPS:
        raise NotFound("没有这个页面")
    session, one = await _signed_in(visit), STEPS[name]
    actor = session.account.actor()
    offer: OfferView = await visit.ask(GetOffer(job_id=job_id), actor)
    values: Mapping[str, Any] = {}
    wrong: Mapping[str, str] = {}
    if visit.request.method == "POST":
        values = fields.gather(one.form, visit.form, PREFIX)
        try:
            wrong = missing(visit, one.form, values)
            if not wrong:
                await visit.tell(one.command(item_id=offer.item_id, **values), actor, visit.form["key"])
                return see(f"/org/jobs/{job_id}?said={name}")
        except IllegalMove:
            return see(f"/org/jobs/{job_id}")
        except Invalid as error:
            wrong = {f"{PREFIX}.{path}": visit.say(said) for path, said in error.fields.items()}
    drawn = fields.draw(one.form, values, visit.say, PREFIX)
    return _page(
        visit, session, "org_step.html", 422 if wrong else 200, offer=offer, name=name, title=OWN_STEPS[name],
        verb=one.verb, drawn=drawn, wrong=wrong, labels=fields.labels(drawn, visit.say),
    )  # fmt: skip


@page("/org/jobs/{job_id}/fields", "POST")
async def redraw(visit: Visit, job_id: str) -> Response:
    """The part of the result's form that htmx renews when a row is added."""
    session = await _signed_in(visit)
    offer: OfferView = await visit.ask(GetOffer(job_id=job_id), session.account.actor())
    described = (await description(visit, offer.item)).get("result", [])
    values = fields.gather(described, visit.form, "r")
    drawn = fields.draw(described, values, visit.say, "r", visit.form["row"])
    return render(visit, "org_fields.html", drawn=drawn, wrong={}, redraw=f"/org/jobs/{job_id}/fields")
