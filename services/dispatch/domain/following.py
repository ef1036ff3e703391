"""Following a service: progress reports, and the log of who spoke to whom. No bus, no database."""

import re
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Protocol

from services.dispatch.domain.items import Item
from services.dispatch.domain.life import ENDED, Stage
from shared.contracts.dispatch import LoggedContact, ReportView
from shared.errors import Invalid

TEXT_LIMIT = 2000
ID_LIMIT = 100
AHEAD = timedelta(minutes=5)  # how far another's clock may be ahead of ours
SERVED = frozenset({Stage.OFFERED, Stage.SERVING})  # a report may overtake the acceptance
OVER = ENDED | {Stage.CLOSED}
_REACHES_A_PERSON = re.compile(r"(?<!\d)1[3-9]\d{9}(?!\d)|[\w.+-]+@[\w-]+\.[\w.]+|(?<!\d)\d{17}[\dXx](?!\d)")


class Party(StrEnum):
    """Whom the station spoke to."""

    CLIENT = "client"
    ORGANIZATION = "organization"


class PersonRole(StrEnum):
    """What the person is there; names stay out of the log."""

    HANDLER = "handler"
    HEAD = "head"
    EXPERT = "expert"
    OTHER = "other"


class How(StrEnum):
    PHONE = "phone"
    VISIT = "visit"
    MESSAGE = "message"
    MAIL = "mail"


@dataclass(frozen=True, kw_only=True)
class Report:
    """How far a job was at `reported_at`, as whoever serves it said; heard of at `heard_at`."""

    report_id: str
    item_id: str
    job_id: str
    text: str
    reported_at: datetime
    heard_at: datetime
    by: str
    share: int | None = None
    next_step: str = ""
    expected_on: str = ""
    late: bool = False

    def newer(self, other: "Report") -> bool:
        return (self.reported_at, self.report_id) > (other.reported_at, other.report_id)

    def view(self) -> ReportView:
        return ReportView(**asdict(self))


def progress(item: Item, reports: Iterable[Report]) -> Report | None:
    """What is known of the job the item has now: its newest report, in whatever order they came."""
    own = [one for one in reports if item.concerns(one.job_id)]
    return max(own, key=lambda one: (one.reported_at, one.report_id), default=None)


def comes_late(report: Report, item: Item, reports: Iterable[Report]) -> bool:
    """Whether it tells nothing new: of a job that is past, of one that is over, or older than what is known."""
    if item.stage not in SERVED or not item.concerns(report.job_id):
        return True
    known = progress(item, reports)
    return known is not None and not report.newer(known)


@dataclass(frozen=True, kw_only=True)
class Contact:
    """One conversation about an item, written down by someone of the station."""

    contact_id: str
    item_id: str
    park: str
    party: Party
    role: PersonRole
    how: How
    about: str
    contacted_at: datetime
    logged_at: datetime
    by_id: str
    by_name: str
    next_step: str = ""
    next_on: str = ""

    def view(self) -> LoggedContact:
        values = asdict(self)
        del values["park"]
        return LoggedContact(**{**values, "party": str(self.party), "role": str(self.role), "how": str(self.how)})


# --- what people and targets say, checked


def said(text: str, name: str, lacking: str = "", most: int = TEXT_LIMIT) -> str:
    """The text, trimmed; raises Invalid where it is missing or too long."""
    found = text.strip()
    if lacking and not found:
        raise Invalid("请检查填写的内容", fields={name: lacking})
    if len(found) > most:
        raise Invalid("请检查填写的内容", fields={name: "这一项写得太长"})
    return found


def impersonal(text: str, name: str, lacking: str = "") -> str:
    """The same, of a text that travels: how to reach a person, and who it is, stay in the register of clients."""
    if _REACHES_A_PERSON.search(text):
        raise Invalid("请检查填写的内容", fields={name: "这里不写电话、邮箱和证件号，写职务就够了"})
    return said(text, name, lacking)


def day(text: str, name: str) -> str:
    """A day in ISO 8601, or nothing."""
    try:
        return date.fromisoformat(text.strip()).isoformat() if text.strip() else ""
    except ValueError:
        raise Invalid("请检查填写的内容", fields={name: "日期要写成 2026-11-30 这样"}) from None


def share_done(share: int | None) -> int | None:
    if share is not None and not 0 <= share <= 100:
        raise Invalid("请检查填写的内容", fields={"share": "完成多少，要在 0 和 100 之间"})
    return share


def past(at: datetime | None, now: datetime, name: str) -> datetime:
    """When something was; now, unless it says otherwise. Raises Invalid for what is still to come."""
    if at is not None and at > now + AHEAD:
        raise Invalid("请检查填写的内容", fields={name: "还没有发生的事不能记，请核对时间"})
    return min(at, now) if at else now


class Following(Protocol):
    """What was reported and said about items. The item's lock is the lock of all of it."""

    def report(self, item_id: str, report_id: str) -> Report | None: ...

    def add_report(self, report: Report) -> None: ...

    def reports(self, item_id: str) -> list[Report]:
        """In the order they were heard."""
        ...

    def add_contact(self, contact: Contact) -> None: ...

    def contacts(self, item_id: str) -> list[Contact]:
        """The newest first."""
        ...
