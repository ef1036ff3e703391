"""What dispatch does when people ask it to: one function each."""

from services.dispatch.domain.items import Item
from services.dispatch.domain.life import URGENCY, Stage, Way
from services.dispatch.handlers.advice import learn
from services.dispatch.handlers.appointments import plan
from services.dispatch.handlers.assessment import decide, keep
from services.dispatch.handlers.changes import change, said
from services.dispatch.handlers.matching import find_organization, take_back
from services.dispatch.handlers.work import DispatchWork, offer, say, shown
from shared import access, forms
from shared.access import EVERYWHERE
from shared.contracts.dispatch import (
    AcceptItem,
    AnswerItem,
    AssessItem,
    GetItem,
    ItemAccepted,
    ItemAnswered,
    ItemAssessed,
    ItemPage,
    ItemRefused,
    ItemView,
    ItemWithdrawn,
    JobWithdrawn,
    ListItems,
    RefuseItem,
    WithdrawItem,
)
from shared.errors import Invalid

PAGE_LIMIT = 200


def accept_item(command: AcceptItem, uow: DispatchWork) -> ItemView:
    def accept(item: Item) -> None:
        item.accept(uow.actor, uow.now)
        say(uow, item, ItemAccepted)

    return change(command.item_id, uow, accept)


def assess_item(command: AssessItem, uow: DispatchWork) -> ItemView:
    """What the need is (6.3). A category that no target serves yet is taken too: the item waits, visible."""

    def assess(item: Item) -> None:
        if not command.category or not command.item:
            raise Invalid("请检查填写的内容", fields={"item": "请选一类服务"})
        target = uow.targets.get(command.category)
        title, details, entry = command.item, command.details, None
        if target is not None:
            entry = target.item(command.item)
            title, details = entry["title"], _checked(entry["form"], command.details)
        way = decide(command, item, entry, uow)
        assessed = item.match if way is Way.MATCH else item.assess
        assessed(command.category, command.item, title, details, command.note, uow.actor, uow.now)
        if way is not Way.MATCH:
            plan(way, command, item, uow)
        waits = bool(item.waiting_since) and (target is None or not target.live(uow.now))
        say(
            uow,
            item,
            ItemAssessed,
            category=item.category,
            item=item.item,
            title=title,
            note=command.note,
            waiting=waits,
            way=item.way,
            priority=item.priority,
            reason=command.reason,
        )
        learn(item, uow)
        keep(command, item, uow)
        if way is Way.MATCH:
            find_organization(item, uow)
        elif item.waiting_since:
            offer(item, uow)

    return change(command.item_id, uow, assess)


def answer_item(command: AnswerItem, uow: DispatchWork) -> ItemView:
    """The message is no service need: it ends with an answer."""
    answer = said(command.answer, "answer", "请写下给企业的答复")

    def end(item: Item) -> None:
        item.end("answer", answer, uow.now)
        item.take(uow.actor)
        say(uow, item, ItemAnswered, number=item.number, answer=answer)

    return change(command.item_id, uow, end)


def refuse_item(command: RefuseItem, uow: DispatchWork) -> ItemView:
    reason = said(command.reason, "reason", "请写明不受理的原因，企业会看到")

    def end(item: Item) -> None:
        item.end("refuse", reason, uow.now)
        item.take(uow.actor)
        say(uow, item, ItemRefused, reason=reason)

    return change(command.item_id, uow, end)


def withdraw_item(command: WithdrawItem, uow: DispatchWork) -> ItemView:
    def end(item: Item) -> None:
        job_id, target = item.job_id, item.target
        item.end("withdraw", command.reason, uow.now)
        say(uow, item, ItemWithdrawn, reason=command.reason)
        if item.way == Way.MATCH:
            take_back(item, "企业不办了", uow)
        elif job_id:
            say(uow, item, JobWithdrawn, target, job_id=job_id, target=target, reason="企业不办了")

    return change(command.item_id, uow, end, "withdraw_item")


def get_item(query: GetItem, uow: DispatchWork) -> ItemView:
    with uow:
        item = uow.items.get(query.item_id)
        access.check(uow.actor, "read_request", park=item.park, request_id=item.request_id)
        return shown(item, uow)


def list_items(query: ListItems, uow: DispatchWork) -> ItemPage:
    """Of the actor's parks; a client lists only the items of one own request."""
    if not 1 <= query.limit <= PAGE_LIMIT:
        raise Invalid("请检查填写的内容", fields={"limit": "每页 1 到 200 件"})
    if query.stage and query.stage not in set(Stage):
        raise Invalid("请检查填写的内容", fields={"stage": "没有这个状态"})
    if query.order not in ("", URGENCY):
        raise Invalid("请检查填写的内容", fields={"order": "只能按先后，或按急缓（urgency）排"})
    if query.request_id and query.request_id in uow.actor.requests:
        parks: tuple[str, ...] = (EVERYWHERE,)
    else:
        parks = access.parks_of(uow.actor, "list_items")
    with uow:
        items, counts = uow.items.page(query, parks)
        more = items[-1].item_id if len(items) == query.limit else ""
        return ItemPage(items=tuple(shown(item, uow) for item in items), counts=counts, next=more)


def _checked(form: list[dict[str, object]], details: dict[str, object]) -> dict[str, object]:
    try:
        return forms.check(form, details)
    except Invalid as error:
        fields = {f"details.{path}".rstrip("."): text for path, text in error.fields.items()}
        raise Invalid(error.text, fields=fields) from error
