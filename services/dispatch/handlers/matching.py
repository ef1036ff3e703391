"""What dispatch does to find an organization: rank, invite, and go on to the next (6.3 b)."""

from collections.abc import Sequence
from datetime import datetime

from services.dispatch.domain.items import Item, Stage
from services.dispatch.domain.matching import STANDING, Need, Ranking, broken, check_weights, rank
from services.dispatch.domain.offers import YEAR, Offer, Status, check_answer_by, records
from services.dispatch.domain.organizations import NOTHING, Organization, Record
from services.dispatch.handlers.work import DispatchWork, say, shown
from shared import access
from shared.access import EVERYWHERE
from shared.contracts.dispatch import (
    CandidatesExhausted,
    CandidatesRanked,
    GetMatch,
    GetWeights,
    InviteOrganizations,
    JobOffered,
    JobWithdrawn,
    MatchView,
    Passed,
    Placed,
    RankCandidates,
    RankingView,
    SetWeights,
    WeightsSet,
    WeightsView,
)
from shared.errors import IllegalMove, Invalid

AT_ONCE = 200
LOOKED_AT = 200
REASON = 2000


def rank_candidates(command: RankCandidates, uow: DispatchWork) -> MatchView:
    """Look again: the register, the records or the client's consent may be other than before."""
    with uow:
        item = uow.items.get(command.item_id)
        access.check(uow.actor, "handle_item", park=item.park)
        if item.stage not in (Stage.MATCHING, Stage.UNMATCHED):
            raise IllegalMove("这件事现在不用找机构")
        item.search(uow.now)
        find_organization(item, uow)
        uow.items.put(item)
        return uow.commit(_view(item, uow))


def invite_organizations(command: InviteOrganizations, uow: DispatchWork) -> MatchView:
    """Offer the job to these. Ranked anew first, so that what has changed since the page was drawn counts."""
    codes = tuple(dict.fromkeys(command.organizations))
    if not codes or len(codes) > AT_ONCE:
        raise Invalid("请检查填写的内容", fields={"organizations": "请选要邀请的机构"})
    if len(command.reason) > REASON:
        raise Invalid("请检查填写的内容", fields={"reason": "最多写 2000 个字"})
    with uow:
        item = uow.items.get(command.item_id)
        access.check(uow.actor, "handle_item", park=item.park)
        if item.stage not in (Stage.MATCHING, Stage.UNMATCHED):
            raise IllegalMove("这件事现在不用找机构")
        ranking = _rank(item, uow)
        _check_invited(codes, ranking, command.reason)
        until = command.answer_by and check_answer_by(command.answer_by, uow.now)
        _invite(item, codes, ranking, uow, until, command.reason)
        uow.items.put(item)
        return uow.commit(_view(item, uow))


def _check_invited(codes: Sequence[str], ranking: Ranking, reason: str) -> None:
    """Raises Invalid for whom a firm rule keeps out, or where a reason is lacking."""
    known = {one.organization for one in ranking.candidates}
    for out in ranking.left_out:
        if out.organization in codes and out.firm:
            raise Invalid(out.why.text, fields={"organizations": out.why.text}, **out.why.params)
        known.add(out.organization)
    if not set(codes) <= known:
        raise Invalid("请检查填写的内容", fields={"organizations": "没有这家机构"})
    if ranking.overrules(codes) and not reason.strip():
        raise Invalid("请检查填写的内容", fields={"reason": "不按得分邀请，请写明原因"})


def get_match(query: GetMatch, uow: DispatchWork) -> MatchView:
    with uow:
        item = uow.items.get(query.item_id)
        access.check(uow.actor, "list_items", park=item.park)
        return _view(item, uow)


def set_weights(command: SetWeights, uow: DispatchWork) -> WeightsView:
    access.check(uow.actor, "set_weights", park=EVERYWHERE)
    weights = check_weights(command.weights)
    with uow:
        uow.weights.set(weights, uow.actor.name or uow.actor.id, uow.now)
        uow.say(WeightsSet(park="", weights=dict(weights)))
        return uow.commit(get_weights(GetWeights(), uow, inside=True))


def get_weights(query: GetWeights, uow: DispatchWork, inside: bool = False) -> WeightsView:
    if inside:
        weights, by, at = uow.weights.get()
        return WeightsView(weights=dict(weights), set_by=by, set_at=at)
    access.parks_of(uow.actor, "list_items")
    with uow:
        return get_weights(query, uow, inside=True)


# --- what others do with it


def find_organization(item: Item, uow: DispatchWork) -> None:
    """Rank who fits what was just assessed; where nobody does, staff are alarmed."""
    ranking = _rank(item, uow)
    _alarm_if_nobody(item, ranking, uow)


def go_on(item: Item, note: str, uow: DispatchWork) -> None:
    """Somebody passed, or lost the job. While others are still asked, wait; else invite the next, or alarm staff."""
    left = [offer for offer in uow.offers.of_item(item.item_id) if offer.status is Status.OPEN]
    if left:
        alone = left[0] if len(left) == 1 else None
        until = min(offer.answer_by for offer in left)
        item.wait_for(alone.job_id if alone else "", alone.target if alone else "", until, uow.now)
        return
    if item.stage is Stage.INVITED:
        item.pass_on(note, uow.now)
    ranking = _rank(item, uow)
    if best := ranking.best():
        _invite(item, (best.organization,), ranking, uow)
    else:
        _alarm_if_nobody(item, ranking, uow)


def take_back(item: Item, reason: str, uow: DispatchWork) -> None:
    """Withdraw every offer of the item that is open or in hand."""
    for offer in uow.offers.of_item(item.item_id):
        if offer.status in (Status.OPEN, Status.ACCEPTED):
            withdraw(item, offer, reason, uow)


