"""Pages on which staff find an organization, both sides agree on terms, and an organization works, without scripts."""

from dataclasses import replace

import pytest

from services.dispatch.domain.terms import TERMS as ASKED
from services.gateway import accounts
from shared.contracts.dispatch import (
    AcceptOffer,
    AgreeTerms,
    AssessItem,
    AssessmentList,
    AssessmentView,
    Candidate,
    DeclineOffer,
    DeliverResult,
    DropTerms,
    FailService,
    GetItem,
    GetMatch,
    GetOffer,
    GetTerms,
    GetWeights,
    InviteOrganizations,
    ItemPage,
    LeftOut,
    ListAssessments,
    ListItems,
    ListOffers,
    MatchView,
    OfferPage,
    OfferView,
    Part,
    Phrase,
    ProposalView,
    ProposeTerms,
    RankingView,
    ReportProgress,
    SetWeights,
    StartJob,
    TermsView,
    WeightsView,
)
from shared.contracts.intake import ConsentState, ContactView, GetConsent, GetSharedContact, RecordConsent
from shared.errors import IllegalMove, Invalid, NotFound
from shared.forms import describe
from tests.integration.gateway.reading import hidden, text_of
from tests.integration.gateway.samples import AT, CODE, ITEM, VERIFY, item
from tests.matching import TERMS

FORM = tuple(describe(ASKED))
MATCHING = item("matching", "assess", "invite", "withdraw", way="match", owner_id="chen", title=VERIFY.title, item=CODE)
AGREEING = replace(MATCHING, stage="agreeing", allowed=("withdraw",), job_id="j1", target="LAB-1", turn="client")


def part(criterion, points, weight, text="资质写明这一项：{scope}", **params):
    return Part(criterion=criterion, points=points, weight=weight, facts=(Phrase(text=text, params=params),))


def candidate(code, score):
    parts = (
        part("capability", 24, 25, scope="压力计量器具"),
        part("load", 1, 7, "手上 {n} 件，上限 {most} 件", n=6, most=7),
    )
    return Candidate(organization=code, name=f"示例机构{code}", score=score, parts=parts)


OUT = LeftOut(
    organization="LAB-9", name="示例机构LAB-9", rule="qualification", firm=True,
    why=Phrase(text="资质 {day} 已到期", params={"day": "2026-01-01"}),
)  # fmt: skip
FULL = replace(
    OUT, organization="LAB-8", name="示例机构LAB-8", rule="capacity", firm=False, why=Phrase(text="暂停接件")
)
RANKING = RankingView(
    ranking_id="x", ranked_at=AT, weights={}, candidates=(candidate("LAB-1", 87.3), candidate("LAB-2", 61.0)),
    left_out=(OUT, FULL),
)  # fmt: skip
OFFER = OfferView(
    job_id="j1", item_id="i1", request_id="r1", park="tianan", number=ITEM.number, target="LAB-1",
    target_name="示例机构LAB-1", category="metrology", item=CODE, title=VERIFY.title, status="open", stage="invited",
    offered_at=AT, answer_by=AT, company="示例企业", text="压力表要检定", allowed=("accept", "decline"),
)  # fmt: skip
MATCH = MatchView(item=MATCHING, offers=(), ranking=RANKING, rankings=1, consent=True)
PROPOSAL = ProposalView(
    number=1, side="organization", terms=TERMS, proposed_at=AT, proposed_by="示例机构LAB-1", on_behalf=False
)  # fmt: skip
DEAL = TermsView(
    item_id="i1", job_id="j1", target="LAB-1", target_name="示例机构LAB-1", turn="client", proposals=(PROPOSAL,),
    form=FORM,
)  # fmt: skip


@pytest.fixture
def database_url() -> str:
    """SQLite: nothing here depends on the database."""
    return ""


@pytest.fixture
def desk(told):
    told.sign_in()
    told.bus.answers |= {GetItem: MATCHING, GetMatch: MATCH, GetConsent: ConsentState(given=True)}
    return told


@pytest.fixture
def own(told):
    """The client's own page, opened with the code."""
    told.client.post("/track", data={"number": ITEM.number, "code": "123456"})
    told.bus.answers |= {GetItem: AGREEING, GetTerms: DEAL, GetConsent: ConsentState(given=True)}
    return told


