"""The steps staff take with an item: accept, assess, deliver, answer, merge, refuse, withdraw."""

import asyncio
from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

from starlette.responses import Response

from services.gateway.accounts.domain import Session
from services.gateway.facts import reply
from services.gateway.language import N_
from services.gateway.pages import fields
from services.gateway.pages.beside import advise
from services.gateway.pages.frame import page, render, see, signed_in
from services.gateway.pages.item import Typed, choose, description, draw_result, item_page
from services.gateway.pages.planning import PLAN, planned
from services.gateway.pages.queue import desk
from services.gateway.visit import Visit
from shared.contracts.base import Command
from shared.contracts.dispatch import (
    AcceptItem,
    AnswerItem,
    AssessItem,
    BeginService,
    CancelAppointment,
    DeliverResult,
    GetItem,
    ItemView,
    MergeItem,
    MissAppointment,
    RefuseItem,
    WithdrawItem,
)
from shared.contracts.providers import FinishJob
from shared.errors import IllegalMove, Invalid, NotFound


class Ending(NamedTuple):
    """A step that ends the item, on a page of its own: what it does, what it asks, the verb on its button."""

    title: str
    effect: str
    label: str
    field: str
    verb: str
    command: Callable[[str, str], Command]


ENDINGS: dict[str, Ending] = {
    "answer": Ending(
        N_("不是服务需求，直接答复"),
        N_("答复会写在企业的进度页上，这件事随即了结，不请企业评价。"),
        N_("给企业的答复"),
        "answer",
        N_("发出答复"),
        lambda item_id, text: AnswerItem(item_id=item_id, answer=text),
    ),
    "merge": Ending(
        N_("和另一件是同一件事，合并"),
        N_("这个编号不再单独办理，企业会看到并入了哪个编号。"),
        N_("并入哪个受理编号"),
        "into",
        N_("合并"),
        lambda item_id, text: MergeItem(item_id=item_id, into=text),
    ),
    "refuse": Ending(
        N_("服务站不能办理，退回"),
        N_("这件事随即了结，企业会看到您写的原因。不能恢复，企业可以重新提。"),
        N_("为什么不能办理"),
        "reason",
        N_("退回并说明"),
        lambda item_id, text: RefuseItem(item_id=item_id, reason=text),
    ),
    "cancel": Ending(
        N_("取消预约"),
        N_("这个时间会让给别人，企业会收到通知，可以另选时间。"),
        N_("为什么取消，企业会看到"),
        "reason",
        N_("取消这次预约"),
        lambda item_id, text: CancelAppointment(item_id=item_id, reason=text),
    ),
    "miss": Ending(
        N_("企业没有来"),
        N_("记下这次没有来。企业会收到通知，可以另选时间。"),
        N_("知道的情况，企业会看到"),
        "note",
        N_("记下没有来"),
        lambda item_id, text: MissAppointment(item_id=item_id, note=text),
    ),
    "withdraw": Ending(
        N_("企业不办了，撤回"),
        N_("这件事随即了结，已经请来办理的会收到通知。不能恢复。"),
        N_("企业怎么说的"),
        "reason",
        N_("撤回"),
        lambda item_id, text: WithdrawItem(item_id=item_id, reason=text),
    ),
}


async def take(visit: Visit, session: Session, item_id: str, step: str, command: Command) -> Response:
    """Take the step, and show the item again; if it has moved on meanwhile, say so."""
    try:
        await visit.tell(command, session.account.actor(), visit.form["key"])
    except IllegalMove:
        step = "late"
    return see(f"/desk/items/{item_id}?said={step}")


@page("/desk/items/{item_id}/accept", "POST")
async def accept(visit: Visit, item_id: str) -> Response:
    session = await signed_in(visit)
    return await take(visit, session, item_id, "accept", AcceptItem(item_id=item_id))


@page("/desk/items/{item_id}/assess", "POST")
async def assess(visit: Visit, item_id: str) -> Response:
    session = await signed_in(visit)
    typed = await _typed(visit, "d", "form", _chosen(visit))
    form = visit.form
    if form["row"] or form["draw"] or typed.item != form["drawn"]:
        return await item_page(visit, session, item_id, typed)
    try:
        category, _ = await visit.gateway.known.item(typed.item)
        command = AssessItem(
            item_id=item_id,
            category=str(category["code"]),
            item=typed.item,
            details=dict(typed.values),
            note=typed.note,
            **planned(typed.plan),
        )
        return await take(visit, session, item_id, "assess", command)
    except NotFound:
        return await item_page(visit, session, item_id, typed, {"pick": visit.say("请选一类服务")})
    except Invalid as error:
        return await item_page(visit, session, item_id, typed, _wrong(visit, error, "d", "details"))


