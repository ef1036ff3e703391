"""Deadlines in words: the chip of an item's running clock, spans of working time, limits."""

from dataclasses import dataclass

from services.gateway.language import N_, Speech
from services.gateway.when import Clock
from shared.contracts.dispatch import ClockView, Due

WHOLE_DAY = 8 * 60  # working minutes; what is left beyond them is told in days
HOUR = 60
DAY = 24 * HOUR
STYLES = ("soon", "late", "paused", "prov", "done")
UNITS = {"minutes": N_("{n} 分钟"), "hours": N_("{n} 个工作小时"), "days": N_("{n} 个工作日")}


@dataclass(frozen=True, kw_only=True)
class Chip:
    """`style` ends the class's name; what is said is whole without it."""

    style: str
    icon: str
    strong: str
    rest: str = ""


def chip(due: Due, say: Speech, clock: Clock) -> Chip:
    """An item's running clock: until when, and how much is left."""
    until = say("{when} 前", when=clock(due.at)) if due.at else ""
    match due.state:
        case "late":
            over = say("超 {span}", span=span(-due.minutes, say)) if due.minutes else say("超时")
            return Chip(style="late", icon="alert", strong=over)
        case "paused":
            stood = say("已停 {span}", span=_past(clock.minutes_since(due.paused_at), say)) if due.paused_at else ""
            return Chip(style="paused", icon="pause", strong=due.reason, rest=stood)
        case "provisional":
            return Chip(style="prov", icon="help", strong=until, rest=say("日历待公布"))
        case "soon":
            return Chip(style="soon", icon="clock", strong=until, rest=_left(due, say))
        case _:
            return Chip(style="", icon="clock", strong=until, rest=_left(due, say))


def _left(due: Due, say: Speech) -> str:
    if due.days and due.minutes > WHOLE_DAY:
        return say.many("还有 {n} 个多工作日" if due.more else "还有 {n} 个工作日", due.days)
    return say("还剩 {span}", span=span(due.minutes, say))


def done(view: ClockView, say: Speech) -> Chip:
    """A clock that has stopped: in time or not, and what it took."""
    used = say("用了 {span}", span=span(view.spent, say))
    if view.late:
        return Chip(style="", icon="alert", strong=say("办完时已超时"), rest=used)
    return Chip(style="done", icon="check", strong=say("按时"), rest=used)


def span(minutes: int, say: Speech) -> str:
    """Working time: hours and minutes."""
    hours, rest = divmod(max(0, minutes), HOUR)
    if not hours:
        return say("{n} 分", n=rest)
    return say("{hours} 小时 {n} 分", hours=hours, n=rest) if rest else say("{hours} 小时", hours=hours)


def _past(minutes: int, say: Speech) -> str:
    """Time by the clock on the wall, in its largest unit."""
    if minutes >= DAY:
        return say.many("{n} 天", minutes // DAY)
    return span(minutes if minutes < HOUR else minutes // HOUR * HOUR, say)


def limit(count: int, unit: str, say: Speech) -> str:
    """`2 个工作小时`; nothing where a moment was named."""
    return say.many(UNITS[unit], count) if unit in UNITS else ""
