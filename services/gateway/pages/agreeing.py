"""Pages on which an organization and a client agree on terms; staff may write down what either of them said."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote

from starlette.responses import Response

from services.gateway import words
from services.gateway.grants import Grant
from services.gateway.language import N_
from services.gateway.pages import fields
from services.gateway.pages.frame import owner, page, render, see, signed_in
from services.gateway.pages.queue import desk
from services.gateway.terms import versions
from services.gateway.visit import Visit
from shared.access import Actor
from shared.contracts.dispatch import AgreeTerms, DropTerms, GetItem, GetTerms, ItemView, ProposeTerms, TermsView
from shared.contracts.intake import ConsentState, GetConsent, RecordConsent
from shared.errors import Forbidden, IllegalMove, Invalid, NotFound, Rejected, Unavailable

ORGANIZATION, CLIENT = "organization", "client"
SAID = {
    "proposed": N_("约定已经发给对方，等对方答复。"),
    "agreed": N_("约定达成，可以开始了。"),
    "dropped": N_("已经记下没有谈成，会另找机构。"),
    "late": N_("约定刚刚变了，下面是最新的。"),
}


@dataclass(frozen=True, kw_only=True)
class Agreeing:
    """All that a page on terms shows. `side`: whom the reader acts for, empty for staff who have not chosen."""

    view: TermsView
    versions: Any
    side: str
    drawn: Any
    wrong: Mapping[str, str]
    labels: Mapping[str, str]
    reason: str = ""

    @property
    def last(self) -> Any:
        return self.versions[0] if self.versions else None

    @property
    def answers(self) -> bool:
        """The newest proposal is the other side's, to be agreed to."""
        return bool(self.last) and self.view.turn == self.side


@dataclass(kw_only=True)
class Typed:
    """What a form on terms held when it was refused."""

    values: Mapping[str, Any] = field(default_factory=dict)
    wrong: Mapping[str, str] = field(default_factory=dict)
    reason: str = ""


@dataclass(frozen=True, kw_only=True)
class Deal:
    """What an item's page shows of an organization that is found, or has agreed. `asks`: the client's consent."""

    asks: bool
    terms: Agreeing | None


async def deal_of(visit: Visit, item: ItemView, actor: Actor) -> Deal | None:
    """None where no organization is to serve it."""
    if item.way != "match" or item.stage in words.UNDECIDED:
        return None
    asks = item.stage in ("matching", "unmatched") and not await _consented(visit, item, actor)
    view = await terms_of(visit, item.item_id, actor) if item.job_id else None
    own = view is not None and view.job_id == item.job_id  # not of an organization that had it before
    return Deal(asks=asks, terms=agreeing(visit, view, CLIENT) if view and own else None)


async def _consented(visit: Visit, item: ItemView, actor: Actor) -> bool:
    try:
        state: ConsentState = await visit.ask(GetConsent(request_id=item.request_id), actor)
    except (Rejected, Unavailable):
        return True  # not to ask for what may be there
    return state.given


async def terms_of(visit: Visit, item_id: str, actor: Actor) -> TermsView | None:
    """None while there are none, or they cannot be seen now."""
    try:
        found: TermsView = await visit.ask(GetTerms(item_id=item_id), actor)
    except (Rejected, Unavailable):
        return None
    return found


def agreeing(visit: Visit, view: TermsView, side: str, typed: Typed | None = None) -> Agreeing:
    """The newest terms are what a counter-proposal begins with."""
    typed = typed or Typed()
    last = view.proposals[-1].terms if view.proposals else view.suggestion
    drawn = fields.draw([dict(one) for one in view.form], typed.values or last, visit.say, "t")
    return Agreeing(
        view=view, versions=versions(view, visit.say, visit.clock), side=side, drawn=drawn, wrong=typed.wrong,
        labels=fields.labels(drawn, visit.say), reason=typed.reason,
    )  # fmt: skip


