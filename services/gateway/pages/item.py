"""One service item on the workbench: what is known, what happened, and the next step."""

import asyncio
from collections.abc import Awaitable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from starlette.responses import Response

from services.gateway import words
from services.gateway.accounts.domain import Session
from services.gateway.asking import Asked, asked_of
from services.gateway.contacting import TASKS
from services.gateway.facts import reply
from services.gateway.language import N_
from services.gateway.pages import fields, matching
from services.gateway.pages.agreeing import deal_of
from services.gateway.pages.beside import REASONS, advise, beside
from services.gateway.pages.follow import followed
from services.gateway.pages.frame import page, render, signed_in
from services.gateway.pages.planning import Plan, plan_of
from services.gateway.pages.queue import desk, queue
from services.gateway.pages.slip import remembered
from services.gateway.pages.times import appointment_of
from services.gateway.story import Story, Told, this_round
from services.gateway.targets import names
from services.gateway.visit import Visit
from shared import access
from shared.contracts.archive import DossierState, GetDossier, GetTimeline, Timeline
from shared.contracts.base import Query
from shared.contracts.dispatch import Advice, AppointmentView, GetItem, ItemView, ListItems
from shared.contracts.intake import ContactView, FileView, GetContact, GetRequest, ListFiles, RequestView
from shared.errors import Forbidden, NotFound, Rejected, Unavailable

SAID = {
    "accept": N_("已受理，由您负责到底。"),
    "assess": N_("已评估，正在安排办理。"),
    "deliver": N_("结果已交付，系统会告诉企业并请其评价。"),
    "begin": N_("企业来了，正在安排办理。"),
    "booked": N_("时间约好了，已告诉企业。"),
    "moved": N_("时间改好了，已告诉企业。"),
    "cancel": N_("预约已取消，企业可以另选时间。"),
    "miss": N_("已记下没有来，企业可以另选时间。"),
    "answer": N_("答复已发出，这件事了结。"),
    "merge": N_("已合并，两个编号都能查进度。"),
    "unmerge": N_("已撤销合并，请接着评估。"),
    "link": N_("已互相关联，两件各办各的。"),
    "unlink": N_("已撤销关联。"),
    "split": N_("已分成几件，各办各的。"),
    "unsplit": N_("已合回一件。"),
    "moved_on": N_("分出来的事项已经往前走了，不能再合回去。"),
    "reopen": N_("已重新打开，请受理。"),
    "handover": N_("已请对方接手，对方接手前仍由原来的人负责。"),
    "taken": N_("已接手，由您负责到底。"),
    "kept": N_("没有转交，仍由原来的人负责。"),
    "ask": N_("已一次告知企业，时限暂停。"),
    "supply": N_("已记下。"),
    "go_on": N_("不再等材料，时限接着算。"),
    "refuse": N_("已退回，原因企业能看到。"),
    "withdraw": N_("已撤回。"),
    "pause": N_("时限已暂停，企业看得到原因。"),
    "resume": N_("时限继续算了。"),
    "new": N_("已登记并受理，由您负责到底。"),
    "contact": N_("联系已经记下。"),
    "report": N_("进展已经告诉企业。"),
    "part": N_("这一部分已经交付，系统会告诉企业。"),
    "delay": N_("延期和原因已经告诉企业。"),
    "check": N_("已经列入要查的。"),
    "checked": N_("查的结果已经记下。"),
    "skip": N_("这次不用跟进，已经记下。"),
    "reassign": N_("已经收回，请重新安排。"),
    "fail": N_("已经告诉企业，请重新安排。"),
    **matching.SAID,
    "late": N_("这件事已经往前走了，下面是最新的情况。"),
}


ENDED_WITHOUT = ("answered", "merged", "refused", "withdrawn", "rejoined")  # there is nothing to file


@dataclass(frozen=True, kw_only=True)
class Typed:
    """What a form of the item page held when it was refused or redrawn."""

    item: str = ""  # the category's item it is about
    values: Mapping[str, Any] = field(default_factory=dict)
    note: str = ""
    plan: Mapping[str, str] = field(default_factory=dict)  # how it is to be served
    more_rows_of: str = ""


