"""Which organizations fit: hard conditions, scores that add up, and a ranking that only facts can change."""

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.dispatch.domain.consents import Allowed
from services.dispatch.domain.criteria import shared_word, shrunk
from services.dispatch.domain.matching import DEFAULTS, RULES, TOTAL, Need, check_weights, rank
from services.dispatch.domain.organizations import NOTHING, Record
from shared.errors import Invalid
from tests.builders import qualification
from tests.matching import organization

TODAY = date(2026, 11, 24)
NEED = Need(
    item="5.3.d", park="tianan", industries=("电子信息", "软件"), text="三坐标测量机和千分尺需要校准", today=TODAY,
    allowed=Allowed(any=True),
)  # fmt: skip


def ranked(*organizations, need=NEED, records=None, weights=DEFAULTS):
    return rank(need, organizations, records or {}, weights)


def score(one, need=NEED, record=NOTHING, others=()):
    ranking = ranked(one, *others, need=need, records={one.code: record})
    (found,) = [candidate for candidate in ranking.candidates if candidate.organization == one.code]
    return found


def part(candidate, criterion):
    return next(part for part in candidate.parts if part.criterion == criterion)


def out(**changed):
    need = replace(NEED, **changed.pop("need", {}))
    record = changed.pop("record", NOTHING)
    (left,) = ranked(organization(**changed), need=need, records={"M01": record}).left_out
    return left


@pytest.mark.clause("6.3.b")
@pytest.mark.parametrize(
    ("given", "rule", "says"),
    [
        ({"items": ("5.4.b",)}, "item", "不做这一项服务"),
        ({"status": "suspended"}, "suspended", "暂停接件"),
        ({"excluded": "数据造假"}, "complaint", "因投诉暂不推荐：数据造假"),
        ({"qualifications": ()}, "qualification", "没有这一项的资质"),
        (
            {"items": ("5.3.d", "5.4.b"), "qualifications": (qualification(items=("5.4.b",)),)},
            "qualification",
            "没有这一项的资质",
        ),
        (
            {"qualifications": (qualification(expires_on="2026-11-23"),)},
            "qualification",
            "资质 2026-11-23 已到期",
        ),
        ({"parks": ("shawan",)}, "park", "不服务这个园区"),
        ({"need": {"asked": {"M01": "排满了"}}}, "asked", "这一次已经请过：排满了"),
        ({"record": Record(in_hand=3)}, "capacity", "手上 3 件，已到上限"),
        ({"need": {"allowed": Allowed()}}, "consent", "企业还没有同意把联系方式给机构"),
        ({"need": {"allowed": Allowed(any=True, said=(("M01", False),))}}, "consent", "企业还没有同意把联系方式给机构"),
    ],
)
def test_a_hard_condition_keeps_out_and_says_why(given, rule, says):
    left = out(**given)
    assert (left.rule, left.why.text.format(**left.why.params)) == (rule, says)


def test_a_qualification_holds_on_its_last_day():
    assert score(organization(qualifications=(qualification(expires_on="2026-11-24"),)))


def test_consent_to_just_this_organization_is_enough():
    assert score(organization(), need=replace(NEED, allowed=Allowed(said=(("M01", True),))))


def test_only_the_first_broken_condition_is_told_the_gravest_first():
    assert out(status="suspended", excluded="x", qualifications=(), parks=()).rule == "suspended"


def test_what_a_person_may_overrule_is_never_the_law():
    assert [rule.name for rule in RULES if not rule.firm] == ["park", "asked", "capacity"]


@pytest.mark.clause("4.1.2")
def test_knowing_the_parks_industries_counts():
    knows = score(organization(industries=("电子信息", "软件")))
    half = score(organization(industries=("软件",)))
    silent = score(organization(industries=()))
    others = score(organization(industries=("珠宝首饰",)))
    points = [part(one, "industry").points for one in (knows, half, silent, others)]
    assert points == sorted(points, reverse=True)
    assert len(set(points)) == 4
    assert part(half, "industry").facts[0].params == {"industries": "软件"}


def test_a_scope_that_names_what_is_needed_counts_and_is_told():
    plain = score(organization())
    fits = score(organization(qualifications=(qualification(scope="三坐标测量机、千分尺校准"),)))
    assert part(fits, "capability").points > part(plain, "capability").points
    assert {"word": "三坐标测量机"} in [fact.params for fact in part(fits, "capability").facts]


@pytest.mark.parametrize(
    ("scope", "text", "word"),
    [
        ("三坐标测量机、千分尺校准", "我们的千分尺要校准", "千分尺"),
        ("长度计量器具校准", "电子秤要校准", ""),
        ("压力表检定", "12只压力表要强制检定", "压力表"),
        ("ISO 27001 信息安全", "要做ISO 27001认证", "27001"),
        ("12 项", "买了12只", ""),
        ("", "压力表", ""),
    ],
)
def test_a_word_of_the_need_in_the_scope_is_found_unless_every_scope_has_it(scope, text, word):
    assert shared_word(scope, text) == word


