"""What handlers are handed, without a database: the ports, kept honest by tests that run over fake and real alike."""

import json
from collections.abc import Hashable
from copy import deepcopy
from dataclasses import fields, replace
from datetime import UTC, datetime
from itertools import count
from typing import Any, Self
from zoneinfo import ZoneInfo

from services.dispatch.domain.corrections import Correction
from services.dispatch.domain.items import Item, found
from services.dispatch.domain.life import ENDED, Stage
from services.dispatch.domain.likeness import company_key
from services.dispatch.domain.notices import Notice
from services.dispatch.domain.suggestion import Models
from services.dispatch.domain.targets import Target
from shared.access import Actor
from shared.contracts.base import Event, Who
from shared.contracts.dispatch import Standing
from tests.booking import FakeAppointments, FakeResources
from tests.fake_clocks import FakeClocks, FakePlans, derived
from tests.followers import FakeChecks, FakeFollowing, FakeFollowUps
from tests.matching import add_matching
from tests.system import ADMIN


class FakeWork:
    """Rolls back unless told to commit, as the real one does."""

    zone = ZoneInfo("Asia/Shanghai")

    def __init__(self, actor: Actor = ADMIN, now: datetime = datetime(2026, 11, 24, 2, 20, tzinfo=UTC)) -> None:
        self.actor, self.now = actor, now
        self._ids = count(1)
        self.said: list[tuple[Event, str]] = []
        self.kept: dict[str, Any] = {}

    def new_id(self) -> str:
        return f"id-{next(self._ids)}"

    def __enter__(self) -> Self:
        self._before = deepcopy((self.said, self.kept))
        return self

    def __exit__(self, *_: object) -> None:
        self.said, self.kept = self._before

    def say(self, event: Any, topic: str = "") -> Any:
        who = Who(id=self.actor.id, role=self.actor.role, name=self.actor.name)
        said = replace(event, event_id=self.new_id(), occurred_at=self.now, actor=who)
        self.said.append((said, topic))
        return said

    def commit(self, answer: Any = None) -> Any:
        self._before = (self.said, self.kept)
        return answer

    @property
    def types(self) -> list[str]:
        return [event.type() for event, _ in self.said]


class FakeItems(FakeClocks):
    def __init__(self, work: FakeWork) -> None:
        self._work = work

    @property
    def _kept(self) -> dict[str, Item]:
        return self._work.kept.setdefault("items", {})

    def add(self, item: Item) -> None:
        self._kept[item.item_id] = deepcopy(item)
        self._work.kept.setdefault("derived", {})[item.item_id] = derived(item, self._work)

    put = add

    def get(self, item_id: str) -> Item:
        return deepcopy(found(self._kept.get(item_id)))

    glance = get

    def of_request(self, request_id: str) -> list[Item]:
        return deepcopy(sorted((i for i in self._kept.values() if i.request_id == request_id), key=lambda i: i.item_id))

    def named(self, park: str, name: str) -> list[Item]:
        found = [i for i in self._kept.values() if i.park == park and name in (i.number, i.name)]
        return deepcopy(sorted((i for i in found if i.stage != "rejoined"), key=lambda i: i.item_id))

    def near(self, park: str, company: str, requests: Any, since: datetime, until: datetime, most: int) -> list[Item]:
        found = [
            i
            for i in self._kept.values()
            if i.park == park
            and (company_key(i.company) == company_key(company) or i.request_id in requests)
            and since <= i.opened_at <= until
        ]
        return deepcopy(sorted(found, key=lambda i: i.item_id, reverse=True)[:most])

    def waiting_for(self, targets: list[str], most: int) -> list[Item]:
        waiting = [i for i in self._kept.values() if i.category in targets and i.waiting_since and not i.declined]
        return deepcopy(sorted(waiting, key=lambda i: i.waiting_since)[:most])

    def overdue_offers(self, now: datetime, most: int) -> list[Item]:
        return deepcopy([i for i in self._kept.values() if i.offer_until and i.offer_until < now][:most])

    def unmatched(self, items: tuple[str, ...] | None, most: int) -> list[Item]:
        alone = [i for i in self._kept.values() if i.stage is Stage.UNMATCHED]
        waiting = [i for i in alone if items is None or i.item in items]
        return deepcopy(sorted(waiting, key=lambda i: i.item_id)[:most])

    def page(self, query: Any, parks: tuple[str, ...]) -> tuple[list[Item], dict[str, int]]:
        rows = [
            item
            for item in self._kept.values()
            if ("*" in parks or item.park in parks)
            and all(
                not getattr(query, n) or getattr(item, n) == getattr(query, n)
                for n in ("park", "request_id", "owner_id", "heir_id")
            )
            and not (query.open and item.stage in ENDED)
            and any(query.search in text for text in (item.number, item.company, item.text))
        ]
        counts: dict[str, int] = {}
        for item in rows:
            counts[item.stage] = counts.get(item.stage, 0) + 1
        rows = [i for i in rows if not query.stage or i.stage == query.stage]
        if query.order == "urgency":
            return self.urgent(rows, query.after, query.limit), counts
        rows = sorted(
            (i for i in rows if not query.after or i.item_id < query.after), key=lambda i: i.item_id, reverse=True
        )
        return deepcopy(rows[: query.limit]), counts


