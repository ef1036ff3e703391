"""Every page on a phone and on a desk: no fault that axe finds, no report of the strict CSP, no sideways scroll."""

import uuid
from collections.abc import Callable
from typing import Any

import pytest

from deploy.demo.replay import Need
from deploy.demo.ways import survey_of
from services.gateway.assets import NODE_MODULES
from tests.browser.conftest import SIZES, Visitor
from tests.browser.running import CATEGORY, CLIENT, CODE, LAB, OPERATOR, PICK, REGULATOR
from tests.system import eventually

AXE = NODE_MODULES / "axe-core/axe.min.js"
WIDTHS = {"phone": (320,), "desk": (1199, 900, 640, 320)}  # to which the window is drawn after the look at it
STAGES = (
    "received", "accepted", "choosing", "booked", "serving", "told", "sealed", "answered", "merged", "refused",
    "withdrawn",
)  # fmt: skip
MATCHED = ("unconsented", "matching", "unmatched", "invited", "proposed", "agreed")


def landing(who: Visitor) -> None:
    page = who.open("/tianan")
    page.get_by_label("您的需求").fill("厂里新买了12只压力表，需要强制检定，想请人指导办理。")
    page.get_by_text("看起来是这件事，对吗？").wait_for()


def landing_wrong(who: Visitor) -> None:
    who.open("/tianan").get_by_role("button", name="提交需求").click()
    who.page.get_by_role("alert").wait_for()


def sent(who: Visitor) -> None:
    landing(who)
    who.page.get_by_label("企业名称").fill("示例企业N01")
    who.page.get_by_label("手机号或邮箱").fill("13900000000")
    who.page.get_by_role("button", name="提交需求").click()
    who.page.wait_for_url("**/sent")


def kiosk_sent(who: Visitor) -> None:
    page = who.open(f"/kiosk/tianan/say?item={PICK}")
    page.get_by_label("企业名称").fill("示例企业N06")
    page.get_by_label("手机号").fill("13900000000")
    page.get_by_role("button", name="提交需求").click()
    page.get_by_text("请记下编号和查询码").wait_for()


def kiosk_progress(who: Visitor) -> None:
    stated = who.running.in_state("accepted")
    page = who.open("/kiosk/tianan/track")
    page.get_by_label("受理编号").fill(stated.number)
    page.get_by_label("查询码").fill(stated.code)
    page.get_by_role("button", name="查进度").click()
    page.get_by_text("看完了").wait_for()


def withdraw(who: Visitor) -> None:
    who.open_request(who.running.in_state("received")).get_by_role("link", name="不办了，撤回").click()


def times(who: Visitor) -> None:
    who.open_request(who.running.in_state("choosing")).get_by_role("link", name="选时间").click()
    who.page.get_by_role("button", name="选这个时间").wait_for()


def no_time_chosen(who: Visitor) -> None:
    times(who)
    who.page.evaluate("for (const one of document.querySelectorAll('[name=starts]')) one.required = false")
    who.page.get_by_role("button", name="选这个时间").click()
    who.page.get_by_role("alert").wait_for()


def cancel(who: Visitor) -> None:
    who.open_request(who.running.in_state("booked")).get_by_role("link", name="取消预约").click()
    who.page.get_by_role("button", name="取消这次预约").wait_for()


def desk_times(who: Visitor) -> None:
    who.open_item(who.running.in_state("choosing")).get_by_role("link", name="安排时间").click()
    who.page.get_by_role("button", name="就约这个时间").wait_for()


def assess_by_appointment(who: Visitor) -> None:
    who.open_item(who.running.in_state("accepted")).get_by_text("约个时间办").click()


def calendar(who: Visitor) -> None:
    stated = who.running.in_state("booked")
    who.sign_in()
    day = who.running.ask(f"/items/{stated.item_id}")["booked_for"][:10]
    who.open(f"/desk/calendar?park=tianan&day={day}")


