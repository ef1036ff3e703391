"""Organizations on the register: what is written down of each, and when an entry is right. No bus, no database."""

import re
from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from typing import Protocol

from shared.access import EVERYWHERE
from shared.contracts.providers import GivenOrganization, OrganizationRegistered, OrganizationView
from shared.errors import Invalid, NotFound
from shared.states import StateTable

CODE = re.compile(r"[A-Z][A-Z0-9-]{1,19}")  # upper case, so that no category's code is ever meant
ITEM = re.compile(r"[0-9]{1,2}(\.[0-9]{1,2})?\.[a-z]{1,2}")
PHONE = re.compile(r"\+?[0-9][0-9 ()-]{2,24}")
EMAIL = re.compile(r"[^@\s]{1,64}@[^@\s]{1,190}")
DISTANCES = ("near", "city", "far")
PRICES = ("low", "middle", "high")
LINE = 200
LIST = 100
CAPACITY = 1000

NO_CODE = "代码用 2 到 20 个大写字母、数字或连字符，以字母开头，例如 GZ-JL"
NO_NAME = "请写机构名称，最多 200 个字"
NO_ITEM = "没有这个服务事项，要写成 5.4.b 这样"
NO_PARK = "没有这个园区"
NO_ITEMS = "至少写一个服务事项"
NO_PARKS = "至少写一个服务园区，或写 * 表示全部"
NO_CAPACITY = "同时在办要写 1 到 1000 的整数"
NO_DAY = "日期写成 2026-11-30 这样"
NO_CHOICE = "请从列出的选项里选"
NO_PHONE = "电话号码不对，请检查"
NO_EMAIL = "邮箱地址不对，请检查"
NOT_SERVED = "机构不做这个服务事项"
NOT_A_PARK_OF_IT = "机构不服务这个园区"
TOO_MANY = "太多了，最多 100 个"
TOO_LONG = "最多 200 个字"
MISSING = "请填写这一项"


class Status(StrEnum):
    ACTIVE = "active"
    SUSPENDED = "suspended"


LIFE = StateTable(
    # while            on         becomes
    (Status.ACTIVE,    "suspend", Status.SUSPENDED),
    (Status.SUSPENDED, "resume",  Status.ACTIVE),
)  # fmt: skip


@dataclass(kw_only=True)
class Organization:
    """One entry of the register. `excluded` is why a complaint keeps it out, empty if none does."""

    given: GivenOrganization
    version: int = 1
    status: Status = Status.ACTIVE
    status_reason: str = ""
    excluded: str = ""

    @property
    def code(self) -> str:
        return self.given.code

    def change(self, given: GivenOrganization) -> bool:
        """Take the entry over; False if it says the same as before."""
        if given == self.given:
            return False
        self.given = given
        self.version += 1
        return True

    def suspend(self, reason: str) -> None:
        self._move("suspend")
        self.status_reason = reason

    def resume(self) -> None:
        self._move("resume")
        self.status_reason = ""

    def exclude(self, reason: str) -> None:
        self.excluded = reason
        self.version += 1

    def registered(self) -> OrganizationRegistered:
        given = self.given
        return OrganizationRegistered(
            park="", organization=given.code, version=self.version, name=given.name, items=given.items,
            parks=given.parks, qualifications=given.qualifications, capacity=given.capacity, status=str(self.status),
            joined_on=given.joined_on, industries=given.industries, desks=given.desks, distance=given.distance,
            price=given.price, excluded=self.excluded,
        )  # fmt: skip

    def view(self, contact: bool) -> OrganizationView:
        given = self.given if contact else replace(self.given, contact_name="", phone="", email="")
        return OrganizationView(
            organization=given, version=self.version, status=str(self.status), status_reason=self.status_reason,
            excluded=self.excluded, allowed=tuple(LIFE.allows(self.status)),
        )  # fmt: skip

    def serves(self, park: str) -> bool:
        return bool({park, EVERYWHERE} & set(self.given.parks))

    def _move(self, trigger: str) -> None:
        self.status = Status(LIFE.move(self.status, trigger))
        self.version += 1


