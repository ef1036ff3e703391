"""What an item belongs with, as staff see it: parts of one message, the same need elsewhere, what to take back."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from services.gateway import words
from services.gateway.accounts.domain import Session
from services.gateway.language import N_
from services.gateway.visit import Visit
from shared.contracts.dispatch import Advice, Alike, GetAdvice, ItemView, ListItems
from shared.contracts.intake import ListSameClient, SameClient
from shared.errors import Rejected, Unavailable

REASONS = {
    "company": N_("同一家企业"),
    "contact": N_("同一个联系人"),
    "item": N_("像是同一项服务"),
    "text": N_("说法相近"),
}


@dataclass(frozen=True, kw_only=True)
class Undo:
    """A step that takes back the one just done: where its form goes, and what it sends along."""

    step: str
    sent: Mapping[str, str]


@dataclass(frozen=True, kw_only=True)
class Beside:
    """`parts` are all items of the request, this one included, if there are several."""

    parts: Sequence[ItemView] = ()
    split: Sequence[str] = ()
    alike: Sequence[Alike] = ()
    undo: Undo | None = None


async def advise(visit: Visit, session: Session, item: ItemView) -> Advice:
    """What dispatch suggests; nothing while it is away, for all can be done without."""
    actor = session.account.actor()
    try:
        same: SameClient = await visit.ask(ListSameClient(request_id=item.request_id), actor)
    except (Unavailable, Rejected):
        same = SameClient()
    try:
        advice: Advice = await visit.ask(
            GetAdvice(item_id=item.item_id, same_contact=same.by_contact, same_company=same.by_code), actor
        )
    except Unavailable:
        return Advice()
    return advice


async def beside(visit: Visit, session: Session, item: ItemView, advice: Advice) -> Beside:
    try:
        listed = await visit.ask(ListItems(request_id=item.request_id, limit=200), session.account.actor())
    except Unavailable:
        listed = None
    parts = [one for one in reversed(listed.items) if one.stage != words.REJOINED] if listed else []
    return Beside(
        parts=sorted(parts, key=lambda one: one.part) if len(parts) > 1 else (),
        split=advice.parts,
        alike=advice.alike,
        undo=undo_of(visit, item),
    )


def undo_of(visit: Visit, item: ItemView) -> Undo | None:
    """What takes back the step that the address says was just done, while it still can be."""
    query = visit.request.query_params
    match query.get("said", ""):
        case "split" if "unsplit" in item.allowed:
            return Undo(step="unsplit", sent={})
        case "merge" if "unmerge" in item.allowed:
            return Undo(step="unmerge", sent={})
        case "link" if any(one.item_id == query.get("other", "") for one in item.linked):
            return Undo(step="unlink", sent={"other": query["other"]})
    return None