def resource_wrong(who: Visitor) -> None:
    who.sign_in()
    who.open("/desk/resources/tianan/desk").get_by_label("周一").fill("9 点到 12 点")
    who.page.get_by_role("button", name="保存").click()
    who.page.get_by_role("alert").wait_for()


def desk_step(stage: str, step: str) -> Callable[[Visitor], None]:
    """A page of its own for one step with an item."""

    def go(who: Visitor) -> None:
        who.sign_in()
        who.open(f"/desk/items/{who.running.in_state(stage).item_id}/{step}")

    return go


def several_needs(who: Visitor) -> None:
    who.open_item(who.running.in_state("several"))


def hand_over(who: Visitor) -> None:
    item_id = who.running.in_state("accepted").item_id
    who.sign_in()
    who.open(f"/desk/handover?item={item_id}")


def hand_over_wrong(who: Visitor) -> None:
    hand_over(who)
    who.page.get_by_role("button", name="请对方接手").click()
    who.page.get_by_role("alert").wait_for()


def own_answers(who: Visitor) -> None:
    who.open_request(who.running.in_state("asked")).get_by_role("link", name="补齐材料").click()
    who.page.get_by_role("button", name="交上去").wait_for()


def own_answers_wrong(who: Visitor) -> None:
    own_answers(who)
    who.page.get_by_label("样品数量").fill("两件")
    who.page.get_by_role("button", name="交上去").click()
    who.page.get_by_role("alert").wait_for()


def own_reopen(who: Visitor) -> None:
    who.open_request(who.running.in_state("refused")).get_by_role("link", name="没办好，要求重新办理").click()


def survey(who: Visitor) -> None:
    stated = who.running.in_state("told")
    who.open(f"/s/{who.running.own(stated)['surveys'][0]['token']}")


def survey_why(who: Visitor) -> None:
    survey(who)
    who.page.get_by_role("button", name="很不满意", exact=True).click()
    who.page.get_by_role("button", name="提交评价").wait_for()


def revisit(who: Visitor) -> None:
    """A call that is to be made, because of a low mark."""
    if not who.running.ask("/revisits")["revisits"]:
        stated = who.running.in_state("told")
        token = who.running.own(stated)["surveys"][0]["token"]
        who.running.requests.pop("told")
        who.running.told(who.running.http.post(f"/surveys/{token}/answer", json={"score": 1}))
    found = who.running.ask("/revisits")["revisits"][0]
    who.sign_in()
    page = who.open(f"/desk/revisits/{found['revisit_id']}")
    page.get_by_role("button", name="记下结果").click()
    page.get_by_role("alert").wait_for()


def assess_wrong(who: Visitor) -> None:
    page = who.open_item(who.running.in_state("accepted"))
    page.get_by_role("button", name="确认，开始安排").click()
    page.get_by_role("alert").wait_for()


def staff(path: str) -> Callable[[Visitor], None]:
    def go(who: Visitor) -> None:
        who.sign_in()
        who.open(path)

    return go


def follow(step: str) -> Callable[[Visitor], None]:
    def go(who: Visitor) -> None:
        who.sign_in()
        who.open(f"/desk/items/{who.running.in_state('serving').item_id}/follow/{step}")

    return go


def check(who: Visitor) -> None:
    item_id = who.running.in_state("serving").item_id
    ordered = who.running.tell(f"/items/{item_id}/checks", reason="看看办得怎么样")
    who.sign_in()
    who.open(f"/desk/checks/{ordered['check_id']}")


def contact_wrong(who: Visitor) -> None:
    follow("contact")(who)
    who.page.get_by_role("button", name="记下").click()
    who.page.get_by_role("alert").wait_for()


def import_wrong(who: Visitor) -> None:
    who.sign_in()
    who.open("/desk/import").get_by_role("button", name="读一遍，先不登记").click()
    who.page.get_by_role("alert").wait_for()


