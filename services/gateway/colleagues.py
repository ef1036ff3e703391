"""Who an item can be handed over to."""

from collections.abc import Iterable

from services.gateway.accounts.domain import Account
from services.gateway.visit import Visit
from shared.contracts.dispatch import GetItem, ItemView
from shared.errors import Invalid


async def colleague(visit: Visit, account_id: str, item_ids: Iterable[str]) -> Account:
    """The account, if it may answer for all these items; raises Invalid, or NotFound for an item."""
    actor = (await visit.staff()).account.actor()
    parks = set()
    for item_id in list(dict.fromkeys(item_ids))[:100]:
        item: ItemView = await visit.ask(GetItem(item_id=item_id), actor)
        parks.add(item.park)
    for one in await visit.gateway.people.colleagues(parks):
        if one.id == account_id:
            return one
    raise Invalid("请检查填写的内容", fields={"to": "这位同事不负责选中事项的园区，请另选"})