@pytest.mark.parametrize(
    ("criterion", "better", "worse"),
    [
        ("distance", {"desks": ("tianan",), "distance": "far"}, {"distance": "near"}),
        ("distance", {"distance": "near"}, {"distance": "city"}),
        ("distance", {"distance": "city"}, {"distance": "far"}),
        ("price", {"price": "low"}, {"price": "middle"}),
        ("price", {"price": "middle"}, {"price": "high"}),
        ("newcomer", {"joined_on": "2026-09-01"}, {"joined_on": "2025-09-01"}),
        ("newcomer", {"joined_on": "2025-09-01"}, {"joined_on": "2020-09-01"}),
        ("load", {"capacity": 10}, {"capacity": 2}),
    ],
)
def test_what_is_written_down_of_an_organization_counts(criterion, better, worse):
    record = Record(in_hand=1)
    points = [part(score(organization(**one), record=record), criterion).points for one in (better, worse)]
    assert points[0] > points[1]


def test_a_satisfaction_of_few_answers_is_not_told_as_a_rate():
    few = part(score(organization(), record=Record(rated=3, satisfied=3, asked=4)), "satisfaction")
    many = part(score(organization(), record=Record(rated=19, satisfied=17, asked=28)), "satisfaction")
    assert few.facts[0].params == {"n": 3}
    assert many.facts[0].params == {"rate": 89, "n": 19, "answered": 68}


def test_a_few_lucky_cases_do_not_beat_a_long_record():
    lucky, proven = organization(), organization(organization="M02")
    records = {"M01": Record(ended=1, finished=1), "M02": Record(ended=60, finished=59)}
    ranking = ranked(lucky, proven, records=records)
    points = {one.organization: part(one, "completion").points for one in ranking.candidates}
    assert points["M02"] > points["M01"]


def test_among_equals_whoever_has_least_in_hand_is_first_and_then_the_code_decides():
    weights = {**dict.fromkeys(DEFAULTS, 0), "capability": TOTAL}
    three = [organization(organization=code) for code in ("M03", "M02", "M01")]
    ranking = ranked(*three, records={"M01": Record(in_hand=1)}, weights=weights)
    assert [one.organization for one in ranking.candidates] == ["M02", "M03", "M01"]


def test_passing_over_a_better_one_is_noticed():
    ranking = ranked(organization(), organization(organization="M02"), organization(organization="M03", price="high"))
    first, second, third = (one.organization for one in ranking.candidates)
    assert not ranking.overrules([first])
    assert not ranking.overrules([second, first])
    assert ranking.overrules([second])
    assert ranking.overrules([first, third])
    assert ranking.overrules(["M99"])


@pytest.mark.parametrize(
    ("given", "fields"),
    [
        ({"capability": 101}, {"weights.capability"}),
        ({"capability": -1}, {"weights.capability"}),
        ({"capability": 25.0}, {"weights.capability"}),
        ({"capability": True}, {"weights.capability"}),
        ({"luck": 5}, {"weights.luck"}),
        ({"capability": 26}, {"weights"}),
    ],
)
def test_weights_are_whole_points_of_a_hundred(given, fields):
    with pytest.raises(Invalid) as refused:
        check_weights({**DEFAULTS, **given})
    assert set(refused.value.fields) == fields


def test_every_weight_has_to_be_given():
    assert check_weights(dict(DEFAULTS)) == DEFAULTS
    with pytest.raises(Invalid) as refused:
        check_weights({"capability": TOTAL})
    assert len(refused.value.fields) == len(DEFAULTS) - 1


# --- whatever the facts

counts = st.integers(0, 60)


@st.composite
def records(draw):
    ended = draw(counts)
    finished = draw(st.integers(0, ended))
    dated = draw(st.integers(0, finished))
    rated = draw(st.integers(0, finished))
    return Record(
        in_hand=draw(st.integers(0, 12)), ended=ended, finished=finished, dated=dated,
        timely=draw(st.integers(0, dated)), asked=draw(st.integers(rated, finished)), rated=rated,
        satisfied=draw(st.integers(0, rated)), finished_of_item=draw(st.integers(0, finished)),
    )  # fmt: skip


