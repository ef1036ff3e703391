"""Makes `pages.png` from a running demo: landing and tracking page on a phone, workbench on a desk screen.

Run it beside `nqi demo`, with the same NQI_HOME and NQI_PORT: `.venv/bin/python docs/images/make_pictures.py`.
"""

import base64
import json
import time
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, Page, sync_playwright

from deploy.cli.http import Api
from deploy.demo.replay import fill
from shared.config import settings

PHONE, DESK = {"width": 390, "height": 844}, {"width": 1360, "height": 880}
WANTED = "千足金戒指要送检纯度和印记，客户要CMA报告，最快几天能出？"
OTHERS = (
    ("示例照明", "hailunbao", "员工对 ISO 9001 不熟，希望安排一次内审员培训。"),
    ("示例半导体", "zhihuigu", "想借用园区的扫描电镜半天，做材料断口分析，怎么预约？"),
    ("示例仪表", "tianan", "厂里新买了12只压力表和一台电子天平，要强制检定，请问怎么登记？"),
)
SHEET = """<style>
body {{ margin: 0; padding: 36px; display: flex; gap: 28px; background: #E2DDD3 }}
img {{ height: 704px; border-radius: 12px; box-shadow: 0 6px 24px #1D252633 }}
</style>
<img src="{landing}"><img src="{desk}"><img src="{track}">"""


def main() -> None:
    url = f"http://127.0.0.1:{settings().port}"
    password = json.loads((settings().home / "demo-accounts.json").read_text())["chen"]
    api = Api(url)
    api.sign_in("chen", password)
    served, item = _stated(api, "示例珠宝", "shawan", WANTED)
    _serve(api, item["item_id"])
    for other in OTHERS:
        _, item = _stated(api, *other)
    api.post(f"/items/{item['item_id']}/accept")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path="/usr/bin/chromium",
            args=["--no-sandbox", "--disable-gpu", "--disable-background-networking"],
        )
        pictures = {
            "landing": _shot(_landing(_page(browser, PHONE), url)),
            "track": _shot(_track(_page(browser, PHONE), url, served)),
            "desk": _shot(_desk(_page(browser, DESK), url, password, item["item_id"])),
        }
        sheet = browser.new_page(viewport={"width": 1866, "height": 776})
        sheet.set_content(SHEET.format(**pictures), wait_until="load")
        sheet.screenshot(path=Path(__file__).with_name("pages.png"))
        browser.close()


def _stated(api: Api, company: str, park: str, text: str) -> tuple[dict[str, Any], dict[str, Any]]:
    """What its client is told, and its item."""
    told = api.post("/requests", {"park": park, "company": company, "text": text, "phone": "13900000000"}, public=True)
    while not (found := api.get("/items", search=told["number"])["items"]):
        time.sleep(0.1)
    return told, found[0]


def _serve(api: Api, item_id: str) -> None:
    """Accept it, and let the station's own staff serve it."""
    api.post(f"/items/{item_id}/accept")
    testing = next(target for target in api.get("/targets")["targets"] if target["target"] == "testing")
    details = fill(testing["manifest"]["items"]["5.4.b"]["form"], 0)
    api.post(f"/items/{item_id}/assess", {"category": "testing", "item": "5.4.b", "details": details})
    while api.get(f"/items/{item_id}")["stage"] != "serving":
        time.sleep(0.1)


def _page(browser: Browser, size: dict[str, int]) -> Page:
    context = browser.new_context(viewport=size, locale="zh-CN", timezone_id="Asia/Shanghai")  # type: ignore[arg-type]
    return context.new_page()


def _landing(page: Page, url: str) -> Page:
    page.goto(f"{url}/shawan")
    with page.expect_response("**/guess"):
        page.locator("textarea").press_sequentially(WANTED)
    page.get_by_label("企业名称").fill("示例珠宝")
    page.get_by_label("手机号或邮箱").fill("13900000000")
    page.locator("h1").click()  # no field has the focus
    return page


def _track(page: Page, url: str, told: dict[str, Any]) -> Page:
    page.goto(f"{url}/track")
    page.get_by_label("受理编号").fill(told["number"])
    page.get_by_label("查询码").fill(told["code"])
    page.get_by_role("main").get_by_role("button", name="查进度").click()
    page.wait_for_url("**/r/**")
    return page


def _desk(page: Page, url: str, password: str, item_id: str) -> Page:
    page.goto(f"{url}/signin")
    page.get_by_label("账号").fill("chen")
    page.get_by_label("密码").fill(password)
    page.get_by_role("button", name="登录").click()
    page.wait_for_url("**/desk**")
    page.goto(f"{url}/desk/items/{item_id}?view=all")
    return page


def _shot(page: Page) -> str:
    """The picture, to be put into an HTML page."""
    page.wait_for_load_state("load")
    page.wait_for_timeout(500)  # what was typed has its suggestions, and the colours have settled
    return "data:image/png;base64," + base64.b64encode(page.screenshot()).decode()


if __name__ == "__main__":
    main()
