"""A client on a phone chooses when to come, moves and cancels; staff see it in the calendar and begin the service."""

import re
from datetime import datetime

import pytest
from playwright.sync_api import expect

from tests.system import eventually


def told(page, text):
    expect(page.locator(".nqi-told")).to_contain_text(text)


@pytest.mark.clause("6.3.a")
def test_a_client_chooses_moves_and_cancels_on_a_phone(visitor, running):
    who = visitor("phone")
    stated = running.by_appointment(running.state("想约个时间当面问"))
    page = who.open_request(stated)
    expect(page.get_by_role("heading", level=1)).to_contain_text("请您选个时间")
    page.get_by_role("link", name="选时间").click()
    page.locator(".nqi-day > summary").nth(1).click()
    day = page.locator(".nqi-day").nth(1)
    chosen = day.locator("label").nth(2)
    time = chosen.inner_text().strip()
    chosen.click()
    expect(page.get_by_role("button", name="选这个时间")).to_be_in_viewport()  # it stays in sight
    page.get_by_role("button", name="选这个时间").click()
    told(page, "约好了，到时候见")
    expect(page.get_by_role("heading", name=re.compile(f"{time} 见"))).to_be_visible()
    expect(page.get_by_text("检测岗、洽谈室 1").first).to_be_visible()
    with page.expect_download() as file:
        page.get_by_role("link", name="记进手机日历").click()
    assert file.value.suggested_filename == "appointment.ics"

    page.get_by_role("link", name="换个时间").click()
    expect(page.get_by_text(re.compile(f"现在约的是 .*{time}"))).to_be_visible()
    other = page.locator(".nqi-day").nth(0).locator("label").last
    later = other.inner_text().strip()
    other.click()
    page.get_by_role("button", name="选这个时间").click()
    told(page, "已经改到新的时间")
    expect(page.get_by_role("heading", name=re.compile(f"{later} 见"))).to_be_visible()

    page.get_by_role("link", name="取消预约").click()
    page.get_by_label("为什么来不了").fill("样品还没有到")
    page.get_by_role("button", name="取消这次预约").click()
    told(page, "预约已取消，可以另选时间")
    expect(page.get_by_role("heading", level=1)).to_contain_text("请您选个时间")
    eventually(lambda: running.own(stated)["timeline"][-1]["type"] == "appointment_cancelled")
    page.reload()
    expect(page.get_by_text("您取消了 ")).to_be_visible()
    expect(page.get_by_text("样品还没有到")).to_be_visible()
    assert who.complaints == []


def test_a_time_somebody_else_has_taken_meanwhile_is_said_and_another_can_be_chosen(visitor, running):
    mine, other = (running.by_appointment(running.state(f"两个人要同一个时间 {n}")) for n in range(2))
    page = visitor("phone").open_request(mine)
    page.get_by_role("link", name="选时间").click()
    first = page.locator("[name=starts]").first
    starts_at = first.get_attribute("value")
    running.tell(f"/items/{other.item_id}/appointment", starts_at=starts_at)
    first.check()
    page.get_by_role("button", name="选这个时间").click()
    expect(page.get_by_role("alert")).to_contain_text("这个时间刚刚被约走了")
    assert page.locator(f"[name=starts][value='{starts_at}']").count() == 0
    page.locator("[name=starts]").first.check()
    page.get_by_role("button", name="选这个时间").click()
    told(page, "约好了")


def test_without_scripts_all_of_it_works(visitor, running):
    page = visitor("phone", java_script_enabled=False).open_request(
        running.by_appointment(running.state("不用脚本也能约"))
    )
    page.get_by_role("link", name="选时间").click()
    page.locator("[name=starts]").first.check()
    page.get_by_role("button", name="选这个时间").click()
    told(page, "约好了")
    page.get_by_role("link", name="取消预约").click()
    page.get_by_role("button", name="取消这次预约").click()
    told(page, "预约已取消")


@pytest.mark.clause("6.3.a")
def test_staff_book_for_a_caller_see_it_in_the_calendar_and_begin(visitor, running):
    stated = running.by_appointment(running.state("来电的企业，替它约", company="示例企业N66"))
    who = visitor("desk")
    page = who.open_item(stated)
    page.get_by_role("link", name="安排时间").click()
    choice = page.locator("[name=starts]").nth(3)
    starts_at = datetime.fromisoformat(choice.get_attribute("value"))
    choice.check()
    page.get_by_role("button", name="就约这个时间").click()
    told(page, "时间约好了")

    page.goto(f"{running.url}/desk/calendar?park=tianan&day={starts_at.date()}")
    slot = page.get_by_role("link", name=re.compile("示例企业N66"))
    expect(slot).to_have_count(2)  # the post's row and the room's
    page.locator("body").press("j")
    expect(page.locator(".nqi-slot").first).to_be_focused()
    page.keyboard.press("ArrowDown")
    expect(page.locator(".nqi-slot").nth(1)).to_be_focused()
    slot.first.press("Enter")
    page.wait_for_url(f"**/desk/items/{stated.item_id}**")
    page.get_by_role("button", name="企业来了，开始办").click()
    told(page, "企业来了")
    running.until(stated, "serving")
    assert who.complaints == []


def test_staff_add_and_change_what_can_be_booked(visitor, running):
    page = visitor("desk").sign_in()
    page.goto(f"{running.url}/desk/resources?park=juda")
    page.get_by_role("link", name="登记一个").click()
    page.get_by_label("种类").select_option("room")
    page.get_by_label("名称").fill("会议室")
    page.get_by_label("代码").fill("Room 1")
    page.get_by_label("周六").fill("09:00-12:00")
    page.get_by_role("button", name="保存").click()
    expect(page.get_by_role("alert")).to_contain_text("代码用小写字母开头")
    expect(page.get_by_label("周六")).to_have_value("09:00-12:00")
    page.get_by_label("代码").fill("room-1")
    page.get_by_role("button", name="保存").click()
    told(page, "“会议室”已保存")
    expect(page.get_by_text("周六 09:00-12:00")).to_be_visible()
    page.get_by_role("link", name="会议室").click()
    page.get_by_label("可以约").uncheck()
    page.get_by_role("button", name="保存").click()
    expect(page.get_by_text("已停约")).to_be_visible()