@dataclass(frozen=True, kw_only=True)
class Worked:
    """One service item as staff see it."""

    item: ItemView
    title: str
    stage: words.Stage
    told: Sequence[Told]
    seen: int
    contact: ContactView | None
    request: RequestView | None
    files: Sequence[FileView]
    details: Sequence[fields.Shown]
    result: Sequence[fields.Shown]
    missing: bool
    appointment: AppointmentView | None


@dataclass(frozen=True, kw_only=True)
class Choice:
    """The categories' items to choose from, and the form of the one chosen."""

    suggestions: Sequence[tuple[str, str, Sequence[str]]]  # item code, title, words
    categories: Sequence[Mapping[str, Any]]
    chosen: str
    title: str
    drawn: Sequence[fields.Drawn]
    plan: Plan  # how it can be served


@page("/desk/items/{item_id}")
async def show(visit: Visit, item_id: str) -> Response:
    session = await signed_in(visit)
    return await item_page(visit, session, item_id)


async def item_page(
    visit: Visit,
    session: Session,
    item_id: str,
    typed: Typed | None = None,
    wrong: Mapping[str, str] | None = None,
) -> Response:
    """The whole page, with what was typed and what is wrong with it."""
    actor = session.account.actor()
    item: ItemView = await visit.ask(GetItem(item_id=item_id), actor)
    handles = may_handle(session, item.park)
    found, worked = await asyncio.gather(queue(visit, session), _worked(visit, session, item))
    advice = await advise(visit, session, item) if handles and item.stage in words.UNDECIDED else Advice()
    matched = await matching.matched(visit, session, item)
    assesses = handles and "assess" in item.allowed and (not matched or bool(typed) or _again(visit))
    choice = await choose(visit, item, typed or Typed(), advice) if assesses else None
    delivery = await draw_result(visit, item, typed or Typed()) if handles and delivers(item) else None
    return desk(
        visit,
        session,
        "item.html",
        422 if wrong else 200,
        queue=found,
        current=item_id,
        worked=worked,
        handles=handles,
        choice=choice,
        asked=await reply(visit, item, advice),
        beside=await beside(visit, session, item, advice),
        reasons=REASONS,
        notice=Asked.of(found_notice) if (found_notice := await asked_of(visit, item, actor)) else None,
        delivery=delivery,
        matched=matched,
        deal=await deal_of(visit, item, actor),
        assessments=await matching.assessments(visit, session, item),
        following=await followed(visit, session, item, handles),
        tasks=TASKS,
        typed=typed or Typed(),
        wrong=wrong or {},
        labels=fields.labels([*(choice.drawn if choice else ()), *(delivery or ())], visit.say),
        target=(await names(visit)).target(item.target or item.category),
        said=SAID.get(visit.request.query_params.get("said", ""), ""),
        dossier=await dossier_of(visit, session, item),
        part_names=words.PARTS,
        slip=slip if (slip := remembered(visit)) and slip["number"] == item.number else None,
    )


async def dossier_of(visit: Visit, session: Session, item: ItemView) -> DossierState | None:
    """What stands of the item's dossier; nothing where it ended without one, or cannot be seen now."""
    if item.stage in ENDED_WITHOUT:
        return None
    try:
        state: DossierState = await visit.ask(
            GetDossier(item_id=item.item_id, request_id=item.request_id), session.account.actor()
        )
    except (Unavailable, Rejected):
        return None
    return state


def may_handle(session: Session, park: str) -> bool:
    try:
        access.check(session.account.actor(), "handle_item", park=park)
    except Forbidden:
        return False
    return True


def _again(visit: Visit) -> bool:
    """Whether what was assessed is to be assessed anew."""
    return visit.request.query_params.get("again") == "1"


def delivers(item: ItemView) -> bool:
    """Whether a result can be delivered now."""
    return item.stage == "serving" and bool(item.job_id)


