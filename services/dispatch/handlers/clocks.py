"""What dispatch does about clocks: pause, resume, warn, escalate, explain, and show what a change would do."""

from dataclasses import asdict

from services.dispatch.domain.items import Item
from services.dispatch.handlers.work import DispatchWork, say, shown
from shared import access, clocks
from shared.calendar import Step
from shared.clocks import Run
from shared.contracts.dispatch import (
    ClockChange,
    ClockOverdue,
    ClockPage,
    ClockPreview,
    ClockStep,
    ClockView,
    ClockWarned,
    GetClocks,
    ItemClocks,
    ItemPaused,
    ItemResumed,
    ItemView,
    ListClocks,
    PauseItem,
    PreviewClocks,
    ResumeItem,
)
from shared.contracts.station import Recipient
from shared.errors import Invalid
from shared.hours import read_days, read_week, read_year
from shared.limits import DEFAULTS, read_limits
from shared.plans import DISTRICT, Kind, Plan, Setting
from shared.readings import Reading, alarm, minutes, read, remember

ALARMS_AT_ONCE = 50
ROUNDS = 20  # what is left then waits for the next tick
PAGE_LIMIT = 200
REASON_LIMIT = 200
EXAMPLES = 10
PREVIEWED = 1000  # clocks at the most; a larger district learns of that many


def pause_item(command: PauseItem, uow: DispatchWork) -> ItemView:
    reason = command.reason.strip()
    if not reason:
        raise Invalid("请检查填写的内容", fields={"reason": "请写明在等什么，企业会看到"})
    if len(reason) > REASON_LIMIT:
        raise Invalid("请检查填写的内容", fields={"reason": "最多写 200 个字"})
    with uow:
        item = uow.items.get(command.item_id)
        access.check(uow.actor, "handle_item", park=item.park)
        pause(item, reason, uow)
        uow.items.put(item)
        return uow.commit(shown(item, uow))


def resume_item(command: ResumeItem, uow: DispatchWork) -> ItemView:
    if len(command.reason) > REASON_LIMIT:
        raise Invalid("请检查填写的内容", fields={"reason": "最多写 200 个字"})
    with uow:
        item = uow.items.get(command.item_id)
        access.check(uow.actor, "handle_item", park=item.park)
        resume(item, command.reason.strip(), uow)
        uow.items.put(item)
        return uow.commit(shown(item, uow))


def pause(item: Item, reason: str, uow: DispatchWork) -> None:
    """Stop the item's clock within a transaction that puts the item, as when the client is asked for something."""
    clock = item.pause(reason, uow.now, uow.actor)
    say(uow, item, ItemPaused, clock=clock, reason=reason)


def resume(item: Item, reason: str, uow: DispatchWork) -> None:
    """Let it go on, as when the client has answered."""
    clock = item.resume(uow.now, uow.actor, reason)
    say(uow, item, ItemResumed, clock=clock, reason=reason)


def sound_clocks(uow: DispatchWork) -> None:
    """Say which clocks are in their last third and which are late, each once, whichever instance gets to it."""
    for _ in range(ROUNDS):
        if _sound_some(uow) < ALARMS_AT_ONCE:
            return


def _sound_some(uow: DispatchWork) -> int:
    with uow:
        items = uow.items.alarms(uow.now, ALARMS_AT_ONCE)
        for item in items:
            plan = uow.plans.of(item.park)
            owner = Recipient(account=item.owner_id, name=item.owner_name) if item.owner_id else None
            while (reading := item.reading(plan, uow.now)) and (found := alarm(reading, plan, owner, uow.now)):
                remember(item.marks, found, reading.run.clock, uow.now)
                told = {"to": found.to, "skipped": found.skipped, "clock": reading.run.clock}
                if found.level:
                    say(uow, item, ClockOverdue, due_at=reading.due_at, level=found.level, **told)
                else:
                    say(uow, item, ClockWarned, due_at=reading.due_at, **told)
            uow.items.put(item)  # which sets when it is looked at next
        uow.commit()
    return len(items)


