"""What dispatch does about the same need stated twice: suggested with reasons; linked, merged and undone by people."""

from collections.abc import Callable

from services.dispatch.domain.items import Item
from services.dispatch.domain.life import ENDED, Stage
from services.dispatch.handlers.appointments import release_if_ended
from services.dispatch.handlers.work import DispatchWork, say, shown
from shared import access
from shared.contracts.dispatch import (
    ItemLinked,
    ItemMerged,
    ItemUnlinked,
    ItemUnmerged,
    ItemView,
    LinkItem,
    MergeItem,
    UnlinkItem,
    UnmergeItem,
)
from shared.errors import IllegalMove, Invalid

CHAIN = 10  # merged into one that is merged into one ...: more than people do


def merge_item(command: MergeItem, uow: DispatchWork) -> ItemView:
    """Handled under the other's number from now on. One that is itself merged leads on to where it is handled."""

    def do(item: Item, other: Item) -> None:
        if other.item_id == item.item_id:
            raise Invalid("请检查填写的内容", fields={"into": "那个编号已经并进这一件了"})
        if other.stage in ENDED:
            raise Invalid("请检查填写的内容", fields={"into": "那一件已经了结，不能并进去；可以先把它重新打开"})
        item.merge(other, uow.actor, uow.now)
        say(
            uow, item, ItemMerged, into=other.name, into_id=other.item_id, into_request=other.request_id,
        )  # fmt: skip

    with uow:
        item = uow.items.glance(command.item_id)
        access.check(uow.actor, "handle_item", park=item.park)
        into = _followed(_named(item, command.into, "into", uow), uow)
        return _both(item.item_id, into.item_id, uow, do)


def unmerge_item(command: UnmergeItem, uow: DispatchWork) -> ItemView:
    with uow:
        item = uow.items.get(command.item_id)
        access.check(uow.actor, "handle_item", park=item.park)
        into = item.note
        item.unmerge(uow.actor, uow.now)
        say(uow, item, ItemUnmerged, into=into)
        uow.items.put(item)
        return uow.commit(shown(item, uow))


def link_item(command: LinkItem, uow: DispatchWork) -> ItemView:
    def do(item: Item, other: Item) -> None:
        if item.link(other, uow.now):
            for one, another in ((item, other), (other, item)):
                say(uow, one, ItemLinked, other_id=another.item_id, other=another.name)

    with uow:
        item = uow.items.glance(command.item_id)
        access.check(uow.actor, "handle_item", park=item.park)
        other = _named(item, command.other, "other", uow)
        return _both(item.item_id, other.item_id, uow, do)


def unlink_item(command: UnlinkItem, uow: DispatchWork) -> ItemView:
    def do(item: Item, other: Item) -> None:
        if not item.unlink(other, uow.now):
            raise IllegalMove("这两件没有关联，不用撤销")
        for one, another in ((item, other), (other, item)):
            say(uow, one, ItemUnlinked, other_id=another.item_id, other=another.name)

    with uow:
        item = uow.items.glance(command.item_id)
        access.check(uow.actor, "handle_item", park=item.park)
        return _both(item.item_id, command.other_id, uow, do)


def _both(item_id: str, other_id: str, uow: DispatchWork, do: Callable[[Item, Item], None]) -> ItemView:
    """Change two items, always locked in one order, so that two people who do the same never wait for each other."""
    if item_id == other_id:
        raise Invalid("请检查填写的内容", fields={"into": "这是它自己的编号", "other": "这是它自己的编号"})
    locked = {one: uow.items.get(one) for one in sorted({item_id, other_id})}
    item, other = locked[item_id], locked[other_id]
    access.check(uow.actor, "handle_item", park=other.park)
    was = item.stage
    do(item, other)
    release_if_ended(item, was, uow)
    for one in locked.values():
        uow.items.put(one)
    return uow.commit(shown(item, uow))


def _named(item: Item, name: str, field: str, uow: DispatchWork) -> Item:
    """The other item of the same station that people call so; raises Invalid with what to write instead."""
    found = [one for one in uow.items.named(item.park, name.strip()) if one.item_id != item.item_id]
    if len(found) > 1:
        letters = "、".join(one.name for one in found)
        raise Invalid(
            "这个编号有几件，请写明是哪一件：{letters}", fields={field: "这个编号有几件，请写明字母"}, letters=letters
        )
    if not found:
        raise Invalid("请检查填写的内容", fields={field: "本站没有这个编号，请核对"})
    return found[0]


def _followed(other: Item, uow: DispatchWork) -> Item:
    """Where a merged item is handled in the end."""
    for _ in range(CHAIN):
        if other.stage is not Stage.MERGED or not other.into_id:
            break
        other = uow.items.glance(other.into_id)
    return other
