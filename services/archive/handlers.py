"""What archive does on each message: one function each."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Protocol
from zoneinfo import ZoneInfo

from services.archive.domain import Dossier, Dossiers, Head, Ledger, Shelf, append, contents, private_keys
from shared import access
from shared.contracts.archive import (
    DossierPage,
    DossierSealed,
    GetTimeline,
    ListDossiers,
    Timeline,
)
from shared.contracts.dispatch import ItemClosed
from shared.errors import Invalid
from shared.ports import Work

SEALED_AT_ONCE = 20
PAGE_LIMIT = 500


class Heard(Protocol):
    """An event as it came."""

    key: str
    body: dict[str, Any]


class ArchiveWork(Work, Protocol):
    ledger: Ledger
    dossiers: Dossiers
    shelf: Shelf
    zone: ZoneInfo


def record(batch: Sequence[Heard], uow: ArchiveWork) -> None:
    """Add what is new to the ledgers of its parks; a closed item's dossier becomes due."""
    for heard in batch:
        _check(heard.body)
    with uow:
        heads = uow.ledger.heads(list({heard.body["park"] for heard in batch}))
        known = uow.ledger.known([heard.body["event_id"] for heard in batch])
        lines = []
        for heard in batch:
            if heard.body["event_id"] in known:
                continue
            known.add(heard.body["event_id"])
            line = append(heads[heard.body["park"]], heard.key, heard.body)
            heads[line.park] = Head(sequence=line.sequence, hash=line.hash)
            lines.append(line)
            if heard.key == ItemClosed.key():
                uow.dossiers.add(_due(heard.body))
        uow.ledger.append(lines)
        uow.commit()


def seal_dossiers(uow: ArchiveWork) -> None:
    """File what is due and complete: every event the item's closing named is on the ledger."""
    with uow:
        for dossier in uow.dossiers.due(SEALED_AT_ONCE):
            lines = uow.ledger.of_request(dossier.request_id)
            if not set(dossier.evidence) <= {line.event_id for line in lines}:
                continue  # it is still on its way
            head = uow.dossiers.head(dossier.park)
            year = dossier.closed_at.astimezone(uow.zone).year
            dossier.sequence, dossier.previous = head.sequence + 1, head.hash
            dossier.path = f"{dossier.park}/{year}/{dossier.number}"
            dossier.sealed_at = uow.now
            dossier.digest = uow.shelf.file(dossier, contents(dossier, lines))
            uow.dossiers.seal(dossier)
            uow.say(
                DossierSealed(
                    park=dossier.park, request_id=dossier.request_id, item_id=dossier.item_id, number=dossier.number,
                    sequence=dossier.sequence, digest=dossier.digest, previous=dossier.previous,
                )
            )  # fmt: skip
        uow.commit()


def get_timeline(query: GetTimeline, uow: ArchiveWork) -> Timeline:
    access.check(uow.actor, "read_timeline", park=query.park, request_id=query.request_id)
    own = query.request_id in uow.actor.requests
    with uow:
        lines = uow.ledger.of_request(query.request_id)
    if own:
        hidden = private_keys()
        lines = [line for line in lines if line.key not in hidden]
    entries = tuple(line.entry() for line in lines if own or line.park == query.park)
    return Timeline(request_id=query.request_id, park=query.park, entries=entries)


def list_dossiers(query: ListDossiers, uow: ArchiveWork) -> DossierPage:
    if not 1 <= query.limit <= PAGE_LIMIT:
        raise Invalid("请检查填写的内容", fields={"limit": "每页 1 到 500 份"})
    parks = access.parks_of(uow.actor, "list_dossiers")
    with uow:
        dossiers, total = uow.dossiers.page(query.park, query.request_id, parks, query.after, query.limit)
    more = dossiers[-1].item_id if len(dossiers) == query.limit else ""
    return DossierPage(dossiers=tuple(dossier.view() for dossier in dossiers), total=total, next=more)


def _check(body: dict[str, Any]) -> None:
    """Raises Invalid unless the body has what a line of the ledger is made of."""
    try:
        datetime.fromisoformat(body["occurred_at"])
    except (KeyError, TypeError, ValueError) as error:
        raise Invalid("事件没有时间") from error
    if not isinstance(body.get("park"), str):
        raise Invalid("事件没有园区")


def _due(body: dict[str, Any]) -> Dossier:
    return Dossier(
        item_id=body["item_id"], request_id=body["request_id"], park=body["park"], number=body["number"],
        evidence=list(body["evidence"]), closed_at=datetime.fromisoformat(body["occurred_at"]),
    )  # fmt: skip
