"""A desk in memory, and a job to lay on it."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from services.providers.plugin import Desk, Job

MONDAY = date(2026, 11, 23)


class FakeDesk(Desk):
    """Keeps its slots in a dict."""

    def __init__(self) -> None:
        self.holders: dict[tuple[str, str], str] = {}

    def take(self, resource: str, slot: str, job_id: str) -> bool:
        return self.holders.setdefault((resource, slot), job_id) == job_id

    def taken(self, resource: str, first: str, last: str) -> set[str]:
        return {slot for held, slot in self.holders if held == resource and first <= slot <= last}


def a_job(item: str, details: Mapping[str, Any], *, job_id: str = "job-1", today: date = MONDAY) -> Job:
    return Job(
        job_id=job_id,
        park="tianan",
        number="天安2026-0001",
        company="示例企业",
        text="",
        item=item,
        details=details,
        today=today,
    )
