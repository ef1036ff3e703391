"""A need from its statement to its sealed dossier: the client on a phone, staff at a desk, both pages live."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.running import ITEM, PICK


def fill_in(page, prefix, values):
    """Fill in a described form as a person does."""
    for name, value in values.items():
        field = page.locator(f"#f-{prefix}-{name}")
        if isinstance(value, list):
            for n, row in enumerate(value):
                if n:
                    field.get_by_role("button", name="再加一行").click()
                    page.locator(f"#f-{prefix}-{name} .nqi-row").nth(n).wait_for()
                fill_in(page, f"{prefix}-{name}-{n}", row)
        elif isinstance(value, bool):
            field.set_checked(value)
        elif field.evaluate("e => e.tagName") == "SELECT":
            field.select_option(str(value))
        else:
            field.fill(str(value))


def update(page, state):
    """Wait for the quiet line, follow it, and see the new state."""
    news = page.locator("#news")
    heading = page.get_by_role("heading", level=1)
    for _ in range(20):  # several things may happen one after the other
        if re.search(state, heading.inner_text()):
            return
        expect(news).to_contain_text("条新情况", timeout=20_000)
        news.get_by_role("link", name="点此更新").click()
        expect(news).not_to_contain_text("条新情况")
    raise AssertionError(f"never {state}: {heading.inner_text()}")


@pytest.mark.clause("6.1")
def test_a_need_is_followed_live_to_its_dossier(visitor):
    client, staff = visitor("phone"), visitor("desk")

    page = client.open("/")
    page.get_by_role("link", name="广州天安番禺节能科技园").click()
    page.get_by_label("您的需求").fill("儿童水杯要做全项检测，上架要检测报告。")
    page.get_by_label("企业名称").fill("示例企业N77")
    page.get_by_label("手机号或邮箱").fill("13900000077")
    page.get_by_role("button", name="提交需求").click()
    page.wait_for_url("**/sent")
    number = page.locator(".nqi-tell dd").first.inner_text()
    page.get_by_role("link", name="看进度").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text(re.compile("已收到"))

    desk = staff.sign_in()
    desk.get_by_role("searchbox").fill(number)
    desk.get_by_role("searchbox").press("Enter")
    desk.get_by_role("link", name=re.compile("儿童水杯")).click()
    desk.get_by_role("button", name="受理，我来负责").click()
    expect(desk.get_by_role("status").first).to_contain_text("已受理")
    update(page, "已受理")
    expect(page.get_by_role("heading", name="陈专员负责到底")).to_be_visible()

    desk.get_by_label("全部服务事项").select_option(PICK)
    expect(desk.locator("#fields [name=drawn]")).to_have_value(PICK)
    fill_in(desk, "d", dict(ITEM.example))
    desk.get_by_role("button", name="确认，开始安排").click()
    expect(desk.get_by_role("status").first).to_contain_text("已评估")
    update(desk, ITEM.title)
    update(page, "正在办理")

    desk.goto(desk.url.partition("?")[0])
    expect(desk.get_by_role("heading", name="办完后，交付结果")).to_be_visible()
    fill_in(desk, "r", dict(ITEM.example_result))
    desk.get_by_role("button", name="交付结果").click()
    expect(desk.get_by_role("status").first).to_contain_text("结果已交付")

    update(page, "请您评价")
    expect(page.get_by_role("heading", name="办理结果")).to_be_visible()
    page.get_by_role("button", name="很满意", exact=True).click()
    update(page, "已办结并归档")
    expect(page.get_by_text("档案校验码")).to_be_visible()
    expect(page.locator("dd.nqi-code")).to_have_text(re.compile("^[0-9a-f]{64}$"))
    expect(page.get_by_text("您的评价：很满意")).to_be_visible()
    assert client.complaints == staff.complaints == []


def test_nothing_moves_until_the_reader_asks_for_it(visitor, running):
    stated = running.state("页面不要自己跳动")
    page = visitor("phone").open_request(stated)
    before = page.locator("#part h1").bounding_box()
    running.accept(stated)
    expect(page.locator("#news")).to_contain_text("有 1 条新情况")
    assert page.locator("#part h1").bounding_box() == before
    expect(page.get_by_role("heading", level=1)).to_contain_text("等服务站受理")
    page.get_by_role("link", name="点此更新").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("正在评估")
    expect(page.get_by_role("heading", level=1)).to_be_focused()


def test_a_comment_being_written_survives_an_update(visitor, running):
    stated = running.deliver(running.state("写到一半的话不能丢"))
    page = visitor("phone").open_request(stated)
    page.get_by_text("想先说几句").click()
    page.get_by_label("想说的话").fill("写到一半")
    page.evaluate("htmx.ajax('GET', location.pathname, {target: '#part', select: '#part', swap: 'outerHTML'})")
    expect(page.get_by_label("想说的话")).to_have_value("写到一半")


def test_the_queue_tells_of_new_needs(visitor, running):
    page = visitor("desk").sign_in()
    page.goto(f"{running.url}/desk?view=all")
    running.state("新来的一件")
    expect(page.locator("#news")).to_contain_text("条新情况")
    page.get_by_role("link", name="点此更新").click()
    expect(page.get_by_role("link", name=re.compile("新来的一件"))).to_be_visible()


def test_a_tab_that_was_closed_costs_nothing(visitor, running):
    who = visitor("phone")
    who.open_request(running.state("关掉的页面"))
    who.page.close()
    assert running.http.get("/stations").status_code == 200
