"""What dispatch does about offers to organizations: accepted, declined, lapsed, worked on (6.3 b, 6.4)."""

from services.dispatch.domain.items import Item, Stage
from services.dispatch.domain.offers import ELSEWHERE, LAPSED, Offer, Status
from services.dispatch.domain.terms import end_of
from services.dispatch.handlers.checks import sample
from services.dispatch.handlers.matching import go_on, name_of, standing, withdraw
from services.dispatch.handlers.work import DispatchWork, say
from shared import access, forms
from shared.access import EVERYWHERE, Role
from shared.contracts.dispatch import (
    AcceptOffer,
    DeclineOffer,
    DeliverResult,
    GetOffer,
    JobWithdrawn,
    ListOffers,
    OfferAccepted,
    OfferDeclined,
    OfferPage,
    OfferView,
    ServiceFinished,
    ServiceStarted,
    StartJob,
)
from shared.errors import Early, IllegalMove, Invalid

TEXT = 2000
PAGE_LIMIT = 200


def accept_offer(command: AcceptOffer, uow: DispatchWork) -> OfferView:
    """The first to accept has the job; what was offered to others is taken back, and they are told."""
    note = _short(command.note, "note")
    with uow:
        item, offer = _own(command.job_id, uow)
        offer.accept(note, uow.actor, uow.now)
        organization = uow.organizations.lock(offer.target)
        standing(item, organization, offer, uow)
        item.win(offer.job_id, offer.target, uow.now)
        uow.offers.put(offer)
        say(
            uow, item, OfferAccepted, job_id=offer.job_id, target=offer.target, note=note, on_behalf=offer.on_behalf
        )  # fmt: skip
        for other in uow.offers.of_item(item.item_id):
            if other.status is Status.OPEN:
                withdraw(item, other, ELSEWHERE, uow)
        return _kept(item, offer, uow)


def decline_offer(command: DeclineOffer, uow: DispatchWork) -> OfferView:
    reason = _short(command.reason, "reason")
    if not reason:
        raise Invalid("请检查填写的内容", fields={"reason": "请写明为什么不能接，服务站会看到"})
    with uow:
        item, offer = _own(command.job_id, uow)
        offer.decline(reason, uow.actor, uow.now)
        uow.offers.put(offer)
        say(
            uow, item, OfferDeclined, job_id=offer.job_id, target=offer.target, reason=reason,
            on_behalf=offer.on_behalf,
        )  # fmt: skip
        go_on(item, reason, uow)
        return _kept(item, offer, uow)


def start_job(command: StartJob, uow: DispatchWork) -> OfferView:
    note = _short(command.note, "note")
    with uow:
        item, offer = _own(command.job_id, uow)
        _check_in_hand(item, offer)
        item.start(note, uow.now, end_of(offer.due_on, uow.zone) if offer.due_on else None)
        say(uow, item, ServiceStarted, job_id=offer.job_id, target=offer.target, note=note)
        return _kept(item, offer, uow)


def deliver_result(command: DeliverResult, uow: DispatchWork) -> OfferView:
    """Checked against the item's result form; a report that work has begun may be missing."""
    with uow:
        item, offer = _own(command.job_id, uow)
        _check_in_hand(item, offer)
        result = _checked(item, command.result, uow)
        item.finish(uow.now)
        _finish(offer, uow)
        say(
            uow, item, ServiceFinished, number=item.number, title=item.title, category=item.category, item=item.item,
            result=result, served_by=name_of(offer.target, uow),
        )  # fmt: skip
        sample(item, uow.actor.id, uow)
        return _kept(item, offer, uow)


def lapse(item: Item, uow: DispatchWork) -> None:
    """Those invited who did not answer in time are asked no more; the next is, where nobody is left."""
    for offer in uow.offers.of_item(item.item_id):
        if offer.status is Status.OPEN and offer.answer_by < uow.now:
            offer.lapse(uow.now)
            uow.offers.put(offer)
            say(uow, item, JobWithdrawn, offer.target, job_id=offer.job_id, target=offer.target, reason=LAPSED)
    go_on(item, LAPSED, uow)


def lose(item: Item, reason: str, own_doing: bool, uow: DispatchWork) -> None:
    """An organization that had the job has it no more; `own_doing` where it gave up itself."""
    if offer := _current(item, uow, Status.ACCEPTED):
        offer.release(reason, own_doing, uow.now)
        uow.offers.put(offer)