def withdraw(item: Item, offer: Offer, reason: str, uow: DispatchWork) -> None:
    offer.withdraw(reason, uow.now)
    uow.offers.put(offer)
    say(uow, item, JobWithdrawn, offer.target, job_id=offer.job_id, target=offer.target, reason=reason)


def standing(item: Item, one: Organization | None, offer: Offer, uow: DispatchWork) -> None:
    """Raises IllegalMove in words where an organization may not take the job any more: suspended, expired, full."""
    record = _records(item, uow).get(offer.target, NOTHING)
    if one is None:
        raise IllegalMove("没有这家机构")
    if out := broken(_need(item, uow), one, record, *STANDING):
        raise IllegalMove(out.why.text, **out.why.params)


def look_again(item: Item, uow: DispatchWork) -> None:
    """Nobody was left for it; if there is somebody now, it goes on."""
    ranking = _looked(item, uow)
    if ranking.candidates or _only_consent(ranking):
        item.search(uow.now)
        _rank(item, uow)


def look_again_at_all(uow: DispatchWork) -> None:
    """Whoever was full may have room again, and what was true of an organization yesterday may not be today."""
    with uow:
        for item in uow.items.unmatched(None, LOOKED_AT):
            look_again(item, uow)
            uow.items.put(item)
        uow.commit()


def _looked(item: Item, uow: DispatchWork) -> Ranking:
    weights, _, _ = uow.weights.get()
    return rank(_need(item, uow), uow.organizations.all(), _records(item, uow), weights)


def _only_consent(ranking: Ranking) -> bool:
    """Somebody fits, and only the client's consent is missing."""
    return any(out.rule == "consent" for out in ranking.left_out)


def _rank(item: Item, uow: DispatchWork) -> Ranking:
    """Ranked, explained, kept and told."""
    weights, _, _ = uow.weights.get()
    ranking = _looked(item, uow)
    view = RankingView(
        ranking_id=uow.new_id(), ranked_at=uow.now, weights=dict(weights), candidates=ranking.candidates,
        left_out=ranking.left_out,
    )  # fmt: skip
    uow.rankings.add(item.item_id, view)
    say(
        uow, item, CandidatesRanked, ranking_id=view.ranking_id,
        candidates=tuple(Placed(organization=one.organization, score=one.score) for one in ranking.candidates),
        left_out=tuple(
            Passed(organization=one.organization, rule=one.rule) for one in ranking.left_out if one.rule != "item"
        ),
    )  # fmt: skip
    return ranking


def _need(item: Item, uow: DispatchWork) -> Need:
    asked = {
        offer.target: offer.note
        for offer in uow.offers.of_item(item.item_id)
        if offer.assessment == item.assessment and offer.status is not Status.WITHDRAWN
    }
    return Need(
        item=item.item, park=item.park, industries=uow.parks.industries(item.park), text=item.text,
        today=uow.now.astimezone(uow.zone).date(), allowed=uow.consents.of(item.request_id), asked=asked,
    )  # fmt: skip


def _records(item: Item, uow: DispatchWork) -> dict[str, Record]:
    return records(uow.offers.counted(uow.now - YEAR), item.item)


def _invite(
    item: Item,
    codes: Sequence[str],
    ranking: Ranking,
    uow: DispatchWork,
    until: datetime | None = None,
    reason: str = "",
) -> None:
    plan = uow.plans.of(item.park)
    answer_by = until or plan.calendar.deadline(uow.now, plan.limits["answer"]).at
    assert answer_by is not None  # nothing is paused yet
    scores = {one.organization: one.score for one in ranking.candidates}
    offers = [
        Offer(
            job_id=uow.new_id(), item_id=item.item_id, park=item.park, target=code, item=item.item,
            assessment=item.assessment, offered_at=uow.now, answer_by=answer_by, score=scores.get(code),
        )
        for code in codes
    ]  # fmt: skip
    alone = offers[0] if len(offers) == 1 else None
    item.invite(alone.job_id if alone else "", alone.target if alone else "", answer_by, uow.now, named=bool(until))
    for offer in offers:
        uow.offers.add(offer)
        say(
            uow, item, JobOffered, offer.target, job_id=offer.job_id, target=offer.target, category=item.category,
            item=item.item, number=item.number, company=item.company, text=item.text, details=item.details,
            answer_by=answer_by, reason=reason,
        )  # fmt: skip


def _alarm_if_nobody(item: Item, ranking: Ranking, uow: DispatchWork) -> None:
    """Nobody could be invited, not even with the client's consent."""
    if ranking.candidates or _only_consent(ranking):
        return
    item.exhaust(uow.now)
    asked = [offer for offer in uow.offers.of_item(item.item_id) if offer.assessment == item.assessment]
    left_out = [out for out in ranking.left_out if out.rule != "item"]
    say(uow, item, CandidatesExhausted, asked=len(asked), left_out=len(left_out))


def _view(item: Item, uow: DispatchWork) -> MatchView:
    ranking, count = uow.rankings.last(item.item_id)
    return MatchView(
        item=shown(item, uow), ranking=ranking, rankings=count,
        offers=tuple(offer.view(item, name_of(offer.target, uow)) for offer in _newest_first(item, uow)),
        consent=uow.consents.of(item.request_id).any,
    )  # fmt: skip


def _newest_first(item: Item, uow: DispatchWork) -> list[Offer]:
    return uow.offers.of_item(item.item_id)[::-1]


def name_of(code: str, uow: DispatchWork) -> str:
    one = uow.organizations.get(code)
    return one.name if one else code
