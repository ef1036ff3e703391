"""Needs as stated. No bus, no database."""

import re
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from shared.access import Actor, Role
from shared.contracts.base import Details
from shared.contracts.intake import RequestReceived, RequestView, SubmitNeed
from shared.errors import Forbidden, Invalid

TEXT_LIMIT = 5000
COMPANY_LIMIT = 200
DETAILS_LIMIT = 100  # fields
SELF_SERVICE = ("web", "kiosk", "api")
BY_STAFF = ("phone", "visit", "window", "letter", "email", "im")  # someone of the station writes it down
PHONE = re.compile(r"\+?[0-9][0-9 ()-]{4,24}")
EMAIL = re.compile(r"[^@\s]{1,64}@[^@\s]{1,190}")
CATEGORY = re.compile(r"[a-z][a-z0-9_-]{1,40}")
ITEM = re.compile(r"[0-9]{1,2}(\.[0-9]{1,2})?\.[a-z]{1,2}")


@dataclass(frozen=True, kw_only=True)
class Contact:
    """Personal data, and the code that proves whose request it is; nowhere but here."""

    name: str
    phone: str
    email: str
    code: str


@dataclass(frozen=True, kw_only=True)
class Request:
    request_id: str
    park: str
    number: str
    company: str
    text: str
    channel: str
    received_at: datetime
    contact: Contact
    category: str = ""
    item: str = ""
    details: Details = field(default_factory=dict)

    def received(self) -> RequestReceived:
        return RequestReceived(
            park=self.park, request_id=self.request_id, number=self.number, company=self.company, text=self.text,
            channel=self.channel, category=self.category, item=self.item, details=self.details,
        )  # fmt: skip

    def view(self) -> RequestView:
        return RequestView(
            request_id=self.request_id, number=self.number, park=self.park, company=self.company, text=self.text,
            channel=self.channel, received_at=self.received_at,
        )  # fmt: skip


def check_need(need: SubmitNeed, actor: Actor) -> None:
    """Raises Invalid with a text for each field, or Forbidden for a channel that only staff write down."""
    wrong = {}
    if not need.text.strip():
        wrong["text"] = "请写下您的需求"
    elif len(need.text) > TEXT_LIMIT:
        wrong["text"] = "需求最多写 5000 个字，更多内容请分几次提交"
    if not need.company.strip():
        wrong["company"] = "请填写企业名称"
    elif len(need.company) > COMPANY_LIMIT:
        wrong["company"] = "企业名称最多 200 个字"
    if len(need.contact_name) > COMPANY_LIMIT:
        wrong["contact_name"] = "联系人最多 200 个字"
    if need.phone and not PHONE.fullmatch(need.phone):
        wrong["phone"] = "电话号码不对，请检查，例如 13900000000 或 020-00000001"
    if need.email and not EMAIL.fullmatch(need.email):
        wrong["email"] = "邮箱地址不对，请检查，例如 name@example.com"
    if need.channel not in SELF_SERVICE + BY_STAFF:
        wrong["channel"] = "没有这种渠道"
    if need.category and not CATEGORY.fullmatch(need.category):
        wrong["category"] = "没有这个类别"
    if need.item and not ITEM.fullmatch(need.item):
        wrong["item"] = "没有这一项"
    if len(need.details) > DETAILS_LIMIT:
        wrong["details"] = "填写的内容太多"
    if wrong:
        raise Invalid("请检查填写的内容", fields=wrong)
    if need.channel in BY_STAFF and actor.role not in (Role.STAFF, Role.OPERATOR, Role.ADMIN):
        raise Forbidden("这种渠道的需求由服务站工作人员登记，请先登录")


def number(short: str, year: int, count: int) -> str:
    """天安2026-0128: how people name a request."""
    return f"{short}{year}-{count:04d}"


class Requests(Protocol):
    """Every request there is."""

    def add(self, request: Request) -> None: ...

    def get(self, request_id: str) -> Request | None: ...

    def by_number(self, number: str) -> Request | None: ...


class Parks(Protocol):
    """The parks that have a station."""

    def put(self, park: str, short: str) -> None: ...

    def next_number(self, park: str, year: int) -> str | None:
        """1, 2, 3 ... without gaps, for what is rolled back is not counted; None if there is no such park."""
        ...
