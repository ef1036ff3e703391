"""Pages where staff look at mails: those that nobody could make sense of, and what becomes of them."""

import uuid
from collections.abc import Mapping
from typing import Any

from starlette.responses import Response

from services.gateway.accounts.domain import Session
from services.gateway.language import N_
from services.gateway.pages.frame import page, see, signed_in
from services.gateway.pages.item import may_handle
from services.gateway.pages.queue import desk, stations_of
from services.gateway.visit import Visit
from shared.contracts.base import Command
from shared.contracts.intake import AddMail, GetMail, ListMails, MailPage, MailView, OpenFromMail, SettleMail
from shared.errors import IllegalMove, Invalid, NotFound

# What became of a mail: its words, for a list of its own
FATES = {
    "set_aside": N_("等人看"),
    "bounced": N_("没有送到"),
    "automatic": N_("系统邮件"),
    "need": N_("立为需求"),
    "added": N_("归入需求"),
    "loop": N_("我们自己的"),
    "settled": N_("看过了"),
}
OPEN = ("set_aside", "bounced", "automatic")  # those that something can still be done with
SAID = {
    "settled": N_("已放到一边。"),
    "added": N_("已归入那件需求。"),
    "need": N_("已立为需求，编号和查询码已发给来信人。"),
    "late": N_("这封邮件已经有人处理了，下面是最新的情况。"),
}


@page("/desk/mails")
async def show(visit: Visit) -> Response:
    session = await signed_in(visit)
    query = visit.request.query_params
    fate = query.get("fate", "set_aside")
    asked = ListMails(fate=fate if fate in FATES else "set_aside", after=query.get("after", "")[:60])
    found: MailPage = await visit.ask(asked, session.account.actor())
    said = SAID.get(query.get("said", ""), "")
    return desk(visit, session, "mails.html", found=found, fate=asked.fate, fates=FATES, said=said)


@page("/desk/mails/{mail_id}")
async def one(visit: Visit, mail_id: str) -> Response:
    session = await signed_in(visit)
    return await _one(visit, session, mail_id, {})


async def _one(visit: Visit, session: Session, mail_id: str, wrong: Mapping[str, str]) -> Response:
    mail: MailView = await visit.ask(GetMail(mail_id=mail_id), session.account.actor())
    stations = [one for one in await stations_of(visit, session) if may_handle(session, one.park)]
    typed: dict[str, Any] = {name: visit.form[name] for name in ("park", "company", "text", "number")}
    return desk(
        visit,
        session,
        "mail.html",
        422 if wrong else 200,
        mail=mail,
        fates=FATES,
        open=mail.fate in OPEN,
        stations=stations,
        typed=typed,
        wrong=wrong,
        said=SAID.get(visit.request.query_params.get("said", ""), ""),
        key=visit.form["key"] or uuid.uuid4().hex,
    )


@page("/desk/mails/{mail_id}/{step}", "POST")
async def take(visit: Visit, mail_id: str, step: str) -> Response:
    session = await signed_in(visit)
    form = visit.form
    steps: dict[str, Command] = {
        "need": OpenFromMail(mail_id=mail_id, park=form["park"], company=form["company"], text=form["text"]),
        "added": AddMail(mail_id=mail_id, number=form["number"]),
        "settled": SettleMail(mail_id=mail_id),
    }
    if step not in steps:
        raise NotFound("没有这个页面")
    try:
        await visit.tell(steps[step], session.account.actor(), form["key"])
    except Invalid as error:
        wrong = {path: visit.say(text) for path, text in error.fields.items()} or {"company": visit.say.error(error)}
        return await _one(visit, session, mail_id, wrong)
    except IllegalMove:
        return see(f"/desk/mails/{mail_id}?said=late")
    return see(f"/desk/mails?said={step}")