def open_list(who: Visitor, confirmed: bool) -> None:
    """A table of visits with good lines, wrong ones, and ones that were registered before."""
    running, http = who.running, who.running.http
    needs = [
        Need(id=f"B{n}", channel="visit", park="tianan", company=f"示例企业B{n}", text=text, category=None, item=item)
        for n, (text, item) in enumerate((("走访：想培训", PICK), (f"走访：{uuid.uuid4().hex}", None), ("x", "9.9.z")))
    ]
    content = survey_of(needs)
    answer = http.post("/visit-lists?park=tianan", files={"file": ("11月走访.xlsx", content)}, headers=running.staff)
    found = running.told(answer, 201)
    if confirmed:
        running.tell(f"/visit-lists/{found['list_id']}/confirm")
        eventually(lambda: running.ask(f"/visit-lists/{found['list_id']}")["list"]["state"] == "done")
    who.sign_in()
    who.open(f"/desk/import/{found['list_id']}")


def refuse(who: Visitor) -> None:
    who.open_item(who.running.in_state("accepted")).get_by_role("link", name="退回", exact=True).click()


def slip(who: Visitor) -> None:
    who.open_item(who.running.in_state("accepted")).get_by_role("link", name="打印受理单").first.click()
    who.page.wait_for_url("**/desk/slips/*")


def regulator(who: Visitor) -> None:
    who.sign_in(REGULATOR)
    who.open(f"/desk/items/{who.running.in_state('accepted').item_id}")


def operator(path: str) -> Callable[[Visitor], None]:
    def go(who: Visitor) -> None:
        who.sign_in(OPERATOR)
        who.open(path)

    return go


def own(who: Visitor) -> None:
    who.running.identified()
    page = who.open("/signin")
    page.get_by_label("账号").fill(CLIENT)
    page.get_by_label("密码").fill(who.running.passwords[CLIENT])
    page.get_by_role("button", name="登录").click()
    page.wait_for_url("**/own")


def own_page(path: str) -> Callable[[Visitor], Any]:
    """A page of a request's own client."""

    def go(who: Visitor) -> None:
        stated = who.running.identified()
        who.open_request(stated)
        who.open(f"/r/{stated.number}/{path}")

    return go


def preview(who: Visitor) -> None:
    operator("/desk/limits")(who)
    who.page.locator("#f-limits-accept").fill("3")
    who.page.get_by_role("button", name="看看会变什么").click()
    who.page.get_by_role("button", name="就这样改").wait_for()


def hours_wrong(who: Visitor) -> None:
    operator("/desk/hours/tianan")(who)
    who.page.locator("#f-week-0").fill("九点")
    who.page.get_by_role("button", name="看看会变什么").click()
    who.page.get_by_role("alert").wait_for()


def why(who: Visitor) -> None:
    who.open_item(who.running.in_state("paused"))
    who.open(f"/desk/items/{who.running.in_state('paused').item_id}/clock")


def own_why(who: Visitor) -> None:
    who.open_request(who.running.in_state("serving")).locator("a.nqi-due").click()
    who.page.wait_for_url("**/clock/**")


def pause(who: Visitor) -> None:
    who.open_item(who.running.in_state("accepted")).get_by_role("link", name="暂停时限").click()


def item_page(path: str) -> Callable[[Visitor], Any]:
    """A page of staff about an item."""

    def go(who: Visitor) -> None:
        who.sign_in()
        who.open(f"/desk/{path}/{who.running.identified().item_id}")

    return go


def complained(who: Visitor) -> dict[str, Any]:
    body = {"park": "tianan", "about": "time", "text": "两天没有回音"}
    return dict(who.running.told(who.running.http.post("/complaints", json=body), 201))


def complain_wrong(who: Visitor) -> None:
    who.open("/tianan/complain").get_by_role("button", name="提交投诉").click()
    who.page.get_by_role("alert").wait_for()


