"""The API's operations on matching, offers and terms: who serves an item, and what both sides agree on."""

from datetime import UTC
from typing import Any

from marshmallow import fields, validate

from services.gateway.api.operations import Who, operation
from services.gateway.api.requests import owner_of, reader_of
from services.gateway.api.schemas import _MESSAGES, _PAGE, Empty, Input, _text, _texts, _values
from services.gateway.pages.organization import contact_of
from services.gateway.visit import Visit, idempotency_key
from shared.access import Actor
from shared.contracts.base import Command, Query
from shared.contracts.dispatch import (
    AcceptOffer,
    AgreeTerms,
    AssessmentList,
    DeclineOffer,
    DeliverResult,
    DropTerms,
    GetMatch,
    GetOffer,
    GetTerms,
    GetWeights,
    InviteOrganizations,
    ItemPage,
    ItemView,
    ListAssessments,
    ListItems,
    ListOffers,
    MatchView,
    OfferPage,
    OfferView,
    ProposeTerms,
    RankCandidates,
    SetWeights,
    StartJob,
    TermsView,
    WeightsView,
)
from shared.contracts.intake import ContactView, GetRequest
from shared.errors import Invalid, NotFound
from shared.wire import Text

_SIDE = "For staff, who write it down for one: organization or client."
_ITEM = "Which item of the request; may be left out where there is one alone."


def _number() -> fields.Field[Any]:
    return fields.Int(
        required=True, strict=True, error_messages=_MESSAGES,
        metadata={"description": "The number of the proposal, which must be the newest."},
    )  # fmt: skip


class InviteIn(Input):
    organizations = _texts("Codes, such as GZ-JL; to several at once, the first to accept has the job.", most=20)
    reason = _text("Needed where it is not by score, or a rule is overruled.", required=False, most=2000)
    answer_by = fields.AwareDateTime(
        format="iso",
        default_timezone=UTC,
        load_default=None,
        error_messages=_MESSAGES,
        metadata={"description": "By when they answer; else as the district gives them."},
    )


class WeightsIn(Input):
    weights = _values("Whole points by criterion, 100 in all.")


class NoteIn(Input):
    note = _text("Anything to add.", required=False, most=2000)


class DeclineOfferIn(Input):
    reason = _text("Why it is not taken; the station sees it.", most=2000)


class DeliveryIn(Input):
    result = fields.Dict(
        keys=Text(),
        required=True,
        error_messages=_MESSAGES,
        metadata={"description": "What the item's result description asks for, by field name."},
    )


class TermsIn(Input):
    terms = _values("What `form` of the terms asks for, by field name.")
    side = _text(_SIDE, required=False, most=20)


class AgreeIn(Input):
    number = _number()
    side = _text(_SIDE, required=False, most=20)


class DropTermsIn(Input):
    reason = _text("Why they cannot agree.", most=2000)
    side = _text(_SIDE, required=False, most=20)


class OwnItemIn(Input):
    item_id = _text(_ITEM, required=False, most=60)


class OwnTermsIn(OwnItemIn):
    terms = _values("What `form` of the terms asks for, by field name.")


class OwnAgreeIn(OwnItemIn):
    proposal = _number()


class OwnDropTermsIn(OwnItemIn):
    reason = _text("Why you cannot agree.", most=2000)


class OfferQuery(Input):
    organization = _text("Whose offers; an organization sees its own.", required=False, most=20)
    current = fields.Bool(load_default=False, error_messages=_MESSAGES)
    after = _text("What `next` of the last page said.", required=False, most=20)
    limit = fields.Int(load_default=50, validate=validate.Range(1, 200, error=_PAGE), error_messages=_MESSAGES)


@operation(
    "GET", "/items/{item_id}/match", "Who fits and why, who is left out and why, and what was offered to whom.",
    who=Who.STAFF, gives=MatchView,
)  # fmt: skip
async def get_match(visit: Visit, item_id: str) -> MatchView:
    return await _ask(visit, GetMatch(item_id=item_id))


