"""The API's operations on what an item lacks, whose it is, and what it belongs with."""

from typing import Any

from marshmallow import fields

from services.gateway.api.operations import Who, operation
from services.gateway.api.requests import owner_of, reader_of
from services.gateway.api.schemas import _MESSAGES, TEXT_LIMIT, Empty, Input, _text, _texts, _values
from services.gateway.colleagues import colleague
from services.gateway.pages.beside import advise
from services.gateway.visit import Visit, idempotency_key
from shared.contracts.base import Command
from shared.contracts.dispatch import (
    AcceptHandOver,
    Advice,
    AnswerNotice,
    CloseNotice,
    DeclineHandOver,
    GetItem,
    HandedOver,
    IssueNotice,
    ItemView,
    LinkItem,
    ListOneTimeNotices,
    MoreAsk,
    NoticeList,
    OfferHandOver,
    ReopenItem,
    SplitItem,
    SplitItems,
    UnlinkItem,
    UnmergeItem,
    UnsplitItem,
)
from shared.contracts.intake import GetRequest, RequestView
from shared.errors import NotFound

REASON = 2000


class SplitIn(Input):
    texts = _texts("What each part is about, in order; at least two.", most=TEXT_LIMIT, required=True)


class LinkIn(Input):
    other = _text("The number of the other item, with its letter if there are several.", most=60)


class UnlinkIn(Input):
    other_id = _text("The other item's id.", most=60)


class ReopenIn(Input):
    reason = _text("Why it should be done over; the client reads it.", most=REASON)


class HandOverIn(Input):
    item_ids = _texts("The items, up to 100: all of them or none.", most=60, required=True)
    to = _text("The colleague's account.", most=60)
    reason = _text("Why; the colleague reads it.", most=REASON)


class TakeOverIn(Input):
    item_ids = _texts("The items, up to 100: all of them or none.", most=60, required=True)


class DeclineIn(TakeOverIn):
    reason = _text("Why not; the owner may leave it out to take the offer back.", required=False, most=REASON)


class MoreIn(Input):
    what = _text("What else is needed.")
    why = _text("What it is needed for.", required=False)


class NoticeIn(Input):
    category = _text("The category's code.", most=60)
    item = _text("The item's code such as 5.3.b: what its form needs is asked for.", most=20)
    details = _values("What is known already, by field name.")
    also = _texts("Optional fields of the form to ask for too.", most=60)
    more = fields.List(
        fields.Nested(MoreIn),
        load_default=list,
        error_messages=_MESSAGES,
        metadata={"description": "What the form does not ask for."},
    )
    reason = _text("Why it is asked again; needed from the second time on.", required=False, most=REASON)


class AnswersIn(Input):
    answers = _values("Some or all of what was asked for, by name.")


class OwnAnswersIn(AnswersIn):
    item_id = _text("Which item, if several are asked about.", required=False, most=60)


class OwnReopenIn(ReopenIn):
    item_id = _text("Which item.", most=60)


class GoOnIn(Input):
    reason = _text("Why it is no longer waited for.", most=REASON)


@operation(
    "GET",
    "/items/{item_id}/advice",
    "What the item may be about, split into, or the same as, each with the reason; nothing of it happens by itself.",
    who=Who.STAFF,
    gives=Advice,
)
async def get_advice(visit: Visit, item_id: str) -> Advice:
    session = await visit.staff()
    item: ItemView = await visit.ask(GetItem(item_id=item_id), session.account.actor())
    return await advise(visit, session, item)


@operation(
    "POST",
    "/items/{item_id}/split",
    "Several needs in one message: an item each, of the same request.",
    who=Who.STAFF,
    takes=SplitIn,
    gives=SplitItems,
)
async def split_item(visit: Visit, **given: Any) -> SplitItems:
    return await _as_staff(visit, SplitItem(**given))


@operation(
    "POST",
    "/items/{item_id}/unsplit",
    "Take a splitting back, while nothing has happened to any part.",
    who=Who.STAFF,
    takes=Empty,
    gives=SplitItems,
)
async def unsplit_item(visit: Visit, item_id: str) -> SplitItems:
    return await _as_staff(visit, UnsplitItem(item_id=item_id))


@operation(
    "POST",
    "/items/{item_id}/unmerge",
    "It is a need of its own after all.",
    who=Who.STAFF,
    takes=Empty,
    gives=ItemView,
)
async def unmerge_item(visit: Visit, item_id: str) -> ItemView:
    return await _as_staff(visit, UnmergeItem(item_id=item_id))


@operation(
    "POST",
    "/items/{item_id}/link",
    "Both go on, and refer to each other.",
    who=Who.STAFF,
    takes=LinkIn,
    gives=ItemView,
)
async def link_item(visit: Visit, **given: Any) -> ItemView:
    return await _as_staff(visit, LinkItem(**given))


@operation(
    "POST",
    "/items/{item_id}/unlink",
    "They have nothing to do with each other after all.",
    who=Who.STAFF,
    takes=UnlinkIn,
    gives=ItemView,
)
async def unlink_item(visit: Visit, **given: Any) -> ItemView:
    return await _as_staff(visit, UnlinkItem(**given))