@pytest.fixture
def lab(told):
    """An organization's account, signed in by the page."""
    password = accounts.add(told.engine, "org.lab-1", "organization", (), "示例机构LAB-1", organization="LAB-1")
    answer = told.client.post("/signin", data={"account": "org.lab-1", "password": password})
    assert answer.headers["location"] == "/org"
    told.bus.answers |= {GetOffer: OFFER, ListOffers: OfferPage(offers=(OFFER,)), GetTerms: NotFound("x")}
    return told


def post(station, path, page, **data):
    return station.client.post(path, data={"csrf": hidden(page, "csrf"), "key": "1", **data})


def last(station, kind):
    return station.bus.of(kind)[-1].message


# --- staff find an organization


@pytest.mark.clause("6.3.b")
def test_the_item_names_the_best_and_invites_it_by_one_button(desk):
    page = desk.client.get("/desk/items/i1")
    said = text_of(page)
    assert "2 家合适，得分最高的是示例机构LAB-1：资质写明这一项：压力计量器具" in said
    desk.bus.answers[InviteOrganizations] = MATCH
    answer = post(desk, "/desk/items/i1/match", page, organization="LAB-1")
    assert answer.headers["location"] == "/desk/items/i1?said=invited"
    assert last(desk, InviteOrganizations).organizations == ("LAB-1",)


@pytest.mark.clause("6.3.b", "4.1.2")
def test_every_candidate_is_explained_and_whoever_is_left_out_has_its_rule(desk):
    said = text_of(desk.client.get("/desk/items/i1/match"))
    assert "87.3" in said
    assert "24 分，满分 25" in said
    assert "手上 6 件，上限 7 件" in said
    assert "示例机构LAB-9 资质 2026-01-01 已到期" in said


def test_several_are_invited_and_a_reason_is_kept_when_it_is_not_by_score(desk):
    page = desk.client.get("/desk/items/i1/match")
    wrong = Invalid("请检查填写的内容", fields={"reason": "不按得分邀请，请写明原因"})
    desk.bus.answers[InviteOrganizations] = [wrong, MATCH]
    refused = post(desk, "/desk/items/i1/match", page, organization=["LAB-2", "LAB-8"])
    assert refused.status_code == 422
    assert "不按得分邀请，请写明原因" in text_of(refused)
    assert refused.text.count(' value="LAB-2" checked') == 1
    post(desk, "/desk/items/i1/match", page, organization=["LAB-2", "LAB-8"], reason="就近")
    asked = last(desk, InviteOrganizations)
    assert (asked.organizations, asked.reason) == (("LAB-2", "LAB-8"), "就近")


def test_without_consent_the_page_asks_how_the_client_agreed_and_invites_nobody(desk):
    missing = replace(OUT, rule="consent", why=Phrase(text="企业还没有同意把联系方式给机构"))
    nobody = replace(MATCH, consent=False, ranking=replace(RANKING, candidates=(), left_out=(missing,)))
    desk.bus.answers[GetMatch] = [nobody, MATCH]
    page = desk.client.get("/desk/items/i1")
    assert "先征得企业同意" in text_of(page)
    assert "邀请示例机构" not in text_of(page)
    desk.bus.answers[RecordConsent] = None
    post(desk, "/desk/items/i1/consent", page, note="电话里口头同意")
    asked = last(desk, RecordConsent)
    assert (asked.request_id, asked.note, asked.organization) == ("r1", "电话里口头同意", "")


def test_nobody_left_is_told_first_and_largest(desk):
    alone = replace(MATCHING, stage="unmatched", note="排满了")
    desk.bus.answers |= {
        GetItem: alone, GetMatch: replace(MATCH, item=alone, ranking=replace(RANKING, candidates=())),
        ListItems: ItemPage(items=(alone,), counts={"unmatched": 1}),
    }  # fmt: skip
    said = text_of(desk.client.get("/desk/items/i1"))
    assert "没有机构能接了，请您处理" in said
    assert "最后一家说：排满了" in said
    queue = text_of(desk.client.get("/desk"))
    assert "没有机构能接，请处理" in queue
    assert "没有机构能接 1" in queue


def test_an_assessment_that_wants_an_organization_says_so(desk):
    accepted = item("accepted", "assess", owner_id="chen")
    desk.bus.answers |= {GetItem: accepted, AssessItem: MATCHING}
    page = desk.client.get("/desk/items/i1")
    post(
        desk, "/desk/items/i1/assess", page, pick=CODE, drawn=CODE, way="match", priority="urgent", reason="要证书",
    )  # fmt: skip
    asked = last(desk, AssessItem)
    assert (asked.way, asked.priority, asked.reason, asked.needs) == ("match", "urgent", "要证书", ())


