"""The workbench by keyboard, and pages by Tab."""

import pytest
from playwright.sync_api import expect


@pytest.fixture
def queue(visitor, running):
    running.in_state("received")
    running.in_state("accepted")
    page = visitor("desk").sign_in()
    page.goto(f"{running.url}/desk?view=all")
    return page


def test_j_and_k_move_through_the_queue_and_enter_opens(queue):
    rows = queue.locator(".nqi-row-item")
    queue.keyboard.press("j")
    expect(rows.nth(0)).to_be_focused()
    queue.keyboard.press("j")
    expect(rows.nth(1)).to_be_focused()
    queue.keyboard.press("ArrowUp")
    expect(rows.nth(0)).to_be_focused()
    queue.keyboard.press("Enter")
    queue.wait_for_url("**/desk/items/**")
    queue.keyboard.press("k")
    expect(rows.nth(0)).to_be_focused()


def test_a_slash_searches_and_letters_stay_letters_in_fields(queue):
    queue.keyboard.press("/")
    search = queue.get_by_role("searchbox")
    expect(search).to_be_focused()
    queue.keyboard.type("jk?/")
    expect(search).to_have_value("jk?/")


def test_a_question_mark_lists_the_keys_and_letters_can_be_switched_off(queue):
    queue.keyboard.press("?")
    dialog = queue.get_by_role("dialog")
    expect(dialog).to_be_visible()
    dialog.get_by_label("用字母按键").uncheck()
    queue.keyboard.press("Escape")
    expect(dialog).to_be_hidden()
    queue.keyboard.press("j")
    expect(queue.locator(".nqi-row-item").nth(0)).not_to_be_focused()
    queue.reload()
    queue.keyboard.press("j")
    expect(queue.locator(".nqi-row-item").nth(0)).not_to_be_focused()


def test_the_first_tab_offers_to_skip_to_the_content(visitor):
    page = visitor("desk").open("/tianan")
    page.bring_to_front()
    page.keyboard.press("Tab")
    skip = page.get_by_role("link", name="跳到正文")
    expect(skip).to_be_focused()
    expect(skip).to_be_in_viewport()
    page.keyboard.press("Enter")
    assert page.url.endswith("#main")


def test_what_is_wrong_takes_the_focus_and_leads_to_the_field(visitor):
    page = visitor("phone").open("/tianan")
    page.get_by_role("button", name="提交需求").click()
    expect(page.get_by_role("alert")).to_be_focused()
    expect(page.get_by_role("alert").get_by_role("link")).to_have_count(3)
    page.get_by_role("alert").get_by_role("link").last.click()
    expect(page.get_by_label("手机号或邮箱")).to_be_focused()
