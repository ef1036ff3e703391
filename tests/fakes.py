"""What handlers are handed, without a database: the ports, kept honest by tests that run over fake and real alike."""

from copy import deepcopy
from dataclasses import replace
from datetime import UTC, datetime
from itertools import count
from typing import Any, Self
from zoneinfo import ZoneInfo

from services.dispatch.domain.items import ENDED, Item, found
from services.dispatch.domain.targets import Target
from shared.access import Actor
from shared.contracts.base import Event, Who
from tests.booking import FakeAppointments, FakeResources
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


class FakeItems:
    def __init__(self, work: FakeWork) -> None:
        self._work = work

    @property
    def _kept(self) -> dict[str, Item]:
        return self._work.kept.setdefault("items", {})

    def add(self, item: Item) -> None:
        self._kept[item.item_id] = deepcopy(item)

    put = add

    def get(self, item_id: str) -> Item:
        return deepcopy(found(self._kept.get(item_id)))

    def waiting_for(self, targets: list[str], most: int) -> list[Item]:
        waiting = [i for i in self._kept.values() if i.category in targets and i.waiting_since and not i.declined]
        return deepcopy(sorted(waiting, key=lambda i: i.waiting_since)[:most])

    def overdue_offers(self, now: datetime, most: int) -> list[Item]:
        return deepcopy([i for i in self._kept.values() if i.offer_until and i.offer_until < now][:most])

    def page(self, query: Any, parks: tuple[str, ...]) -> tuple[list[Item], dict[str, int]]:
        rows = [
            item
            for item in self._kept.values()
            if ("*" in parks or item.park in parks)
            and all(
                not getattr(query, n) or getattr(item, n) == getattr(query, n)
                for n in ("park", "request_id", "owner_id")
            )
            and not (query.open and item.stage in ENDED)
            and any(query.search in text for text in (item.number, item.company, item.text))
        ]
        counts: dict[str, int] = {}
        for item in rows:
            counts[item.stage] = counts.get(item.stage, 0) + 1
        rows = [i for i in rows if not query.stage or i.stage == query.stage]
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


class FakeDispatch(FakeWork):
    offer_seconds = 3600.0
    remind_hours = 24.0

    def __init__(self, **given: Any) -> None:
        super().__init__(**given)
        self.items, self.targets = FakeItems(self), FakeTargets(self)
        self.resources, self.appointments = FakeResources(self), FakeAppointments(self)