@pytest.mark.clause("6.3")
def test_the_item_shows_who_assessed_it_how_and_why(desk):
    one = AssessmentView(
        number=1, assessed_at=AT, assessor_id="chen", assessor_name="陈专员", category="metrology", item=CODE,
        title=VERIFY.title, way="match", priority="urgent", reason="要授权机构的证书", note="",
    )  # fmt: skip
    desk.bus.answers[ListAssessments] = AssessmentList(assessments=(replace(one, number=2), one))
    said = text_of(desk.client.get("/desk/items/i1"))
    assert "请机构办 · 加急" in said
    assert "要授权机构的证书" in said
    assert "以前评估过 1 次" in said


@pytest.mark.parametrize(
    ("answer", "kind", "said"),
    [("accept", AcceptOffer, "won"), ("decline", DeclineOffer, "declined"), ("start", StartJob, "started")],
)
def test_staff_write_down_what_an_organization_said(desk, answer, kind, said):
    desk.bus.answers |= {GetOffer: OFFER, kind: OFFER}
    page = desk.client.get("/desk/offers/j1")
    done = post(desk, "/desk/offers/j1", page, answer=answer, text="下周可以")
    assert done.headers["location"] == f"/desk/items/i1?said={said}"
    assert last(desk, kind).job_id == "j1"


def test_an_answer_that_says_nothing_is_asked_for_again(desk):
    desk.bus.answers[GetOffer] = OFFER
    page = desk.client.get("/desk/offers/j1")
    refused = post(desk, "/desk/offers/j1", page, text="下周可以")
    assert refused.status_code == 422
    assert "请选机构是接手还是谢绝" in text_of(refused)
    assert ">下周可以</textarea>" in refused.text


def test_the_result_of_an_organizations_job_is_delivered_for_it(desk):
    serving = replace(AGREEING, stage="serving", turn="")
    desk.bus.answers |= {GetItem: [serving, serving, replace(serving, stage="finished")], DeliverResult: OFFER}
    page = desk.client.get("/desk/items/i1")
    desk.bus.answers[GetItem] = [serving, replace(serving, stage="finished")]
    post(desk, "/desk/items/i1/deliver", page, job="j1")
    assert last(desk, DeliverResult).job_id == "j1"


# --- the weights


def test_only_whole_points_that_add_up_are_weights(told):
    told.sign_in("zhou", role="operator", parks=("*",))
    told.bus.answers |= {
        GetWeights: WeightsView(weights={"capability": 100}),
        SetWeights: Invalid("请检查填写的内容", fields={"weights.price": "请写 0 到 100 的整数"}),
    }
    page = told.client.get("/desk/weights")
    assert "现在是默认的权重" in text_of(page)
    refused = post(told, "/desk/weights", page, capability="95", price="五")
    assert "请写 0 到 100 的整数" in text_of(refused)
    asked = last(told, SetWeights).weights
    assert (asked["capability"], asked["price"]) == (95, "五")


def test_staff_see_the_weights_and_cannot_set_them(desk):
    desk.bus.answers[GetWeights] = WeightsView(weights={"capability": 100}, set_by="周主管", set_at=AT)
    page = desk.client.get("/desk/weights")
    assert "周主管" in text_of(page)
    assert "按新的权重算" not in text_of(page)


# --- terms


@pytest.mark.clause("6.3.b")
def test_a_client_reads_the_terms_on_its_own_page_and_agrees(own):
    own.bus.answers |= {ListItems: lambda _: _items(AGREEING), AgreeTerms: DEAL}
    said = text_of(own.client.get(f"/r/{ITEM.number}"))
    assert "请看看“示例机构LAB-1”写的约定" in said
    assert "1,200 元" in said
    page = own.client.get(f"/r/{ITEM.number}/terms/i1")
    done = post(own, f"/r/{ITEM.number}/terms/i1", page, step="agree", number="1")
    assert done.headers["location"].endswith("?said=agreed")
    asked = own.bus.of(AgreeTerms)[-1]
    assert (asked.message.number, asked.actor.role) == (1, "client")


def _items(*items):
    return ItemPage(items=items, counts={})


