"""Following a service on the workbench: progress, contacts, and the steps for what does not go as planned."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from starlette.responses import Response

from services.gateway import words
from services.gateway.accounts.domain import Session
from services.gateway.contacting import HOWS, PARTIES, ROLES
from services.gateway.language import N_
from services.gateway.pages import fields
from services.gateway.pages.frame import page, see, signed_in
from services.gateway.pages.queue import desk
from services.gateway.visit import Visit
from shared.contracts.base import Command
from shared.contracts.dispatch import (
    AnnounceDelay,
    DeliverPart,
    FailService,
    FollowingView,
    GetFollowing,
    GetItem,
    ItemView,
    LogContact,
    OrderCheck,
    ReassignItem,
    ReportProgress,
)
from shared.errors import IllegalMove, Invalid, NotFound, Rejected, Unavailable
from shared.forms import Description, choice, day, describe, flag, integer, paragraph, text

PREFIX = "f"
FIRST = {"contact": {"role": "handler", "how": "phone"}}  # what a form holds at first


class Step(NamedTuple):
    """A step on a page of its own: what it does, what it asks for, the verb on its button, when it is possible."""

    title: str
    effect: str
    verb: str
    form: Description
    command: Callable[..., Command]
    possible: Callable[[ItemView], bool]


def _open(item: ItemView) -> bool:
    return item.stage not in words.ENDED and item.stage != "closed"


def _serving(item: ItemView) -> bool:
    return item.stage == "serving"


STEPS: dict[str, Step] = {
    "contact": Step(
        N_("记一次联系"),
        N_("写给同事看，企业看不到。不写姓名、电话，写职务就够了。"),
        N_("记下"),
        describe(
            {
                "party": choice("和谁联系", PARTIES, en="Whom you spoke to"),
                "role": choice("对方是", ROLES, en="Who that is"),
                "how": choice("怎么联系的", HOWS, en="How"),
                "about": paragraph("谈了什么", en="What about"),
                "next_step": text("接下来做什么", required=False, most=2000, en="What comes next"),
                "next_on": day("什么时候前", required=False, en="By when"),
            }
        ),
        LogContact,
        _open,
    ),
    "report": Step(
        N_("报进展"),
        N_("企业在进度页上马上看到。"),
        N_("告诉企业"),
        describe(
            {
                "text": paragraph("办到哪一步了", en="How far it is"),
                "share": integer("完成多少（%）", required=False, least=0, most=100, en="How much is done (%)"),
                "next_step": text("接下来做什么", required=False, most=2000, en="What comes next"),
                "expected_on": day("预计哪天办完", required=False, en="Probably over on"),
            }
        ),
        ReportProgress,
        lambda item: item.stage in ("offered", "serving"),
    ),
    "delay": Step(
        N_("告知要延期"),
        N_("要在答应的时间之前告知。企业会收到通知：新的日期和原因。"),
        N_("告诉企业"),
        describe(
            {
                "expected_on": day("新的预计办完日期", en="Probably over on"),
                "reason": paragraph("为什么要延期", en="Why it takes longer"),
            }
        ),
        AnnounceDelay,
        _serving,
    ),
    "part": Step(
        N_("先交付一部分"),
        N_("企业会收到通知：办成了什么，还缺什么，接下来怎么办。"),
        N_("交付这一部分"),
        describe(
            {
                "done": paragraph("已经办成的", en="What is done"),
                "missing": paragraph("还缺什么", en="What is missing"),
                "next_step": paragraph("接下来怎么办", en="What comes next"),
                "over": flag("就此办结，不再继续", en="End the service with this"),
            }
        ),
        DeliverPart,
        _serving,
    ),
    "reassign": Step(
        N_("换人办"),
        N_("现在的承办方会收到撤回通知，这件事回到评估，由您重新安排。企业会看到您写的原因。"),
        N_("收回，重新安排"),
        describe({"reason": paragraph("为什么换人办", en="Why")}),
        ReassignItem,
        lambda item: "reassign" in item.allowed,
    ),
    "check": Step(
        N_("查一次办得怎么样"),
        N_("会列在“待跟进”里，由没有办过这件事的人来查。企业看不到。"),
        N_("列入要查的"),
        describe({"reason": paragraph("为什么要查", en="Why it is to be checked")}),
        OrderCheck,
        lambda item: item.stage in ("serving", "finished", "told", "closed", "sealed"),
    ),
    "fail": Step(
        N_("没有办成"),
        N_("企业会收到通知和您写的原因。这件事回到评估，由您重新安排。"),
        N_("告诉企业，重新安排"),
        describe({"reason": paragraph("为什么没有办成", en="Why it came to nothing")}),
        FailService,
        lambda item: "fail" in item.allowed,
    ),
}


@dataclass(frozen=True, kw_only=True)
class Followed:
    """What the item page shows of following it: None where it cannot be seen now."""

    view: FollowingView
    steps: Sequence[tuple[str, str]]  # what may be done: its name, and what its link says
    contact: Sequence[fields.Drawn]  # the short form


async def followed(visit: Visit, session: Session, item: ItemView, handles: bool) -> Followed | None:
    if item.stage in words.UNDECIDED and not handles:
        return None
    try:
        view: FollowingView = await visit.ask(GetFollowing(item_id=item.item_id), session.account.actor())
    except (Unavailable, Rejected):  # away, or not for this role
        return None
    possible = [(name, one) for name, one in STEPS.items() if handles and one.possible(item)]
    return Followed(
        view=view,
        steps=[(name, one.title) for name, one in possible if name != "contact"],
        contact=_draw(visit, STEPS["contact"], FIRST["contact"]) if "contact" in dict(possible) else [],
    )


def _draw(visit: Visit, step: Step, values: Mapping[str, Any]) -> list[fields.Drawn]:
    return fields.draw(step.form, values, visit.say, PREFIX)


@page("/desk/items/{item_id}/follow/{name}", "GET", "POST")
async def take(visit: Visit, item_id: str, name: str) -> Response:
    """A page that states the effect, asks for what is needed, and has a verb on its button."""
    if name not in STEPS:
        raise NotFound("没有这个页面")
    session, step = await signed_in(visit), STEPS[name]
    actor = session.account.actor()
    values: Mapping[str, Any] = FIRST.get(name, {})
    wrong: Mapping[str, str] = {}
    if visit.request.method == "POST":
        values = fields.gather(step.form, visit.form, PREFIX)
        try:
            wrong = missing(visit, step.form, values)
            if not wrong:
                await visit.tell(step.command(item_id=item_id, **values), actor, visit.form["key"])
                return see(f"/desk/items/{item_id}?said={name}")
        except IllegalMove:
            return see(f"/desk/items/{item_id}?said=late")
        except Invalid as error:
            wrong = {f"{PREFIX}.{path}": visit.say(said) for path, said in error.fields.items()}
    item: ItemView = await visit.ask(GetItem(item_id=item_id), actor)
    drawn = _draw(visit, step, values)
    return desk(
        visit,
        session,
        "follow.html",
        422 if wrong else 200,
        item=item,
        name=name,
        step=step,
        drawn=drawn,
        wrong=wrong,
        labels=fields.labels(drawn, visit.say),
    )


def missing(visit: Visit, form: Description, values: Mapping[str, Any]) -> dict[str, str]:
    """What was left empty, or is no number; the rest is for dispatch to check."""
    wrong = {}
    for one in form:
        value = values.get(one["name"])
        if one["required"] and not value:
            wrong[f"{PREFIX}.{one['name']}"] = visit.say("请填写这一项")
        elif one["kind"] == "integer" and isinstance(value, str):
            wrong[f"{PREFIX}.{one['name']}"] = visit.say("这一项要填数字")
    return wrong
