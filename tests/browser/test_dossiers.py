"""A sealed dossier in a browser: found, asked for, granted by another, exported, and told on the ledger."""

import os

import pytest
from playwright.sync_api import expect

from tests.browser.running import OPERATOR


@pytest.mark.clause("6.7", "7.2.3.4")
def test_a_dossier_is_found_granted_exported_and_that_is_on_the_ledger(visitor):
    staff, boss, client = visitor("desk"), visitor("desk"), visitor("phone")
    stated = staff.running.in_state("sealed")

    page = staff.sign_in()
    page = staff.open("/desk/dossiers")
    page.get_by_role("searchbox").fill(stated.number)
    page.get_by_role("main").get_by_role("button", name="查找").click()
    _picture(page, "dossiers")
    page.get_by_role("row").nth(1).get_by_role("link").click()
    expect(page.get_by_role("main")).to_contain_text("真实、完整、可用、安全")
    page.get_by_label("为什么要看").fill("企业来电核对报告编号")
    page.get_by_role("button", name="申请查阅").click()
    expect(page.get_by_role("status")).to_contain_text("由另一个人批准后就能打开")
    _picture(page, "dossier-asked")

    desk = boss.sign_in(OPERATOR)
    desk = boss.open("/desk/grants")
    _picture(desk, "grants")
    desk.get_by_role("button", name="批准", exact=True).first.click()
    expect(desk.get_by_role("status")).to_contain_text("已经处理")

    page.reload()
    _picture(page, "dossier-granted")
    with page.expect_download() as download:
        page.get_by_role("button", name="导出 PDF（带水印）").click()
    assert download.value.path().read_bytes().startswith(b"%PDF")
    page.get_by_role("button", name="打开查阅").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("服务事项档案")
    _picture(page, "dossier-open")
    page = staff.open(f"/desk/items/{stated.item_id}")
    expect(page.get_by_role("main")).to_contain_text("查阅了档案")

    own = client.open_request(stated)
    with own.expect_download() as download:
        own.get_by_role("link", name="下载这件事的档案（PDF）").click()
    assert download.value.path().read_bytes().startswith(b"%PDF")
    assert staff.complaints == boss.complaints == client.complaints == []


def _picture(page, name):
    """For people who want to look: NQI_PICTURES names a folder."""
    if folder := os.environ.get("NQI_PICTURES"):
        page.screenshot(path=f"{folder}/{name}.png", full_page=True)