def note_finished(item: Item, uow: DispatchWork) -> None:
    """What an organization had in hand has come to its end another way than by its result."""
    if offer := _current(item, uow, Status.ACCEPTED):
        _finish(offer, uow)


def note_asked(item: Item, uow: DispatchWork) -> None:
    """The client was asked to rate what an organization did."""
    if offer := _current(item, uow, Status.FINISHED):
        offer.asked = True
        uow.offers.put(offer)


def note_rating(item: Item, score: int | None, uow: DispatchWork) -> None:
    """How the client rated it; None where it did not."""
    if offer := _current(item, uow, Status.FINISHED):
        offer.asked, offer.rating = True, score
        uow.offers.put(offer)


def get_offer(query: GetOffer, uow: DispatchWork) -> OfferView:
    with uow:
        item, offer = _own(query.job_id, uow, "read_offer")
        return _view(item, offer, uow)


def list_offers(query: ListOffers, uow: DispatchWork) -> OfferPage:
    if not 1 <= query.limit <= PAGE_LIMIT:
        raise Invalid("请检查填写的内容", fields={"limit": "每页 1 到 200 件"})
    if query.after and not query.after.isdecimal():
        raise Invalid("请检查填写的内容", fields={"after": "没有这一页"})
    skip = int(query.after or 0)
    target: str = query.organization
    parks: tuple[str, ...] = (EVERYWHERE,)
    if uow.actor.role == Role.ORGANIZATION:
        target = target or uow.actor.organization
        access.check(uow.actor, "read_offer", organization=target)
    else:
        parks = access.parks_of(uow.actor, "read_offer")
    with uow:
        offers = uow.offers.page(target, parks, query.current, skip, query.limit)
        views = tuple(_view(uow.items.get(offer.item_id), offer, uow) for offer in offers)
    return OfferPage(offers=views, next=str(skip + len(offers)) if len(offers) == query.limit else "")


def _own(job_id: str, uow: DispatchWork, action: str = "answer_offer") -> tuple[Item, Offer]:
    """The item, locked, and its offer: what each of two at once may do is decided one after the other."""
    item = uow.items.get(uow.offers.item_of(job_id))
    offer = uow.offers.get(job_id)
    access.check(uow.actor, action, park=offer.park, organization=offer.target)
    return item, offer


def _check_in_hand(item: Item, offer: Offer) -> None:
    if offer.status is not Status.ACCEPTED or item.job_id != offer.job_id:
        raise IllegalMove("这件事现在不在您手上")


def _kept(item: Item, offer: Offer, uow: DispatchWork) -> OfferView:
    uow.items.put(item)
    return uow.commit(_view(item, offer, uow))


def _view(item: Item, offer: Offer, uow: DispatchWork) -> OfferView:
    agreeing = offer.status is Status.ACCEPTED and item.stage is Stage.AGREEING
    turn = uow.negotiations.of(offer.job_id).turn if agreeing else None
    return offer.view(item, name_of(offer.target, uow), str(turn or ""))


def _current(item: Item, uow: DispatchWork, status: Status) -> Offer | None:
    """The offer of whoever has, or had, the item's job, if it stands so."""
    offers = uow.offers.of_item(item.item_id)
    return next((offer for offer in offers if offer.status is status and offer.job_id == item.job_id), None)


def _finish(offer: Offer, uow: DispatchWork) -> None:
    offer.finish(uow.now.astimezone(uow.zone).date(), uow.now)
    uow.offers.put(offer)


def _checked(item: Item, result: dict[str, object], uow: DispatchWork) -> dict[str, object]:
    target = uow.targets.get(item.category)
    if target is None:
        raise Early("这一项的结果要填什么还不知道，请稍后再试")
    try:
        return forms.check(target.item(item.item)["result"], result)
    except Invalid as error:
        fields = {f"result.{path}".rstrip("."): text for path, text in error.fields.items()}
        raise Invalid(error.text, fields=fields) from error


def _short(text: str, name: str) -> str:
    if len(text) > TEXT:
        raise Invalid("请检查填写的内容", fields={name: "最多写 2000 个字"})
    return text.strip()
