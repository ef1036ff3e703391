"""What dispatch does while an organization and a client agree on terms (6.3 b)."""

from services.dispatch.domain.items import Item, Stage
from services.dispatch.domain.offers import Offer, Status
from services.dispatch.domain.terms import TERMS, Negotiation, Side, due_on, end_of, side_of, starts_on
from services.dispatch.handlers.matching import go_on, name_of
from services.dispatch.handlers.work import DispatchWork, say, shown
from shared import access, forms
from shared.contracts.base import Details
from shared.contracts.dispatch import (
    AgreeTerms,
    DropTerms,
    GetTerms,
    ItemView,
    JobReleased,
    ProposeTerms,
    TermsAgreed,
    TermsProposed,
    TermsView,
)
from shared.errors import IllegalMove, Invalid, NotFound

REASON = 2000
LINE = 200


def propose_terms(command: ProposeTerms, uow: DispatchWork) -> TermsView:
    with uow:
        item, offer = _agreeing(command.item_id, uow)
        side = side_of(uow.actor, command.side)
        negotiation = uow.negotiations.of(offer.job_id)
        proposal = negotiation.propose(side, command.terms, uow.actor, uow.now)
        uow.negotiations.put(negotiation)
        say(
            uow, item, TermsProposed, job_id=offer.job_id, target=offer.target, number=proposal.number,
            side=str(side), terms=proposal.terms, on_behalf=proposal.on_behalf,
        )  # fmt: skip
        uow.items.put(item)
        return uow.commit(_view(item, offer, negotiation, uow))


def agree_terms(command: AgreeTerms, uow: DispatchWork) -> TermsView:
    """Both sides agree; the text that was agreed is kept with the item."""
    with uow:
        item, offer = _agreeing(command.item_id, uow)
        side = side_of(uow.actor, command.side)
        negotiation = uow.negotiations.of(offer.job_id)
        proposal = negotiation.agree(side, command.number, uow.actor, uow.now)
        uow.negotiations.put(negotiation)
        offer.agree(due_on(proposal))
        uow.offers.put(offer)
        item.agree(uow.now, end_of(starts_on(proposal), uow.zone))
        say(
            uow, item, TermsAgreed, job_id=offer.job_id, target=offer.target, number=proposal.number,
            side=str(side), terms=proposal.terms, on_behalf=proposal.agreed_on_behalf,
        )  # fmt: skip
        uow.items.put(item)
        return uow.commit(_view(item, offer, negotiation, uow))


def drop_terms(command: DropTerms, uow: DispatchWork) -> ItemView:
    """They cannot agree: the organization gives the job back, and the next is invited."""
    reason = command.reason.strip()
    if not reason:
        raise Invalid("请检查填写的内容", fields={"reason": "请写明为什么谈不拢"})
    if len(reason) > REASON:
        raise Invalid("请检查填写的内容", fields={"reason": "最多写 2000 个字"})
    with uow:
        item, offer = _agreeing(command.item_id, uow)
        side = side_of(uow.actor, command.side)
        offer.release(reason, side is Side.ORGANIZATION, uow.now)
        uow.offers.put(offer)
        item.release(reason, uow.now)
        say(
            uow, item, JobReleased, offer.target, job_id=offer.job_id, target=offer.target, side=str(side),
            reason=reason,
        )  # fmt: skip
        go_on(item, reason, uow)
        uow.items.put(item)
        return uow.commit(shown(item, uow))


def get_terms(query: GetTerms, uow: DispatchWork) -> TermsView:
    with uow:
        item = uow.items.get(query.item_id)
        offer = _last_taken(item, uow)
        if offer is None:
            raise NotFound("还没有机构接手，没有约定可看")
        access.check(
            uow.actor, "read_terms", park=item.park, request_id=item.request_id, organization=offer.target
        )  # fmt: skip
        return _view(item, offer, uow.negotiations.of(offer.job_id), uow)


def _agreeing(item_id: str, uow: DispatchWork) -> tuple[Item, Offer]:
    """The item, locked, and the offer of whoever has the job. Raises IllegalMove where there is nothing to agree."""
    item = uow.items.get(item_id)
    offer = _last_taken(item, uow)
    access.check(
        uow.actor, "agree_terms", park=item.park, request_id=item.request_id,
        organization=offer.target if offer else "",
    )  # fmt: skip
    if item.stage is not Stage.AGREEING or offer is None or offer.status is not Status.ACCEPTED:
        raise IllegalMove("这件事现在没有约定要谈")
    return item, offer


def _last_taken(item: Item, uow: DispatchWork) -> Offer | None:
    """The offer of whoever has the job; where nobody has, of whoever had it last."""
    taken = [offer for offer in uow.offers.of_item(item.item_id) if offer.answered_at and offer.status not in _PASSED]
    return next((offer for offer in taken if offer.job_id == item.job_id), taken[-1] if taken else None)


_PASSED = (Status.OPEN, Status.DECLINED, Status.LAPSED)


def _view(item: Item, offer: Offer, negotiation: Negotiation, uow: DispatchWork) -> TermsView:
    agreeing = item.stage is Stage.AGREEING and offer.status is Status.ACCEPTED
    agreed = negotiation.agreed
    return TermsView(
        item_id=item.item_id, job_id=offer.job_id, target=offer.target, target_name=name_of(offer.target, uow),
        turn=str(negotiation.turn or "") if agreeing else "", agreed=agreed.number if agreed else 0,
        proposals=tuple(proposal.view() for proposal in negotiation.proposals),
        form=tuple(forms.describe(TERMS)), suggestion=_known(item),
    )  # fmt: skip


def _known(item: Item) -> Details:
    return {"project": item.title[:LINE], "scope": item.text}
