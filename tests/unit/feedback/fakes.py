"""What feedback's handlers are handed, without a database."""

from copy import deepcopy
from datetime import datetime
from typing import Any

from services.feedback.domain.asking import DEFAULT, AskPlan
from services.feedback.domain.complaints import OVER, Complaint
from services.feedback.domain.parties import Party
from services.feedback.domain.revisits import DEFAULT as CALLED
from services.feedback.domain.revisits import Revisit, RevisitPlan
from services.feedback.domain.told import Notice, Status, Survey
from shared.errors import NotFound
from tests.fake_clocks import FakePlans
from tests.fakes import FakeWork


class FakeComplaints:
    def __init__(self, work: FakeWork) -> None:
        self._work = work

    @property
    def _kept(self) -> dict[str, tuple[Complaint, datetime | None]]:
        return self._work.kept.setdefault("complaints", {})

    def next_number(self, year: int) -> str:
        return f"投诉{year}-{len(self._kept) + 1:04}"

    def add(self, complaint: Complaint, alarm_at: datetime | None) -> None:
        self._kept[complaint.complaint_id] = deepcopy(complaint), alarm_at

    put = add

    def get(self, complaint_id: str) -> Complaint:
        if complaint_id not in self._kept:
            raise NotFound("没有这件投诉")
        return deepcopy(self._kept[complaint_id][0])

    def by_number(self, number: str) -> Complaint | None:
        return next((deepcopy(one) for one, _ in self._kept.values() if one.number == number), None)

    def known_before(self, request_id: str, item_id: str) -> bool:
        same = [one for one, _ in self._kept.values() if one.request_id == request_id]
        return any(not item_id or one.item_id in (item_id, "") for one in same)

    def alarms(self, now: datetime, most: int) -> list[Complaint]:
        return deepcopy([one for one, at in self._kept.values() if at and at <= now][:most])

    def look_again(self, park: str, now: datetime) -> None:
        for key, (one, at) in self._kept.items():
            if at and park in ("", one.park):
                self._kept[key] = one, now

    def page(self, query: Any, parks: tuple[str, ...]) -> tuple[list[Complaint], dict[str, int]]:
        rows = [
            one
            for one, _ in self._kept.values()
            if ("*" in parks or one.park in parks)
            and all(getattr(query, n) in ("", getattr(one, n)) for n in ("park", "request_id", "handler_id"))
            and not (query.open and one.stage in OVER)
        ]
        counts: dict[str, int] = {}
        for one in rows:
            counts[one.stage] = counts.get(one.stage, 0) + 1
        rows = [one for one in rows if query.stage in ("", one.stage)]
        rows.sort(key=lambda one: one.complaint_id, reverse=True)
        rows = [one for one in rows if not query.after or one.complaint_id < query.after]
        return deepcopy(rows[: query.limit]), counts


class FakeParties:
    def __init__(self, work: FakeWork) -> None:
        self._work = work

    @property
    def _kept(self) -> dict[str, Party]:
        return self._work.kept.setdefault("parties", {})

    def get(self, item_id: str) -> Party | None:
        return self._kept.get(item_id)

    def hold(self, party: Party) -> Party:
        return self._kept.setdefault(party.item_id, party)

    def put(self, party: Party) -> None:
        self._kept[party.item_id] = party


class FakeNotices:
    def __init__(self, work: FakeWork) -> None:
        self._work = work

    @property
    def _kept(self) -> list[Notice]:
        return self._work.kept.setdefault("notices", [])

    def add(self, notice: Notice) -> None:
        self._kept.append(notice)

    def of_request(self, request_id: str) -> list[Notice]:
        return [one for one in self._kept if one.request_id == request_id]


class FakeSurveys:
    def __init__(self, work: FakeWork) -> None:
        self._work = work

    @property
    def _kept(self) -> dict[str, Survey]:
        return self._work.kept.setdefault("surveys", {})

    def add(self, survey: Survey) -> None:
        self._kept[survey.survey_id] = deepcopy(survey)

    put = add

    def by_token(self, token: str) -> Survey:
        return deepcopy(next(one for one in self._kept.values() if one.token == token))

    def of_request(self, request_id: str) -> list[Survey]:
        return deepcopy([one for one in self._kept.values() if one.request_id == request_id])

    def open_of_item(self, item_id: str) -> list[Survey]:
        return deepcopy([s for s in self._kept.values() if s.item_id == item_id and s.status is Status.OPEN])

    def to_remind(self, now: datetime, most: int) -> list[Survey]:
        due = [s for s in self._kept.values() if s.status is Status.OPEN and s.remind_at and s.remind_at <= now]
        return deepcopy(due[:most])

    def overdue(self, now: datetime, most: int) -> list[Survey]:
        return deepcopy([s for s in self._kept.values() if s.status is Status.OPEN and s.expires_at <= now][:most])


class FakeAskPlans:
    def __init__(self, work: FakeWork) -> None:
        self._work = work

    @property
    def _kept(self) -> dict[int, AskPlan]:
        return self._work.kept.setdefault("ask_plans", {})

    def get(self, version: int) -> AskPlan:
        return self._kept.get(version, DEFAULT)

    def last(self) -> AskPlan:
        return self._kept[max(self._kept)] if self._kept else DEFAULT

    def add(self, plan: AskPlan) -> None:
        self._kept[plan.version] = plan


class FakeRevisits:
    def __init__(self, work: FakeWork) -> None:
        self._work = work

    @property
    def _kept(self) -> dict[str, Revisit]:
        return self._work.kept.setdefault("revisits", {})

    @property
    def _plans(self) -> list[RevisitPlan]:
        return self._work.kept.setdefault("revisit_plans", [])

    def add(self, revisit: Revisit) -> bool:
        if any(one.item_id == revisit.item_id for one in self._kept.values()):
            return False
        self._kept[revisit.revisit_id] = deepcopy(revisit)
        return True

    def get(self, revisit_id: str) -> Revisit:
        if revisit_id not in self._kept:
            raise NotFound("没有这次回访")
        return deepcopy(self._kept[revisit_id])

    def put(self, revisit: Revisit) -> None:
        self._kept[revisit.revisit_id] = deepcopy(revisit)

    def page(self, query: Any, parks: tuple[str, ...]) -> tuple[list[Revisit], dict[str, int]]:
        rows = [one for one in self._kept.values() if ("*" in parks or one.park in parks)]
        rows = [one for one in rows if query.park in ("", one.park)]
        counts: dict[str, int] = {}
        for one in rows:
            counts[one.status] = counts.get(one.status, 0) + 1
        rows = [one for one in rows if query.status in ("", one.status) and one.revisit_id > query.after]
        return deepcopy(sorted(rows, key=lambda one: one.revisit_id)[: query.limit]), counts

    def served_before(self, organization: str, item_id: str) -> int:
        surveys = self._work.kept.get("surveys", {}).values()
        return len({s.item_id for s in surveys if s.organization == organization and s.item_id != item_id})

    def plan(self) -> RevisitPlan:
        return self._plans[-1] if self._plans else CALLED

    def add_plan(self, plan: RevisitPlan) -> None:
        self._plans.append(plan)


class FakeFeedback(FakeWork):
    survey_days = 7.0
    appeal_days = 15.0

    def __init__(self, **given: Any) -> None:
        super().__init__(**given)
        self.complaints, self.parties, self.plans = FakeComplaints(self), FakeParties(self), FakePlans(self)
        self.ask_plans, self.revisits = FakeAskPlans(self), FakeRevisits(self)
        self.notices, self.surveys = FakeNotices(self), FakeSurveys(self)
