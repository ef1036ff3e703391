"""What dispatch does around an assessment: how the item is served, how urgent it is, and who answers for it (6.3)."""

from services.dispatch.domain.assessments import REASON, Assessment, decided, prioritized
from services.dispatch.domain.items import Item
from services.dispatch.domain.life import Stage, Way
from services.dispatch.handlers.matching import take_back
from services.dispatch.handlers.work import DispatchWork
from shared import access
from shared.contracts.base import Details
from shared.contracts.dispatch import AssessItem, AssessmentList, ListAssessments
from shared.errors import Invalid

AGAIN = "重新评估"


def decide(command: AssessItem, item: Item, entry: Details | None, uow: DispatchWork) -> Way:
    """Who serves it; what was offered to organizations before is taken back. Raises Invalid."""
    if len(command.reason) > REASON:
        raise Invalid("请检查填写的内容", fields={"reason": "最多写 2000 个字"})
    way, priority = decided(command.way, entry), prioritized(command.priority)
    if item.stage is Stage.INVITED:
        take_back(item, AGAIN, uow)
    item.priority = priority
    return way


def keep(command: AssessItem, item: Item, uow: DispatchWork) -> None:
    """What was decided, with its assessor; earlier assessments of the item stay beside it."""
    uow.assessments.add(
        Assessment(
            item_id=item.item_id, number=item.assessment, assessed_at=uow.now, assessor_id=uow.actor.id,
            assessor_name=uow.actor.name, category=item.category, item=item.item, title=item.title,
            details=item.details, priority=prioritized(item.priority), reason=command.reason,
            note=command.note, way=Way(item.way),
        )
    )  # fmt: skip


def list_assessments(query: ListAssessments, uow: DispatchWork) -> AssessmentList:
    with uow:
        item = uow.items.get(query.item_id)
        access.check(uow.actor, "list_items", park=item.park)
        return AssessmentList(assessments=tuple(one.view() for one in uow.assessments.of_item(item.item_id)))
