"""What dispatch's handlers share: their transaction, how an item speaks, how it is offered."""

from datetime import timedelta
from typing import Any, Protocol, TypeVar
from zoneinfo import ZoneInfo

from services.dispatch.domain.appointments import Appointments
from services.dispatch.domain.corrections import Corrections, Parks
from services.dispatch.domain.items import Item, Items, Way
from services.dispatch.domain.resources import Resources
from services.dispatch.domain.suggestion import Models
from services.dispatch.domain.targets import Targets
from shared.contracts.dispatch import (
    ItemEvent,
    JobOffered,
)
from shared.ports import Work

E = TypeVar("E", bound=ItemEvent)


class DispatchWork(Work, Protocol):
    items: Items
    targets: Targets
    resources: Resources
    appointments: Appointments
    corrections: Corrections
    parks: Parks
    models: Models
    offer_seconds: float
    remind_hours: float
    zone: ZoneInfo


def say(uow: DispatchWork, item: Item, kind: type[E], topic: str = "", /, **content: Any) -> None:
    said = uow.say(
        kind(park=item.park, request_id=item.request_id, item_id=item.item_id, version=item.version, **content),
        topic,
    )
    item.evidence.append(said.event_id)


def offer(item: Item, uow: DispatchWork) -> None:
    """Offer the job to its category's target, if that lives and has not declined this assessment."""
    target = uow.targets.get(item.category)
    if target is None or not target.live(uow.now) or target.target in item.declined:
        return
    entry = target.manifest["items"].get(item.item)
    if entry is None:
        return
    item.title = entry["title"]  # it may have been assessed before the target was known
    item.offer(uow.new_id(), target.target, uow.now + timedelta(seconds=uow.offer_seconds), uow.now)
    say(
        uow, item, JobOffered, item.target, job_id=item.job_id, target=item.target, category=item.category,
        item=item.item, number=item.number, company=item.company, text=item.text, details=item.details,
        by_appointment=item.way == Way.APPOINTMENT,
    )  # fmt: skip
