"""Revisits on the workbench: whom to call, what to ask, what came of it."""

from collections.abc import Mapping
from typing import Any

from starlette.responses import Response

from services.gateway.contacting import Options, named
from services.gateway.language import N_
from services.gateway.pages import fields
from services.gateway.pages.follow import missing
from services.gateway.pages.frame import page, see, signed_in
from services.gateway.pages.item import may_handle
from services.gateway.pages.queue import desk, stations_of
from services.gateway.visit import Visit
from services.gateway.words import SCORES
from shared.contracts.feedback import GetRevisit, ListRevisits, RecordRevisit, RevisitPage, RevisitView
from shared.contracts.intake import ContactView, GetContact
from shared.errors import IllegalMove, Invalid, Rejected, Unavailable
from shared.forms import Description, choice, describe, flag, paragraph

PREFIX = "f"
STATUSES = {"open": N_("要回访的"), "done": N_("回访过的"), "unreached": N_("没有联系上的")}
REASONS = {"low_mark": N_("评价低"), "new_organization": N_("新机构办的"), "sampled": N_("抽到的")}
MARKS = ("Very dissatisfied", "Dissatisfied", "Neutral", "Satisfied", "Very satisfied")
SOLVED: Options = {"yes": ("解决了", "Yes"), "partly": ("部分解决", "Partly"), "no": ("没有解决", "No")}
FORM: Description = describe(
    {
        "reached": choice(
            "联系上了吗", {"yes": ("联系上了", "Yes"), "no": ("没有人接", "No")}, en="Was somebody reached"
        ),
        "solved": choice("当时的事解决了吗", SOLVED, required=False, en="Was it solved"),
        "score": choice(
            "企业怎么评价",
            {str(n): (text, en) for (n, text), en in zip(SCORES.items(), MARKS, strict=True)},
            required=False,
            en="The client's mark",
        ),
        "text": paragraph("企业怎么说", required=False, most=2000, en="What the client said"),
        "complain": flag("企业要投诉：用上面的话开一件投诉", en="Open a complaint with these words"),
        "reopen": flag("企业要求重新办", en="The client wants it done over"),
    }
)


@page("/desk/revisits")
async def show(visit: Visit) -> Response:
    session = await signed_in(visit)
    query = visit.request.query_params
    status = query.get("status", "open") if query.get("status") in STATUSES else "open"
    asked = ListRevisits(status=status, after=query.get("after", "")[:100])
    found: RevisitPage = await visit.ask(asked, session.account.actor())
    return desk(
        visit,
        session,
        "revisits.html",
        found=found,
        chosen=status,
        statuses=STATUSES,
        reasons=REASONS,
        solved={name: named(SOLVED, name, visit.say) for name in SOLVED},
        stations={one.park: one.short for one in await stations_of(visit, session)},
        handles=session.account.role != "regulator",
    )


@page("/desk/revisits/{revisit_id}", "GET", "POST")
async def record(visit: Visit, revisit_id: str) -> Response:
    session = await signed_in(visit)
    actor = session.account.actor()
    one: RevisitView = await visit.ask(GetRevisit(revisit_id=revisit_id), actor)
    values: Mapping[str, Any] = {}
    wrong: Mapping[str, str] = {}
    if visit.request.method == "POST":
        values = fields.gather(FORM, visit.form, PREFIX)
        try:
            wrong = missing(visit, FORM, values)
            if not wrong:
                done: RevisitView = await visit.tell(_command(revisit_id, values), actor, visit.form["key"])
                return see(f"/desk/items/{done.item_id}/reopen" if done.reopen else "/desk/revisits")
        except IllegalMove:
            return see("/desk/revisits")
        except Invalid as error:
            wrong = {f"{PREFIX}.{path}": visit.say(text) for path, text in error.fields.items()}
    drawn = fields.draw(FORM, values, visit.say, PREFIX)
    handles = may_handle(session, one.park)
    return desk(
        visit,
        session,
        "revisit.html",
        422 if wrong else 200,
        one=one,
        handles=handles,
        contact=await _contact(visit, one, actor) if handles else None,
        reason=REASONS[one.reason],
        drawn=drawn,
        wrong=wrong,
        labels=fields.labels(drawn, visit.say),
    )


def _command(revisit_id: str, values: Mapping[str, Any]) -> RecordRevisit:
    score = values.get("score")
    return RecordRevisit(
        revisit_id=revisit_id, reached=values.get("reached") == "yes", solved=values.get("solved") or "",
        score=int(score) if score else None, text=values.get("text") or "", complain=bool(values.get("complain")),
        reopen=bool(values.get("reopen")),
    )  # fmt: skip


async def _contact(visit: Visit, one: RevisitView, actor: Any) -> ContactView | None:
    try:
        found: ContactView = await visit.ask(GetContact(request_id=one.request_id), actor)
    except (Unavailable, Rejected):
        return None
    return found
