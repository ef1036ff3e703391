"""Progress reports and the contact log: what is known never goes back, and nobody is named."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.dispatch.domain.following import progress
from services.dispatch.domain.life import Stage
from services.dispatch.handlers import following
from shared.access import Actor, Role
from shared.contracts.dispatch import GetFollowing, LogContact, ReportProgress
from shared.contracts.providers import JobProgressed
from shared.errors import Forbidden, IllegalMove, Invalid, NotFound
from tests.builders import NOON, item
from tests.fakes import FakeDispatch
from tests.system import STAFF

MINUTE = timedelta(minutes=1)
LAB = Actor(id="lab", role=Role.ORGANIZATION, name="示例检测机构", organization="L01")


def serving(**given):
    values = {"stage": Stage.SERVING, "job_id": "j1", "target": "L01", "owner_id": "chen", "version": 5}
    return item(**{**values, **given})


def work(*items, actor=STAFF):
    uow = FakeDispatch(now=NOON, actor=actor)
    with uow:
        for one in items or [serving()]:
            uow.items.add(one)
        uow.commit()
    return uow


def progressed(n=1, **given):
    values = {
        "park": "tianan", "request_id": "r1", "event_id": f"e{n}", "occurred_at": NOON, "job_id": "j1", "item_id": "i1",
        "target": "L01", "report_id": f"p{n}", "text": f"第 {n} 步",
        "reported_at": NOON + n * MINUTE - timedelta(days=1),
        "served_by": "示例检测机构", "share": min(n * 10, 100),
    }  # fmt: skip
    return JobProgressed(**{**values, **given})


@pytest.mark.clause("6.4.1")
def test_a_report_of_staff_is_told_and_becomes_what_is_known():
    uow = work()
    view = following.report_progress(
        ReportProgress(item_id="i1", text=" 样品已上机 ", share=60, next_step="出报告", expected_on="2026-12-02"), uow
    )
    assert (view.text, view.share, view.by, view.late) == ("样品已上机", 60, "陈专员", False)
    ((said, _),) = uow.said
    assert (said.type(), said.text, said.share, said.version) == ("progress_reported", "样品已上机", 60, 6)
    kept = uow.items.get("i1")
    assert (kept.stage, kept.version, kept.evidence) == (Stage.SERVING, 6, [said.event_id])
    assert following.get_following(GetFollowing(item_id="i1"), uow).progress == view


def test_the_same_report_again_changes_nothing_whatever_it_says():
    uow = work()
    first = following.report_progress(ReportProgress(item_id="i1", text="甲", share=10, report_id="x"), uow)
    again = following.report_progress(ReportProgress(item_id="i1", text="乙", share=90, report_id="x"), uow)
    assert again == first
    assert uow.types == ["progress_reported"]


@given(order=st.lists(st.integers(1, 12), min_size=1, max_size=40))
@pytest.mark.clause("6.4.1")
def test_whatever_order_and_however_often_reports_come_what_is_known_never_goes_back(order):
    uow = work()
    shown = []
    for n in order:
        following.hear_progress(progressed(n), uow)
        shown.append(progress(uow.items.get("i1"), uow.following.reports("i1")).share)
        assert uow.items.get("i1").stage is Stage.SERVING
    assert shown == sorted(shown)
    assert shown[-1] == progressed(max(order)).share
    told = [said for said, _ in uow.said]
    assert [one.report_id for one in told] == list(dict.fromkeys(f"p{n}" for n in order))
    news = [int(one.report_id[1:]) for one in told if not one.late]
    assert news == sorted(news)


def test_a_report_of_a_job_that_is_past_or_over_is_kept_as_a_note_only():
    uow = work(serving(job_id="j2"), serving(item_id="i2", stage=Stage.TOLD), serving(item_id="i3", stage=Stage.SEALED))
    for item_id in ("i1", "i2", "i3"):
        before = uow.items.get(item_id)
        following.hear_progress(progressed(item_id=item_id), uow)
        after = uow.items.get(item_id)
        assert (after.stage, after.job_id) == (before.stage, before.job_id)
        assert [one.late for one in uow.following.reports(item_id)] == [True]
    assert uow.items.get("i3") == before
    assert following.get_following(GetFollowing(item_id="i1"), uow).progress is None


def test_a_report_that_overtakes_the_acceptance_counts_and_one_from_the_future_is_of_now():
    uow = work(serving(stage=Stage.OFFERED))
    following.hear_progress(progressed(1, reported_at=NOON + timedelta(days=9)), uow)
    uow.now = NOON + MINUTE
    following.hear_progress(progressed(2, reported_at=NOON + MINUTE), uow)
    assert following.get_following(GetFollowing(item_id="i1"), uow).progress.report_id == "p2"
    assert uow.items.get("i1").stage is Stage.OFFERED


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"text": " "}, "text"), ({"text": "长" * 2001}, "text"), ({"share": 101}, "share"), ({"share": -1}, "share"),
        ({"expected_on": "下周"}, "expected_on"), ({"next_step": "长" * 2001}, "next_step"),
        ({"report_id": "x" * 101}, "report_id"), ({"reported_at": NOON + timedelta(hours=1)}, "reported_at"),
    ],
)  # fmt: skip
def test_a_wrong_report_is_refused_and_nothing_changes(wrong, field):
    uow = work()
    with pytest.raises(Invalid) as refused:
        following.report_progress(ReportProgress(**{"item_id": "i1", "text": "好", **wrong}), uow)
    assert field in refused.value.fields
    assert (uow.said, uow.following.reports("i1")) == ([], [])


def test_only_what_is_in_hand_has_progress():
    for stage in set(Stage) - {Stage.SERVING, Stage.OFFERED}:
        with pytest.raises(IllegalMove):
            following.report_progress(ReportProgress(item_id="i1", text="好"), work(serving(stage=stage)))


def test_the_organization_that_serves_reports_and_no_other():
    uow = work(actor=LAB)
    assert following.report_progress(ReportProgress(item_id="i1", text="好"), uow).by == "示例检测机构"
    for actor in (Actor(id="x", role=Role.ORGANIZATION, organization="L02"), Actor(id="c", role=Role.CLIENT)):
        with pytest.raises(Forbidden):
            following.report_progress(ReportProgress(item_id="i1", text="好"), work(actor=actor))
    elsewhere = Actor(id="li", role=Role.STAFF, parks=("shawan",))
    with pytest.raises(Forbidden):
        following.report_progress(ReportProgress(item_id="i1", text="好"), work(actor=elsewhere))


@pytest.mark.clause("6.4.2")
def test_a_contact_is_logged_told_and_listed():
    uow = work()
    command = LogContact(
        item_id="i1", party="organization", role="expert", how="phone", about="排期", next_step="收样",
        next_on="2026-12-01",
    )  # fmt: skip
    view = following.log_contact(command, uow)
    assert (view.by_name, view.contacted_at, view.next_on) == ("陈专员", NOON, "2026-12-01")
    ((said, _),) = uow.said
    assert (said.type(), said.party, said.role, said.how) == ("contact_logged", "organization", "expert", "phone")
    earlier = following.log_contact(
        LogContact(item_id="i1", party="client", how="visit", about="看现场", contacted_at=NOON - MINUTE), uow
    )
    assert following.get_following(GetFollowing(item_id="i1"), uow).contacts == (view, earlier)


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"party": "王工"}, "party"), ({"role": "王工"}, "role"), ({"how": "梦里"}, "how"), ({"about": ""}, "about"),
        ({"about": "打13900000000找他"}, "about"), ({"next_step": "发到 wang@example.com"}, "next_step"),
        ({"about": "证件44010619900101123X"}, "about"), ({"next_on": "2026-13-01"}, "next_on"),
        ({"contacted_at": NOON + timedelta(hours=1)}, "contacted_at"),
    ],
)  # fmt: skip
def test_a_contact_that_is_wrong_or_says_how_to_reach_a_person_is_refused(wrong, field):
    uow = work()
    with pytest.raises(Invalid) as refused:
        following.log_contact(
            LogContact(**{"item_id": "i1", "party": "client", "how": "phone", "about": "排期", **wrong}), uow
        )
    assert field in refused.value.fields
    assert (uow.said, uow.following.contacts("i1")) == ([], [])


def test_numbers_that_reach_nobody_may_be_said():
    following.log_contact(
        LogContact(item_id="i1", party="client", how="phone", about="报告 202613900000000 号，共 12 块"), work()
    )


def test_contacts_are_logged_until_the_item_is_closed():
    contact = LogContact(item_id="i1", party="client", how="phone", about="排期")
    for stage in Stage:
        uow = work(serving(stage=stage))
        if stage in following.OVER:
            with pytest.raises(IllegalMove):
                following.log_contact(contact, uow)
        else:
            following.log_contact(contact, uow)
    with pytest.raises(Forbidden):
        following.log_contact(contact, work(actor=LAB))
    with pytest.raises(NotFound):
        following.log_contact(LogContact(item_id="no", party="client", how="phone", about="排期"), work())


def test_an_organization_sees_its_own_reports_and_no_contacts():
    uow = work()
    following.hear_progress(progressed(1), uow)
    following.hear_progress(progressed(2, job_id="j0"), uow)
    following.log_contact(LogContact(item_id="i1", party="client", how="phone", about="排期"), uow)
    uow.actor = LAB
    seen = following.get_following(GetFollowing(item_id="i1"), uow)
    assert ([one.report_id for one in seen.reports], seen.contacts) == (["p1"], ())
