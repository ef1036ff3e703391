"""Pages where staff find an organization for an item: who fits and why, invite, write down an answer, weigh anew."""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from starlette.responses import Response

from services.gateway import words
from services.gateway.accounts.domain import Session
from services.gateway.language import N_, Speech
from services.gateway.pages.frame import page, see, signed_in
from services.gateway.pages.queue import desk
from services.gateway.visit import Visit
from shared import access
from shared.access import EVERYWHERE, Actor
from shared.contracts.base import Command
from shared.contracts.dispatch import (
    AcceptOffer,
    AssessmentView,
    Candidate,
    DeclineOffer,
    GetItem,
    GetMatch,
    GetOffer,
    GetWeights,
    InviteOrganizations,
    ItemView,
    LeftOut,
    ListAssessments,
    MatchView,
    OfferView,
    Part,
    Phrase,
    RankCandidates,
    SetWeights,
    StartJob,
    WeightsView,
)
from shared.contracts.intake import RecordConsent
from shared.errors import Forbidden, IllegalMove, Invalid, Rejected, Unavailable

CRITERIA: Mapping[str, str] = {
    "capability": N_("能力契合"),
    "industry": N_("行业契合"),
    "timeliness": N_("按时率"),
    "completion": N_("完成率"),
    "satisfaction": N_("满意度"),
    "distance": N_("距离"),
    "load": N_("在办负荷"),
    "price": N_("收费"),
    "newcomer": N_("新机构扶持"),
}
SAID = {
    "consented": N_("已记下企业的同意，可以邀请机构了。"),
    "invited": N_("邀请已发出，到时间没有答复会轮到下一家。"),
    "won": N_("已记下机构接手，接下来请双方谈约定。"),
    "declined": N_("已记下机构谢绝，会轮到下一家。"),
    "started": N_("已记下开始办理。"),
    "dropped": N_("已经记下没有谈成，会另找机构。"),
}
ANSWERS: Mapping[str, tuple[str, Callable[[str, str], Command]]] = {
    # what staff write down for an organization: what the item's page says then, and the command
    "accept": ("won", lambda job_id, text: AcceptOffer(job_id=job_id, note=text)),
    "decline": ("declined", lambda job_id, text: DeclineOffer(job_id=job_id, reason=text)),
    "start": ("started", lambda job_id, text: StartJob(job_id=job_id, note=text)),
}
OFFERED = {
    "open": N_("等答复"),
    "accepted": N_("接手"),
    "declined": N_("谢绝"),
    "lapsed": N_("没有按时答复"),
    "withdrawn": N_("已收回"),
    "finished": N_("办完"),
    "released": N_("没有办成"),
}
SHAPES = {"open": "wait", "accepted": "act", "finished": "done"}
LOW = 0.5  # of a criterion's weight: told as what speaks against it


@dataclass(frozen=True, kw_only=True)
class Bar:
    """One criterion of a candidate, in words and as a bar."""

    name: str
    points: str
    weight: int
    share: int  # per cent
    facts: str


@dataclass(frozen=True, kw_only=True)
class Shown:
    """A candidate with what speaks most for it and most against."""

    code: str
    name: str
    score: str
    best: str
    worst: str
    bars: Sequence[Bar]


@dataclass(frozen=True, kw_only=True)
class Out:
    code: str
    name: str
    why: str
    firm: bool


@dataclass(frozen=True, kw_only=True)
class Match:
    """What a page shows of who fits. `elsewhere` names those who do not serve the item at all."""

    view: MatchView
    candidates: Sequence[Shown]
    out: Sequence[Out]
    elsewhere: Sequence[str]
    consent_missing: bool
    open: Sequence[OfferView]


def shown(view: MatchView, say: Speech) -> Match:
    ranking = view.ranking
    left_out = ranking.left_out if ranking else ()
    return Match(
        view=view,
        candidates=[_candidate(one, say) for one in (ranking.candidates if ranking else ())],
        out=[_out(one, say) for one in left_out if one.rule != "item"],
        elsewhere=[one.name for one in left_out if one.rule == "item"],
        consent_missing=any(one.rule == "consent" for one in left_out),
        open=[offer for offer in view.offers if offer.status == "open"],
    )


