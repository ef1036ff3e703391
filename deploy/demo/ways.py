"""Needs sent the ways that people and programs really send them, for the demo and for tests."""

import io
import re
import time
import uuid
from collections.abc import Sequence
from datetime import datetime
from html import unescape
from typing import Any

import httpx2 as httpx
import xlsxwriter

from deploy.cli.http import Api
from deploy.demo.replay import Need, Told
from deploy.demo.wecom import StandIn
from shared.config import settings

PHONE = "13900000000"
WAIT_SECONDS = 60
_TOLD = re.compile(r'<dd class="nqi-num">([^<]+)</dd>')
_CODE = re.compile(r"\d{6}")
_RECEIPT = re.compile(r"受理编号 (\S+?)，查询码 (\d{6})")


class NotTaken(Exception):
    """The system did not take a need; the text is what it answered."""


def by_open311(url: str, api_key: str, need: Need, key: str = "") -> Told:
    """As a city's app posts it; `key` makes it one need however often it is sent."""
    data = {
        "api_key": api_key, "jurisdiction_id": need.park, "service_code": need.item or "general",
        "description": need.text, "attribute[company]": need.company, "phone": PHONE, "last_name": "张先生",
    }  # fmt: skip
    headers = {"Idempotency-Key": key or uuid.uuid4().hex}
    answer = httpx.post(f"{url}/open311/v2/requests.json", data=data, headers=headers, timeout=30, trust_env=False)
    if answer.status_code != 200:
        raise NotTaken(answer.text)
    told = answer.json()[0]
    found = _CODE.search(told["service_notice"])
    return Told(told["service_request_id"], found[0] if found else "")


def by_kiosk(url: str, need: Need, key: str = "") -> Told:
    """As the terminal's form sends it."""
    data = {
        "key": key or uuid.uuid4().hex, "item": need.item or "", "text": need.text, "company": need.company,
        "phone": PHONE,
    }  # fmt: skip
    answer = httpx.post(f"{url}/kiosk/{need.park}/say", data=data, timeout=30, trust_env=False)
    told = [unescape(one) for one in _TOLD.findall(answer.text)]
    if answer.status_code != 201 or len(told) < 2:
        raise NotTaken(answer.text[:500])
    return Told(told[0], told[1].replace(" ", ""))


def survey_of(needs: Sequence[Need]) -> bytes:
    """A filled-in table of visits, one line a need."""
    made = io.BytesIO()
    with xlsxwriter.Workbook(made, {"in_memory": True, "strings_to_formulas": False}) as book:
        sheet = book.add_worksheet("走访记录")
        today = f"{datetime.now(settings().timezone):%Y-%m-%d}"
        rows = [("走访日期", "走访地点", "走访人", "企业名称", "联系人", "联系电话", "需求", "服务事项")]
        rows += [(today, "企业现场", "陈专员", n.company, "张先生", PHONE, n.text, n.item or "") for n in needs]
        for row, texts in enumerate(rows):
            for column, text in enumerate(texts):
                sheet.write_string(row, column, text)
    return made.getvalue()


def by_survey(api: Api, park: str, needs: Sequence[Need]) -> list[Told]:
    """As staff import a table of visits: looked over, confirmed, taken in. One `Told` a need, in their order."""
    found = api.upload("/visit-lists", "走访记录.xlsx", survey_of(needs), park=park)
    path = f"/visit-lists/{found['list_id']}"
    if found["good"]:
        api.post(f"{path}/confirm")
    until = time.monotonic() + WAIT_SECONDS
    while True:
        page: dict[str, Any] = api.get(path, limit=200)
        lines = page["lines"]
        if all(line["number"] for line in lines):
            return [Told(line["number"]) for line in lines]
        if any(line["wrong"] for line in lines) or time.monotonic() > until:
            raise NotTaken(str([line["wrong"] or line["state"] for line in lines]))
        time.sleep(0.3)


def by_wecom(wecom: StandIn, url: str, need: Need, short: str) -> Told:
    """As somebody writes who has not written before: who they are, then what they need; the answer tells the number."""
    user = f"user.{need.id}"
    for text in (f"我是 {short} {need.company}", need.text):
        answer = wecom.say(url, user, text)
        if answer.status_code != 200:
            raise NotTaken(f"{answer.status_code} {answer.text}")
    until = time.monotonic() + WAIT_SECONDS
    while time.monotonic() < until:
        for text in wecom.said_to(user):
            if found := _RECEIPT.search(text):
                return Told(found[1], found[2])
        time.sleep(0.2)
    raise NotTaken(str(wecom.said_to(user)))
