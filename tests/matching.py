"""What the handlers of matching, offers and terms are handed, without a database; and entities for their tests."""

from copy import deepcopy
from dataclasses import replace
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from services.dispatch.domain.assessments import Assessment
from services.dispatch.domain.consents import Allowed, Consent
from services.dispatch.domain.items import Item, Stage
from services.dispatch.domain.matching import DEFAULTS
from services.dispatch.domain.offers import COUNTED, CURRENT, Offer, Status, found
from services.dispatch.domain.organizations import Organization
from services.dispatch.domain.terms import Negotiation
from shared.access import EVERYWHERE
from shared.contracts.dispatch import RankingView
from shared.contracts.providers import OrganizationRegistered
from shared.errors import NotFound
from tests.builders import NOON, item, qualification

if TYPE_CHECKING:
    from tests.fakes import FakeWork


class _Kept:
    def __init__(self, work: "FakeWork") -> None:
        self._work = work

    def _table(self, name: str) -> dict[Any, Any]:
        return self._work.kept.setdefault(name, {})


class FakeAssessments(_Kept):
    def add(self, assessment: Assessment) -> None:
        self._table("assessments")[assessment.item_id, assessment.number] = assessment

    def of_item(self, item_id: str) -> list[Assessment]:
        found = [one for (item, _), one in self._table("assessments").items() if item == item_id]
        return sorted(found, key=lambda one: one.number, reverse=True)


class FakeConsents(_Kept):
    def hear(self, consent: Consent) -> None:
        known = self._table("consents").get(consent.consent_id, consent)
        self._table("consents")[consent.consent_id] = replace(
            known, given_at=consent.given_at or known.given_at, withdrawn_at=consent.withdrawn_at or known.withdrawn_at
        )

    def of(self, request_id: str) -> Allowed:
        return Allowed.of(one for one in self._table("consents").values() if one.request_id == request_id)


class FakeRankings(_Kept):
    def add(self, item_id: str, ranking: RankingView) -> None:
        self._table("rankings").setdefault(item_id, []).append(ranking)

    def last(self, item_id: str) -> tuple[RankingView | None, int]:
        rankings = self._table("rankings").get(item_id, [])
        return (rankings[-1] if rankings else None), len(rankings)


class FakeWeights(_Kept):
    def set(self, weights: dict[str, int], by: str, at: datetime) -> None:
        self._table("weights")["now"] = (dict(weights), by, at)

    def get(self) -> tuple[dict[str, int], str, datetime | None]:
        weights, by, at = self._table("weights").get("now", (DEFAULTS, "", None))
        return dict(weights), by, at


class FakeOffers(_Kept):
    @property
    def _offers(self) -> dict[str, Offer]:
        return self._table("offers")

    def add(self, offer: Offer) -> None:
        self._offers[offer.job_id] = deepcopy(offer)

    put = add

    def get(self, job_id: str) -> Offer:
        return deepcopy(found(self._offers.get(job_id)))

    def item_of(self, job_id: str) -> str:
        if job_id not in self._offers:
            raise NotFound("没有这个邀请")
        return self._offers[job_id].item_id

    def of_item(self, item_id: str) -> list[Offer]:
        of_item = [one for one in self._offers.values() if one.item_id == item_id]
        return deepcopy(sorted(of_item, key=lambda one: (one.offered_at, one.job_id)))

    def open_to(self, target: str) -> list[str]:
        return sorted(o.item_id for o in self._offers.values() if o.target == target and o.status is Status.OPEN)

    def counted(self, since: datetime) -> list[Offer]:
        return [
            deepcopy(one)
            for one in self._offers.values()
            if one.status is Status.ACCEPTED or (one.ended_at and one.ended_at > since and one.status in COUNTED)
        ]

    def page(self, target: str, parks: tuple[str, ...], current: bool, skip: int, limit: int) -> list[Offer]:
        rows = [
            one
            for one in self._offers.values()
            if (not target or one.target == target)
            and (EVERYWHERE in parks or one.park in parks)
            and (not current or one.status in CURRENT)
        ]
        rows.sort(key=lambda one: one.job_id, reverse=True)
        rows.sort(key=lambda one: (one.status is Status.OPEN and one.answer_by) or NOON)
        rows.sort(key=lambda one: CURRENT.index(one.status) if one.status in CURRENT else len(CURRENT))
        return deepcopy(rows[skip : skip + limit])


class FakeOrganizationsKnown(_Kept):
    def get(self, code: str) -> Organization | None:
        return self._table("organizations").get(code)

    lock = get

    def put(self, organization: Organization) -> None:
        self._table("organizations")[organization.code] = organization

    def all(self) -> list[Organization]:
        return sorted(self._table("organizations").values(), key=lambda one: one.code)


class FakeNegotiations(_Kept):
    def of(self, job_id: str) -> Negotiation:
        return deepcopy(self._table("negotiations").get(job_id, Negotiation(job_id=job_id)))

    def put(self, negotiation: Negotiation) -> None:
        self._table("negotiations")[negotiation.job_id] = deepcopy(negotiation)


def add_matching(work: Any) -> None:
    """Give a fake transaction of dispatch all that matching needs."""
    work.assessments, work.rankings, work.weights = FakeAssessments(work), FakeRankings(work), FakeWeights(work)
    work.offers, work.negotiations = FakeOffers(work), FakeNegotiations(work)
    work.organizations, work.consents = FakeOrganizationsKnown(work), FakeConsents(work)


def registered(**given: Any) -> OrganizationRegistered:
    values = {
        "park": "", "organization": "M01", "version": 1, "name": "示例机构M01", "items": ("5.3.d",),
        "parks": ("tianan",), "qualifications": (qualification(),), "capacity": 3, "status": "active",
        "joined_on": "2025-01-01", "industries": ("电子信息",), "distance": "city", "price": "middle",
    }  # fmt: skip
    code = given.get("organization", "M01")
    return OrganizationRegistered(**{**values, "name": f"示例机构{code}", **given})


def organization(**given: Any) -> Organization:
    return Organization.of(registered(**given))


def offer(**given: Any) -> Offer:
    values = {
        "job_id": "j1", "item_id": "i1", "park": "tianan", "target": "M01", "item": "5.3.d", "assessment": 1,
        "offered_at": NOON, "answer_by": NOON.replace(day=25),
    }  # fmt: skip
    return Offer(**{**values, **given})


def matching(**given: Any) -> Item:
    """An item for which an organization is to be found; the client lets its contact be given."""
    values = {
        "stage": Stage.MATCHING, "category": "metrology", "item": "5.3.d", "title": "校准", "way": "match",
        "priority": "normal", "assessment": 1, "owner_id": "chen",
    }  # fmt: skip
    return item(**{**values, **given})


TERMS = {
    "project": "卡尺校准", "scope": "3 把，出证书", "starts_on": "2026-11-26", "due_on": "2026-12-04", "price": 1200,
    "place": "上门",
}  # fmt: skip
DUE = date(2026, 12, 4)
