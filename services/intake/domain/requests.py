"""Needs as stated. No bus, no database."""

import re
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from services.intake.channel import receives
from services.intake.domain.occasions import check_hand, wrong_with
from shared.access import Actor
from shared.contracts.base import Details
from shared.contracts.intake import Occasion, RequestReceived, RequestView, SubmitNeed
from shared.errors import Invalid
from shared.uscc import credit_code

TEXT_LIMIT = 5000
COMPANY_LIMIT = 200
DETAILS_LIMIT = 100  # fields
REFERENCE_LIMIT = 500
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
    occasion: Occasion | None = None
    on_behalf: bool = False
    reference: str = ""
    credit_code: str = ""

    def received(self) -> RequestReceived:
        return RequestReceived(
            park=self.park, request_id=self.request_id, number=self.number, company=self.company, text=self.text,
            channel=self.channel, category=self.category, item=self.item, details=self.details,
            occasion=self.occasion, on_behalf=self.on_behalf, credit_code=self.credit_code,
        )  # fmt: skip

    def view(self) -> RequestView:
        return RequestView(
            request_id=self.request_id, number=self.number, park=self.park, company=self.company, text=self.text,
            channel=self.channel, received_at=self.received_at, occasion=self.occasion, on_behalf=self.on_behalf,
            reference=self.reference, credit_code=self.credit_code,
        )  # fmt: skip


def check_need(need: SubmitNeed, actor: Actor, now: datetime) -> None:
    """Raises Invalid with a text for each field, or Forbidden for a channel that is not this actor's."""
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
    if need.channel not in receives:
        wrong["channel"] = "没有这种渠道"
    else:
        wrong |= wrong_with(need, actor, now)
    if len(need.reference) > REFERENCE_LIMIT:
        wrong["reference"] = "最多写 500 个字"
    if need.category and not CATEGORY.fullmatch(need.category):
        wrong["category"] = "没有这个类别"
    if need.item and not ITEM.fullmatch(need.item):
        wrong["item"] = "没有这一项"
    if need.credit_code:
        wrong |= _wrong_code(need.credit_code)
    if len(need.details) > DETAILS_LIMIT:
        wrong["details"] = "填写的内容太多"
    if wrong:
        raise Invalid("请检查填写的内容", fields=wrong)
    check_hand(receives[need.channel], actor)


def _wrong_code(text: str) -> dict[str, str]:
    try:
        credit_code(text)
    except Invalid as error:
        return error.fields
    return {}


class Requests(Protocol):
    """Every request there is."""

    def add(self, request: Request) -> None: ...

    def get(self, request_id: str) -> Request | None: ...

    def by_number(self, number: str) -> Request | None: ...

    def identify(self, request: Request) -> None:
        """Keep its code and company as they are now."""
        ...

    def of_client(self, credit_code: str, parks: tuple[str, ...], after: str = "", limit: int = 500) -> list[Request]:
        """The client's requests in these parks, newest first, older than the request `after`."""
        ...