@operation(
    "POST",
    "/items/{item_id}/reopen",
    "Take up again what is over; what is filed is taken up by a new item, which the answer shows.",
    who=Who.STAFF,
    takes=ReopenIn,
    gives=ItemView,
)
async def reopen_item(visit: Visit, **given: Any) -> ItemView:
    return await _as_staff(visit, ReopenItem(**given))


@operation(
    "POST",
    "/requests/{number}/reopen",
    "Ask to have one item of the request done over.",
    who=Who.OWNER,
    takes=OwnReopenIn,
    gives=ItemView,
)
async def reopen_own_item(visit: Visit, number: str, **given: Any) -> ItemView:
    actor = await owner_of(visit, number)
    await _own_item(visit, number, given["item_id"], actor)
    return await visit.tell(ReopenItem(**given), actor, idempotency_key(visit.request))


@operation(
    "POST",
    "/items/{item_id}/notice",
    "Ask the client once for everything that the item's form needs and that is missing.",
    who=Who.STAFF,
    takes=NoticeIn,
    gives=ItemView,
)
async def issue_notice(visit: Visit, more: list[dict[str, str]], **given: Any) -> ItemView:
    return await _as_staff(visit, IssueNotice(more=tuple(MoreAsk(**one) for one in more), **given))


@operation(
    "POST",
    "/items/{item_id}/notice/answers",
    "Write down for the client what was asked for.",
    who=Who.STAFF,
    takes=AnswersIn,
    gives=ItemView,
)
async def answer_notice(visit: Visit, **given: Any) -> ItemView:
    return await _as_staff(visit, AnswerNotice(**given))


@operation(
    "POST",
    "/items/{item_id}/notice/close",
    "Wait no longer for what is missing.",
    who=Who.STAFF,
    takes=GoOnIn,
    gives=ItemView,
)
async def close_notice(visit: Visit, **given: Any) -> ItemView:
    return await _as_staff(visit, CloseNotice(**given))


@operation(
    "GET",
    "/requests/{number}/asked",
    "The one-time notices of a request: what is asked, and what of it is there. Needs X-Request-Code, or a session.",
    who=Who.OWNER,
    gives=NoticeList,
)
async def list_asked(visit: Visit, number: str) -> NoticeList:
    actor = await reader_of(visit, number)
    request: RequestView = await visit.ask(GetRequest(number=number), actor)
    return await visit.ask(ListOneTimeNotices(request_id=request.request_id, park=request.park), actor)


@operation(
    "POST",
    "/requests/{number}/asked",
    "Answer a one-time notice, in part or in whole.",
    who=Who.OWNER,
    takes=OwnAnswersIn,
    gives=ItemView,
)
async def answer_own_notice(visit: Visit, number: str, item_id: str, answers: dict[str, Any]) -> ItemView:
    actor = await owner_of(visit, number)
    request: RequestView = await visit.ask(GetRequest(number=number), actor)
    listed = await visit.ask(ListOneTimeNotices(request_id=request.request_id, park=request.park), actor)
    waiting = [one.item_id for one in listed.notices if one.answered_at is None and item_id in ("", one.item_id)]
    if not waiting:
        raise NotFound("现在没有要补的材料")
    command = AnswerNotice(item_id=waiting[0], answers=answers)
    return await visit.tell(command, actor, idempotency_key(visit.request))


@operation(
    "POST",
    "/handovers",
    "Ask a colleague to take over items; until that is accepted, their owner stays responsible.",
    who=Who.STAFF,
    takes=HandOverIn,
    gives=HandedOver,
)
async def offer_hand_over(visit: Visit, item_ids: tuple[str, ...], to: str, reason: str) -> HandedOver:
    heir = await colleague(visit, to, item_ids)
    return await _as_staff(
        visit, OfferHandOver(item_ids=item_ids, to_id=heir.id, to_name=heir.display_name, reason=reason)
    )


@operation(
    "POST",
    "/handovers/accept",
    "Take over items that were offered to you.",
    who=Who.STAFF,
    takes=TakeOverIn,
    gives=HandedOver,
)
async def accept_hand_over(visit: Visit, **given: Any) -> HandedOver:
    return await _as_staff(visit, AcceptHandOver(**given))


@operation(
    "POST",
    "/handovers/decline",
    "Do not take them over, and say why; or take back what you offered.",
    who=Who.STAFF,
    takes=DeclineIn,
    gives=HandedOver,
)
async def decline_hand_over(visit: Visit, **given: Any) -> HandedOver:
    return await _as_staff(visit, DeclineHandOver(**given))


async def _own_item(visit: Visit, number: str, item_id: str, actor: Any) -> None:
    """Raises NotFound unless the item is of this request."""
    item: ItemView = await visit.ask(GetItem(item_id=item_id), actor)
    if item.number != number:
        raise NotFound("这个编号下没有这一件")


async def _as_staff(visit: Visit, command: Command) -> Any:
    actor = (await visit.staff()).account.actor()
    return await visit.tell(command, actor, idempotency_key(visit.request))
