"""What dispatch's handlers share: their transaction, how an item speaks, how it is offered."""

from dataclasses import replace
from datetime import timedelta
from typing import Any, Protocol, TypeVar
from zoneinfo import ZoneInfo

from services.dispatch.domain.appointments import Appointments
from services.dispatch.domain.assessments import Assessments, Rankings, Weights
from services.dispatch.domain.checks import Checks
from services.dispatch.domain.consents import Consents
from services.dispatch.domain.corrections import Corrections, Parks
from services.dispatch.domain.follow_ups import FollowUps
from services.dispatch.domain.following import Following
from services.dispatch.domain.items import Item
from services.dispatch.domain.life import ENDED, FILED, Stage, Way
from services.dispatch.domain.notices import Notices
from services.dispatch.domain.offers import Offers
from services.dispatch.domain.organizations import Organizations
from services.dispatch.domain.repositories import Items
from services.dispatch.domain.resources import Resources
from services.dispatch.domain.standings import Standings
from services.dispatch.domain.suggestion import Models
from services.dispatch.domain.targets import Targets
from services.dispatch.domain.terms import Negotiations
from shared.access import Role
from shared.calendar import Unit
from shared.contracts.base import Details
from shared.contracts.dispatch import (
    ItemEvent,
    ItemView,
    JobOffered,
)
from shared.limits import MOST
from shared.plans import Plans
from shared.ports import Work

E = TypeVar("E", bound=ItemEvent)
REOPENED = {Stage.TOLD, *FILED, *ENDED} - {Stage.MERGED, Stage.REJOINED}  # from where an item can be reopened


class DispatchWork(Work, Protocol):
    items: Items
    targets: Targets
    standings: Standings
    resources: Resources
    appointments: Appointments
    following: Following
    follow_ups: FollowUps
    checks: Checks
    corrections: Corrections
    parks: Parks
    notices: Notices
    models: Models
    plans: Plans
    assessments: Assessments
    organizations: Organizations
    consents: Consents
    rankings: Rankings
    weights: Weights
    offers: Offers
    negotiations: Negotiations
    offer_seconds: float
    reopen_days: float
    remind_hours: float
    zone: ZoneInfo


def say(uow: DispatchWork, item: Item, kind: type[E], topic: str = "", /, **content: Any) -> None:
    said = uow.say(
        kind(park=item.park, request_id=item.request_id, item_id=item.item_id, version=item.version, **content),
        topic,
    )
    item.evidence.append(said.event_id)


def shown(item: Item, uow: DispatchWork) -> ItemView:
    """The item with how its clock stands now; clients learn nothing of colleagues' affairs, nor of others' numbers."""
    reading = item.reading(uow.plans.of(item.park), uow.now)
    view = item.view(reading.due() if reading else None)
    if item.stage in REOPENED:
        until = (item.ended_at or item.changed_at) + timedelta(days=uow.reopen_days)
        view = replace(view, reopen_until=until if uow.now < until else None)
    if item.stage is Stage.AGREEING:
        view = replace(view, turn=str(uow.negotiations.of(item.job_id).turn or ""))
    if uow.actor.role == Role.CLIENT:
        view = replace(view, heir_id="", heir_name="", heir_reason="", heir_since=None, linked=())
    return view


def offer(item: Item, uow: DispatchWork) -> None:
    """Offer the job to its category's target, if that lives and has not declined this assessment."""
    target = uow.targets.get(item.category)
    if target is None or not target.live(uow.now) or target.target in item.declined:
        return
    entry = target.manifest["items"].get(item.item)
    if entry is None:
        return
    item.title = entry["title"]  # it may have been assessed before the target was known
    until = uow.now + timedelta(seconds=uow.offer_seconds)
    item.offer(uow.new_id(), target.target, until, uow.now, _days(entry))
    say(
        uow, item, JobOffered, item.target, job_id=item.job_id, target=item.target, category=item.category,
        item=item.item, number=item.name, company=item.company, text=item.text, details=item.details,
        by_appointment=item.way == Way.APPOINTMENT,
    )  # fmt: skip


def _days(entry: Details) -> int | None:
    """What the target says the service takes, if it says something that can be: a target is foreign code."""
    days = entry.get("days")
    return days if type(days) is int and 1 <= days <= MOST[Unit.DAYS] else None
