"""What dispatch keeps of following a service, without a database."""

from collections import Counter
from collections.abc import Iterable
from copy import deepcopy
from datetime import datetime, timedelta
from typing import Any

from services.dispatch.domain.checks import Check
from services.dispatch.domain.checks import found as found_check
from services.dispatch.domain.follow_ups import Delay, FollowPlan, FollowUp, Kind, Status, found
from services.dispatch.domain.following import OVER, Contact, Report
from services.dispatch.domain.life import Stage


class FakeFollowing:
    def __init__(self, work: Any) -> None:
        self._work = work

    @property
    def _reports(self) -> dict[tuple[str, str], Report]:
        return self._work.kept.setdefault("reports", {})

    @property
    def _contacts(self) -> dict[str, Contact]:
        return self._work.kept.setdefault("contact_logs", {})

    def report(self, item_id: str, report_id: str) -> Report | None:
        return self._reports.get((item_id, report_id))

    def add_report(self, report: Report) -> None:
        assert (report.item_id, report.report_id) not in self._reports
        self._reports[report.item_id, report.report_id] = deepcopy(report)

    def reports(self, item_id: str) -> list[Report]:
        found = [one for one in self._reports.values() if one.item_id == item_id]
        return sorted(found, key=lambda one: (one.heard_at, one.report_id))

    def add_contact(self, contact: Contact) -> None:
        self._contacts[contact.contact_id] = deepcopy(contact)

    def contacts(self, item_id: str) -> list[Contact]:
        found = [one for one in self._contacts.values() if one.item_id == item_id]
        return sorted(found, key=lambda one: (one.contacted_at, one.contact_id), reverse=True)


class FakeFollowUps:
    def __init__(self, work: Any) -> None:
        self._work = work

    @property
    def _kept(self) -> dict[str, FollowUp]:
        return self._work.kept.setdefault("follow_ups", {})

    @property
    def _delays(self) -> list[Delay]:
        return self._work.kept.setdefault("delays", [])

    def plan(self) -> FollowPlan:
        return self._work.kept.get("follow_plan", FollowPlan())

    def set_plan(self, plan: FollowPlan) -> None:
        self._work.kept["follow_plan"] = plan

    def add(self, follow_up: FollowUp) -> bool:
        if _key(follow_up) in {_key(one) for one in self._kept.values()}:
            return False
        self.put(follow_up)
        return True

    def put(self, follow_up: FollowUp) -> None:
        self._kept[follow_up.follow_up_id] = deepcopy(follow_up)

    def get(self, follow_up_id: str) -> FollowUp:
        return deepcopy(found(self._kept.get(follow_up_id)))

    def of_item(self, item_id: str) -> list[FollowUp]:
        return self._sorted(one for one in self._kept.values() if one.item_id == item_id)

    def unplanned(self, most: int) -> list[str]:
        first = {(one.item_id, one.job_id) for one in self._kept.values() if one.kind is Kind.FIRST}
        serving = (item for item in self._work.kept.get("items", {}).values() if item.stage is Stage.SERVING)
        return [item.item_id for item in serving if item.job_id and (item.item_id, item.job_id) not in first][:most]

    def obsolete(self, most: int) -> list[FollowUp]:
        return self._sorted(one for one in self._open() if self._overtaken(one))[:most]

    def unsaid(self, now: datetime, most: int) -> list[FollowUp]:
        due = (one for one in self._open() if one.due_at <= now and not one.said_at and not self._overtaken(one))
        return self._sorted(due)[:most]

    def page(self, query: Any, parks: tuple[str, ...], now: datetime) -> list[FollowUp]:
        rows = self._sorted(one for one in self._open() if self._fits(one, query, parks))
        if query.after:
            last = self.get(query.after)
            rows = [one for one in rows if (one.due_at, one.follow_up_id) > (last.due_at, last.follow_up_id)]
        return rows[: query.limit]

    def counts(self, query: Any, parks: tuple[str, ...], now: datetime) -> dict[str, int]:
        since = now - timedelta(days=30)
        mine = [one for one in self._kept.values() if self._fits(one, query, parks)]
        ended = [one for one in mine if one.done_at and one.done_at >= since]
        contacts = [one for one in self._work.kept.get("contact_logs", {}).values() if one.logged_at >= since]
        return {
            "due": sum(one.due(now) for one in mine),
            "later": sum(one.status is Status.OPEN and not one.due(now) for one in mine),
            "done": sum(one.status is Status.DONE for one in ended),
            "skipped": sum(one.status is Status.SKIPPED for one in ended),
            "contacts": sum(self._fits(one, query, parks) for one in contacts),
            "delays": sum(self._fits(one, query, parks) and one.announced_at >= since for one in self._delays),
        }

    def add_delay(self, delay: Delay) -> None:
        self._delays.append(delay)

    def delays(self, item_id: str) -> list[Delay]:
        return [one for one in self._delays if one.item_id == item_id]

    def _open(self) -> list[FollowUp]:
        return [one for one in self._kept.values() if one.status is Status.OPEN]

    def _overtaken(self, one: FollowUp) -> bool:
        item = self._work.items.get(one.item_id)
        ours = item.stage is Stage.SERVING and item.job_id == one.job_id
        return item.stage in OVER or (one.kind is not Kind.AGREED and not ours)

    def _fits(self, one: Any, query: Any, parks: tuple[str, ...]) -> bool:
        item = self._work.items.get(one.item_id)
        return (
            ("*" in parks or item.park in parks)
            and query.park in ("", item.park)
            and query.owner_id in ("", item.owner_id)
        )

    def _sorted(self, some: Iterable[FollowUp]) -> list[FollowUp]:
        return deepcopy(sorted(some, key=lambda one: (one.due_at, one.follow_up_id)))


def _key(one: FollowUp) -> tuple[str, str, Kind, int]:
    return one.item_id, one.job_id, one.kind, one.nth


class FakeChecks:
    def __init__(self, work: Any) -> None:
        self._work = work

    @property
    def _kept(self) -> dict[str, Check]:
        return self._work.kept.setdefault("checks", {})

    def add(self, check: Check) -> None:
        self._kept[check.check_id] = deepcopy(check)

    put = add

    def get(self, check_id: str) -> Check:
        return deepcopy(found_check(self._kept.get(check_id)))

    def page(self, query: Any, parks: tuple[str, ...]) -> list[Check]:
        open_ones = (one for one in self._of(query, parks) if not one.outcome)
        return deepcopy(sorted(open_ones, key=lambda one: (one.ordered_at, one.check_id)))

    def counts(self, query: Any, parks: tuple[str, ...], since: datetime) -> dict[str, int]:
        some = [one for one in self._of(query, parks) if not one.outcome or one.ordered_at >= since]
        return dict(Counter(one.outcome or "open" for one in some))

    def _of(self, query: Any, parks: tuple[str, ...]) -> list[Check]:
        return [
            one for one in self._kept.values() if ("*" in parks or one.park in parks) and query.park in ("", one.park)
        ]
