"""One-time notices on the workbench: composed, looked after, answered for the client, no longer waited for."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from starlette.responses import Response

from services.gateway.accounts.domain import Session
from services.gateway.asking import Asked, answers, asked_of, drawn
from services.gateway.pages import fields
from services.gateway.pages.beside import advise
from services.gateway.pages.frame import page, see, signed_in
from services.gateway.pages.queue import desk
from services.gateway.visit import Visit
from shared.contracts.base import Command
from shared.contracts.dispatch import (
    AnswerNotice,
    CloseNotice,
    GetItem,
    IssueNotice,
    ItemView,
    MoreAsk,
)
from shared.errors import IllegalMove, Invalid, NotFound

MORE_ROWS = 3


@dataclass(frozen=True, kw_only=True)
class Draft:
    """The notice as it will be: what the form needs, what may be added, what no form asks for."""

    category: str
    item: str
    title: str
    missing: Sequence[fields.Drawn]
    optional: Sequence[tuple[str, str, bool]]  # name, label, chosen
    more: Sequence[tuple[str, str]]  # what, why
    reason: str
    choices: Sequence[tuple[str, str]]  # every service item: code, title


@page("/desk/items/{item_id}/notice", "GET", "POST")
async def issue(visit: Visit, item_id: str) -> Response:
    """All that is missing, on one page, before it is sent."""
    session = await signed_in(visit)
    item: ItemView = await visit.ask(GetItem(item_id=item_id), session.account.actor())
    draft = await _draft(visit, session, item)
    wrong: Mapping[str, str] = {}
    if visit.request.method == "POST" and not visit.form["draw"]:
        command = IssueNotice(
            item_id=item_id,
            category=draft.category,
            item=draft.item,
            also=tuple(name for name, _, chosen in draft.optional if chosen),
            more=tuple(MoreAsk(what=what, why=why) for what, why in draft.more if what or why),
            reason=draft.reason,
        )
        done, wrong = await _done(visit, session, command)
        if done or not wrong:
            return see(f"/desk/items/{item_id}?said={done or 'ask'}")
    if "ask" not in item.allowed:
        return see(f"/desk/items/{item_id}?said=late")
    return desk(visit, session, "notice.html", 422 if wrong else 200, item=item, draft=draft, wrong=wrong)


async def _draft(visit: Visit, session: Session, item: ItemView) -> Draft:
    say, form = visit.say, visit.form
    categories = await visit.gateway.known.categories()
    titles = {
        code: f"{say.own(category, 'title')} · {say.own(entry, 'title')}"
        for category in categories
        for code, entry in category["items"].items()
    }
    chosen = form["item"] or visit.request.query_params.get("pick", "") or item.item
    if chosen not in titles:
        guesses = (await advise(visit, session, item)).guesses
        chosen = next((guess.item for guess in guesses if guess.item in titles), next(iter(titles), ""))
    try:
        category, entry = await visit.gateway.known.item(chosen)
    except NotFound:
        category, entry = {"code": ""}, {"form": []}
    known = item.details if item.item == chosen else {}
    lacking = [one for one in entry["form"] if known.get(one["name"]) in (None, "", [])]
    also = set(form.all("also"))
    typed = list(zip(form.all("what"), form.all("why"), strict=False))
    return Draft(
        category=str(category["code"]),
        item=chosen,
        title=titles.get(chosen, ""),
        missing=fields.draw([one for one in lacking if one["required"]], {}, say, "n"),
        optional=[(one["name"], say.own(one, "label"), one["name"] in also) for one in lacking if not one["required"]],
        more=[*typed, *[("", "")] * max(0, MORE_ROWS - len(typed))],
        reason=form["reason"],
        choices=list(titles.items()),
    )


@page("/desk/items/{item_id}/answers", "GET", "POST")
async def answer(visit: Visit, item_id: str) -> Response:
    """What the client told by telephone or brought along, written down for it."""
    session = await signed_in(visit)
    actor = session.account.actor()
    item: ItemView = await visit.ask(GetItem(item_id=item_id), actor)
    notice = await asked_of(visit, item, actor)
    if notice is None or "supply" not in item.allowed:
        return see(f"/desk/items/{item_id}?said=late")
    values: Mapping[str, Any] = answers(visit, notice) if visit.request.method == "POST" else notice.answers
    wrong: Mapping[str, str] = {}
    if visit.request.method == "POST" and not visit.form["row"]:
        done, wrong = await _done(visit, session, AnswerNotice(item_id=item_id, answers=dict(values)))
        if done or not wrong:
            return see(f"/desk/items/{item_id}?said={done or 'supply'}")
    form = drawn(visit, notice, values)
    return desk(
        visit, session, "answers_desk.html", 422 if wrong else 200, item=item, asked=Asked.of(notice),
        drawn=form, wrong=wrong, labels=fields.labels(form, visit.say),
    )  # fmt: skip


@page("/desk/items/{item_id}/go-on", "GET", "POST")
async def go_on(visit: Visit, item_id: str) -> Response:
    """Wait no longer for what is missing."""
    session = await signed_in(visit)
    actor = session.account.actor()
    item: ItemView = await visit.ask(GetItem(item_id=item_id), actor)
    notice = await asked_of(visit, item, actor)
    wrong: Mapping[str, str] = {}
    if visit.request.method == "POST":
        done, wrong = await _done(visit, session, CloseNotice(item_id=item_id, reason=visit.form["reason"]))
        if done or not wrong:
            return see(f"/desk/items/{item_id}?said={done or 'go_on'}")
    if notice is None or "supply" not in item.allowed:
        return see(f"/desk/items/{item_id}?said=late")
    return desk(
        visit, session, "go_on.html", 422 if wrong else 200, item=item, asked=Asked.of(notice),
        text=visit.form["reason"], wrong=wrong,
    )  # fmt: skip


async def _done(visit: Visit, session: Session, command: Command) -> tuple[str, Mapping[str, str]]:
    """`late` if it has moved on meanwhile; else what is wrong under the names of the page's controls."""
    try:
        await visit.tell(command, session.account.actor(), visit.form["key"])
    except IllegalMove:
        return "late", {}
    except Invalid as error:
        found = error.fields or {"reason": error.text}
        named = {path.replace("answers.", "n."): visit.say(text) for path, text in found.items()}
        return "", {("n" if path == "answers" else path): text for path, text in named.items()}
    return "", {}