def get_clocks(query: GetClocks, uow: DispatchWork) -> ItemClocks:
    """Every run, with each step of its sum."""
    with uow:
        item = uow.items.get(query.item_id)
        access.check(uow.actor, "read_request", park=item.park, request_id=item.request_id)
        plan = uow.plans.of(item.park)
        views = tuple(_view(run, item, plan, uow) for run in clocks.runs(item.marks))
    return ItemClocks(item_id=item.item_id, clocks=views)


def _view(run: Run, item: Item, plan: Plan, uow: DispatchWork) -> ClockView:
    limit = item.limit(run.clock, plan)
    reading = read(run, limit, plan, uow.now, explain=True)
    whose = "moment" if run.until else "category" if limit != plan.limits[run.clock] else "district"
    return ClockView(
        clock=run.clock, state=reading.state, started_at=run.started_at, stopped_at=run.stopped_at,
        due_at=reading.due_at, late=reading.late, spent=minutes(reading.spent),
        allowed=minutes(reading.deadline.budget), limit=whose, count=0 if run.until else limit.count,
        unit="" if run.until else str(limit.unit), steps=tuple(_step(step) for step in reading.deadline.steps),
    )  # fmt: skip


def _step(step: Step) -> ClockStep:
    return ClockStep(**{**asdict(step), "kind": str(step.kind), "day": step.day.isoformat() if step.day else ""})


def list_clocks(query: ListClocks, uow: DispatchWork) -> ClockPage:
    if not 1 <= query.limit <= PAGE_LIMIT:
        raise Invalid("请检查填写的内容", fields={"limit": "每页 1 到 200 件"})
    if query.clock and query.clock not in DEFAULTS:
        raise Invalid("请检查填写的内容", fields={"clock": "没有这个环节"})
    parks = access.parks_of(uow.actor, "list_items")
    told = (uow.actor.id, f"role:{uow.actor.role}") if query.told else ()
    with uow:
        items, figures = uow.items.with_clocks(query, parks, uow.now, told)
        return ClockPage(
            items=tuple(shown(item, uow) for item in items), **vars(figures),
            next=items[-1].item_id if len(items) == query.limit else "",
        )  # fmt: skip


def preview_clocks(query: PreviewClocks, uow: DispatchWork) -> ClockPreview:
    """The clocks that run, read by the plan in force and by the one that is thought of."""
    access.check(uow.actor, "configure", park=query.park)
    instead = _instead(query)
    moved: list[tuple[Item, Reading, Reading]] = []
    running = 0
    with uow:
        listed = ListClocks(park=query.park, limit=PREVIEWED)
        items, _ = uow.items.with_clocks(listed, (access.EVERYWHERE,), uow.now)
        plans: dict[str, Plan] = {}
        for item in items:
            plan = plans.setdefault(item.park, uow.plans.of(item.park, [instead]))
            before, after = item.reading(uow.plans.of(item.park), uow.now), item.reading(plan, uow.now)
            if before and after:
                running += 1
                if before.due_at != after.due_at:
                    moved.append((item, before, after))
    sooner = sum(bool(a.due_at and b.due_at and b.due_at < a.due_at) for _, a, b in moved)
    examples = tuple(
        ClockChange(
            item_id=item.item_id, number=item.number, clock=before.run.clock, before=before.due_at, after=after.due_at
        )
        for item, before, after in moved[:EXAMPLES]
    )
    return ClockPreview(running=running, sooner=sooner, later=len(moved) - sooner, examples=examples)


def _instead(query: PreviewClocks) -> Setting:
    """What is thought of, as if station had said it; raises Invalid as station would."""
    days = [asdict(one) for one in query.days]
    match query.what:
        case "calendar":
            if query.week or query.park == DISTRICT:
                read_week(query.week)
            read_days(days)
            content = {"week": list(query.week), "days": days}
            return Setting(kind=Kind.CALENDAR, key=query.park, version=0, content=content)
        case "year":
            read_year(query.year, days)
            return Setting(kind=Kind.YEAR, key=str(query.year), version=0, content={"days": days})
        case "limits":
            limits = [asdict(one) for one in query.limits]
            read_limits(limits)
            return Setting(kind=Kind.LIMITS, key=DISTRICT, version=0, content={"limits": limits})
    raise Invalid("请检查填写的内容", fields={"what": "只能预览 calendar、year 或 limits"})
