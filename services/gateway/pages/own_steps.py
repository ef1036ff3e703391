"""What a client does with its items beside choosing times: answer a one-time notice, ask to have it done over."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import quote

from starlette.responses import Response

from services.gateway.asking import Asked, answers, asked_of, drawn
from services.gateway.pages import fields
from services.gateway.pages.frame import owner, page, render, see
from services.gateway.visit import Visit
from shared.contracts.dispatch import AnswerNotice, GetItem, ItemView, ReopenItem
from shared.errors import IllegalMove, Invalid


@page("/r/{number}/notice/{item_id}", "GET", "POST")
async def notice(visit: Visit, number: str, item_id: str) -> Response:
    """Everything asked for, on one page; what is given is kept, however much is missing."""
    grant = owner(visit, number)
    if grant is None:
        return see(f"/track?number={quote(number)}")
    actor = grant.actor()
    item: ItemView = await visit.ask(GetItem(item_id=item_id), actor)
    asked = await asked_of(visit, item, actor)
    if asked is None or item.stage != "asked":
        return see(f"{_address(number)}?said=late")
    values: Mapping[str, Any] = asked.answers
    wrong: Mapping[str, str] = {}
    if visit.request.method == "POST":
        values = answers(visit, asked)
        if not visit.form["row"]:
            try:
                await visit.tell(AnswerNotice(item_id=item_id, answers=dict(values)), actor, visit.form["key"])
                return see(f"{_address(number)}?said=supplied")
            except IllegalMove:
                return see(f"{_address(number)}?said=late")
            except Invalid as error:
                found = error.fields or {"answers": error.text}
                wrong = {_control(path): visit.say(text) for path, text in found.items()}
    form = drawn(visit, asked, values)
    return render(
        visit, "own_answers.html", 422 if wrong else 200, station=visit.gateway.known.seen(grant.park), item=item,
        asked=Asked.of(asked), drawn=form, wrong=wrong, labels=fields.labels(form, visit.say),
        csrf=visit.grants.csrf(visit.gateway.seals),
    )  # fmt: skip


def _control(path: str) -> str:
    return "n" if path == "answers" else path.replace("answers.", "n.", 1)


@page("/r/{number}/reopen/{item_id}", "GET", "POST")
async def reopen(visit: Visit, number: str, item_id: str) -> Response:
    grant = owner(visit, number)
    if grant is None:
        return see(f"/track?number={quote(number)}")
    actor = grant.actor()
    item: ItemView = await visit.ask(GetItem(item_id=item_id), actor)
    wrong: Mapping[str, str] = {}
    if visit.request.method == "POST":
        try:
            command = ReopenItem(item_id=item_id, reason=visit.form["reason"])
            await visit.tell(command, actor, visit.form["key"])
            return see(f"{_address(number)}?said=reopened")
        except IllegalMove as error:
            wrong = {"reason": visit.say.error(error)}
        except Invalid as error:
            wrong = {"reason": visit.say(error.fields.get("reason", error.text))}
    elif item.reopen_until is None:
        return see(f"{_address(number)}?said=late")
    return render(
        visit, "own_reopen.html", 422 if wrong else 200, station=visit.gateway.known.seen(grant.park), item=item,
        text=visit.form["reason"], wrong=wrong, csrf=visit.grants.csrf(visit.gateway.seals),
    )  # fmt: skip


def _address(number: str) -> str:
    return f"/r/{quote(number, safe='')}"
