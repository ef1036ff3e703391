"""Needs that may be the same: of one client, near in time, about the same, alike in words; with the reasons."""

from datetime import timedelta

import pytest

from deploy.cli.suggestions import installed
from deploy.demo.replay import read
from services.dispatch.domain.life import Stage
from services.dispatch.domain.likeness import DAYS, company_key, likeness
from services.dispatch.handlers import advice
from services.providers.plugin import provides
from shared.contracts.dispatch import GetAdvice
from tests.builders import NOON, item, target
from tests.fakes import FakeDispatch
from tests.unit.dispatch.test_suggestion import NEEDS

KNOWN = installed()
DOOR = "公司想牵头制定一个智能门锁的团体标准，请问流程是什么，能不能找专家辅导。"
AGAIN = "智能门锁想立项团体标准，能派专家指导一下制定流程吗"


@pytest.fixture
def uow():
    uow = FakeDispatch(now=NOON)
    with uow:
        for one in provides:
            uow.targets.put(target(target=one.code, manifest=one.manifest()))
        uow.commit()
    add(uow, "i1", text=AGAIN, company="示例企业N04", stage=Stage.ACCEPTED)
    return uow


def add(uow, item_id, **given):
    values = {"request_id": f"r-{item_id}", "number": f"天安2026-{item_id}", **given}
    with uow:
        uow.items.add(item(item_id=item_id, **values))
        uow.commit()


def alike(uow, **more):
    return advice.get_advice(GetAdvice(item_id="i1", **more), uow).alike


@pytest.mark.clause("6.3")
def test_the_same_need_of_the_same_company_is_suggested_with_the_reasons(uow):
    add(uow, "i2", text=DOOR, company="示例企业 N04 有限公司")
    (one,) = alike(uow)
    assert (one.item_id, one.number, one.mergeable) == ("i2", "天安2026-i2", True)
    assert one.reasons == ("company", "item", "text")
    assert 25 <= one.likeness <= 60


def test_the_same_contact_of_a_company_by_another_name_counts_too(uow):
    add(uow, "i2", text=DOOR, company="示例贸易")
    assert alike(uow) == ()
    (one,) = alike(uow, same_contact=("r-i2",))
    assert one.reasons == ("contact", "item", "text")
    assert alike(uow, same_company=("r-i2",))[0].reasons == ("company", "item", "text")


@pytest.mark.parametrize(
    "given",
    [
        {"text": "压力表要强制检定"},  # another need
        {"park": "shawan"},  # another station
        {"company": "示例企业N05"},  # another client
        {"opened_at": NOON - timedelta(days=DAYS, minutes=1)},  # long ago
        {"request_id": "r-i1"},  # a part of the same message
        {"stage": Stage.WITHDRAWN},
        {"stage": Stage.MERGED},
    ],
)
def test_what_is_not_the_same_is_not_suggested(uow, given):
    add(uow, "i2", **{"text": DOOR, "company": "示例企业N04", **given})
    assert alike(uow) == ()


def test_what_is_over_can_only_be_linked(uow):
    add(uow, "i2", text=DOOR, company="示例企业N04", stage=Stage.SEALED)
    assert [one.mergeable for one in alike(uow)] == [False]


def test_the_most_alike_come_first_and_there_are_three_at_the_most(uow):
    for n in range(2, 7):
        add(uow, f"i{n}", text=AGAIN[: n * 5], company="示例企业N04")
    found = alike(uow)
    assert len(found) == 3
    assert [one.likeness for one in found] == sorted((one.likeness for one in found), reverse=True)


def test_in_the_demo_exactly_the_need_that_was_stated_twice_is_found():
    needs = list(read(NEEDS.read_text(encoding="utf-8").splitlines()))
    uow = FakeDispatch(now=NOON)
    with uow:
        for one in provides:
            uow.targets.put(target(target=one.code, manifest=one.manifest()))
        uow.commit()
    for need in needs:
        add(uow, need.id, text=need.text, company=need.company, park=need.park, number=need.id)
    found = {
        (need.id, one.number)
        for need in needs
        for one in advice.get_advice(GetAdvice(item_id=need.id), uow).alike
    }  # fmt: skip
    assert found == {("N004", "N032"), ("N032", "N004")}


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("示例企业N04", "示例企业 n04 有限公司", True),
        ("广州示例股份有限公司", "广州示例", True),
        ("Example Co., Ltd.", "example", True),
        ("示例企业N04", "示例企业N05", False),
        ("公司", "厂", False),
    ],
)
def test_a_company_is_recognised_however_its_name_is_written(one, other, same):
    assert (company_key(one) == company_key(other)) is same


def test_likeness_is_a_share_and_the_same_both_ways():
    assert likeness(DOOR, DOOR) == 1
    assert likeness(DOOR, AGAIN) == likeness(AGAIN, DOOR)
    assert likeness(DOOR, "") == likeness("", "") == likeness("甲乙", "丙丁") == 0
