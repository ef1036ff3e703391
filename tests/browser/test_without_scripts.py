"""The main paths in a browser that runs no script."""

import re

import pytest
from playwright.sync_api import expect


@pytest.fixture
def plain(visitor):
    return visitor("phone", java_script_enabled=False)


def test_a_need_is_stated_and_its_kind_is_suggested(plain):
    page = plain.open("/tianan")
    page.get_by_label("您的需求").fill("厂里新买了12只压力表，需要强制检定，想请人指导办理。")
    page.get_by_role("button", name="看看归哪一类").click()
    expect(page.get_by_text("看起来是这件事，对吗？")).to_be_visible()
    page.get_by_label("企业名称").fill("示例企业N01")
    page.get_by_label("手机号或邮箱").fill("wang@example.com")
    page.get_by_role("button", name="提交需求").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("请记下编号和查询码")
    expect(page.get_by_role("button", name="打印受理单")).to_be_hidden()
    page.get_by_role("link", name="看进度").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("您的这件事")


def test_a_request_is_rated(plain, running):
    stated = running.deliver(running.state("不用脚本也能评价"))
    page = plain.open_request(stated)
    page.get_by_role("button", name="满意", exact=True).click()
    running.until(stated, "sealed")
    page.reload()
    expect(page.get_by_text("您的评价：满意")).to_be_visible()


def test_a_request_is_withdrawn(plain, running):
    stated = running.state("不用脚本也能撤回")
    page = plain.open_request(stated)
    page.get_by_role("link", name="不办了，撤回").click()
    page.get_by_role("button", name="撤回这件事").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("已撤回")


def test_an_item_is_accepted_and_its_form_follows_the_choice(plain, running):
    page = plain.open_item(running.state("不用脚本也能评估"))
    page.get_by_role("button", name="受理，我来负责").click()
    page.get_by_label("全部服务事项").select_option("5.3.b")
    page.get_by_role("button", name="换成选的这一项").click()
    expect(page.locator("#fields [name=drawn]")).to_have_value("5.3.b")
    rows = page.locator("#fields .nqi-row")
    before = rows.count()
    page.get_by_role("button", name="再加一行").first.click()
    assert rows.count() == before + 1


def test_the_language_and_the_type_size_are_changed(plain):
    page = plain.open("/track")
    page.get_by_role("link", name="English").last.click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Track a request")
    page.get_by_role("link", name="Large type").last.click()
    expect(page.locator("html")).to_have_class(re.compile("nqi-large"))
