"""What archive does with dossiers: it files what is due, and lists what is filed."""

from services.archive.domain.dossiers import contents
from services.archive.handlers.work import ArchiveWork
from shared import access
from shared.contracts.archive import DossierPage, DossierSealed, ListDossiers
from shared.errors import Invalid

SEALED_AT_ONCE = 20
PAGE_LIMIT = 500


def seal_dossiers(uow: ArchiveWork) -> None:
    """File what is due and complete: every event the item's closing named is on the ledger."""
    with uow:
        for dossier in uow.dossiers.due(SEALED_AT_ONCE):
            lines = uow.ledger.of_request(dossier.request_id)
            if dossier.missing(lines):
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


def list_dossiers(query: ListDossiers, uow: ArchiveWork) -> DossierPage:
    if not 1 <= query.limit <= PAGE_LIMIT:
        raise Invalid("请检查填写的内容", fields={"limit": "每页 1 到 500 份"})
    parks = access.parks_of(uow.actor, "list_dossiers")
    with uow:
        dossiers, total = uow.dossiers.page(query.park, query.request_id, parks, query.after, query.limit)
    more = dossiers[-1].item_id if len(dossiers) == query.limit else ""
    return DossierPage(dossiers=tuple(dossier.view() for dossier in dossiers), total=total, next=more)
