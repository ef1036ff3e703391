"""What archive does to find dossiers."""

from services.archive.domain.contents import Contents
from services.archive.domain.search import summary
from services.archive.handlers.work import ArchiveWork
from shared import access
from shared.contracts.archive import FoundPage, SearchDossiers
from shared.errors import Invalid

LISTED_AT_ONCE = 50
PAGE_LIMIT = 200
TEXT_LIMIT = 100


def list_sealed(uow: ArchiveWork) -> None:
    """Make those found by their words that were sealed before there was a search."""
    with uow:
        found = []
        for dossier in uow.dossiers.unlisted(LISTED_AT_ONCE):
            lines = uow.ledger.of_request(dossier.request_id)
            found.append(summary(dossier, Contents(dossier.item_id, dossier.park, dossier.number, lines), uow.zone))
            dossier.listed = True
            uow.dossiers.put(dossier)
        uow.summaries.add(found)
        uow.commit()


def search_dossiers(query: SearchDossiers, uow: ArchiveWork) -> FoundPage:
    wrong = {}
    if not 1 <= query.limit <= PAGE_LIMIT:
        wrong["limit"] = "一次最多取 200 条"
    if len(query.text) > TEXT_LIMIT:
        wrong["text"] = "最多 100 个字"
    if query.after and not (query.after.isascii() and query.after.isdecimal() and len(query.after) < 19):
        wrong["after"] = "没有这一页"
    if wrong:
        raise Invalid("请检查填写的内容", fields=wrong)
    parks = access.parks_of(uow.actor, "list_dossiers")
    with uow:
        found, total = uow.summaries.search(query, parks)
    more = str(found[-1].place) if len(found) == query.limit else ""
    return FoundPage(dossiers=tuple(one.found() for one in found), total=total, next=more)