async def _worked(visit: Visit, session: Session, item: ItemView) -> Worked:
    actor = session.account.actor()

    async def part(query: Query) -> Any:
        try:
            return await visit.ask(query, actor)
        except (Unavailable, Rejected):  # away, or not for this role
            return None

    parts: list[Awaitable[Any]] = [
        part(GetTimeline(request_id=item.request_id, park=item.park)),
        part(GetContact(request_id=item.request_id)),
        part(GetRequest(request_id=item.request_id)),
        part(ListFiles(request_id=item.request_id)),
    ]
    timeline, contact, request, files = await asyncio.gather(*parts)
    told = await _told(visit, session, timeline, item)
    entries = [e for e in (timeline.entries if timeline else ()) if e.item_id == item.item_id]
    results = [e.data.get("result") for e in this_round(entries) if e.type == "service_finished"]
    category = await description(visit, item.item)
    return Worked(
        item=item,
        title=(await names(visit)).item(item.item, item.title),
        stage=words.stage_of(item),
        told=list(reversed(told)),
        seen=others(told),
        contact=contact,
        request=request,
        files=files.files if files else (),
        details=fields.show(category.get("form", []), item.details, visit.say, visit.clock),
        result=fields.show(category.get("result", []), results[-1], visit.say, visit.clock)
        if results and isinstance(results[-1], Mapping)
        else [],
        missing=timeline is None,
        appointment=await appointment_of(visit, item, actor),
    )


async def _told(visit: Visit, session: Session, timeline: Timeline | None, item: ItemView) -> list[Told]:
    """What happened to this item, oldest first; what concerns the whole request too."""
    entries = timeline.entries if timeline else ()
    story = Story(visit.say, await names(visit), session.account.id, visit.clock, visit.clock.iso)
    return story.tell(entry for entry in entries if entry.item_id in ("", item.item_id))


def others(told: Sequence[Told]) -> int:
    """How many of the steps others took."""
    return sum(not one.own for one in told)


async def description(visit: Visit, code: str) -> Mapping[str, Any]:
    """What the category announced of this item; nothing when it is not known."""
    try:
        return (await visit.gateway.known.item(code))[1]
    except (NotFound, Unavailable):
        return {}


async def choose(visit: Visit, item: ItemView, typed: Typed, advice: Advice) -> Choice:
    """What the need may be; the form of what was chosen, else of the likeliest."""
    try:
        categories = await visit.gateway.known.categories()
    except Unavailable:
        categories = []
    say = visit.say
    titles = {
        code: f"{say.own(category, 'title')} · {say.own(entry, 'title')}"
        for category in categories
        for code, entry in category["items"].items()
    }
    reasons = {guess.item: guess.words for guess in advice.guesses}
    likely = dict.fromkeys(code for code in (item.item, *reasons) if code in titles)
    chosen = typed.item if typed.item in titles else next(iter(likely), "")
    form = (await description(visit, chosen)).get("form", [])
    values = typed.values or (item.details if item.item == chosen else {})
    return Choice(
        suggestions=[(code, titles[code], reasons.get(code, ())) for code in likely],
        categories=categories,
        chosen=chosen,
        title=titles.get(chosen, ""),
        drawn=fields.draw(form, values, say, "d", typed.more_rows_of),
        plan=await plan_of(visit, item, typed.plan),
    )


async def draw_result(visit: Visit, item: ItemView, typed: Typed) -> Sequence[fields.Drawn]:
    form = (await description(visit, item.item)).get("result", [])
    return fields.draw(form, typed.values, visit.say, "r", typed.more_rows_of)


@page("/desk/items/{item_id}/news")
async def news(visit: Visit, item_id: str) -> Response:
    """How much others did since the page was made: a quiet line, or nothing."""
    session = await signed_in(visit)
    actor = session.account.actor()
    item: ItemView = await visit.ask(GetItem(item_id=item_id), actor)
    timeline = await visit.ask(GetTimeline(request_id=item.request_id, park=item.park), actor)
    seen = visit.request.query_params.get("seen", "")
    count = others(await _told(visit, session, timeline, item)) - int(seen) if seen.isdecimal() else 0
    return render(visit, "news.html", count=count, address=f"/desk/items/{item_id}")


async def of_request(visit: Visit, session: Session, request_id: str) -> ItemView | None:
    """The item of a request just stated, as soon as dispatch has opened it."""
    for _ in range(20):
        found = await visit.ask(ListItems(request_id=request_id, limit=1), session.account.actor())
        if found.items:
            return found.items[0]
        await asyncio.sleep(0.1)
    return None
