"""What dispatch suggests about a need, and how it learns from what staff decide."""

from datetime import timedelta

from services.dispatch.domain import likeness
from services.dispatch.domain.corrections import Correction
from services.dispatch.domain.items import Item
from services.dispatch.domain.likeness import alike
from services.dispatch.domain.questions import question
from services.dispatch.domain.splitting import parts_of
from services.dispatch.domain.suggestion import Model
from services.dispatch.handlers.work import DispatchWork
from shared import access
from shared.contracts.dispatch import Advice, GetAdvice, Guesses, SuggestCategory
from shared.contracts.station import StationOpened

TEXT_LIMIT = 5000
NEAR_AT_MOST = 50
CORRECTIONS_AT_MOST = 2000  # of one district that are learnt from, the newest


def know_park(event: StationOpened, uow: DispatchWork) -> None:
    """Corrections are learnt from by district; its industries weigh in matching."""
    with uow:
        uow.parks.put(event.park, event.district, event.industries)
        uow.commit()


def suggest_category(query: SuggestCategory, uow: DispatchWork) -> Guesses:
    access.check(uow.actor, "suggest_category")
    with uow:
        return suggested(query.text, model(uow, query.park))


def get_advice(query: GetAdvice, uow: DispatchWork) -> Advice:
    with uow:
        item = uow.items.get(query.item_id)
        access.check(uow.actor, "list_items", park=item.park)
        known = model(uow, item.park)
        same = (*query.same_contact, *query.same_company)
        beside = _near(item, same, uow) if item.may("merge") else []
    found = suggested(item.text, known)
    parts = parts_of(item.text, known.likeliest) if item.may("split") else ()
    found_alike = alike(item, beside, set(query.same_contact), set(query.same_company), known.likeliest)
    return Advice(guesses=found.guesses, question=found.question, parts=parts, alike=tuple(found_alike))


def _near(item: Item, requests: tuple[str, ...], uow: DispatchWork) -> list[Item]:
    """Items of the same company or contact, stated not long before or after."""
    days = timedelta(days=likeness.DAYS)
    return uow.items.near(item.park, item.company, requests, item.opened_at - days, item.opened_at + days, NEAR_AT_MOST)


def suggested(text: str, known: Model) -> Guesses:
    """A question about the station is answered, and not forced into a category."""
    text = text[:TEXT_LIMIT]
    if asked := question(text, known.knows):
        return Guesses(guesses=(), question=asked)
    return Guesses(guesses=tuple(known.guesses(text)))


def model(uow: DispatchWork, park: str) -> Model:
    """The model for one park's district; made anew when a target or a correction changed."""
    parks = uow.parks.beside(park)
    return uow.models.get(
        (uow.targets.digests(), parks, uow.corrections.stamp(parks)),
        lambda: Model(uow.targets.all(), uow.corrections.of(parks, CORRECTIONS_AT_MOST)),
    )


def learn(item: Item, uow: DispatchWork) -> None:
    """Remember an assessment that is not what was suggested; once remembered, the last assessment counts."""
    guesses = suggested(item.text, model(uow, item.park)).guesses
    first = guesses[0].item if guesses else ""
    if first == item.item and uow.corrections.get(item.item_id) is None:
        return
    uow.corrections.put(
        Correction(
            item_id=item.item_id, park=item.park, category=item.category, item=item.item, suggested=first,
            corrected_at=uow.now,
        )
    )  # fmt: skip