@operation(
    "POST", "/items/{item_id}/match", "Look again who fits.", who=Who.STAFF, takes=Empty, gives=MatchView
)  # fmt: skip
async def rank_candidates(visit: Visit, **given: Any) -> MatchView:
    return await _tell(visit, RankCandidates(**given))


@operation(
    "POST", "/items/{item_id}/invitations", "Offer the job to one organization, or to several at once.",
    who=Who.STAFF, takes=InviteIn, gives=MatchView,
)  # fmt: skip
async def invite_organizations(visit: Visit, **given: Any) -> MatchView:
    return await _tell(visit, InviteOrganizations(**given))


@operation(
    "GET", "/items/{item_id}/assessments", "Every assessment of the item, the newest first; that one counts.",
    who=Who.STAFF, gives=AssessmentList,
)  # fmt: skip
async def list_assessments(visit: Visit, item_id: str) -> AssessmentList:
    return await _ask(visit, ListAssessments(item_id=item_id))


@operation("GET", "/weights", "How much each criterion of matching weighs.", who=Who.STAFF, gives=WeightsView)
async def get_weights(visit: Visit) -> WeightsView:
    return await _ask(visit, GetWeights())


@operation(
    "POST", "/weights", "Weigh the criteria anew, from now on.", who=Who.STAFF, takes=WeightsIn, gives=WeightsView
)  # fmt: skip
async def set_weights(visit: Visit, **given: Any) -> WeightsView:
    return await _tell(visit, SetWeights(**given))


@operation(
    "GET", "/offers", "Offers to organizations: open ones by answer-by time, then those in hand, then the rest.",
    who=Who.STAFF, query=OfferQuery, gives=OfferPage,
)  # fmt: skip
async def list_offers(visit: Visit, **given: Any) -> OfferPage:
    return await _ask(visit, ListOffers(**given))


@operation("GET", "/offers/{job_id}", "One offer.", who=Who.STAFF, gives=OfferView)
async def get_offer(visit: Visit, job_id: str) -> OfferView:
    return await _ask(visit, GetOffer(job_id=job_id))


@operation(
    "GET", "/offers/{job_id}/contact",
    "Whom to call, for the organization that has the job, as far as the client consents.",
    who=Who.STAFF, gives=ContactView,
)  # fmt: skip
async def get_offer_contact(visit: Visit, job_id: str) -> ContactView:
    if contact := await contact_of(visit, await _ask(visit, GetOffer(job_id=job_id))):
        return contact
    raise NotFound("现在没有可以告诉的联系方式")


@operation(
    "POST", "/offers/{job_id}/accept", "Take the job; the first to accept has it. Staff may write down what was said.",
    who=Who.STAFF, takes=NoteIn, gives=OfferView,
)  # fmt: skip
async def accept_offer(visit: Visit, **given: Any) -> OfferView:
    return await _tell(visit, AcceptOffer(**given))


@operation(
    "POST", "/offers/{job_id}/decline", "Do not take the job, and say why.",
    who=Who.STAFF, takes=DeclineOfferIn, gives=OfferView,
)  # fmt: skip
async def decline_offer(visit: Visit, **given: Any) -> OfferView:
    return await _tell(visit, DeclineOffer(**given))


@operation(
    "POST", "/offers/{job_id}/start", "Work has begun, as agreed.", who=Who.STAFF, takes=NoteIn, gives=OfferView
)  # fmt: skip
async def start_job(visit: Visit, **given: Any) -> OfferView:
    return await _tell(visit, StartJob(**given))


@operation(
    "POST", "/offers/{job_id}/result", "Deliver the result of an organization's job.",
    who=Who.STAFF, takes=DeliveryIn, gives=OfferView,
)  # fmt: skip
async def deliver_result(visit: Visit, **given: Any) -> OfferView:
    return await _tell(visit, DeliverResult(**given))


@operation(
    "GET", "/items/{item_id}/terms", "What organization and client proposed and agreed.",
    who=Who.STAFF, gives=TermsView,
)  # fmt: skip
async def get_terms(visit: Visit, item_id: str) -> TermsView:
    return await _ask(visit, GetTerms(item_id=item_id))


