"""What dispatch does about several needs in one message: an item each, and back again."""

from services.dispatch.domain.items import Item
from services.dispatch.domain.life import Stage
from services.dispatch.domain.relations import free_letters
from services.dispatch.domain.splitting import AT_MOST
from services.dispatch.handlers.changes import TEXT_LIMIT
from services.dispatch.handlers.work import DispatchWork, say, shown
from shared import access
from shared.contracts.base import Details
from shared.contracts.dispatch import (
    ItemAccepted,
    ItemOpened,
    ItemSplit,
    SplitItem,
    SplitItems,
    SplitUndone,
    UnsplitItem,
)
from shared.errors import IllegalMove, Invalid


def split_item(command: SplitItem, uow: DispatchWork) -> SplitItems:
    """The item becomes the first part; the others are opened beside it, as far as it is and with its owner."""
    texts = _texts(command.texts)
    with uow:
        found = uow.items.glance(command.item_id)
        access.check(uow.actor, "handle_item", park=found.park)
        beside = uow.items.of_request(found.request_id)
        item = next(one for one in beside if one.item_id == found.item_id)
        held = [one.part for one in beside if one is not item and one.stage is not Stage.REJOINED]
        own = [item.part] if item.part else []
        letters = [*own, *free_letters([*held, *own], len(texts) - len(own))]
        split = {"id": uow.new_id(), "parts": len(texts)}
        evidence = item.evidence[:1]
        item.become(texts[0], letters[0], split, uow.now)
        others = zip(texts[1:], letters[1:], strict=True)
        parts = [item, *(_part(item, text, letter, split, evidence, uow) for text, letter in others)]
        for one in parts:
            say(
                uow, one, ItemSplit, number=one.number, part=one.part, parts=len(parts), text=one.text,
                origin=item.item_id,
            )  # fmt: skip
            uow.items.put(one)
        return uow.commit(_all([*(one for one in beside if one is not item), *parts], uow))


def unsplit_item(command: UnsplitItem, uow: DispatchWork) -> SplitItems:
    with uow:
        found = uow.items.glance(command.item_id)
        access.check(uow.actor, "handle_item", park=found.park)
        beside = uow.items.of_request(found.request_id)
        parts = [one for one in beside if found.split and one.split.get("id") == found.split["id"]]
        if len(parts) != found.split.get("parts") or not all(one.untouched for one in parts):
            raise IllegalMove("分出来的事项已经往前走了，不能再合回去")
        origin = next(one for one in parts if "before" in one.split)
        for one in parts:
            one.rejoin(uow.now)
            say(uow, one, SplitUndone, number=one.number, origin=origin.item_id)
            uow.items.put(one)
        return uow.commit(_all(beside, uow))


def _part(item: Item, text: str, letter: str, split: Details, evidence: list[str], uow: DispatchWork) -> Item:
    part = Item(
        item_id=uow.new_id(), request_id=item.request_id, park=item.park, number=item.number, company=item.company,
        text=text, channel=item.channel, opened_at=item.opened_at, changed_at=uow.now, stage=item.stage,
        owner_id=item.owner_id, owner_name=item.owner_name, part=letter, split={**split, "version": 1},
        evidence=list(evidence), marks=list(item.marks),
    )  # fmt: skip
    uow.items.add(part)
    say(
        uow, part, ItemOpened, number=part.number, company=part.company, text=part.text, channel=part.channel,
        part=part.part,
    )  # fmt: skip
    if part.stage is Stage.ACCEPTED:
        say(uow, part, ItemAccepted)
    return part


def _all(items: list[Item], uow: DispatchWork) -> SplitItems:
    kept = [one for one in items if one.stage is not Stage.REJOINED]
    return SplitItems(items=tuple(shown(one, uow) for one in sorted(kept, key=lambda one: one.part)))


def _texts(texts: tuple[str, ...]) -> list[str]:
    """Raises Invalid unless there are several, and each says something."""
    if not 2 <= len(texts) <= AT_MOST:
        raise Invalid("请检查填写的内容", fields={"texts": "至少分成 2 件，一次最多 10 件"})
    wrong = {f"texts.{n}": "请写明这一件是什么" for n, text in enumerate(texts) if not text.strip()}
    wrong |= {f"texts.{n}": "写得太长，请精简" for n, text in enumerate(texts) if len(text) > TEXT_LIMIT}
    if wrong:
        raise Invalid("请检查填写的内容", fields=wrong)
    return [text.strip() for text in texts]
