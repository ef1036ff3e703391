"""Chromium on the pages of a running system."""

import re
from collections.abc import Callable, Iterator
from typing import Any, ClassVar

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from tests.browser.running import ACCOUNT, LAB, Running, Stated, running

__all__ = ["running"]

CHROMIUM = "/usr/bin/chromium"
QUIET = (
    "--no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking "
    "--disable-component-update --disable-sync"
)
SIZES = {"phone": (390, 844), "desk": (1440, 900)}
TERMINALS = {"terminal": (1200, 900), "upright": (1080, 1920)}  # what the kiosk stands on


@pytest.fixture(scope="package")  # Playwright holds the thread's event loop, which the other tests need.
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=QUIET.split())
        yield browser
        browser.close()


class Visitor:
    """Somebody at a browser: opens pages, and keeps what the browser complains about."""

    _cookies: ClassVar[dict[str, Any]] = {}  # by account

    def __init__(self, running: Running, context: BrowserContext) -> None:
        self.running = running
        self.complaints: list[str] = []
        self.page: Page = context.new_page()
        self.page.set_default_timeout(15_000)
        self.page.on("console", lambda said: self._note(said.type, said.text))
        self.page.on("pageerror", lambda error: self._note("error", str(error)))

    def _note(self, kind: str, text: str) -> None:
        refused = "Failed to load resource: the server responded with a status of 4" in text
        if kind in ("error", "warning") and not refused:
            self.complaints.append(text)

    def forget(self) -> None:
        """Nobody's page again: not signed in, nothing kept, nothing complained of."""
        if self.page.url.startswith(self.running.url):
            self.page.evaluate("localStorage.clear(), sessionStorage.clear()")
        self.page.goto("about:blank")
        self.page.context.clear_cookies()
        self.complaints.clear()

    def open(self, path: str) -> Page:
        self.page.goto(self.running.url + path)
        return self.page

    def open_request(self, stated: Stated) -> Page:
        """As its client does: by number and code."""
        page = self.open("/track")
        page.get_by_label("受理编号").fill(stated.number)
        page.get_by_label("查询码").fill(stated.code)
        page.get_by_role("main").get_by_role("button", name="查进度").click()
        page.wait_for_url("**/r/**")
        return page

    def sign_in(self, account: str = ACCOUNT) -> Page:
        """Signed in by hand once for the session; after that the cookie is at hand."""
        if account in self._cookies:
            self.page.context.add_cookies(self._cookies[account])
            return self.open("/org" if account == LAB else "/desk")
        page = self.open("/signin")
        page.get_by_label("账号").fill(account)
        page.get_by_label("密码").fill(self.running.passwords[account])
        page.get_by_role("button", name="登录").click()
        page.wait_for_url(re.compile("/(desk|org)"))
        self._cookies[account] = page.context.cookies()
        return page

    def open_item(self, stated: Stated) -> Page:
        """As staff do."""
        self.sign_in()
        return self.open(f"/desk/items/{stated.item_id}?view=all")


def new_context(browser: Browser, size: str, **given: Any) -> BrowserContext:
    width, height = {**SIZES, **TERMINALS}[size]
    return browser.new_context(
        viewport={"width": width, "height": height}, locale="zh-CN", timezone_id="Asia/Shanghai", **given
    )


@pytest.fixture
def visitor(browser: Browser, running: Running) -> Iterator[Callable[..., Visitor]]:
    """Makes a visitor with a browser of their own: `visitor("phone")`, `visitor("desk", java_script_enabled=False)`."""
    contexts = []

    def come(size: str = "desk", **given: object) -> Visitor:
        contexts.append(new_context(browser, size, **given))
        return Visitor(running, contexts[-1])

    yield come
    for context in contexts:
        context.close()


@pytest.fixture(scope="module")
def passers(browser: Browser, running: Running) -> Iterator[Callable[[str], Visitor]]:
    """Visitors who come by again and again, one for each size; a new browser's first page costs three of theirs."""
    known: dict[str, Visitor] = {}

    def come(size: str) -> Visitor:
        if size not in known:
            known[size] = Visitor(running, new_context(browser, size))
        else:
            known[size].forget()
        return known[size]

    yield come
    for who in known.values():
        who.page.context.close()
