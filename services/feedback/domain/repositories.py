"""Where complaints are kept, as handlers see it. No bus, no database."""

from datetime import datetime
from typing import Protocol

from services.feedback.domain.complaints import Complaint
from shared.contracts.feedback import ListComplaints


class Complaints(Protocol):
    """Every complaint."""

    def next_number(self, year: int) -> str: ...

    def add(self, complaint: Complaint, alarm_at: datetime | None) -> None: ...

    def get(self, complaint_id: str) -> Complaint:
        """Locked until the transaction ends, if it may write. Raises NotFound."""
        ...

    def by_number(self, number: str) -> Complaint | None: ...

    def put(self, complaint: Complaint, alarm_at: datetime | None) -> None: ...

    def known_before(self, request_id: str, item_id: str) -> bool:
        """Whether somebody complained about the same before."""
        ...

    def alarms(self, now: datetime, most: int) -> list[Complaint]:
        """Those whose clock, or time for an appeal, is to be looked at; no other instance gets the same ones."""
        ...

    def look_again(self, park: str, now: datetime) -> None:
        """The clocks of this park (of every park, if empty) are read by another plan now."""
        ...

    def page(self, query: ListComplaints, parks: tuple[str, ...]) -> tuple[list[Complaint], dict[str, int]]: ...