@page("/desk/items/{item_id}/begin", "POST")
async def begin(visit: Visit, item_id: str) -> Response:
    """The client is here."""
    session = await signed_in(visit)
    return await take(visit, session, item_id, "begin", BeginService(item_id=item_id))


@page("/desk/items/{item_id}/deliver", "POST")
async def deliver(visit: Visit, item_id: str) -> Response:
    session = await signed_in(visit)
    item: ItemView = await visit.ask(GetItem(item_id=item_id), session.account.actor())
    typed = await _typed(visit, "r", "result", item.item)
    if visit.form["row"]:
        return await item_page(visit, session, item_id, typed)
    try:
        kind = DeliverResult if item.way == "match" else FinishJob  # for an organization, or as the station
        command = kind(job_id=visit.form["job"], result=dict(typed.values))
        done = await take(visit, session, item_id, "deliver", command)
    except Invalid as error:
        return await item_page(visit, session, item_id, typed, _wrong(visit, error, "r", "result"))
    await _until_finished(visit, session, item_id)
    return done


async def _until_finished(visit: Visit, session: Session, item_id: str) -> None:
    """The item learns of it by an event; give that a moment, so that the page does not ask for the result again."""
    for _ in range(20):
        item: ItemView = await visit.ask(GetItem(item_id=item_id), session.account.actor())
        if item.stage != "serving":
            return
        await asyncio.sleep(0.1)


@page("/desk/items/{item_id}/fields/{step}", "POST")
async def redraw(visit: Visit, item_id: str, step: str) -> Response:
    """The part of a form that htmx renews when another item is chosen or a row is added."""
    session = await signed_in(visit)
    item: ItemView = await visit.ask(GetItem(item_id=item_id), session.account.actor())
    data: dict[str, Any] = {"worked": {"item": item}, "wrong": {}}
    if step == "deliver":
        typed = await _typed(visit, "r", "result", item.item)
        return render(visit, "deliver_fields.html", delivery=await draw_result(visit, item, typed), **data)
    typed = await _typed(visit, "d", "form", _chosen(visit))
    choice = await choose(visit, item, typed, await advise(visit, session, item))
    return render(visit, "assess_fields.html", choice=choice, **data)


@page("/desk/items/{item_id}/{step}", "GET", "POST")
async def end(visit: Visit, item_id: str, step: str) -> Response:
    """A page that states the effect, asks for the reason, and has a verb on its button."""
    if step not in ENDINGS:
        raise NotFound("没有这个页面")
    session = await signed_in(visit)
    ending = ENDINGS[step]
    wrong: Mapping[str, str] = {}
    if visit.request.method == "POST":
        try:
            command = ending.command(item_id, visit.form["text"])
            return await take(visit, session, item_id, step, command)
        except Invalid as error:
            wrong = {"text": visit.say(next(iter(error.fields.values()), error.text))}
    item: ItemView = await visit.ask(GetItem(item_id=item_id), session.account.actor())
    text = visit.form["text"]
    if step == "answer" and not text and (asked := await reply(visit, item, await advise(visit, session, item))):
        text = asked.draft
    return desk(
        visit,
        session,
        "end.html",
        422 if wrong else 200,
        item=item,
        step=step,
        ending=ending,
        text=text,
        wrong=wrong,
    )


def _chosen(visit: Visit) -> str:
    """The list of all counts if something is chosen there, else the suggestions."""
    return visit.form["other"] or visit.form["pick"]


async def _typed(visit: Visit, prefix: str, part: str, code: str) -> Typed:
    """What the form holds, read by the description of the item it is about."""
    described = (await description(visit, code)).get(part, [])
    return Typed(
        item=code,
        values=fields.gather(described, visit.form, prefix),
        note=visit.form["note"],
        plan={name: visit.form[name] for name in PLAN},
        more_rows_of=visit.form["row"],
    )


def _wrong(visit: Visit, error: Invalid, prefix: str, field: str) -> dict[str, str]:
    """The wrong fields under the names of the page's controls."""
    named = fields.named(error.fields, prefix, field) or {"pick": error.text}
    elsewhere = {f"{prefix}.{name}": name for name in ("way", "needs", "minutes")} | {f"{prefix}.item": "pick"}
    return {elsewhere.get(path, path): visit.say(text) for path, text in named.items()}
