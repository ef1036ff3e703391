"""Organizations as dispatch knows them: its copy of the register, and what each has done so far."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Protocol

from shared.access import EVERYWHERE
from shared.contracts.dispatch import TargetView
from shared.contracts.providers import OrganizationRegistered, Qualification

KIND = "organization"
ACTIVE, SUSPENDED = "active", "suspended"


class Distance(StrEnum):
    """How far an organization's place is from the parks of the district."""

    NEAR = "near"
    CITY = "city"
    FAR = "far"


class Price(StrEnum):
    LOW = "low"
    MIDDLE = "middle"
    HIGH = "high"


@dataclass(frozen=True, kw_only=True)
class Organization:
    """What the register said last. `excluded` is why a complaint keeps it out, empty if none does."""

    code: str
    version: int
    name: str
    items: tuple[str, ...]
    parks: tuple[str, ...]
    qualifications: tuple[Qualification, ...]
    capacity: int
    active: bool
    joined_on: date
    industries: tuple[str, ...] = ()
    desks: tuple[str, ...] = ()
    distance: Distance = Distance.CITY
    price: Price = Price.MIDDLE
    excluded: str = ""

    @classmethod
    def of(cls, event: OrganizationRegistered) -> "Organization":
        return cls(
            code=event.organization, version=event.version, name=event.name, items=event.items, parks=event.parks,
            qualifications=event.qualifications, capacity=event.capacity, active=event.status == ACTIVE,
            joined_on=date.fromisoformat(event.joined_on), industries=event.industries, desks=event.desks,
            distance=Distance(event.distance or Distance.CITY), price=Price(event.price or Price.MIDDLE),
            excluded=event.excluded,
        )  # fmt: skip

    def registered(self) -> OrganizationRegistered:
        """What the register said, as far as it is kept."""
        return OrganizationRegistered(
            park="", organization=self.code, version=self.version, name=self.name, items=self.items, parks=self.parks,
            qualifications=self.qualifications, capacity=self.capacity, status=ACTIVE if self.active else SUSPENDED,
            joined_on=self.joined_on.isoformat(), industries=self.industries, desks=self.desks,
            distance=str(self.distance), price=str(self.price), excluded=self.excluded,
        )  # fmt: skip

    def target(self, now: datetime) -> TargetView:
        """As one among all that may be offered a job."""
        manifest = {"code": self.code, "kind": KIND, "title": self.name, "title_en": self.name, "items": {}}
        return TargetView(
            target=self.code, kind=KIND, title=self.name, clause="", live=self.active and not self.excluded,
            seen_at=now, manifest=manifest,
        )  # fmt: skip

    def serves(self, park: str) -> bool:
        return bool({park, EVERYWHERE} & set(self.parks))

    def qualified(self, item: str) -> list[Qualification]:
        """Its qualifications for an item, expired or not, those that name the item first and then the longest valid."""
        fitting = [one for one in self.qualifications if item in one.items or not one.items]
        return sorted(fitting, key=lambda one: (item in one.items, one.expires_on), reverse=True)


@dataclass(frozen=True, kw_only=True)
class Record:
    """What an organization did in the last year, counted from its jobs.

    `ended` counts jobs that it finished or gave up; those the client withdrew are not its doing. `timely` counts
    finished jobs that had an agreed day and kept it, `dated` those that had one.
    """

    in_hand: int = 0
    ended: int = 0
    finished: int = 0
    dated: int = 0
    timely: int = 0
    asked: int = 0  # clients asked to rate it
    rated: int = 0
    satisfied: int = 0  # rated 4 or 5
    finished_of_item: int = 0  # jobs of the same lettered item

    def __add__(self, other: "Record") -> "Record":
        return Record(**{name: getattr(self, name) + getattr(other, name) for name in self.__dataclass_fields__})


NOTHING = Record()


class Organizations(Protocol):
    """Dispatch's copy of the register."""

    def get(self, code: str) -> Organization | None: ...

    def lock(self, code: str) -> Organization | None:
        """Held until the transaction ends, so that its capacity is counted right."""
        ...

    def put(self, organization: Organization) -> None: ...

    def all(self) -> list[Organization]:
        """By code."""
        ...
