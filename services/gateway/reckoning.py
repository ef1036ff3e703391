"""Why a deadline is when it is, in words: every clock of an item, step by step."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby

from services.gateway import dues, words
from services.gateway.language import N_, Speech
from services.gateway.when import Clock
from shared.contracts.dispatch import ClockStep, ClockView, Due, ItemClocks

STYLES = ("quiet", "end")
WHOSE = {
    "district": N_("区里统一的时限：{limit}"),
    "category": N_("这一类服务自己的时限：{limit}"),
    "moment": N_("事先约定的时间"),
}
_WEEKEND = 5


@dataclass(frozen=True, kw_only=True)
class Row:
    """One step: when, and what it does to the sum. `style` is quiet for what does not count."""

    when: str
    what: str
    style: str = ""


@dataclass(frozen=True, kw_only=True)
class Reckoned:
    """One run of a clock, explained."""

    title: str
    chip: dues.Chip
    whose: str
    rows: Sequence[Row]
    running: bool


def reckoned(told: ItemClocks, due: Due | None, say: Speech, clock: Clock, *, only: frozenset[str]) -> list[Reckoned]:
    """The clocks named in `only`, the latest first; `due` is how the one stands that runs now."""
    found = []
    for view in reversed(told.clocks):
        running = view.stopped_at is None
        if view.clock in only and (not running or due):
            chip = dues.chip(due, say, clock) if running and due else dues.done(view, say)
            limit = dues.limit(view.count, view.unit, say)
            found.append(
                Reckoned(
                    title=say(words.CLOCKS.get(view.clock, "")), chip=chip, whose=say(WHOSE[view.limit], limit=limit),
                    rows=list(_Rows(view, say, clock)), running=running,
                )
            )  # fmt: skip
    return found


class _Rows:
    """The rows of one run; days that follow one another and are alike are one row."""

    def __init__(self, view: ClockView, say: Speech, clock: Clock) -> None:
        self._view, self._say, self._clock = view, say, clock

    def __iter__(self) -> Iterator[Row]:
        for alike, steps in groupby(self._view.steps, key=_alike):
            if alike:
                yield self._days(list(steps))
            else:
                yield from map(self._row, steps)
        if self._view.stopped_at:
            used = dues.span(self._view.spent, self._say)
            yield Row(when=self._clock(self._view.stopped_at), what=self._say("办完，用了 {span}", span=used))

    def _days(self, steps: Sequence[ClockStep]) -> Row:
        first, last = self._day(steps[0]), self._day(steps[-1])
        when = first if len(steps) == 1 else self._say("{first} 到 {last}", first=first, last=last)
        if steps[0].kind == "off":
            return Row(when=when, what=self._off(steps), style="quiet")
        count = f"{steps[0].count}" if len(steps) == 1 else f"{steps[0].count}–{steps[-1].count}"
        return Row(when=when, what=self._say("第 {n} 个工作日", n=count) + self._named(steps[0]))

    def _row(self, step: ClockStep) -> Row:
        say = self._say
        match step.kind:
            case "begin":
                text = N_("开始；当天不算，从下一个工作日算起") if self._view.unit == "days" else N_("开始算")
                return Row(when=self._when(step), what=say(text))
            case "window":
                return Row(when=self._range(step), what=say("算 {span}", span=dues.span(step.minutes, say)))
            case "pause":
                lost = dues.span(step.minutes, say)
                text = N_("暂停：{reason}。其中上班时间 {span}，不算")
                if not step.end:
                    text = N_("暂停：{reason}。到现在还没恢复")
                return Row(when=self._range(step), what=say(text, reason=step.name, span=lost), style="quiet")
            case "close":
                return Row(when=self._when(step), what=say("没有暂停的话，到这时为止；暂停掉的往后顺延"), style="quiet")
            case "assumed":
                text = N_("这一年的节假日安排还没有公布，先当作没有节假日来算，公布后会重新算")
                return Row(when=say("{year} 年", year=step.count), what=say(text), style="quiet")
        return Row(when=say("{when} 前", when=self._when(step)), what=say("时限"), style="end")

    def _off(self, steps: Sequence[ClockStep]) -> str:
        if steps[0].name:
            return self._say("{name}，不算", name=steps[0].name)
        weekend = all(date.fromisoformat(step.day).weekday() >= _WEEKEND for step in steps)
        return self._say("周末，不算") if weekend else self._say("不上班，不算")

    def _named(self, step: ClockStep) -> str:
        return self._say("（{name}）", name=step.name) if step.name else ""

    def _day(self, step: ClockStep) -> str:
        return self._clock.date(date.fromisoformat(step.day))

    def _when(self, step: ClockStep) -> str:
        return self._clock(step.start) if step.start else ""

    def _range(self, step: ClockStep) -> str:
        """From and to; the day once where it is the same."""
        if not step.start:
            return ""
        if not step.end:
            return self._say("{when} 起", when=self._clock(step.start))
        return self._clock.range(step.start, step.end)


def _alike(step: ClockStep) -> tuple[str, str] | None:
    """What days have in common that can be told together; None for what is told alone."""
    return (step.kind, step.name) if step.kind in ("day", "off") else None