def _candidate(one: Candidate, say: Speech) -> Shown:
    weighed = [part for part in one.parts if part.weight]
    best = max(weighed, key=lambda part: part.points, default=None)
    worst = min(weighed, key=_share, default=None)
    low = worst if worst and _share(worst) < LOW else None
    return Shown(
        code=one.organization, name=one.name, score=_points(one.score), best=_facts(best, say) if best else "",
        worst=_facts(low, say) if low else "", bars=[_bar(part, say) for part in weighed],
    )  # fmt: skip


def _bar(part: Part, say: Speech) -> Bar:
    return Bar(
        name=say(CRITERIA.get(part.criterion, part.criterion)), points=_points(part.points), weight=part.weight,
        share=round(100 * _share(part)), facts=_facts(part, say),
    )  # fmt: skip


def _share(part: Part) -> float:
    return part.points / part.weight


def _points(points: float) -> str:
    return f"{points:g}"


def _facts(part: Part, say: Speech) -> str:
    return say("；").join(phrased(fact, say) for fact in part.facts)


def phrased(phrase: Phrase, say: Speech) -> str:
    return say(phrase.text, **phrase.params)


def _out(one: LeftOut, say: Speech) -> Out:
    return Out(code=one.organization, name=one.name, why=phrased(one.why, say), firm=one.firm)


async def matched(visit: Visit, session: Session, item: ItemView) -> Match | None:
    """For the item's own page, while an organization is looked for; None where it cannot be had now."""
    if item.stage not in words.MATCHED:
        return None
    try:
        view: MatchView = await visit.ask(GetMatch(item_id=item.item_id), session.account.actor())
    except (Rejected, Unavailable):
        return None
    return shown(view, visit.say)


async def assessments(visit: Visit, session: Session, item: ItemView) -> Sequence[AssessmentView]:
    """The newest first; none where they cannot be had now."""
    if not item.title:
        return ()
    try:
        found = await visit.ask(ListAssessments(item_id=item.item_id), session.account.actor())
    except (Rejected, Unavailable):
        return ()
    listed: Sequence[AssessmentView] = found.assessments
    return listed


@page("/desk/items/{item_id}/match", "GET", "POST")
async def match(visit: Visit, item_id: str) -> Response:
    """All who fit, explained; inviting several, or against the order, is confirmed here with its reason."""
    session = await signed_in(visit)
    actor, wrong = session.account.actor(), {}
    codes = tuple(visit.form.all("organization")) or tuple(visit.request.query_params.getlist("organization"))
    if visit.request.method == "POST":
        command = InviteOrganizations(item_id=item_id, organizations=codes, reason=visit.form["reason"])
        try:
            await visit.tell(command, actor, f"{visit.form['key']} {' '.join(codes)}")
            return see(f"/desk/items/{item_id}?said=invited")
        except IllegalMove:
            return see(f"/desk/items/{item_id}?said=late")
        except Invalid as error:
            wrong = _named(visit, error)
    return await _match_page(visit, session, item_id, wrong, codes)


def _named(visit: Visit, error: Invalid) -> dict[str, str]:
    return {path: visit.say(text, **error.params) for path, text in error.fields.items()}


async def _match_page(
    visit: Visit, session: Session, item_id: str, wrong: Mapping[str, str], codes: Sequence[str]
) -> Response:
    found = shown(await visit.ask(GetMatch(item_id=item_id), session.account.actor()), visit.say)
    return desk(
        visit, session, "match.html", 422 if wrong else 200, found=found, item=found.view.item, chosen=codes,
        wrong=wrong, reason=visit.form["reason"], note=visit.form["note"], words_of=OFFERED, shapes=SHAPES,
        said=N_("已按现在的情况重新排过。") if visit.request.query_params.get("said") == "again" else "",
    )  # fmt: skip