def faults(given: GivenOrganization, parks: Collection[str], letters: Collection[str]) -> dict[str, str]:
    """What is wrong with an entry, by field path. `letters` are the items known here; other clauses are not judged."""
    wrong: dict[str, str] = {}
    if not CODE.fullmatch(given.code):
        wrong["code"] = NO_CODE
    if not given.name.strip() or len(given.name) > LINE:
        wrong["name"] = NO_NAME
    wrong |= _lists(given, parks, letters)
    if not 1 <= given.capacity <= CAPACITY:
        wrong["capacity"] = NO_CAPACITY
    if not is_day(given.joined_on):
        wrong["joined_on"] = NO_DAY
    for name, value, options in (("distance", given.distance, DISTANCES), ("price", given.price, PRICES)):
        if value not in options:
            wrong[name] = NO_CHOICE
    if len(given.contact_name) > LINE:
        wrong["contact_name"] = TOO_LONG
    if given.phone and not PHONE.fullmatch(given.phone):
        wrong["phone"] = NO_PHONE
    if given.email and not EMAIL.fullmatch(given.email):
        wrong["email"] = NO_EMAIL
    return wrong | _qualifications(given)


def _lists(given: GivenOrganization, parks: Collection[str], letters: Collection[str]) -> dict[str, str]:
    wrong: dict[str, str] = {}
    for name, lacking in (("items", NO_ITEMS), ("parks", NO_PARKS)):
        if not getattr(given, name):
            wrong[name] = lacking
    for name in ("items", "parks", "desks", "industries", "qualifications"):
        if len(getattr(given, name)) > LIST:
            wrong[name] = TOO_MANY
    for n, item in enumerate(given.items):
        if not ITEM.fullmatch(item) or _unknown(item, letters):
            wrong[f"items.{n}"] = NO_ITEM
    for n, park in enumerate(given.parks):
        if park not in parks and park != EVERYWHERE:
            wrong[f"parks.{n}"] = NO_PARK
    for n, park in enumerate(given.desks):
        if park not in parks:
            wrong[f"desks.{n}"] = NO_PARK
        elif not {park, EVERYWHERE} & set(given.parks):
            wrong[f"desks.{n}"] = NOT_A_PARK_OF_IT
    for n, industry in enumerate(given.industries):
        if not industry.strip() or len(industry) > LINE:
            wrong[f"industries.{n}"] = TOO_LONG
    return wrong


def _unknown(item: str, letters: Collection[str]) -> bool:
    """A letter that its clause, which is known here, does not have."""
    clause = item.rpartition(".")[0]
    return item not in letters and any(letter.rpartition(".")[0] == clause for letter in letters)


def _qualifications(given: GivenOrganization) -> dict[str, str]:
    wrong: dict[str, str] = {}
    for n, one in enumerate(given.qualifications):
        at = f"qualifications.{n}"
        for name in ("scope", "number", "issuer"):
            value = getattr(one, name)
            if not value.strip():
                wrong[f"{at}.{name}"] = MISSING
            elif len(value) > LINE:
                wrong[f"{at}.{name}"] = TOO_LONG
        if not is_day(one.expires_on):
            wrong[f"{at}.expires_on"] = NO_DAY
        for m, item in enumerate(one.items):
            if item not in given.items:
                wrong[f"{at}.items.{m}"] = NOT_SERVED
    return wrong


def is_day(text: str) -> bool:
    try:
        return date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False


class Organizations(Protocol):
    """Every organization there ever was."""

    def get(self, code: str) -> Organization | None:
        """Locked until the transaction ends, if it may write."""
        ...

    def add(self, organization: Organization) -> bool:
        """False if another transaction has just entered this code."""
        ...

    def put(self, organization: Organization) -> None: ...

    def all(self) -> list[Organization]:
        """By code."""
        ...


class Parks(Protocol):
    """The parks that have a station."""

    def put(self, park: str) -> None: ...

    def all(self) -> set[str]: ...


def found(organization: Organization | None) -> Organization:
    if organization is None:
        raise NotFound("没有这家机构")
    return organization


def check(given: GivenOrganization, parks: Collection[str], letters: Collection[str]) -> None:
    """Raises Invalid with a text for each wrong field."""
    if wrong := faults(given, parks, letters):
        raise Invalid("请检查填写的内容", fields={f"organization.{path}": text for path, text in wrong.items()})
