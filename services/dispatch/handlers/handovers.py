"""What dispatch does when an item changes hands (7.2.1 a): nobody is responsible who has not accepted."""

from collections.abc import Callable

from services.dispatch.domain.items import Item
from services.dispatch.domain.life import ENDED
from services.dispatch.handlers.changes import said, short
from services.dispatch.handlers.work import DispatchWork, say, shown
from shared import access
from shared.contracts.dispatch import (
    AcceptHandOver,
    DeclineHandOver,
    HandedOver,
    HandOverAccepted,
    HandOverDeclined,
    HandOverOffered,
    OfferHandOver,
)
from shared.errors import IllegalMove, Invalid

AT_ONCE = 100
REASON_LIMIT = 2000


def offer_hand_over(command: OfferHandOver, uow: DispatchWork) -> HandedOver:
    reason = said(command.reason, "reason", "请写明为什么转交，接手的人会看到", REASON_LIMIT)
    if not command.to_id:
        raise Invalid("请检查填写的内容", fields={"to_id": "请选交给谁"})

    def do(item: Item) -> None:
        item.offer_to(command.to_id, command.to_name, reason, uow.actor, uow.now)
        say(
            uow, item, HandOverOffered, to_id=command.to_id, to_name=command.to_name, reason=reason,
            owner_name=item.owner_name,
        )  # fmt: skip

    return _each(command.item_ids, uow, do)


def accept_hand_over(command: AcceptHandOver, uow: DispatchWork) -> HandedOver:
    def do(item: Item) -> None:
        before = item.take_over(uow.actor, uow.now)
        say(uow, item, HandOverAccepted, owner_id=item.owner_id, owner_name=item.owner_name, before=before)

    return _each(command.item_ids, uow, do)


def decline_hand_over(command: DeclineHandOver, uow: DispatchWork) -> HandedOver:
    reason = short(command.reason, "reason", REASON_LIMIT)

    def do(item: Item) -> None:
        if uow.actor.id == item.heir_id and not reason:
            raise Invalid("请检查填写的内容", fields={"reason": "请写明为什么不能接手"})
        asked = item.decline_over(uow.actor, uow.now)
        say(uow, item, HandOverDeclined, to_name=asked, owner_name=item.owner_name, reason=reason)

    return _each(command.item_ids, uow, do)


def _each(item_ids: tuple[str, ...], uow: DispatchWork, do: Callable[[Item], None]) -> HandedOver:
    """All of them or none, always locked in one order; what refuses is named by its number."""
    if not item_ids or len(item_ids) > AT_ONCE:
        raise Invalid("请检查填写的内容", fields={"item_ids": "一次选 1 到 100 件"})
    with uow:
        items = [uow.items.get(item_id) for item_id in sorted(set(item_ids))]
        for item in items:
            access.check(uow.actor, "hand_over", park=item.park)
            if item.stage in ENDED:
                raise IllegalMove("{number} 已经了结，不用转交", number=item.name)
            do(item)
            uow.items.put(item)
        return uow.commit(HandedOver(items=tuple(shown(item, uow) for item in items)))