def complaint(who: Visitor) -> None:
    """As its complainant follows it, once it was decided."""
    filed, tell = complained(who), who.running.tell
    work = f"/complaint-work/{filed['complaint_id']}"
    tell(f"{work}/acknowledge")
    tell(f"{work}/assess", severity="low", complexity="simple", impact="one")
    tell(f"{work}/decide", outcome="confirmed", response="apology", text="向您道歉")
    page = who.open("/track")
    page.get_by_label("受理编号").fill(filed["number"])
    page.get_by_label("查询码").fill(filed["code"])
    page.get_by_role("main").get_by_role("button", name="查进度").click()
    page.get_by_text("不满意，申请复核").click()


def complaint_work(step: str) -> Callable[[Visitor], None]:
    def go(who: Visitor) -> None:
        complaint_id = complained(who)["complaint_id"]
        who.running.tell(f"/complaint-work/{complaint_id}/acknowledge")
        who.sign_in()
        who.open(f"/desk/complaints/{complaint_id}{step}")

    return go


def attach_wrong(who: Visitor) -> None:
    own_page("files")(who)
    file = {"name": "setup.exe", "mimeType": "application/octet-stream", "buffer": b"MZ"}
    who.page.get_by_label("文件").set_input_files([file])
    who.page.get_by_role("button", name="交上去").click()
    who.page.get_by_role("alert").wait_for()


def mails(who: Visitor) -> None:
    who.running.mail_aside()
    staff("/desk/mails")(who)


def mail(who: Visitor) -> None:
    who.sign_in()
    who.open(f"/desk/mails/{who.running.mail_aside()}")


def assess_complaint_wrong(who: Visitor) -> None:
    complaint_work("/assess")(who)
    who.page.get_by_role("button", name="评估好了，开始调查").click()
    who.page.get_by_role("alert").wait_for()


def followed(stage: str) -> Callable[[Visitor], Any]:
    return lambda who: who.open_request(who.running.in_state(stage))


def worked(stage: str) -> Callable[[Visitor], Any]:
    return lambda who: who.open_item(who.running.in_state(stage))


def lab(path: str, stage: str = "") -> Callable[[Visitor], Any]:
    """A page of an organization's own desk."""

    def go(who: Visitor) -> None:
        job = who.running.matched.job(who.running.in_state(stage)) if stage else ""
        who.sign_in(LAB)
        who.open(path.format(job=job))

    return go


def lab_wrong(who: Visitor) -> None:
    lab("/org/jobs/{job}/decline", "invited")(who)
    who.page.get_by_role("button", name="谢绝").click()
    who.page.get_by_role("alert").wait_for()


def offer(who: Visitor) -> None:
    staff(f"/desk/offers/{who.running.matched.job(who.running.in_state('invited'))}")(who)


def own_terms(stage: str) -> Callable[[Visitor], Any]:
    def go(who: Visitor) -> None:
        stated = who.running.in_state(stage)
        who.open_request(stated)
        who.open(f"/r/{stated.number}/terms/{stated.item_id}")

    return go


def own_terms_wrong(who: Visitor) -> None:
    own_terms("proposed")(who)
    who.page.get_by_text("谈不拢", exact=True).click()
    who.page.get_by_role("button", name="不谈了，另找机构").click()
    who.page.get_by_role("alert").wait_for()


def register_wrong(who: Visitor) -> None:
    operator("/desk/organizations/new")(who)
    who.page.get_by_role("button", name="登记").click()
    who.page.get_by_role("alert").wait_for()


def workbook_looked_over(who: Visitor, content: Callable[[bytes], bytes] = lambda content: content) -> None:
    operator("/desk/organizations/import")(who)
    found = who.page.request.get(f"{who.running.url}/desk/organizations/register.xlsx").body()
    file = {"name": "机构.xlsx", "mimeType": "application/octet-stream", "buffer": content(found)}
    who.page.get_by_label("填好的机构表").set_input_files([file])
    who.page.get_by_role("button", name="读一遍，先不登记").click()


def weights_wrong(who: Visitor) -> None:
    operator("/desk/weights")(who)
    who.page.get_by_label("收费").fill("五")
    who.page.get_by_role("button", name="按新的权重算").click()
    who.page.get_by_role("alert").wait_for()


