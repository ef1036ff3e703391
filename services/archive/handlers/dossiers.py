"""What archive does with dossiers: it asks for what they lack, seals, shows, prints, amends and checks them."""

import json
from datetime import timedelta
from functools import partial
from typing import Any

from services.archive.domain.checks import examine
from services.archive.domain.contents import TEXT_LIMIT, Contents
from services.archive.domain.dossiers import Dossier
from services.archive.domain.ledger import Line
from services.archive.domain.search import summary
from services.archive.handlers.work import ArchiveWork
from shared import access
from shared.contracts.archive import (
    AmendDossier,
    DossierAmended,
    DossierFlawed,
    DossierPage,
    DossierPartsAsked,
    DossierPartSupplied,
    DossierPrinted,
    DossierSealed,
    DossierState,
    GetDossier,
    KeepDossierPrint,
    ListDossiers,
    SupplyDossierPart,
)
from shared.contracts.dispatch import ItemOpened
from shared.errors import IllegalMove, Invalid, NotFound, Unavailable

SEALED_AT_ONCE = 20
CHECKED_AT_ONCE = 20
CHECKED_AFTER = timedelta(days=30)
PAGE_LIMIT = 500


def seal_dossiers(uow: ArchiveWork) -> None:
    """File what is due and complete: every event its closing named has come, and every part it must have is there."""
    with uow:
        sealed = []
        for dossier in uow.dossiers.due(uow.now, SEALED_AT_ONCE):
            lines = uow.ledger.of_request(dossier.request_id)
            contents = Contents(dossier.item_id, dossier.park, dossier.number, lines)
            if dossier.missing(lines):
                dossier.wait(uow.now)
                uow.dossiers.put(dossier)
            elif lacking := contents.lacking():
                if dossier.ask(lacking, uow.now):
                    uow.say(DossierPartsAsked(**names_of(dossier), missing=tuple(lacking)))
                uow.dossiers.put(dossier)
            else:
                _seal(dossier, contents, lines, uow)
                sealed.append(summary(dossier, contents, uow.zone))
        uow.summaries.add(sealed)
        uow.commit()


def _seal(dossier: Dossier, contents: Contents, lines: list[Line], uow: ArchiveWork) -> None:
    end = dossier.take_place(uow.dossiers.head(dossier.park), uow.now.astimezone(uow.zone).year, uow.now)
    dossier.digest = uow.shelf.file(dossier, contents.package())
    written = {line.sequence: line.hash for line in lines if line.park == dossier.park}
    if flaws := examine(uow.shelf.read(dossier.path), dossier, lambda _: written):
        raise Unavailable("档案没有写好：{flaws}", flaws="; ".join(flaws))
    uow.dossiers.seal(dossier, end)
    uow.say(
        DossierSealed(
            **names_of(dossier), sequence=dossier.sequence, digest=dossier.digest, previous=dossier.previous,
            file_number=dossier.file_number,
        )
    )  # fmt: skip


def check_dossiers(uow: ArchiveWork) -> None:
    """Look again at those that were not looked at for a month."""
    with uow:
        for dossier in uow.dossiers.unchecked(uow.now - CHECKED_AFTER, CHECKED_AT_ONCE):
            flaws = examine(uow.shelf.read(dossier.path), dossier, partial(uow.ledger.hashes, dossier.park))
            if flaws and flaws != dossier.flaws:
                uow.say(DossierFlawed(**names_of(dossier), flaws=tuple(flaws)))
            dossier.checked_at, dossier.flaws = uow.now, flaws
            uow.dossiers.put(dossier)
        uow.commit()


def list_dossiers(query: ListDossiers, uow: ArchiveWork) -> DossierPage:
    if not 1 <= query.limit <= PAGE_LIMIT:
        raise Invalid("请检查填写的内容", fields={"limit": "每页 1 到 500 份"})
    parks = access.parks_of(uow.actor, "list_dossiers")
    with uow:
        dossiers, total = uow.dossiers.page(query.park, query.request_id, parks, query.after, query.limit)
    more = dossiers[-1].item_id if len(dossiers) == query.limit else ""
    return DossierPage(dossiers=tuple(dossier.view() for dossier in dossiers), total=total, next=more)


def get_dossier(query: GetDossier, uow: ArchiveWork) -> DossierState:
    with uow:
        return state_of(query.item_id, query.request_id, "read_dossier", uow)


