"""What dispatch does when the register of organizations says something: its copy follows at once."""

from services.dispatch.domain.items import Item, Stage
from services.dispatch.domain.offers import Status
from services.dispatch.domain.organizations import Organization
from services.dispatch.handlers.matching import go_on, look_again, withdraw
from services.dispatch.handlers.work import DispatchWork
from shared.contracts.providers import OrganizationRegistered

LOOKED_AT = 50
NOT_NOW = "机构暂停接件"


def know_organization(event: OrganizationRegistered, uow: DispatchWork) -> None:
    """Who was suspended or excluded is asked no more; what found nobody before may find this one."""
    one = Organization.of(event)
    with uow:
        asked: list[Item] = []
        if not one.active or one.excluded:  # items first, then the organization: as everywhere
            asked = [uow.items.get(item_id) for item_id in uow.offers.open_to(one.code)]
        known = uow.organizations.lock(one.code)
        if known and known.version >= one.version:
            uow.commit()
            return
        uow.organizations.put(one)
        for item in asked:
            _ask_no_more(item, one, uow)
        if one.active and not one.excluded:
            for item in uow.items.unmatched(one.items, LOOKED_AT):
                look_again(item, uow)
                uow.items.put(item)
        uow.commit()


def _ask_no_more(item: Item, one: Organization, uow: DispatchWork) -> None:
    if item.stage is not Stage.INVITED:
        return
    for offer in uow.offers.of_item(item.item_id):
        if offer.target == one.code and offer.status is Status.OPEN:
            withdraw(item, offer, NOT_NOW, uow)
    go_on(item, NOT_NOW, uow)
    uow.items.put(item)
