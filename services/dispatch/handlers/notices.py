"""What dispatch does about one-time notices (7.2.1 a): all that is missing is asked for at once."""

from services.dispatch.domain.items import Item
from services.dispatch.domain.notices import Notice, checked, compose
from services.dispatch.handlers import clocks
from services.dispatch.handlers.changes import change, said, short
from services.dispatch.handlers.work import DispatchWork, say
from shared import access
from shared import clocks as marks
from shared.contracts.dispatch import (
    AnswerNotice,
    CloseNotice,
    IssueNotice,
    ItemView,
    ListOneTimeNotices,
    NoticeAnswered,
    NoticeIssued,
    NoticeList,
)
from shared.errors import IllegalMove, Invalid

REASON_LIMIT = 2000
WAITING = "等企业补材料"  # why the clock stands still


def issue_notice(command: IssueNotice, uow: DispatchWork) -> ItemView:
    reason = short(command.reason, "reason", REASON_LIMIT)

    def ask(item: Item) -> None:
        if item.asked and not reason:
            raise Invalid("请检查填写的内容", fields={"reason": "已经告知过一次，再次告知要写明原因，企业会看到"})
        target = uow.targets.get(command.category)
        if target is None:
            raise Invalid("请检查填写的内容", fields={"item": "请选一类服务"})
        form = target.item(command.item)["form"]
        details = checked(form, {**_known(item, command.item), **command.details}, "details")
        more = [(one.what, one.why) for one in command.more]
        notice = Notice(
            notice_id=uow.new_id(), item_id=item.item_id, request_id=item.request_id, park=item.park,
            category=command.category, item=command.item, asks=compose(form, details, command.also, more),
            count=item.asked + 1, reason=reason, issued_at=uow.now, issued_by=uow.actor.name,
        )  # fmt: skip
        item.ask(command.category, command.item, details, uow.actor, uow.now)
        uow.notices.add(notice)
        say(
            uow, item, NoticeIssued, number=item.number, notice_id=notice.notice_id, count=notice.count,
            asks=tuple(str(one["label"]) for one in notice.asks), again=notice.count > 1, reason=reason,
        )  # fmt: skip
        clocks.pause(item, WAITING, uow)

    return change(command.item_id, uow, ask)


def answer_notice(command: AnswerNotice, uow: DispatchWork) -> ItemView:
    """What is given is kept; when the last that is needed has come, the item goes on by itself."""

    def take(item: Item) -> None:
        notice = _open(item, uow)
        now = notice.take(command.answers, uow.now)
        if notice.answered_at is not None:
            _go_on(item, notice, uow)
        elif now:
            item.touch(uow.now)
        else:
            return
        uow.notices.put(notice)
        _say(item, notice, now, uow)

    return change(command.item_id, uow, take, "answer_notice")


def close_notice(command: CloseNotice, uow: DispatchWork) -> ItemView:
    reason = said(command.reason, "reason", "请写明为什么不等了", REASON_LIMIT)

    def close(item: Item) -> None:
        notice = _open(item, uow)
        waived = notice.close(uow.now)
        _go_on(item, notice, uow)
        uow.notices.put(notice)
        _say(item, notice, [], uow, waived, reason)

    return change(command.item_id, uow, close)


def list_one_time_notices(query: ListOneTimeNotices, uow: DispatchWork) -> NoticeList:
    access.check(uow.actor, "read_request", park=query.park, request_id=query.request_id)
    own = query.request_id in uow.actor.requests
    with uow:
        notices = uow.notices.of_request(query.request_id)
    return NoticeList(notices=tuple(one.view() for one in notices if own or one.park == query.park))


def _known(item: Item, code: str) -> dict[str, object]:
    """What was filled in already, if it was filled into the same form."""
    return item.details if item.item == code else {}


def _open(item: Item, uow: DispatchWork) -> Notice:
    notice = uow.notices.last_of(item.item_id) if item.may("supply") else None
    if notice is None:
        raise IllegalMove("现在没有要补的材料")
    return notice


def _go_on(item: Item, notice: Notice, uow: DispatchWork) -> None:
    run = marks.running(item.marks)
    if run and run.paused:
        clocks.resume(item, "", uow)
    item.supply(notice.known, uow.now)


def _say(
    item: Item, notice: Notice, now: list[str], uow: DispatchWork, waived: list[str] | None = None, reason: str = ""
) -> None:
    needed = [ask for ask in notice.asks if ask["needed"]]
    say(
        uow, item, NoticeAnswered, number=item.number, notice_id=notice.notice_id, now=tuple(now),
        given=sum(ask["name"] in notice.given for ask in needed), of=len(needed),
        complete=notice.answered_at is not None, waived=tuple(waived or ()), reason=reason,
    )  # fmt: skip
