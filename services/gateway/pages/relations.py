"""The steps staff take with what an item belongs with: split, link, merge, and each of them taken back."""

from collections.abc import Mapping
from typing import Any

from starlette.responses import Response

from services.gateway.pages.beside import advise
from services.gateway.pages.frame import page, see, signed_in
from services.gateway.pages.queue import desk
from services.gateway.visit import Visit
from shared.contracts.base import Command
from shared.contracts.dispatch import (
    GetItem,
    ItemView,
    LinkItem,
    MergeItem,
    ReopenItem,
    SplitItem,
    UnlinkItem,
    UnmergeItem,
    UnsplitItem,
)
from shared.errors import IllegalMove, Invalid

PARTS_AT_MOST = 10


@page("/desk/items/{item_id}/split", "GET", "POST")
async def split(visit: Visit, item_id: str) -> Response:
    """The parts that are seen in the message, to be confirmed or changed."""
    session = await signed_in(visit)
    actor = session.account.actor()
    item: ItemView = await visit.ask(GetItem(item_id=item_id), actor)
    wrong: Mapping[str, str] = {}
    texts = [text for text in visit.form.all("part") if text]
    if visit.request.method == "POST" and not visit.form["row"]:
        try:
            done = await visit.tell(SplitItem(item_id=item_id, texts=tuple(texts)), actor, visit.form["key"])
            mine = next((one for one in done.items if one.item_id == item_id), None)
            return see(f"/desk/items/{mine.item_id if mine else item_id}?said=split")
        except IllegalMove:
            return see(f"/desk/items/{item_id}?said=late")
        except Invalid as error:
            fields = error.fields or {"texts": error.text}
            wrong = {path.replace("texts", "part"): visit.say(text) for path, text in fields.items()}
    if "split" not in item.allowed:
        return see(f"/desk/items/{item_id}?said=late")
    seen = () if texts else (await advise(visit, session, item)).parts
    rows = [*(texts or seen), *[""] * max(2 - len(texts or seen), 1 if visit.form["row"] else 0)]
    return desk(
        visit, session, "split.html", 422 if wrong else 200, item=item, texts=rows[:PARTS_AT_MOST], seen=bool(seen),
        wrong=wrong,
    )  # fmt: skip


@page("/desk/items/{item_id}/unsplit", "POST")
async def unsplit(visit: Visit, item_id: str) -> Response:
    session = await signed_in(visit)
    try:
        done = await visit.tell(UnsplitItem(item_id=item_id), session.account.actor(), visit.form["key"])
    except IllegalMove:
        return see(f"/desk/items/{item_id}?said=moved_on")
    whole = next((one for one in done.items if one.item_id == item_id), done.items[0])
    return see(f"/desk/items/{whole.item_id}?said=unsplit")


@page("/desk/items/{item_id}/same", "POST")
async def same(visit: Visit, item_id: str) -> Response:
    """The same need as another: handled as one, or as two that refer to each other."""
    other, number = visit.form["other"], visit.form["number"]
    if visit.form["way"] == "merge":
        return await _step(visit, item_id, MergeItem(item_id=item_id, into=number), "said=merge")
    return await _step(visit, item_id, LinkItem(item_id=item_id, other=number), f"said=link&other={other}")


@page("/desk/items/{item_id}/unmerge", "POST")
async def unmerge(visit: Visit, item_id: str) -> Response:
    return await _step(visit, item_id, UnmergeItem(item_id=item_id), "said=unmerge")


@page("/desk/items/{item_id}/unlink", "POST")
async def unlink(visit: Visit, item_id: str) -> Response:
    return await _step(visit, item_id, UnlinkItem(item_id=item_id, other_id=visit.form["other"]), "said=unlink")


async def _step(visit: Visit, item_id: str, command: Command, said: str) -> Response:
    session = await signed_in(visit)
    try:
        await visit.tell(command, session.account.actor(), visit.form["key"])
    except (IllegalMove, Invalid):  # it, or the other, has moved on meanwhile
        said = "said=late"
    return see(f"/desk/items/{item_id}?{said}")


@page("/desk/items/{item_id}/reopen", "GET", "POST")
async def reopen(visit: Visit, item_id: str) -> Response:
    """What is over is taken up again; what is filed, as another item."""
    session = await signed_in(visit)
    actor = session.account.actor()
    item: ItemView = await visit.ask(GetItem(item_id=item_id), actor)
    data: dict[str, Any] = {"item": item, "wrong": {}, "text": visit.form["reason"]}
    if visit.request.method == "POST":
        try:
            command = ReopenItem(item_id=item_id, reason=visit.form["reason"])
            done: ItemView = await visit.tell(command, actor, visit.form["key"])
            return see(f"/desk/items/{done.item_id}?said=reopen")
        except IllegalMove as error:
            data["wrong"] = {"reason": visit.say.error(error)}
        except Invalid as error:
            data["wrong"] = {"reason": visit.say(error.fields.get("reason", error.text))}
    elif item.reopen_until is None:
        return see(f"/desk/items/{item_id}?said=late")
    return desk(visit, session, "reopen.html", 422 if data["wrong"] else 200, **data)
