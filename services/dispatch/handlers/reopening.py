"""What dispatch does when something is taken up again after it was over."""

from datetime import timedelta

from services.dispatch.domain.items import Item
from services.dispatch.domain.life import ENDED, FILED, Stage
from services.dispatch.domain.relations import free_letters
from services.dispatch.handlers.changes import said
from services.dispatch.handlers.work import REOPENED, DispatchWork, say, shown
from shared import access
from shared.contracts.dispatch import ItemOpened, ItemReopened, ItemView, ReopenItem
from shared.errors import IllegalMove

REASON_LIMIT = 2000


def reopen_item(command: ReopenItem, uow: DispatchWork) -> ItemView:
    """By its client or by staff, within some days. What is filed stays as it is: another item takes it up."""
    reason = said(command.reason, "reason", "请写明为什么要重新办理", REASON_LIMIT)
    with uow:
        item = uow.items.get(command.item_id)
        access.check(uow.actor, "reopen_item", park=item.park, request_id=item.request_id)
        if item.stage not in REOPENED:
            raise IllegalMove("这件事还在办，不用重新打开")
        if uow.now >= (item.ended_at or item.changed_at) + timedelta(days=uow.reopen_days):
            raise IllegalMove("已经过了可以重新打开的日子，请另提一件")
        if item.stage in FILED:
            item = _another(item, uow)
        else:
            item.reopen(reason, uow.actor, uow.now)
        say(
            uow, item, ItemReopened, number=item.number, reason=reason, former_id=item.former_id, former=item.former,
        )  # fmt: skip
        uow.items.put(item)
        return uow.commit(shown(item, uow))


def _another(filed: Item, uow: DispatchWork) -> Item:
    """A new item in the place of one whose dossier is sealed, or about to be."""
    beside = uow.items.of_request(filed.request_id)
    for one in beside:
        if one.former_id == filed.item_id and one.stage not in ENDED:
            raise IllegalMove("已经重新打开了，编号是 {number}", number=one.name)
    (letter,) = free_letters((one.part for one in beside if one.stage is not Stage.REJOINED), 1)
    item = Item(
        item_id=uow.new_id(), request_id=filed.request_id, park=filed.park, number=filed.number,
        company=filed.company, text=filed.text, channel=filed.channel, opened_at=uow.now, changed_at=uow.now,
        category=filed.category, item=filed.item, details=filed.details, owner_id=filed.owner_id,
        owner_name=filed.owner_name, part=letter, former_id=filed.item_id, former=filed.name,
        evidence=filed.evidence[:1],
    )  # fmt: skip
    uow.items.add(item)
    say(
        uow, item, ItemOpened, number=item.number, company=item.company, text=item.text, channel=item.channel,
        part=item.part,
    )  # fmt: skip
    return item
