"""What dispatch does when a client consents that its contact is given to organizations, or takes that back (6.3 b)."""

from services.dispatch.domain.consents import Consent
from services.dispatch.domain.items import Item
from services.dispatch.domain.life import Stage
from services.dispatch.domain.offers import Status
from services.dispatch.handlers.matching import go_on, look_again, withdraw
from services.dispatch.handlers.work import DispatchWork
from shared.contracts.intake import SHARE_CONTACT, ConsentRecorded, ConsentWithdrawn

TAKEN_BACK = "企业撤回了给联系方式的同意"


def know_consent(event: ConsentRecorded, uow: DispatchWork) -> None:
    """Whoever could not be invited for want of it can be now."""
    if event.purpose == SHARE_CONTACT:
        with uow:
            items = uow.items.of_request(event.request_id)
            _hear(event, uow, given=True)
            for item in items:
                if item.stage in (Stage.MATCHING, Stage.UNMATCHED):
                    look_again(item, uow)
                    uow.items.put(item)
            uow.commit()


def forget_consent(event: ConsentWithdrawn, uow: DispatchWork) -> None:
    """Who was only asked yet may not take it any more; who has the job keeps it."""
    if event.purpose == SHARE_CONTACT:
        with uow:
            items = uow.items.of_request(event.request_id)
            _hear(event, uow, given=False)
            for item in items:
                if item.stage is Stage.INVITED:
                    _ask_no_more(item, uow)
                    uow.items.put(item)
            uow.commit()


def _hear(event: ConsentRecorded | ConsentWithdrawn, uow: DispatchWork, *, given: bool) -> None:
    uow.consents.hear(
        Consent(
            consent_id=event.consent_id, request_id=event.request_id, organization=event.organization,
            given_at=event.occurred_at if given else None, withdrawn_at=None if given else event.occurred_at,
        )
    )  # fmt: skip


def _ask_no_more(item: Item, uow: DispatchWork) -> None:
    allowed = uow.consents.of(item.request_id)
    against = [
        offer
        for offer in uow.offers.of_item(item.item_id)
        if offer.status is Status.OPEN and not allowed.to(offer.target)
    ]
    for offer in against:
        withdraw(item, offer, TAKEN_BACK, uow)
    if against:
        go_on(item, TAKEN_BACK, uow)