async def take(visit: Visit, item_id: str, actor: Actor, side: str = "") -> tuple[str, Typed]:
    """What the form asks for: propose, agree or drop. What was done, or what is wrong with it."""
    form = visit.form
    try:
        match form["step"]:
            case "propose":
                view: TermsView = await visit.ask(GetTerms(item_id=item_id), actor)
                values = fields.gather([dict(one) for one in view.form], form, "t")
                await visit.tell(ProposeTerms(item_id=item_id, terms=values, side=side), actor, form["key"])
                return "proposed", Typed()
            case "agree":
                number = int(form["number"]) if form["number"].isdecimal() else 0
                await visit.tell(AgreeTerms(item_id=item_id, number=number, side=side), actor, form["key"])
                return "agreed", Typed()
            case "drop":
                await visit.tell(DropTerms(item_id=item_id, reason=form["reason"], side=side), actor, form["key"])
                return "dropped", Typed()
            case _:
                raise NotFound("没有这一步")
    except IllegalMove:
        return "late", Typed()
    except Invalid as error:
        wrong = {path: visit.say(text) for path, text in fields.named(error.fields, "t", "terms").items()}
        typed = values if form["step"] == "propose" else {}
        return "", Typed(values=typed, wrong=wrong or {"t.project": visit.say.error(error)}, reason=form["reason"])


@page("/desk/items/{item_id}/terms", "GET", "POST")
async def by_staff(visit: Visit, item_id: str) -> Response:
    """For either side, and marked so."""
    session = await signed_in(visit)
    actor, typed = session.account.actor(), Typed()
    side = visit.form["side"] or visit.request.query_params.get("side", "")
    if side not in (ORGANIZATION, CLIENT):
        side = ""
    if visit.request.method == "POST":
        done, typed = await take(visit, item_id, actor, side)
        if done == "dropped":
            return see(f"/desk/items/{item_id}?said=dropped")
        if done:
            return see(f"/desk/items/{item_id}/terms?said={done}")
    item: ItemView = await visit.ask(GetItem(item_id=item_id), actor)
    view: TermsView = await visit.ask(GetTerms(item_id=item_id), actor)
    return desk(
        visit, session, "terms_desk.html", 422 if typed.wrong else 200, item=item,
        deal=agreeing(visit, view, side or view.turn, typed),
        said=SAID.get(visit.request.query_params.get("said", ""), ""),
    )  # fmt: skip


@page("/r/{number}/consent", "POST")
async def consent(visit: Visit, number: str) -> Response:
    """The client agrees that its contact is given to whichever organization serves it."""
    grant = owner(visit, number)
    if grant is None:
        return see(f"/track?number={quote(number)}")
    await visit.tell(RecordConsent(request_id=grant.request_id), grant.actor(), visit.form["key"])
    return see(f"/r/{quote(number, safe='')}?said=consented")


@page("/r/{number}/terms/{item_id}", "GET", "POST")
async def by_client(visit: Visit, number: str, item_id: str) -> Response:
    grant = owner(visit, number)
    if grant is None:
        return see(f"/track?number={quote(number)}")
    typed = Typed()
    if visit.request.method == "POST":
        done, typed = await take(visit, item_id, grant.actor())
        if done in ("agreed", "dropped"):
            return see(f"/r/{quote(number, safe='')}?said={done}")
        if done:
            return see(f"{visit.path}?said={done}")
    item: ItemView = await visit.ask(GetItem(item_id=item_id), grant.actor())
    if item.number != number:
        raise Forbidden("您没有权限做这件事，请联系服务站负责人")
    view: TermsView = await visit.ask(GetTerms(item_id=item_id), grant.actor())
    return render(
        visit, "terms_own.html", 422 if typed.wrong else 200, station=await _station(visit, grant), item=item,
        deal=agreeing(visit, view, CLIENT, typed), csrf=visit.grants.csrf(visit.gateway.seals),
        said=SAID.get(visit.request.query_params.get("said", ""), ""),
    )  # fmt: skip


async def _station(visit: Visit, grant: Grant) -> Any:
    try:
        return await visit.gateway.known.station(grant.park)
    except (NotFound, Unavailable):
        return None
