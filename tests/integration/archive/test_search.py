"""Dossiers are found by one or two characters, phrases, numbers and companies, alike on the fake and both databases."""

from datetime import timedelta

import pytest

from services.archive.handlers import dossiers, ledger, search
from shared.access import Actor
from shared.contracts.archive import SearchDossiers
from shared.errors import Forbidden, Invalid
from tests.builders import NOON
from tests.conftest import fresh_database
from tests.system import ADMIN
from tests.unit.archive.fakes import FakeArchive
from tests.unit.archive.stories import life

LIVES = (
    life(1, text="千足金戒指送检，要Au999报告", company="番禺珠宝有限公司"),
    life(2, text="卡尺要校准 100 把", company="示例精密"),
    life(3, text="金属戒指校验", company="ABC Gear 公司", result={"report": "JZ-2026-0013"}),
    life(1, "juda", text="计量校准咨询", company="巨大示例"),
)


@pytest.fixture(params=["fake", "sqlite", "postgresql"])
def work(request):
    """Makes transactions on an archive with four dossiers, the last of another station."""
    if request.param == "fake":
        fake = FakeArchive(now=NOON + timedelta(hours=2))
        make = lambda kind="clock", actor=ADMIN: (setattr(fake, "actor", actor), fake)[1]  # noqa: E731
    else:
        make = request.getfixturevalue("archive")
    for events in LIVES:
        ledger.record(events, make())
        dossiers.seal_dossiers(make())
    return make


@pytest.fixture
def database_url(request):
    kind = request.node.callspec.params["work"]
    return fresh_database(request.getfixturevalue("postgres")) if kind == "postgresql" else ""


def numbers(work, text="", actor=ADMIN, **filters):
    found = search.search_dossiers(SearchDossiers(text=text, **filters), work("query", actor))
    assert found.total == len(found.dossiers)
    return [one.number for one in found.dossiers]


T1, T2, T3, J1 = "tianan2026-0001", "tianan2026-0002", "tianan2026-0003", "juda2026-0001"


CASES = (
    ("金", [T3, T1]),  # one character
    ("戒", [T3, T1]),
    ("检", [T1]),  # the last of its run
    ("卡尺", [T2]),  # two
    ("计量", [J1]),
    ("金戒指", [T1]),  # a phrase: 金属戒指 is another
    ("戒指", [T3, T1]),
    ("千足金戒指送检", [T1]),
    ("金 戒指", [T3, T1]),  # apart, both must be there
    ("校准 戒指", [T3, T1]),
    ("卡尺 戒指", []),
    ("指送", [T1]),
    ("检要", []),  # no phrase over a comma
    ("au999", [T1]),
    ("ＡＵ９９９", [T1]),  # full width
    ("100", [T2]),
    ("JZ-2026-0013", [T3]),
    ("0013", [T3]),
    ("tianan档2026-0002", [T2]),
    ("番禺珠宝有限公司", [T1]),
    ("gear", [T3]),
    ("陈专员", [J1, T3, T2, T1]),
    ("", [J1, T3, T2, T1]),
    ("没有的词", []),
    ("' OR \" * ) ( & | ! :*", []),
)


@pytest.mark.clause("7.2.3.3")
def test_what_is_typed_is_found(work):
    for text, wanted in CASES:
        assert numbers(work, text) == wanted, text


def test_filters_narrow_and_results_respect_access(work):
    assert numbers(work, park="juda") == [J1]
    assert numbers(work, year="2026", category="metrology", served="station") == [J1, T3, T2, T1]
    assert numbers(work, served="organization") == []
    assert numbers(work, year="2025") == []
    of_juda = Actor(id="li", role="staff", parks=("juda",))
    assert numbers(work, "校准", of_juda) == [J1]
    assert numbers(work, "校准", of_juda, park="tianan") == []
    of_both = Actor(id="li", role="regulator", parks=("juda", "tianan"))
    assert numbers(work, "校准", of_both) == [J1, T3, T2, T1]
    for role in ("client", "organization", "public"):
        with pytest.raises(Forbidden):
            numbers(work, "校准", Actor(id="x", role=role, parks=("tianan",)))


def test_pages_follow_each_other(work):
    first = search.search_dossiers(SearchDossiers(limit=3), work("query"))
    rest = search.search_dossiers(SearchDossiers(limit=3, after=first.next), work("query"))
    assert [one.number for one in (*first.dossiers, *rest.dossiers)] == [J1, T3, T2, T1]
    assert (first.total, rest.next) == (4, "")
    for wrong in ({"limit": 0}, {"text": "字" * 101}, {"after": "x"}):
        with pytest.raises(Invalid):
            search.search_dossiers(SearchDossiers(**wrong), work("query"))
