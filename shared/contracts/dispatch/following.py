"""How a service is followed while it lasts: progress reports, and who spoke to whom (clauses 6.4.1, 6.4.2)."""

from dataclasses import dataclass
from datetime import datetime

from shared.contracts.base import Answer, Command, Query
from shared.contracts.dispatch.follow_ups import DelayView, FollowUpView
from shared.contracts.dispatch.items import ItemEvent


@dataclass(frozen=True, kw_only=True)
class ProgressReported(ItemEvent):
    """Whoever serves said how far it is.

    `share` is how many per cent are done, None where that cannot be said; `expected_on` (ISO 8601, may be empty) when
    it will probably be over. `late`: something newer was known already, or the job is no longer theirs; then it is
    kept as a note and changes nothing.
    """

    report_id: str
    text: str
    reported_at: datetime
    by: str
    share: int | None = None
    next_step: str = ""
    expected_on: str = ""
    late: bool = False


@dataclass(frozen=True, kw_only=True)
class ContactLogged(ItemEvent):
    """Someone of the station spoke with the client or with the organization that serves.

    `party`: client or organization; `role`: what the person is there, never a name; `how`: phone, visit, message or
    mail; `contacted_at` is when, `next_step` and `next_on` (ISO 8601) what was agreed for later.
    """

    private = True
    contact_id: str
    party: str
    role: str
    how: str
    about: str
    contacted_at: datetime
    next_step: str = ""
    next_on: str = ""


@dataclass(frozen=True, kw_only=True)
class ReportView(Answer):
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


@dataclass(frozen=True, kw_only=True)
class LoggedContact(Answer):
    contact_id: str
    item_id: str
    party: str
    role: str
    how: str
    about: str
    contacted_at: datetime
    logged_at: datetime
    by_id: str
    by_name: str
    next_step: str = ""
    next_on: str = ""


@dataclass(frozen=True, kw_only=True)
class ReportProgress(Command):
    """Say how far the service of an item is. The same `report_id` again changes nothing, whatever it says.

    `reported_at` is when the one who serves said so, where that was earlier.
    """

    returns = ReportView
    item_id: str
    text: str
    share: int | None = None
    next_step: str = ""
    expected_on: str = ""
    report_id: str = ""
    reported_at: datetime | None = None


@dataclass(frozen=True, kw_only=True)
class LogContact(Command):
    """Write down one conversation; see ContactLogged. `contacted_at`: now, unless it says otherwise."""

    returns = LoggedContact
    item_id: str
    party: str
    how: str
    about: str
    role: str = "handler"
    next_step: str = ""
    next_on: str = ""
    contacted_at: datetime | None = None


@dataclass(frozen=True, kw_only=True)
class FollowingView(Answer):
    """All that was done to follow one item: `progress` is the newest report of the job as it is now."""

    item_id: str
    progress: ReportView | None = None
    reports: tuple[ReportView, ...] = ()
    contacts: tuple[LoggedContact, ...] = ()
    follow_ups: tuple[FollowUpView, ...] = ()
    delays: tuple[DelayView, ...] = ()
    promised_at: datetime | None = None  # by when the client may expect the result, as it was told last


@dataclass(frozen=True, kw_only=True)
class GetFollowing(Query):
    """For staff, and for whoever serves it; clients see what concerns them in the timeline of their request."""

    returns = FollowingView
    item_id: str