@st.composite
def organizations(draw, code="M01"):
    expires = st.dates(date(2026, 1, 1), date(2029, 1, 1)).map(date.isoformat)
    return organization(
        organization=code,
        items=draw(st.sampled_from([("5.3.d",), ("5.4.b",), ("5.3.d", "5.4.b")])),
        parks=draw(st.sampled_from([("tianan",), ("shawan",), ("*",)])),
        qualifications=tuple(
            qualification(expires_on=draw(expires), scope=draw(st.sampled_from(["千分尺校准", "长度"])))
            for _ in range(draw(st.integers(0, 2)))
        ),
        capacity=draw(st.integers(1, 10)),
        status=draw(st.sampled_from(["active", "active", "suspended"])),
        excluded=draw(st.sampled_from(["", "", "投诉"])),
        industries=draw(st.sampled_from([(), ("软件",), ("电子信息", "软件"), ("珠宝首饰",)])),
        desks=draw(st.sampled_from([(), ("tianan",)])),
        distance=draw(st.sampled_from(["near", "city", "far"])),
        price=draw(st.sampled_from(["low", "middle", "high"])),
        joined_on=draw(st.dates(date(2020, 1, 1), TODAY).map(date.isoformat)),
    )


@st.composite
def weights(draw):
    """Any way to spread a hundred points."""
    cuts = sorted(draw(st.lists(st.integers(0, TOTAL), min_size=len(DEFAULTS) - 1, max_size=len(DEFAULTS) - 1)))
    points = [high - low for low, high in zip([0, *cuts], [*cuts, TOTAL], strict=True)]
    return dict(zip(DEFAULTS, points, strict=True))


@st.composite
def districts(draw):
    codes = [f"M{n:02}" for n in range(1, draw(st.integers(1, 6)) + 1)]
    return [draw(organizations(code)) for code in codes], {code: draw(records()) for code in codes}, draw(weights())


@given(districts())
def test_the_parts_add_up_to_the_score_and_no_part_exceeds_its_weight(district):
    found, records, points = district
    for candidate in rank(NEED, found, records, points).candidates:
        assert round(sum(one.points for one in candidate.parts), 1) == candidate.score
        assert 0 <= candidate.score <= TOTAL
        assert [one.criterion for one in candidate.parts] == list(DEFAULTS)
        for one in candidate.parts:
            assert 0 <= one.points <= one.weight
            assert one.facts


@given(districts())
def test_everyone_is_placed_or_left_out_and_the_best_comes_first(district):
    found, records, points = district
    ranking = rank(NEED, found, records, points)
    codes = [one.organization for one in (*ranking.candidates, *ranking.left_out)]
    assert sorted(codes) == sorted(one.code for one in found)
    scores = [one.score for one in ranking.candidates]
    assert scores == sorted(scores, reverse=True)


@given(districts())
def test_no_score_beats_a_hard_condition(district):
    """Whoever breaks one is left out, however the points are spread, and however good it is otherwise."""
    found, records, points = district
    by_code = {one.code: one for one in found}
    for candidate in rank(NEED, found, records, points).candidates:
        one, record = by_code[candidate.organization], records[candidate.organization]
        assert one.active
        assert not one.excluded
        assert NEED.item in one.items
        assert {NEED.park, "*"} & set(one.parks)
        assert any(q.expires_on >= TODAY.isoformat() for q in one.qualifications)
        assert record.in_hand < one.capacity


@given(districts())
def test_the_order_in_which_they_are_looked_at_changes_nothing(district):
    found, records, points = district
    assert rank(NEED, found, records, points) == rank(NEED, found[::-1], records, points)


BETTER = {
    "finished": lambda r: replace(r, ended=r.ended + 1, finished=r.finished + 1),
    "timely": lambda r: replace(r, dated=r.dated + 1, timely=r.timely + 1),
    "satisfied": lambda r: replace(r, rated=r.rated + 1, asked=r.asked + 1, satisfied=r.satisfied + 1),
    "practised": lambda r: replace(r, finished_of_item=r.finished_of_item + 1),
    "idle": lambda r: replace(r, in_hand=r.in_hand - 1),
}


@settings(max_examples=300)
@given(districts(), st.sampled_from(list(BETTER)))
def test_doing_better_never_lowers_the_score(district, what):
    found, records, points = district
    for before in rank(NEED, found, records, points).candidates:
        record = records[before.organization]
        if what == "idle" and not record.in_hand:
            continue
        improved = {**records, before.organization: BETTER[what](record)}
        after = rank(NEED, found, improved, points)
        (again,) = [one for one in after.candidates if one.organization == before.organization]
        assert again.score >= before.score


@given(st.integers(0, 50), st.integers(0, 50), st.integers(0, 500), st.integers(0, 500))
def test_a_rate_lies_between_its_own_and_the_districts(good, bad, district_good, district_bad):
    rate = shrunk(good, good + bad, district_good, district_good + district_bad)
    assert 0 < rate < 1