def supply_dossier_part(command: SupplyDossierPart, uow: ArchiveWork) -> DossierState:
    text = written(command.text, "text")
    with uow:
        state = state_of(command.item_id, command.request_id, "keep_dossiers", uow)
        if state.sealed:
            raise IllegalMove("这份档案已经归档，只能补充说明")
        contents = _contents(command.item_id, command.request_id, uow)[1]
        contents.need(command.part)
        uow.say(
            DossierPartSupplied(
                park=state.park, request_id=state.request_id, item_id=command.item_id, number=contents.number,
                part=command.part, text=text,
            )
        )  # fmt: skip
        return uow.commit(state)


def amend_dossier(command: AmendDossier, uow: ArchiveWork) -> DossierState:
    text, reason = written(command.text, "text"), written(command.reason, "reason")
    with uow:
        state = state_of(command.item_id, "", "keep_dossiers", uow)
        dossier = found(command.item_id, uow)
        dossier.need_sealed()
        uow.say(DossierAmended(**names_of(dossier), text=text, reason=reason))
        return uow.commit(state)


def keep_dossier_print(command: KeepDossierPrint, uow: ArchiveWork) -> DossierState:
    with uow:
        dossier = found(command.item_id, uow)
        access.check(uow.actor, "read_dossier", park=dossier.park, request_id=dossier.request_id)
        dossier.need_sealed()
        if not dossier.print_sha256:
            dossier.print_sha256 = command.sha256
            uow.dossiers.put(dossier)
            uow.say(DossierPrinted(**names_of(dossier), sha256=command.sha256, size=command.size))
        return uow.commit(state_of(command.item_id, "", "read_dossier", uow))


def state_of(item_id: str, request_id: str, action: str, uow: ArchiveWork, opened: bool = False) -> DossierState:
    """What is sealed is told only when it is opened, and then as it was sealed."""
    dossier, contents = _contents(item_id, request_id, uow)
    park = dossier.park if dossier else contents.park
    request_id = dossier.request_id if dossier else request_id
    access.check(uow.actor, action, park=park, request_id=request_id)
    sealed = dossier.view() if dossier and dossier.sealed_at else None
    amendments = contents.amendments()
    if dossier and sealed:
        contents = contents.only(sealed_lines(uow.shelf.read(dossier.path)) if opened else set())
        grant = uow.grants.latest(item_id, uow.actor.id)
        return DossierState(
            item_id=item_id, request_id=request_id, park=park, by_organization=contents.by_organization, missing=(),
            parts=tuple(contents.views()) if opened else (), closed_at=dossier.closed_at, sealed=sealed,
            amendments=amendments if opened else (), entries=tuple(contents.entries), opened=opened,
            print_sha256=dossier.print_sha256, amended=len(amendments), grant=grant.view(uow.now) if grant else None,
        )  # fmt: skip
    return DossierState(
        item_id=item_id, request_id=request_id, park=park, by_organization=contents.by_organization,
        parts=tuple(contents.views()), missing=tuple(contents.lacking()),
        closed_at=dossier.closed_at if dossier else None,
    )  # fmt: skip


def sealed_lines(files: dict[str, bytes]) -> set[int]:
    """The lines of the ledger that were sealed; none where they cannot be read."""
    try:
        return {int(one["sequence"]) for one in json.loads(files["data/ledger.json"])}
    except (KeyError, TypeError, ValueError):
        return set()


def _contents(item_id: str, request_id: str, uow: ArchiveWork) -> tuple[Dossier | None, Contents]:
    """What the ledger tells of an item, whether it is closed or not. Raises NotFound."""
    dossier = uow.dossiers.find(item_id)
    lines = uow.ledger.of_request(dossier.request_id if dossier else request_id)
    opened = next((line for line in lines if line.item_id == item_id and line.key == ItemOpened.key()), None)
    if opened is None:
        raise NotFound("没有这个服务事项")
    number = dossier.number if dossier else opened.entry().data["number"]
    return dossier, Contents(item_id, opened.park, number, lines)


def found(item_id: str, uow: ArchiveWork) -> Dossier:
    dossier = uow.dossiers.find(item_id)
    if dossier is None:
        raise NotFound("没有这份档案")
    return dossier


def names_of(dossier: Dossier) -> dict[str, Any]:
    return {name: getattr(dossier, name) for name in ("park", "request_id", "item_id", "number")}


def written(text: str, name: str) -> str:
    text = text.strip()
    if not text:
        raise Invalid("请检查填写的内容", fields={name: "请写清楚"})
    if len(text) > TEXT_LIMIT:
        raise Invalid("请检查填写的内容", fields={name: "最多 2000 个字"})
    return text
