"""How dispatch's commands change items: found, allowed, changed, kept."""

from collections.abc import Callable

from services.dispatch.domain.items import Item
from services.dispatch.handlers.appointments import release_if_ended
from services.dispatch.handlers.work import DispatchWork, shown
from shared import access
from shared.contracts.dispatch import ItemView
from shared.errors import Invalid

TEXT_LIMIT = 5000


def change(item_id: str, uow: DispatchWork, do: Callable[[Item], None], action: str = "handle_item") -> ItemView:
    with uow:
        item = uow.items.get(item_id)
        access.check(uow.actor, action, park=item.park, request_id=item.request_id)
        was = item.stage
        do(item)
        release_if_ended(item, was, uow)
        uow.items.put(item)
        return uow.commit(shown(item, uow))


def said(text: str, name: str, lacking: str, most: int = TEXT_LIMIT) -> str:
    """What somebody had to write; raises Invalid with `lacking` when it is empty."""
    if not text.strip():
        raise Invalid("请检查填写的内容", fields={name: lacking})
    return short(text, name, most)


def short(text: str, name: str, most: int = TEXT_LIMIT) -> str:
    """What somebody may have written."""
    if len(text) > most:
        raise Invalid("请检查填写的内容", fields={name: "写得太长，请精简"})
    return text.strip()