@operation(
    "POST", "/items/{item_id}/terms", "Propose terms, or other terms than the other side did.",
    who=Who.STAFF, takes=TermsIn, gives=TermsView,
)  # fmt: skip
async def propose_terms(visit: Visit, **given: Any) -> TermsView:
    return await _tell(visit, ProposeTerms(**given))


@operation(
    "POST", "/items/{item_id}/terms/agree", "Agree to the other side's newest terms.",
    who=Who.STAFF, takes=AgreeIn, gives=TermsView,
)  # fmt: skip
async def agree_terms(visit: Visit, **given: Any) -> TermsView:
    return await _tell(visit, AgreeTerms(**given))


@operation(
    "POST", "/items/{item_id}/terms/drop", "No terms can be found: the organization gives the job back.",
    who=Who.STAFF, takes=DropTermsIn, gives=ItemView,
)  # fmt: skip
async def drop_terms(visit: Visit, **given: Any) -> ItemView:
    return await _tell(visit, DropTerms(**given))


@operation(
    "GET", "/requests/{number}/terms", "The terms of your item. Needs X-Request-Code, or a session.",
    who=Who.OWNER, query=OwnItemIn, gives=TermsView,
)  # fmt: skip
async def get_own_terms(visit: Visit, number: str, item_id: str) -> TermsView:
    actor = await reader_of(visit, number)
    return await visit.ask(GetTerms(item_id=await _own_item(visit, number, actor, item_id)), actor)


@operation(
    "POST", "/requests/{number}/terms", "Propose other terms. Needs X-Request-Code.",
    who=Who.OWNER, takes=OwnTermsIn, gives=TermsView,
)  # fmt: skip
async def propose_own_terms(visit: Visit, number: str, item_id: str, terms: dict[str, Any]) -> TermsView:
    actor = await owner_of(visit, number)
    command = ProposeTerms(item_id=await _own_item(visit, number, actor, item_id), terms=terms)
    return await visit.tell(command, actor, idempotency_key(visit.request))


@operation(
    "POST", "/requests/{number}/terms/agree", "Agree to the organization's newest terms. Needs X-Request-Code.",
    who=Who.OWNER, takes=OwnAgreeIn, gives=TermsView,
)  # fmt: skip
async def agree_own_terms(visit: Visit, number: str, item_id: str, proposal: int) -> TermsView:
    actor = await owner_of(visit, number)
    command = AgreeTerms(item_id=await _own_item(visit, number, actor, item_id), number=proposal)
    return await visit.tell(command, actor, idempotency_key(visit.request))


@operation(
    "POST", "/requests/{number}/terms/drop", "You cannot agree: another organization is found. Needs X-Request-Code.",
    who=Who.OWNER, takes=OwnDropTermsIn, gives=ItemView,
)  # fmt: skip
async def drop_own_terms(visit: Visit, number: str, item_id: str, reason: str) -> ItemView:
    actor = await owner_of(visit, number)
    command = DropTerms(item_id=await _own_item(visit, number, actor, item_id), reason=reason)
    return await visit.tell(command, actor, idempotency_key(visit.request))


async def _own_item(visit: Visit, number: str, actor: Actor, item_id: str) -> str:
    """The item of this request that is meant: the one named, or the only one."""
    request = await visit.ask(GetRequest(number=number), actor)
    found: ItemPage = await visit.ask(ListItems(request_id=request.request_id, limit=200), actor)
    ids = [item.item_id for item in found.items]
    if item_id in ids or (not item_id and len(ids) == 1):
        return item_id or ids[0]
    if not item_id and ids:
        raise Invalid("请检查填写的内容", fields={"item_id": "这个编号下有几件，请写明是哪一件"})
    raise NotFound("这个编号下没有这一件")


async def _ask(visit: Visit, query: Query) -> Any:
    return await visit.ask(query, (await visit.staff()).account.actor())


async def _tell(visit: Visit, command: Command) -> Any:
    actor = (await visit.staff()).account.actor()
    return await visit.tell(command, actor, idempotency_key(visit.request))
