"""Following a service by hand: a contact logged, a task done by it, progress that the client sees; desk and phone."""

import re

import pytest
from playwright.sync_api import expect

from tests.system import eventually


@pytest.mark.parametrize("size", ["desk", "phone"])
@pytest.mark.clause("6.4.2")
def test_a_contact_is_logged_and_followed_up(visitor, running, size):
    stated = running.serve(running.state(f"要跟进的一件（{size}）"))
    following = f"/items/{stated.item_id}/following"
    eventually(lambda: running.ask(following)["follow_ups"], what="the tasks")
    staff, client = visitor(size), visitor("phone")

    page = staff.open_item(stated)
    expect(page.get_by_text("第一次跟进")).to_be_visible()
    page.locator("summary", has_text="记一次联系").click()
    page.get_by_label("和谁联系").select_option("organization")
    page.get_by_label("谈了什么").fill("核对送样时间")
    page.get_by_label("什么时候前").fill("2030-03-05")
    page.get_by_role("button", name="记下").click()
    expect(page.get_by_role("status").first).to_contain_text("联系已经记下")
    expect(page.get_by_text("联系过 1 次")).to_be_visible()
    expect(page.get_by_text("约好的联系")).to_be_visible()

    page.get_by_role("link", name="报进展").click()
    page.get_by_label("办到哪一步了").fill("样品已上机")
    page.get_by_label("完成多少").fill("60")
    page.get_by_role("button", name="告诉企业").click()
    expect(page.get_by_text("完成 60%", exact=True)).to_be_visible()

    page.goto(f"{running.url}/desk/follow")
    task = page.get_by_role("listitem").filter(has_text=stated.number).filter(has_text="第一次跟进")
    task.get_by_role("link", name="不用跟进").click()
    page.get_by_label("为什么不用跟进").fill("刚刚联系过")
    page.get_by_role("button", name="记下，不跟进").click()
    expect(page.get_by_role("status").first).to_contain_text("不用跟进，已经记下")

    seen = client.open_request(stated)
    expect(seen.get_by_text("样品已上机").first).to_be_visible()
    expect(seen.get_by_text(re.compile("核对送样时间"))).to_have_count(0)
    assert staff.complaints == client.complaints == []