PAGES: dict[str, Callable[[Visitor], Any]] = {
    "stations": lambda who: who.open("/?choose=1"),
    "no station": lambda who: who.open("/?q=zzz"),
    "landing": landing,
    "landing, wrong": landing_wrong,
    "landing, English": lambda who: who.open("/tianan?lang=en"),
    "landing, large": lambda who: who.open("/tianan?large=1"),
    "sent": sent,
    "catalogue": lambda who: who.open("/tianan/services"),
    "need": lambda who: who.open(f"/tianan/new?item={PICK}"),
    "kiosk": lambda who: who.open("/kiosk/tianan"),
    "kiosk items": lambda who: who.open(f"/kiosk/tianan/items/{CATEGORY.code}"),
    "kiosk say": lambda who: who.open(f"/kiosk/tianan/say?item={PICK}"),
    "kiosk say, wrong": lambda who: who.open("/kiosk/tianan/say").get_by_role("button", name="提交需求").click(),
    "kiosk sent": kiosk_sent,
    "kiosk track": lambda who: who.open("/kiosk/tianan/track"),
    "kiosk progress": kiosk_progress,
    "kiosk, no such station": lambda who: who.open("/kiosk/mars"),
    "track": lambda who: who.open("/track"),
    **{f"request {stage}": followed(stage) for stage in STAGES},
    "withdraw": withdraw,
    "times": times,
    "no time chosen": no_time_chosen,
    "cancel": cancel,
    "item with several needs": several_needs,
    "split": desk_step("several", "split"),
    "parts": worked("parts"),
    "request in parts": followed("parts"),
    "notice": desk_step("accepted", "notice"),
    "asked": worked("asked"),
    "asked, request": followed("asked"),
    "own answers": own_answers,
    "own answers, wrong": own_answers_wrong,
    "answers for the client": desk_step("asked", "answers"),
    "go on": desk_step("asked", "go-on"),
    "reopen": desk_step("sealed", "reopen"),
    "dossier": desk_step("sealed", "dossier"),
    "grants": operator("/desk/grants"),
    "dossiers": staff("/desk/dossiers"),
    "no dossiers": staff("/desk/dossiers?search=zzz&year=2026"),
    "dossier to be": desk_step("told", "dossier"),
    "own reopen": own_reopen,
    "hand over": hand_over,
    "hand over, wrong": hand_over_wrong,
    "hand over, answer": staff("/desk/handover/answer"),
    "a question": worked("question"),
    "a filter to keep": staff("/desk?view=all&stage=accepted"),
    "survey": survey,
    "sign in": lambda who: who.open("/signin"),
    "queue": staff("/desk?view=all"),
    "empty queue": staff("/desk?search=zzz"),
    "follow-ups": staff("/desk/follow"),
    "follow-up, left out": staff("/desk/follow-ups/any/skip"),
    "delay": follow("delay"),
    "part": follow("part"),
    "contact, wrong": contact_wrong,
    "check": check,
    "register": staff("/desk/new"),
    "import": staff("/desk/import"),
    "import, wrong": import_wrong,
    "import, looked over": lambda who: open_list(who, confirmed=False),
    "import, done": lambda who: open_list(who, confirmed=True),
    "me": staff("/desk/me"),
    "slip": slip,
    "own": own,
    "attach": own_page("files"),
    "attach, wrong": attach_wrong,
    "own consents": own_page("consents"),
    "desk attach": item_page("attach"),
    "letters": item_page("letters"),
    "identify": item_page("identify"),
    "consents": item_page("consents"),
    "clients": staff("/desk/clients"),
    "client": staff(f"/desk/clients/{CODE}"),
    "mails": mails,
    "mail": mail,
    "complain": lambda who: who.open("/tianan/complain"),
    "complain, wrong": complain_wrong,
    "complaint": complaint,
    "complaints": staff("/desk/complaints?view=all"),
    "complaint, worked": complaint_work(""),
    "complaint, assess, wrong": assess_complaint_wrong,
    "figures": staff("/desk/figures"),
    "figures, wrong": staff("/desk/figures?since=nonsense"),
    "survey, why": survey_why,
    "revisits": staff("/desk/revisits"),
    "revisit": revisit,
    "complaint, written down": staff("/desk/complaints/new"),
    **{f"item {stage}": worked(stage) for stage in STAGES},
    "desk times": desk_times,
    "assess by appointment": assess_by_appointment,
    "calendar": calendar,
    "calendar, empty": staff("/desk/calendar?park=juda"),
    "resources": staff("/desk/resources?park=tianan"),
    "resource": staff("/desk/resources/tianan/desk"),
    "resource, wrong": resource_wrong,
    "new resource": staff("/desk/resources/new?park=tianan"),
    "assess, wrong": assess_wrong,
    "refuse": refuse,
    "item paused": worked("paused"),
    "request paused": followed("paused"),
    "clocks": staff("/desk/clocks"),
    "no clocks": staff("/desk/clocks?clock=agree"),
    "why a deadline": why,
    "why a deadline, for its client": own_why,
    "pause": pause,
    "settings": operator("/desk/settings"),
    "hours of the district": operator("/desk/hours/district"),
    "hours, wrong": hours_wrong,
    "holidays of a year": operator("/desk/years/2026"),
    "limits, with a preview": preview,
    "duty": operator("/desk/duty/tianan"),
    **{f"item {stage}": worked(stage) for stage in MATCHED},
    **{f"request {stage}": followed(stage) for stage in ("unconsented", "proposed", "agreed")},
    "match": desk_step("matching", "match"),
    "match, nobody left": desk_step("unmatched", "match"),
    "terms": desk_step("countered", "terms"),
    "offer": offer,
    "own terms": own_terms("proposed"),
    "own terms, countered": own_terms("countered"),
    "own terms, wrong": own_terms_wrong,
    "lab": lab("/org"),
    **{f"lab, {stage}": lab("/org/jobs/{job}", stage) for stage in ("invited", "agreeing", "countered", "agreed")},
    "lab, report": lab("/org/jobs/{job}/step/report", "begun"),
    "lab, decline, wrong": lab_wrong,
    "organizations": operator("/desk/organizations"),
    "organization": operator("/desk/organizations/LAB-1"),
    "organization, new, wrong": register_wrong,
    "organization, suspend": operator("/desk/organizations/LAB-1/suspend"),
    "organizations, import": workbook_looked_over,
    "organizations, import, wrong": lambda who: workbook_looked_over(who, lambda _: b"no workbook"),
    "weights, wrong": weights_wrong,
    "read only": regulator,
    "not there": lambda who: who.open("/nowhere/at/all"),
    "API": lambda who: who.open("/api/v1/docs"),
}


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("name", PAGES)
def test_a_page_has_no_fault_and_never_scrolls_sideways(passers, name, size):
    who = passers(size)
    who.page.set_viewport_size(dict(zip(("width", "height"), SIZES[size], strict=True)))
    PAGES[name](who)
    who.page.wait_for_load_state("load")
    who.page.evaluate(AXE.read_text())
    found = who.page.evaluate("axe.run(document, {resultTypes: ['violations']})")["violations"]
    told = [(one["impact"], one["id"], [node["html"] for node in one["nodes"]][:3]) for one in found]
    assert [one for one in told if one[0] in ("serious", "critical")] == []
    assert who.page.locator("h1:visible").count() == 1
    for width in WIDTHS[size]:
        who.page.set_viewport_size({"width": width, "height": 800})
        assert who.page.evaluate("document.documentElement.scrollWidth") <= width, width
    who.page.evaluate("document.documentElement.classList.add('nqi-large')")
    assert who.page.evaluate("document.documentElement.scrollWidth") <= width, "large type"
    assert who.complaints == []
