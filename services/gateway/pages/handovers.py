"""Handing items over to a colleague, several at once, and what the colleague says to it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from starlette.responses import Response

from services.gateway import words
from services.gateway.accounts.domain import Account, Session
from services.gateway.pages.frame import page, see, signed_in
from services.gateway.pages.queue import desk
from services.gateway.targets import channels
from services.gateway.visit import Visit
from shared.access import Role
from shared.contracts.dispatch import (
    AcceptHandOver,
    DeclineHandOver,
    GetItem,
    ItemPage,
    ItemView,
    ListItems,
    OfferHandOver,
)
from shared.errors import Forbidden, IllegalMove, Invalid, NotFound

MOST = 100


@dataclass(frozen=True, kw_only=True)
class Offer:
    """The page's form: what can be handed over, what was chosen, to whom, why."""

    one: str  # the only item that is asked about
    items: Sequence[ItemView]
    chosen: Sequence[str]
    colleagues: Sequence[Account]
    to: str
    reason: str


@page("/desk/handover", "GET", "POST")
async def hand_over(visit: Visit) -> Response:
    """Some of the items one answers for; the operator, of anybody's."""
    session = await signed_in(visit)
    offer = await _offer(visit, session)
    wrong: Mapping[str, str] = {}
    if visit.request.method == "POST":
        try:
            await _tell(visit, session, offer)
            return see(f"/desk/items/{offer.chosen[0]}?said=handover" if len(offer.chosen) == 1 else "/desk?view=mine")
        except (Forbidden, IllegalMove) as error:
            wrong = {"items": visit.say.error(error)}
        except Invalid as error:
            names = {"item_ids": "items", "to_id": "to"}
            wrong = {names.get(path, path): visit.say(text) for path, text in error.fields.items()}
    return desk(visit, session, "handover.html", 422 if wrong else 200, offer=offer, wrong=wrong)


async def _offer(visit: Visit, session: Session) -> Offer:
    actor, query = session.account.actor(), visit.request.query_params
    one = query.get("item", "")
    await channels(visit)  # so that they are known when the page is drawn
    if one:
        items = [await visit.ask(GetItem(item_id=one), actor)]
    else:
        everybody = actor.role in (Role.OPERATOR, Role.ADMIN)
        mine = ListItems(owner_id="" if everybody else actor.id, open=True, limit=MOST)
        found: ItemPage = await visit.ask(mine, actor)
        items = [item for item in found.items if item.owner_id]
    chosen = visit.form.all("items") or ([one] if one else [])
    parks = {item.park for item in items if item.item_id in chosen} or {item.park for item in items}
    colleagues = await visit.gateway.people.colleagues(parks if chosen else ())
    return Offer(
        one=one,
        items=items,
        chosen=chosen,
        colleagues=[account for account in colleagues if account.id != actor.id or actor.role != Role.STAFF],
        to=visit.form["to"],
        reason=visit.form["reason"],
    )


async def _tell(visit: Visit, session: Session, offer: Offer) -> None:
    """Raises Invalid for a colleague who may not answer for all of it."""
    to = next((account for account in offer.colleagues if account.id == offer.to), None)
    if offer.to and to is None:
        raise Invalid("请检查填写的内容", fields={"to_id": "这位同事不负责选中事项的园区，请另选"})
    command = OfferHandOver(
        item_ids=tuple(offer.chosen),
        to_id=to.id if to else "",
        to_name=to.display_name if to else "",
        reason=offer.reason,
    )
    await visit.tell(command, session.account.actor(), visit.form["key"])


@page("/desk/handover/answer", "GET", "POST")
async def answer(visit: Visit) -> Response:
    """What one was asked to take over: all of it, or some; whoever declines says why."""
    session = await signed_in(visit)
    actor = session.account.actor()
    wrong: Mapping[str, str] = {}
    if visit.request.method == "POST":
        chosen = tuple(visit.form.all("items"))
        kind = visit.form["way"]
        try:
            if kind == "accept":
                await visit.tell(AcceptHandOver(item_ids=chosen), actor, visit.form["key"])
            elif kind == "decline":
                await visit.tell(
                    DeclineHandOver(item_ids=chosen, reason=visit.form["reason"]), actor, visit.form["key"]
                )
            else:
                raise NotFound("没有这个页面")
            said = {"accept": "taken", "decline": "kept"}[kind]
            return see(f"/desk/items/{chosen[0]}?said={said}" if len(chosen) == 1 else "/desk?view=mine")
        except (Forbidden, IllegalMove) as error:
            wrong = {"items": visit.say.error(error)}
        except Invalid as error:
            names = {"item_ids": "items"}
            wrong = {names.get(path, path): visit.say(text) for path, text in error.fields.items()}
    await channels(visit)
    asked: ItemPage = await visit.ask(ListItems(heir_id=actor.id, open=True, limit=MOST), actor)
    return desk(
        visit,
        session,
        "handover_answer.html",
        422 if wrong else 200,
        items=asked.items,
        chosen=visit.form.all("items"),
        reason=visit.form["reason"],
        wrong=wrong,
        stages=words.STAGES,
    )