@page("/desk/items/{item_id}/match/again", "POST")
async def again(visit: Visit, item_id: str) -> Response:
    """Rank anew: the register or the records may be other than before."""
    session = await signed_in(visit)
    command = RankCandidates(item_id=item_id)
    try:
        await visit.tell(command, session.account.actor(), visit.form["key"])
    except IllegalMove:
        return see(f"/desk/items/{item_id}?said=late")
    return see(f"/desk/items/{item_id}/match?said=again")


@page("/desk/items/{item_id}/consent", "POST")
async def consent(visit: Visit, item_id: str) -> Response:
    """Write down that the client agrees: its contact may be given to whichever organization serves it."""
    session = await signed_in(visit)
    actor = session.account.actor()
    item: ItemView = await visit.ask(GetItem(item_id=item_id), actor)
    try:
        await visit.tell(RecordConsent(request_id=item.request_id, note=visit.form["note"]), actor, visit.form["key"])
    except Invalid as error:
        return await _match_page(visit, session, item_id, _named(visit, error), ())
    await _until_allowed(visit, actor, item_id)
    return see(f"/desk/items/{item_id}?said=consented")


async def _until_allowed(visit: Visit, actor: Actor, item_id: str) -> None:
    """Matching learns of it by an event; give that a moment, so that the page does not ask for it again."""
    for _ in range(20):
        view: MatchView = await visit.ask(GetMatch(item_id=item_id), actor)
        if view.consent:
            return
        await asyncio.sleep(0.1)


@page("/desk/offers/{job_id}", "GET", "POST")
async def answer(visit: Visit, job_id: str) -> Response:
    """Write down what an organization said by telephone: whether it takes the job, or that it has begun."""
    session = await signed_in(visit)
    actor, wrong = session.account.actor(), {}
    offer: OfferView = await visit.ask(GetOffer(job_id=job_id), actor)
    if visit.request.method == "POST":
        said, text = visit.form["answer"], visit.form["text"]
        try:
            if said not in ANSWERS:
                raise Invalid("请检查填写的内容", fields={"answer": "请选机构是接手还是谢绝"})
            done, command = ANSWERS[said]
            await visit.tell(command(job_id, text), actor, f"{visit.form['key']} {said}")
            return see(f"/desk/items/{offer.item_id}?said={done}")
        except IllegalMove as error:
            wrong = {"answer": visit.say.error(error)}
        except Invalid as error:
            wrong = {
                "text" if path in ("reason", "note") else path: visit.say(said) for path, said in error.fields.items()
            }
    return desk(
        visit, session, "offer_answer.html", 422 if wrong else 200, offer=offer, wrong=wrong,
        answered=visit.form["answer"], text=visit.form["text"],
    )  # fmt: skip


@page("/desk/weights", "GET", "POST")
async def weights(visit: Visit) -> Response:
    session = await signed_in(visit)
    actor, wrong = session.account.actor(), {}
    typed: Mapping[str, str] = {name: visit.form[name] for name in CRITERIA}
    if visit.request.method == "POST":
        given: dict[str, Any] = {n: int(text) if text.isdecimal() else text for n, text in typed.items()}
        try:
            await visit.tell(SetWeights(weights=given), actor, visit.form["key"])
            return see("/desk/weights?said=set")
        except Invalid as error:
            wrong = {path.removeprefix("weights."): visit.say(text) for path, text in error.fields.items()}
    view: WeightsView = await visit.ask(GetWeights(), actor)
    values = typed if wrong else {name: str(view.weights.get(name, 0)) for name in CRITERIA}
    return desk(
        visit, session, "weights.html", 422 if wrong else 200, view=view, criteria=CRITERIA, values=values, wrong=wrong,
        sets=_may_set(session), labels={name: visit.say(text) for name, text in CRITERIA.items()},
        said=N_("已按新的权重算。") if visit.request.query_params.get("said") == "set" else "",
    )  # fmt: skip


def _may_set(session: Session) -> bool:
    try:
        access.check(session.account.actor(), "set_weights", park=EVERYWHERE)
    except Forbidden:
        return False
    return True
