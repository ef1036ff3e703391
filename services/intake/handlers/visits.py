"""What intake does about lists of visits: read, looked over, taken in line by line, forgotten."""

from services.intake.domain.visits import (
    KEPT,
    MOST_ROWS,
    PREVIEW,
    Checking,
    Line,
    Stage,
    State,
    Visits,
    line_of,
    referenced,
)
from services.intake.handlers.opening import open_request
from services.intake.handlers.work import IntakeWork
from shared import access
from shared.contracts.intake import (
    AddVisits,
    ConfirmVisits,
    DropVisits,
    GetVisits,
    ListVisitLists,
    VisitList,
    VisitLists,
    VisitPage,
)
from shared.errors import IllegalMove, Invalid, NotFound

BATCH = 25  # lines in one transaction
ROUNDS = 20
PAGE_LIMIT = 200


def add_visits(command: AddVisits, uow: IntakeWork) -> VisitList:
    access.check(uow.actor, "import_visits", park=command.park)
    with uow:
        visits = uow.visits.get(command.list_id)
        if visits is None:
            visits = Visits(
                list_id=command.list_id, park=command.park, file_name=command.file_name, columns=command.columns,
                added_by=uow.actor, added_at=uow.now,
            )  # fmt: skip
            uow.visits.add(visits)
        elif visits.park != command.park or visits.added_by.id != uow.actor.id:
            raise NotFound("没有这份走访表")
        if visits.stage is not Stage.READING:
            raise IllegalMove("这份走访表已经读完了")
        if sum(uow.visits.counts(visits.list_id).values()) + len(command.rows) > MOST_ROWS:
            raise Invalid("请检查填写的内容", fields={"file": "一份走访表最多 2000 行，请分成几份"})
        _add_lines(command, uow)
        if command.last:
            visits.read()
            uow.visits.put(visits)
        return uow.commit(visits.view(uow.visits.counts(visits.list_id)))


def _add_lines(command: AddVisits, uow: IntakeWork) -> None:
    checking, seen = _checking(uow), uow.visits.marks(command.list_id)
    lines = [line_of(row, command.park, seen, checking) for row in command.rows]
    known = uow.visits.taken([line.mark for line in lines])
    for line in lines:
        if line.state is State.GOOD and line.mark in known:
            line.know(known[line.mark])
    uow.visits.add_lines(command.list_id, lines)


def _checking(uow: IntakeWork) -> Checking:
    return Checking(actor=uow.actor, now=uow.now, zone=uow.zone)


def confirm_visits(command: ConfirmVisits, uow: IntakeWork) -> VisitList:
    with uow:
        visits = _own(command.list_id, uow)
        visits.confirm(uow.actor)
        uow.visits.put(visits)
        return uow.commit(visits.view(uow.visits.counts(visits.list_id)))


def drop_visits(command: DropVisits, uow: IntakeWork) -> VisitList:
    with uow:
        visits = _own(command.list_id, uow)
        visits.drop()
        uow.visits.put(visits)
        return uow.commit(visits.view(uow.visits.counts(visits.list_id)))


def get_visits(query: GetVisits, uow: IntakeWork) -> VisitPage:
    limit = max(1, min(query.limit, PAGE_LIMIT))
    with uow:
        visits = _own(query.list_id, uow)
        state = State.WRONG if query.wrong else ""
        lines = uow.visits.lines(visits.list_id, state, query.after, limit + 1)
        more, lines = len(lines) > limit, lines[:limit]
        return VisitPage(
            list=visits.view(uow.visits.counts(visits.list_id)), lines=tuple(line.view() for line in lines),
            next=lines[-1].row if more else 0,
        )  # fmt: skip


def list_visit_lists(query: ListVisitLists, uow: IntakeWork) -> VisitLists:
    parks = access.parks_of(uow.actor, "import_visits")
    with uow:
        found = uow.visits.latest(parks, max(1, min(query.limit, PAGE_LIMIT)))
        return VisitLists(lists=tuple(one.view(uow.visits.counts(one.list_id)) for one in found))


def _own(list_id: str, uow: IntakeWork) -> Visits:
    visits = uow.visits.get(list_id)
    if visits is None:
        raise NotFound("没有这份走访表")
    access.check(uow.actor, "import_visits", park=visits.park)
    return visits


def take_some_in(uow: IntakeWork) -> None:
    """As many as may be done before the next ones are looked for again."""
    for _ in range(ROUNDS):
        if not take_visits_in(uow):
            return


def take_visits_in(uow: IntakeWork) -> bool:
    """Some lines of one confirmed list become requests, written down by whoever confirmed; False if there was none."""
    with uow:
        visits = uow.visits.running()
        if visits is None or visits.confirmed_by is None:
            return False
        uow.actor = visits.confirmed_by
        lines = uow.visits.lines(visits.list_id, State.GOOD, limit=BATCH)
        for line in lines:
            _take_in(line, visits, uow)
            uow.visits.put_line(visits.list_id, line)
        if len(lines) < BATCH:
            visits.finish()
            uow.visits.put(visits)
        uow.commit()
    return True


def _take_in(line: Line, visits: Visits, uow: IntakeWork) -> None:
    assert line.given is not None
    need, wrong = _checking(uow).need(line.given, visits.park)
    if wrong:  # time has passed since it was looked over
        line.refuse(wrong)
    elif uow.visits.claim(line.mark, uow.now):
        request = open_request(referenced(need, visits, line.row), uow)
        uow.visits.settle(line.mark, request.number)
        line.take(request.number)
    else:  # another list brought it meanwhile
        line.know(uow.visits.taken([line.mark])[line.mark])


def forget_visits(uow: IntakeWork) -> int:
    """What is personal does not stay longer than it is needed."""
    with uow:
        gone = uow.visits.forget(uow.now - KEPT, uow.now - PREVIEW)
        uow.commit()
    return gone
