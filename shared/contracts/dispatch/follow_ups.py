"""Following by plan: tasks that fall due while a service lasts, and delays told before they happen (6.4.1, 6.4.2)."""

from dataclasses import dataclass
from datetime import datetime

from shared.contracts.base import Answer, Command, Event, Query
from shared.contracts.dispatch.items import ItemEvent, ItemView


@dataclass(frozen=True, kw_only=True)
class FollowUpDue(ItemEvent):
    """It is time to ask how the service goes. `kind`: first, regular, ending, or agreed in a conversation."""

    follow_up_id: str
    kind: str
    due_at: datetime


@dataclass(frozen=True, kw_only=True)
class FollowUpDone(ItemEvent):
    """Somebody asked, as the contact says; or it was `skipped`, for a reason."""

    follow_up_id: str
    kind: str
    contact_id: str = ""
    skipped: bool = False
    reason: str = ""


@dataclass(frozen=True, kw_only=True)
class DelayAnnounced(ItemEvent):
    """The service will take longer: until `expected_on` (ISO 8601) and not until `due_at`, said before that."""

    heard_by = ("feedback",)
    delay_id: str
    number: str
    title: str
    expected_on: str
    reason: str
    due_at: datetime | None = None


@dataclass(frozen=True, kw_only=True)
class FollowPlanSet(Event):
    """How the services of the district are followed from now on; see FollowPlanView."""

    first_share: int
    every_days: int
    before_days: int
    check_share: int = 10


@dataclass(frozen=True, kw_only=True)
class FollowPlanView(Answer):
    """First when `first_share` per cent of the limit are over, then every `every_days` working days, and
    `before_days` working days before the end that was promised. `check_share` per cent of what was served is checked.
    """

    first_share: int
    every_days: int
    before_days: int
    check_share: int = 10


@dataclass(frozen=True, kw_only=True)
class FollowUpView(Answer):
    """`status`: open, done, skipped, or dropped because the service was over first; `due` whether it is time."""

    follow_up_id: str
    item_id: str
    kind: str
    due_at: datetime
    status: str
    due: bool
    done_at: datetime | None = None
    contact_id: str = ""
    reason: str = ""
    by_name: str = ""
    number: str = ""
    company: str = ""
    title: str = ""
    owner_id: str = ""
    owner_name: str = ""


@dataclass(frozen=True, kw_only=True)
class DelayView(Answer):
    delay_id: str
    expected_on: str
    reason: str
    announced_at: datetime
    by_name: str
    due_at: datetime | None = None


@dataclass(frozen=True, kw_only=True)
class FollowUpPage(Answer):
    """Open ones by time. `counts` within the same filter: due, later, and of the last 30 days done, skipped, contacts
    and delays."""

    follow_ups: tuple[FollowUpView, ...]
    counts: dict[str, int]
    next: str = ""


@dataclass(frozen=True, kw_only=True)
class ListFollowUps(Query):
    returns = FollowUpPage
    park: str = ""
    owner_id: str = ""
    after: str = ""
    limit: int = 50


@dataclass(frozen=True, kw_only=True)
class SkipFollowUp(Command):
    returns = FollowUpView
    follow_up_id: str
    reason: str


@dataclass(frozen=True, kw_only=True)
class AnnounceDelay(Command):
    """Only before the end that was promised; the client is told."""

    returns = ItemView
    item_id: str
    expected_on: str
    reason: str


@dataclass(frozen=True, kw_only=True)
class GetFollowPlan(Query):
    returns = FollowPlanView


@dataclass(frozen=True, kw_only=True)
class SetFollowPlan(Command):
    """For the whole district; tasks that are planned already stay as they are."""

    returns = FollowPlanView
    first_share: int
    every_days: int
    before_days: int
    check_share: int = 10
