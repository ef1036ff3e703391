"""A complaint in a browser: without a name, from a phone, followed by its code, appealed."""

from tests.browser.running import Running


def work(running: Running, complaint_id: str, step: str, **body: object) -> None:
    running.tell(f"/complaint-work/{complaint_id}/{step}", **body)


def test_somebody_complains_without_a_name_follows_it_and_appeals(visitor):
    who = visitor("phone")
    page = who.open("/tianan/complain")
    page.get_by_label("哪方面不满意").select_option("attitude")
    page.get_by_label("经过").fill("打电话问进度，对方很不耐烦")
    page.get_by_label("匿名投诉").check()
    page.get_by_role("button", name="提交投诉").click()
    page.get_by_text("请记下编号和查询码").wait_for()
    number = page.locator(".nqi-crumb .nqi-num").inner_text()
    found = who.running.ask(f"/complaints/{number}")
    assert (found["anonymous"], found["stage"], found["phone"]) == (True, "received", "")

    work(who.running, found["complaint_id"], "acknowledge")
    work(who.running, found["complaint_id"], "assess", severity="low", complexity="simple", impact="one")
    work(who.running, found["complaint_id"], "decide", outcome="unfounded", response="explanation", text="没有查到录音")
    page.reload()
    page.get_by_text("没有查到录音").first.wait_for()
    page.get_by_text("不满意，申请复核").click()
    page.get_by_role("button", name="申请复核").click()
    page.get_by_role("alert").wait_for()  # why is left out
    page.get_by_label("为什么不满意").fill("录音是有的")
    page.get_by_role("button", name="申请复核").click()
    page.get_by_role("heading", name="等另一个人接手复核").wait_for()
    assert who.running.ask(f"/complaints/{number}")["round"] == 2
    assert who.complaints == []