def test_a_client_proposes_otherwise_and_nothing_typed_is_lost(own):
    own.bus.answers[ProposeTerms] = Invalid("请检查填写的内容", fields={"terms.due_on": "完成日期不能早于开始日期"})
    page = own.client.get(f"/r/{ITEM.number}/terms/i1")
    refused = post(own, f"/r/{ITEM.number}/terms/i1", page, step="propose", **{"t.project": "改过的", "t.price": "900"})
    assert refused.status_code == 422
    assert "完成日期不能早于开始日期" in text_of(refused)
    assert 'value="改过的"' in refused.text
    assert last(own, ProposeTerms).terms["price"] == 900


def test_who_cannot_agree_says_why_and_another_is_found(own):
    own.bus.answers[DropTerms] = MATCHING
    page = own.client.get(f"/r/{ITEM.number}/terms/i1")
    post(own, f"/r/{ITEM.number}/terms/i1", page, step="drop", reason="太贵")
    assert last(own, DropTerms).reason == "太贵"


def test_terms_of_another_request_are_not_shown(own):
    own.bus.answers[GetItem] = replace(AGREEING, number="天安2026-0002")
    assert own.client.get(f"/r/{ITEM.number}/terms/i1").status_code == 403


def test_a_client_consents_on_its_own_page(own):
    own.bus.answers |= {
        ListItems: lambda _: _items(MATCHING), GetItem: MATCHING, GetConsent: ConsentState(given=False),
        RecordConsent: None,
    }  # fmt: skip
    page = own.client.get(f"/r/{ITEM.number}")
    assert "同意把您的联系方式给来办理的机构吗？" in text_of(page)
    post(own, f"/r/{ITEM.number}/consent", page)
    asked = own.bus.of(RecordConsent)[-1]
    assert (asked.message.request_id, asked.actor.role) == ("r1", "client")


def test_what_changed_between_proposals_is_marked(own):
    second = replace(PROPOSAL, number=2, side="client", terms={**TERMS, "price": 1000})
    own.bus.answers[GetTerms] = replace(DEAL, turn="organization", proposals=(PROPOSAL, second))
    page = own.client.get(f"/r/{ITEM.number}/terms/i1")
    assert "改了 1 处" in text_of(page)
    assert "<del>" in page.text
    assert "<ins>" in page.text


def test_staff_write_terms_down_for_one_side_only(desk):
    desk.bus.answers |= {GetItem: AGREEING, GetTerms: DEAL, AgreeTerms: DEAL}
    page = desk.client.get("/desk/items/i1/terms?side=client")
    assert "现在替企业记下" in text_of(page)
    done = post(desk, "/desk/items/i1/terms", page, step="agree", number="1", side="client")
    assert done.headers["location"] == "/desk/items/i1/terms?said=agreed"
    assert last(desk, AgreeTerms).side == "client"


# --- the organization's own desk


@pytest.mark.clause("6.3.b")
def test_an_organization_sees_what_it_is_asked_and_accepts(lab):
    home = lab.client.get("/org")
    assert "1 个邀请等您答复" in text_of(home)
    page = lab.client.get("/org/jobs/j1")
    assert "压力表要检定" in text_of(page)
    lab.bus.answers[AcceptOffer] = OFFER
    done = post(lab, "/org/jobs/j1/accept", page, note="下周一开始")
    assert done.headers["location"] == "/org/jobs/j1?said=accepted"
    asked = lab.bus.of(AcceptOffer)[-1]
    assert (asked.actor.organization, asked.message.note) == ("LAB-1", "下周一开始")


def test_whoever_was_slower_is_told_so(lab):
    page = lab.client.get("/org/jobs/j1")
    lab.bus.answers[AcceptOffer] = IllegalMove("这件事已经由别家接手，不用您办了")
    late = post(lab, "/org/jobs/j1/accept", page)
    assert late.status_code == 409
    assert "这件事已经由别家接手" in text_of(late)


def test_to_decline_needs_a_reason(lab):
    lab.bus.answers[DeclineOffer] = [Invalid("x", fields={"reason": "请写明为什么不能接，服务站会看到"}), OFFER]
    page = lab.client.get("/org/jobs/j1/decline")
    assert "请写明为什么不能接" in text_of(post(lab, "/org/jobs/j1/decline", page))
    done = post(lab, "/org/jobs/j1/decline", page, reason="排满了")
    assert done.headers["location"] == "/org?said=declined"


