"""What dispatch does about targets and offers: one function each."""

from services.dispatch.domain.items import Stage
from services.dispatch.domain.targets import (
    Target,
    check_manifest,
    lease,
)
from services.dispatch.handlers import offers
from services.dispatch.handlers.work import DispatchWork, offer, say
from shared.contracts.dispatch import (
    JobWithdrawn,
    ListTargets,
    TargetList,
)
from shared.contracts.providers import TargetsAnnounced

LAPSES_AT_ONCE = 50
OFFERS_AT_ONCE = 50


def know_targets(event: TargetsAnnounced, uow: DispatchWork) -> None:
    """Renews their leases, and offers what waited for them."""
    for manifest in event.targets:
        check_manifest(manifest)
    with uow:
        until = lease(event.lease, uow.now)
        targets = [
            Target(target=str(manifest["code"]), manifest=manifest, lease_until=until, seen_at=uow.now)
            for manifest in sorted(event.targets, key=lambda manifest: str(manifest["code"]))
        ]
        for target in targets:  # in one order everywhere, so that two instances never wait for each other
            uow.targets.put(target)
        for item in uow.items.waiting_for([target.target for target in targets], OFFERS_AT_ONCE):
            offer(item, uow)
            uow.items.put(item)
        uow.commit()


def lapse_offers(uow: DispatchWork) -> None:
    """Offers that nobody answered in time are taken back; the items wait for the next target."""
    with uow:
        for item in uow.items.overdue_offers(uow.now, LAPSES_AT_ONCE):
            if item.stage is Stage.INVITED:
                offers.lapse(item, uow)
            else:
                job_id, target = item.job_id, item.target
                item.lapse(uow.now)
                say(uow, item, JobWithdrawn, target, job_id=job_id, target=target, reason="没有按时答复")
            uow.items.put(item)
        uow.commit()


def list_targets(query: ListTargets, uow: DispatchWork) -> TargetList:
    """Categories and organizations alike: whoever may be offered a job."""
    with uow:
        views = [target.view(uow.now) for target in uow.targets.all()]
        views += [organization.target(uow.now) for organization in uow.organizations.all()]
    return TargetList(targets=tuple(views))
