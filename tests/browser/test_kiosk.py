"""The self-service terminal by touch: large targets, nothing to scroll, and nobody finds what another one typed."""

import re

import pytest

from tests.browser.conftest import TERMINALS
from tests.browser.running import CATEGORY, PICK

TARGET = 96  # pixels, the least a finger is given
START = "/kiosk/tianan"
SENT = "请记下编号和查询码"


def say_need(who, item=PICK):
    """A need by touch; the telephone number on the page's own keys."""
    page = who.open(f"{START}/items/{CATEGORY.code}")
    page.locator(f'a[href$="item={item}"]').click()
    page.get_by_label("企业名称").fill("示例企业N06")
    page.get_by_label("手机号").focus()
    for digit in "13900000009":
        page.get_by_role("button", name=digit, exact=True).click()
    page.get_by_role("button", name="退一位").click()
    page.get_by_role("button", name="0", exact=True).click()
    return page


@pytest.mark.parametrize("size", TERMINALS)
@pytest.mark.parametrize("path", ["", f"/items/{CATEGORY.code}", "/say", f"/say?item={PICK}", "/track"])
def test_a_page_is_seen_whole_and_its_targets_are_large(visitor, path, size):
    page = visitor(size).open(START + path)
    width, height = TERMINALS[size]
    whole = page.evaluate("[document.documentElement.scrollWidth, document.documentElement.scrollHeight]")
    assert whole == [width, height]
    targets = page.locator("a:visible:not(.nqi-skip), button:visible, input:visible, textarea:visible").all()
    assert targets
    for target in targets:
        box = target.bounding_box()
        assert box, target
        assert min(box["width"], box["height"]) >= TARGET, target.inner_text()


@pytest.mark.parametrize("size", TERMINALS)
@pytest.mark.clause("4.4.1")
def test_a_need_is_said_by_touch_and_looked_at_again(visitor, size):
    who = visitor(size)
    page = say_need(who)
    assert page.get_by_label("手机号").input_value() == "13900000000"
    page.get_by_role("button", name="提交需求").click()
    page.get_by_text(SENT).wait_for()
    number, code = page.locator("dl dd").all_inner_texts()
    assert page.evaluate("document.documentElement.scrollHeight") == TERMINALS[size][1]
    page.get_by_role("link", name="记下了，完成").click()
    page.wait_for_url(f"**{START}")
    page.get_by_role("link", name="查办理进度").click()
    page.get_by_label("受理编号").fill(number)
    page.get_by_label("查询码").focus()
    for digit in code.replace(" ", ""):
        page.get_by_role("button", name=digit, exact=True).click()
    page.get_by_role("button", name="查进度").click()
    page.get_by_text("等服务站受理").wait_for()
    assert who.complaints == []


def test_when_nobody_touches_it_asks_and_then_starts_afresh_with_empty_fields(visitor):
    who = visitor("terminal")
    who.page.clock.install()
    page = who.open(f"{START}/say?lang=en")
    page.get_by_label("Company").fill("示例企业N06")
    page.clock.fast_forward(59_000)
    assert not page.get_by_role("alertdialog").is_visible()
    page.clock.fast_forward(2_000)
    page.get_by_role("alertdialog").wait_for()
    page.get_by_role("button", name="I am still here").click()
    assert page.get_by_label("Company").input_value() == "示例企业N06"
    page.clock.fast_forward(61_000)
    page.get_by_role("alertdialog").wait_for()
    page.clock.fast_forward(16_000)
    page.wait_for_url(f"**{START}")
    page.get_by_text("我要提需求").wait_for()
    page.go_back()
    page.wait_for_load_state()
    assert "示例企业N06" not in [field.input_value() for field in page.locator("input:visible").all()]


def test_a_code_does_not_stay_on_the_screen(visitor):
    who = visitor("terminal")
    page = say_need(who)
    page.clock.install()
    page.get_by_role("button", name="提交需求").click()
    page.get_by_text(SENT).wait_for()
    page.clock.fast_forward(61_000)
    page.clock.fast_forward(16_000)
    page.wait_for_url(f"**{START}")
    assert not page.get_by_text(SENT).is_visible()
    assert not [cookie for cookie in page.context.cookies() if cookie["name"] in ("nqi_open", "nqi_sent", "nqi_park")]


def test_while_the_station_does_not_answer_it_stays_where_it_is_without_what_was_typed(visitor):
    who = visitor("terminal")
    who.page.clock.install()
    page = who.open(f"{START}/say")
    page.get_by_label("企业名称").fill("示例企业N06")
    page.route(re.compile(f"{START}$"), lambda route: route.abort())
    page.clock.fast_forward(61_000)
    page.clock.fast_forward(16_000)
    page.wait_for_function("document.querySelector('[name=company]').value === ''")
    assert page.url.endswith(f"{START}/say")
    page.unroute_all()
    page.clock.fast_forward(6_000)
    page.wait_for_url(f"**{START}")
