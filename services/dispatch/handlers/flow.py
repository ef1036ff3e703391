"""What dispatch does when something happened: one function each."""

from datetime import timedelta

from services.dispatch.domain.items import Item
from services.dispatch.domain.life import ENDED, Stage
from services.dispatch.handlers import offers
from services.dispatch.handlers.checks import sample
from services.dispatch.handlers.work import DispatchWork, say
from shared.contracts.archive import DossierSealed
from shared.contracts.dispatch import (
    ItemClosed,
    ItemOpened,
    OfferDeclined,
    ServiceFinished,
    ServiceStarted,
)
from shared.contracts.feedback import ResultTold, SurveyAnswered, SurveyLapsed
from shared.contracts.intake import RequestReceived
from shared.contracts.providers import JobAccepted, JobDeclined, JobEvent, JobFinished
from shared.errors import Early

GRACE = timedelta(days=1)  # for a survey that has run out to be said so


def open_item(event: RequestReceived, uow: DispatchWork) -> None:
    with uow:
        assert event.occurred_at is not None
        item = Item(
            item_id=uow.new_id(), request_id=event.request_id, park=event.park, number=event.number,
            company=event.company, text=event.text, channel=event.channel, opened_at=event.occurred_at,
            changed_at=uow.now, category=event.category, item=event.item, details=event.details,
            evidence=[event.event_id],
        )  # fmt: skip
        say(uow, item, ItemOpened, number=item.number, company=item.company, text=item.text, channel=item.channel)
        uow.items.add(item)
        uow.commit()


def start_service(event: JobAccepted, uow: DispatchWork) -> None:
    with uow:
        item = uow.items.get(event.item_id)
        if item.concerns(event.job_id) and item.may("start"):
            item.start(event.note, uow.now)
            say(uow, item, ServiceStarted, job_id=event.job_id, target=event.target, note=event.note)
        _keep(uow, item, event)


def take_decline(event: JobDeclined, uow: DispatchWork) -> None:
    with uow:
        item = uow.items.get(event.item_id)
        if item.concerns(event.job_id) and item.may("decline"):
            item.decline(event.reason, uow.now)
            say(uow, item, OfferDeclined, job_id=event.job_id, target=event.target, reason=event.reason)
        _keep(uow, item, event)


def finish_service(event: JobFinished, uow: DispatchWork) -> None:
    with uow:
        item = uow.items.get(event.item_id)
        if item.concerns(event.job_id) and item.may("finish"):
            item.finish(uow.now)
            say(
                uow, item, ServiceFinished, number=item.number, title=item.title, category=item.category,
                item=item.item, result=event.result, served_by=event.served_by,
            )  # fmt: skip
            sample(item, event.actor.id if event.actor else "", uow)
        _keep(uow, item, event)


def note_told(event: ResultTold, uow: DispatchWork) -> None:
    with uow:
        item = uow.items.get(event.item_id)
        if item.may("tell"):
            item.tell(uow.now, event.expires_at + GRACE, event.survey_id)
        offers.note_asked(item, uow)
        _keep(uow, item, event)


def close_item(event: SurveyAnswered | SurveyLapsed, uow: DispatchWork) -> None:
    with uow:
        item = uow.items.get(event.item_id)
        item.evidence.append(event.event_id)
        if event.survey_id not in item.past_surveys:
            offers.note_rating(item, event.score if isinstance(event, SurveyAnswered) else None, uow)
        if item.may("close") and event.survey_id not in item.past_surveys:
            item.close(uow.now)
            say(uow, item, ItemClosed, number=item.name, evidence=tuple(item.evidence))
        uow.items.put(item)
        uow.commit()


def note_sealed(event: DossierSealed, uow: DispatchWork) -> None:
    with uow:
        item = uow.items.get(event.item_id)
        if item.stage not in (Stage.CLOSED, Stage.SEALED):
            raise Early("档案先于办结到达")
        if item.may("seal"):
            item.seal(uow.now)
        _keep(uow, item, event)


def _keep(uow: DispatchWork, item: Item, event: JobEvent | ResultTold | DossierSealed) -> None:
    """Remember what was heard, whether it moved the item or came too late to."""
    if item.stage not in ENDED:
        item.evidence.append(event.event_id)
    uow.items.put(item)
    uow.commit()
