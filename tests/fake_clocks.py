"""What dispatch knows of time, without a database: plans, and which clocks are to be looked at."""

from collections.abc import Sequence
from copy import deepcopy
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

from services.dispatch.domain.items import Item
from services.dispatch.domain.life import ENDED, Stage
from services.dispatch.domain.repositories import Neglected
from shared import years
from shared.errors import NotFound
from shared.plans import DISTRICT, Away, Kind, Plan, Setting
from shared.readings import Figures, alarm_at

NEVER = datetime(9999, 1, 1, tzinfo=UTC)


def derived(item: Item, work: Any) -> dict[str, Any]:
    plan = work.plans.of(item.park)
    reading = item.reading(plan, work.now)
    if reading is None:
        return {"clock": "", "due_at": None, "warn_at": None, "alarm_at": None, "told": ()}
    return {
        "clock": reading.run.clock, "due_at": reading.due_at, "warn_at": reading.warn_at,
        "alarm_at": alarm_at(reading, plan, work.now), "told": reading.run.told,
    }  # fmt: skip


class FakeClocks:
    """The part of the items' repository that is about their clocks."""

    _work: Any
    _kept: dict[str, Item]

    def _of(self, item: Item) -> dict[str, Any]:
        return self._work.kept["derived"][item.item_id]

    def alarms(self, now: datetime, most: int) -> list[Item]:
        due = [i for i in self._kept.values() if (at := self._of(i)["alarm_at"]) and at <= now]
        return deepcopy(sorted(due, key=lambda i: self._of(i)["alarm_at"])[:most])

    def neglected(self) -> tuple[int, list[Neglected]]:
        opened = [i for i in self._kept.values() if i.stage not in ENDED]
        found = []
        for item in sorted(opened, key=lambda i: i.item_id):
            lacks = "no clock" if not self._of(item)["clock"] else ""
            if item.stage is not Stage.RECEIVED and not item.owner_id:
                lacks = "no owner"
            if lacks:
                found.append(Neglected(item_id=item.item_id, number=item.number, stage=item.stage, lacks=lacks))
        return len(opened), found

    def look_again(self, park: str, now: datetime) -> None:
        for item in self._kept.values():
            if self._of(item)["clock"] and park in ("", item.park):
                self._of(item)["alarm_at"] = now

    def with_clocks(
        self, query: Any, parks: tuple[str, ...], now: datetime, told: Sequence[str] = ()
    ) -> tuple[list[Item], Figures]:
        rest = [
            i for i in self._kept.values()
            if self._of(i)["clock"] and ("*" in parks or i.park in parks) and query.owner_id in ("", i.owner_id)
            and (not told or set(told) & set(self._of(i)["told"]))
        ]  # fmt: skip
        by_clock: dict[str, int] = {}
        by_park: dict[str, int] = {}
        found = []
        for item in rest:
            clock = self._of(item)["clock"]
            if query.park in ("", item.park):
                by_clock[clock] = by_clock.get(clock, 0) + 1
            if query.clock in ("", clock):
                by_park[item.park] = by_park.get(item.park, 0) + 1
            if query.park in ("", item.park) and query.clock in ("", clock):
                found.append(item)
        late = sum(bool((due := self._of(i)["due_at"]) and due < now) for i in found)
        paused = sum(self._of(i)["due_at"] is None for i in found)
        figures = Figures(by_clock=by_clock, by_park=by_park, late=late, paused=paused)
        return self.urgent(found, query.after, query.limit), figures

    def urgent(self, items: list[Item], after: str, limit: int) -> list[Item]:
        if after and after not in self._kept:
            raise NotFound("没有这个服务事项")
        bound = self._place(self._kept[after]) if after else None
        rows = sorted((i for i in items if bound is None or self._place(i) > bound), key=self._place)
        return deepcopy(rows[:limit])

    def _place(self, item: Item) -> tuple[int, datetime, str]:
        of, now = self._of(item), self._work.now
        due, warn = of["due_at"] or NEVER, of["warn_at"]
        ranks = (due < now, bool(warn and warn <= now), due < NEVER, bool(of["clock"]), True)
        return ranks.index(True), due, item.item_id


class FakePlans:
    zone = ZoneInfo("Asia/Shanghai")

    def __init__(self, work: Any) -> None:
        self._work = work

    @property
    def _said(self) -> dict[tuple[Kind, str], Setting]:
        return self._work.kept.setdefault("settings", {})

    @property
    def _away(self) -> dict[str, Away | None]:
        return self._work.kept.setdefault("away", {})

    def of(self, park: str, instead: Sequence[Setting] = ()) -> Plan:
        own = [one for one in self._said.values() if one.key in (park, DISTRICT) or one.kind is Kind.YEAR]
        away = [one for one in self._away.values() if one]
        return Plan.of(park, [*own, *instead], years.shipped(), away, self.zone)

    def hear(self, setting: Setting) -> bool:
        known = self._said.get((setting.kind, setting.key))
        if known and known.version >= setting.version:
            return False
        self._said[setting.kind, setting.key] = setting
        return True

    def note_absence(self, away: Away) -> None:
        self._away.setdefault(away.absence_id, away)

    def end_absence(self, absence_id: str) -> None:
        self._away[absence_id] = None
