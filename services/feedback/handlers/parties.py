"""What feedback keeps of who served: heard as it happens, so that it is known when somebody complains or rates."""

from dataclasses import replace

from services.feedback.domain.parties import Party
from services.feedback.handlers.work import FeedbackWork
from shared.contracts.dispatch import HandOverAccepted, ItemAccepted, ServiceFinished, ServiceStarted

Heard = ItemAccepted | HandOverAccepted | ServiceStarted | ServiceFinished
PEOPLE = ("staff", "operator", "admin")


def know_party(event: Heard, uow: FeedbackWork) -> None:
    with uow:
        note_party(event, uow)
        uow.commit()


def note_party(event: Heard, uow: FeedbackWork) -> Party:
    """Within a transaction: who has a hand in an item keeps it; what is older changes nothing but that."""
    party = uow.parties.hold(Party(item_id=event.item_id, request_id=event.request_id, park=event.park))
    actor = event.actor
    people = {actor.id} if actor and actor.role in PEOPLE else set()
    told: dict[str, str] = {}
    match event:
        case HandOverAccepted():
            told = {"owner_id": event.owner_id, "owner_name": event.owner_name}
            people.add(event.owner_id)
        case ItemAccepted():
            told = {"owner_id": actor.id, "owner_name": actor.name} if actor else {}
        case ServiceStarted():
            told = {"target": event.target}
        case ServiceFinished():
            told = {name: getattr(event, name) for name in ("number", "title", "category", "item")}
    if event.version < party.version:
        told = {name: value for name, value in told.items() if not getattr(party, name)}
    hands, version = tuple(sorted({*party.hands, *people})), max(party.version, event.version)
    party = replace(party, hands=hands, version=version, **told)  # type: ignore[arg-type]
    uow.parties.put(party)
    return party