class FakeTargets:
    def __init__(self, work: FakeWork) -> None:
        self._work = work

    @property
    def _kept(self) -> dict[str, Target]:
        return self._work.kept.setdefault("targets", {})

    def get(self, target: str) -> Target | None:
        return deepcopy(self._kept.get(target))

    def put(self, target: Target) -> None:
        self._kept[target.target] = deepcopy(target)

    def all(self) -> list[Target]:
        return deepcopy(sorted(self._kept.values(), key=lambda t: t.target))

    def digests(self) -> tuple[tuple[str, str], ...]:
        return tuple((t.target, json.dumps(t.manifest, sort_keys=True)) for t in self.all())


class FakeCorrections:
    def __init__(self, work: "FakeDispatch") -> None:
        self._work = work

    @property
    def _kept(self) -> dict[str, Correction]:
        return self._work.kept.setdefault("corrections", {})

    def get(self, item_id: str) -> Correction | None:
        return self._kept.get(item_id)

    def put(self, correction: Correction) -> None:
        self._kept[correction.item_id] = correction

    def of(self, parks: tuple[str, ...], most: int) -> list[tuple[str, str, str]]:
        newest = sorted(self._of(parks), key=lambda c: c.corrected_at, reverse=True)[:most]
        return [(c.category, c.item, self._work.items.get(c.item_id).text) for c in newest]

    def stamp(self, parks: tuple[str, ...]) -> Hashable:
        return len(self._of(parks)), max((c.corrected_at for c in self._of(parks)), default=None)

    def _of(self, parks: tuple[str, ...]) -> list[Correction]:
        return [c for c in self._kept.values() if c.park in parks]


class FakeParks:
    def __init__(self, work: FakeWork) -> None:
        self._work = work

    @property
    def _kept(self) -> dict[str, str]:
        return self._work.kept.setdefault("parks", {})

    def put(self, park: str, district: str, industries: tuple[str, ...] = ()) -> None:
        self._kept[park] = district
        self._work.kept.setdefault("industries", {})[park] = industries

    def industries(self, park: str) -> tuple[str, ...]:
        return tuple(self._work.kept.get("industries", {}).get(park, ()))

    def beside(self, park: str) -> tuple[str, ...]:
        district = self._kept.get(park)
        return tuple(sorted(p for p, d in self._kept.items() if d == district)) or (park,)


class FakeNotices:
    def __init__(self, work: FakeWork) -> None:
        self._work = work

    @property
    def _kept(self) -> dict[str, Notice]:
        return self._work.kept.setdefault("notices", {})

    def add(self, notice: Notice) -> None:
        self._kept[notice.notice_id] = deepcopy(notice)

    put = add

    def last_of(self, item_id: str) -> Notice | None:
        found = [n for n in self._kept.values() if n.item_id == item_id]
        return deepcopy(max(found, key=lambda n: n.count, default=None))

    def of_request(self, request_id: str) -> list[Notice]:
        found = (n for n in self._kept.values() if n.request_id == request_id)
        return deepcopy(sorted(found, key=lambda n: n.notice_id))


class FakeStandings:
    def __init__(self, work: FakeWork) -> None:
        self._work = work

    def list(self, query: Any) -> list[Standing]:
        rows = sorted(self._work.kept.get("items", {}).values(), key=lambda i: i.item_id, reverse=True)
        unfinished = {i.number for i in rows if i.stage not in query.over}
        wanted = [
            item
            for item in rows
            if (not query.parks or item.park in query.parks)
            and (not query.numbers or item.number in query.numbers)
            and (not query.services or {item.item, item.category} & set(query.services))
            and (query.since is None or item.opened_at >= query.since)
            and (query.until is None or item.opened_at <= query.until)
            and (query.closed is None or (item.number not in unfinished) is query.closed)
        ]
        names = [f.name for f in fields(Standing)]
        shown = wanted[query.skip :][: query.limit]
        return [Standing(**{name: getattr(item, name) for name in names}) for item in shown]


class FakeDispatch(FakeWork):
    offer_seconds = 3600.0
    reopen_days = 30.0
    remind_hours = 24.0

    def __init__(self, **given: Any) -> None:
        super().__init__(**given)
        self.standings = FakeStandings(self)
        self.resources, self.appointments = FakeResources(self), FakeAppointments(self)
        self.following, self.follow_ups = FakeFollowing(self), FakeFollowUps(self)
        self.checks = FakeChecks(self)
        self.notices = FakeNotices(self)
        self.corrections, self.parks, self.models = FakeCorrections(self), FakeParks(self), Models()
        self.items, self.targets, self.plans = FakeItems(self), FakeTargets(self), FakePlans(self)
        add_matching(self)