def test_an_organization_writes_terms_begins_and_delivers(lab):
    taken = replace(OFFER, status="accepted", stage="agreeing", turn="organization", allowed=())
    lab.bus.answers |= {GetOffer: taken, GetTerms: replace(DEAL, turn="organization", proposals=())}
    lab.bus.answers |= {ProposeTerms: DEAL, StartJob: OFFER, DeliverResult: OFFER}
    page = lab.client.get("/org/jobs/j1")
    assert "请写约定，企业同意了就开始" in text_of(page)
    given = {f"t.{name}": str(value) for name, value in TERMS.items()}
    assert post(lab, "/org/jobs/j1/terms", page, step="propose", **given).headers["location"].endswith("proposed")
    assert last(lab, ProposeTerms).terms["price"] == 1200
    lab.bus.answers[GetOffer] = replace(
        taken, stage="agreed", turn="", due_on="2026-12-04", allowed=("start", "deliver")
    )
    page = lab.client.get("/org/jobs/j1")
    assert post(lab, "/org/jobs/j1/start", page).headers["location"].endswith("started")
    assert post(lab, "/org/jobs/j1/deliver", page).headers["location"].endswith("delivered")


def test_staff_have_no_organizations_desk_and_an_organization_no_workbench_item(desk):
    assert desk.client.get("/org").status_code == 403


# --- by API


@pytest.mark.clause("6.3.b")
def test_a_client_agrees_proposes_and_parts_by_api_with_its_code(own):
    own.bus.answers |= {
        ListItems: lambda _: _items(AGREEING), AgreeTerms: DEAL, ProposeTerms: DEAL, DropTerms: MATCHING,
    }  # fmt: skip
    own.client.cookies.clear()

    def send(path, **body):
        headers = {"x-request-code": "123456"}
        answer = own.client.post(f"/api/v1/requests/{ITEM.number}/terms{path}", json=body, headers=headers)
        return answer.status_code

    assert send("/agree", proposal=1) == 200
    assert (last(own, AgreeTerms).item_id, last(own, AgreeTerms).number) == ("i1", 1)
    assert send("", terms=TERMS, item_id="i1") == 200
    assert last(own, ProposeTerms).terms == TERMS
    assert send("/drop", reason="太贵") == 200
    assert send("/drop", reason="太贵", item_id="another") == 404
    own.bus.answers[ListItems] = _items(AGREEING, replace(AGREEING, item_id="i2"))
    assert send("/agree", proposal=1) == 422


def test_whoever_has_the_job_learns_the_contact_and_nobody_else(told):
    password = accounts.add(told.engine, "org.lab-1", "organization", (), "示例机构LAB-1", organization="LAB-1")
    token = told.client.post("/api/v1/session", json={"account": "org.lab-1", "password": password}).json()["token"]
    told.client.cookies.clear()
    told.bus.answers |= {
        GetOffer: [OFFER, replace(OFFER, status="accepted")],
        GetSharedContact: ContactView(name="王工", phone="1", email=""),
    }  # fmt: skip
    headers = {"authorization": f"Bearer {token}"}
    assert told.client.get("/api/v1/offers/j1/contact", headers=headers).status_code == 404
    assert not told.bus.of(GetSharedContact)
    assert told.client.get("/api/v1/offers/j1/contact", headers=headers).json()["name"] == "王工"
    assert last(told, GetSharedContact).organization == "LAB-1"


@pytest.mark.clause("6.4.1", "6.4.2")
def test_an_organization_reports_on_its_job_or_says_that_it_cannot_be_done(lab):
    serving = replace(OFFER, status="accepted", stage="serving", allowed=("deliver",))
    lab.bus.answers |= {GetOffer: serving, ReportProgress: OFFER, FailService: OFFER}
    job = lab.client.get("/org/jobs/j1")
    assert "办不成，说明原因" in text_of(job)
    page = lab.client.get("/org/jobs/j1/step/report")
    refused = post(lab, "/org/jobs/j1/step/report", page, **{"f.share": "很多"})
    assert refused.status_code == 422
    done = post(lab, "/org/jobs/j1/step/report", page, **{"f.text": "样品收到", "f.share": "30"})
    assert done.headers["location"] == "/org/jobs/j1?said=report"
    asked = lab.bus.of(ReportProgress)[-1]
    assert (asked.message.item_id, asked.message.share, asked.actor.organization) == ("i1", 30, "LAB-1")
    page = lab.client.get("/org/jobs/j1/step/fail")
    post(lab, "/org/jobs/j1/step/fail", page, **{"f.reason": "设备损坏"})
    assert last(lab, FailService).reason == "设备损坏"
    assert lab.client.get("/org/jobs/j1/step/reassign").status_code == 404
