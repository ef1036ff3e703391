"""What archive does with all that happens: it writes it down, and tells it again."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Protocol

from services.archive.domain.dossiers import Dossier
from services.archive.domain.ledger import Head, append, canonical, in_order, private_keys
from services.archive.handlers.work import ArchiveWork
from shared import access
from shared.contracts.archive import DossierPartSupplied, GetTimeline, Timeline
from shared.contracts.dispatch import ItemClosed
from shared.errors import Invalid


class Heard(Protocol):
    """An event as it came."""

    key: str
    body: dict[str, Any]


def record(batch: Sequence[Heard], uow: ArchiveWork) -> None:
    """Add what is new to the ledgers of its parks; a closed item's dossier becomes due.

    Raises Invalid for what claims to be an event that is there already, but says something else.
    """
    for heard in batch:
        _check(heard.body)
    with uow:
        heads = uow.ledger.heads(list({heard.body["park"] for heard in batch}))
        known = uow.ledger.known([heard.body["event_id"] for heard in batch])
        lines = []
        for heard in batch:
            event_id = heard.body["event_id"]
            if event_id in known:
                if known[event_id] != canonical(heard.body):
                    raise Invalid("同一个事件编号来了两种内容")
                continue
            line = append(heads[heard.body["park"]], heard.key, heard.body)
            known[event_id] = line.body
            heads[line.park] = Head(sequence=line.sequence, hash=line.hash)
            lines.append(line)
            if heard.key == ItemClosed.key():
                uow.dossiers.add(_due(heard.body))
            elif heard.key == DossierPartSupplied.key():
                uow.dossiers.look_again(line.item_id, uow.now)
        uow.ledger.append(lines)
        uow.commit()


def get_timeline(query: GetTimeline, uow: ArchiveWork) -> Timeline:
    access.check(uow.actor, "read_timeline", park=query.park, request_id=query.request_id)
    own = query.request_id in uow.actor.requests
    with uow:
        lines = in_order(uow.ledger.of_request(query.request_id))
    if own:
        hidden = private_keys()
        lines = [line for line in lines if line.key not in hidden]
    entries = tuple(line.entry() for line in lines if own or line.park == query.park)
    return Timeline(request_id=query.request_id, park=query.park, entries=entries)


def _check(body: dict[str, Any]) -> None:
    """Raises Invalid unless the body has what a line of the ledger is made of."""
    try:
        datetime.fromisoformat(body["occurred_at"])
    except (KeyError, TypeError, ValueError) as error:
        raise Invalid("事件没有时间") from error
    if not isinstance(body.get("park"), str):
        raise Invalid("事件没有园区")


def _due(body: dict[str, Any]) -> Dossier:
    closed_at = datetime.fromisoformat(body["occurred_at"])
    return Dossier(
        item_id=body["item_id"], request_id=body["request_id"], park=body["park"], number=body["number"],
        evidence=list(body["evidence"]), closed_at=closed_at, look_at=closed_at,
    )  # fmt: skip
