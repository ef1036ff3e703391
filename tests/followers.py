"""What dispatch keeps of following a service, without a database."""

from copy import deepcopy
from typing import Any

from services.dispatch.domain.following import Contact, Report


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
