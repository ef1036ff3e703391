from datetime import datetime, timedelta

import pytest

from services.dispatch.domain.life import Stage
from services.dispatch.handlers import clocks, flow, items, plans
from shared.access import EVERYWHERE, Actor, Role
from shared.contracts.dispatch import (
    AssessItem,
    GetClocks,
    GetItem,
    ListClocks,
    ListItems,
    PauseItem,
    PreviewClocks,
    ResumeItem,
)
from shared.contracts.feedback import ResultTold
from shared.contracts.providers import JobAccepted
from shared.contracts.station import (
    AbsenceEnded,
    AbsenceNoted,
    CalendarSet,
    ChainSet,
    GivenDay,
    GivenLimit,
    LimitsSet,
    Recipient,
    YearPublished,
)
from shared.errors import Forbidden, IllegalMove, Invalid
from tests.builders import MANIFEST, item, received, target
from tests.fake_clocks import FakePlans
from tests.fakes import FakeDispatch

ZONE = FakePlans.zone
TUESDAY = datetime(2026, 11, 24, 10, 0, tzinfo=ZONE)
LIN = Recipient(account="lin", name="林站长")
ALL_DAY = ("00:00-24:00",) * 7


def at(text: str) -> datetime:
    return datetime.fromisoformat(f"2026-11-{text}").replace(tzinfo=ZONE)


@pytest.fixture
def uow():
    work = FakeDispatch(now=TUESDAY)
    plans.know_setting(ChainSet(park="tianan", version=1, steps=(LIN,)), work)
    return work


def put(uow, *given):
    with uow:
        for one in given:
            uow.items.add(one)
        uow.commit()


def accepted(**given):
    return item(stage=Stage.ACCEPTED, changed_at=TUESDAY, opened_at=TUESDAY, **{"owner_id": "chen", **given})


def due(uow, item_id="i1"):
    return items.get_item(GetItem(item_id=item_id), uow).due


# --- pausing


@pytest.mark.clause("7.2.1.a")
def test_a_pause_has_a_reason_that_everybody_hears(uow):
    put(uow, accepted())
    view = clocks.pause_item(PauseItem(item_id="i1", reason=" 等企业补材料 "), uow)
    assert (view.due.state, view.due.at, view.due.reason) == ("paused", None, "等企业补材料")
    assert "resume" in view.allowed
    uow.now = at("26T10:00")
    view = clocks.resume_item(ResumeItem(item_id="i1"), uow)
    assert (view.due.state, view.due.at) == ("ok", at("27T17:30"))
    assert uow.types == ["item_paused", "item_resumed"]
    assert [event.version for event, _ in uow.said] == [2, 3]


@pytest.mark.parametrize("reason", ["", "  ", "x" * 201])
def test_without_a_reason_nothing_is_paused(uow, reason):
    put(uow, accepted())
    with pytest.raises(Invalid) as refused:
        clocks.pause_item(PauseItem(item_id="i1", reason=reason), uow)
    assert "reason" in refused.value.fields
    assert due(uow).state == "ok"


def test_only_the_station_pauses(uow):
    put(uow, accepted())
    for actor in (
        Actor(id="c", role=Role.CLIENT, requests=("r1",)), Actor(id="s", role=Role.STAFF, parks=("juda",)),
        Actor(id="r", role=Role.REGULATOR, parks=(EVERYWHERE,)),
    ):  # fmt: skip
        uow.actor = actor
        with pytest.raises(Forbidden):
            clocks.pause_item(PauseItem(item_id="i1", reason="等"), uow)
        with pytest.raises(Forbidden):
            clocks.resume_item(ResumeItem(item_id="i1"), uow)


def test_what_waits_for_us_is_not_paused(uow):
    put(uow, item(opened_at=TUESDAY))
    with pytest.raises(IllegalMove):
        clocks.pause_item(PauseItem(item_id="i1", reason="忙"), uow)


# --- the clocks of an item's way


@pytest.mark.clause("6.4.1")
def test_each_hand_off_has_its_clock(uow):
    with uow:
        uow.targets.put(target(now=TUESDAY + timedelta(days=90)))
        uow.commit()
    flow.open_item(received(occurred_at=TUESDAY), uow)
    (one,) = uow.kept["items"].values()
    seen = [(due(uow, one.item_id).clock, due(uow, one.item_id).at)]
    uow.now = at("24T10:30")
    items.accept_item(items.AcceptItem(item_id=one.item_id), uow)
    seen.append((due(uow, one.item_id).clock, due(uow, one.item_id).at))
    items.assess_item(
        AssessItem(item_id=one.item_id, category="metrology", item="5.3.d", details={"count": 1}), uow
    )  # fmt: skip
    seen.append((due(uow, one.item_id).clock, due(uow, one.item_id).at))
    job = uow.items.get(one.item_id).job_id
    about = {"park": "tianan", "request_id": "r1", "item_id": one.item_id, "job_id": job, "target": "metrology"}
    flow.start_service(JobAccepted(event_id="e2", **about), uow)
    seen.append((due(uow, one.item_id).clock, due(uow, one.item_id).at))
    assert seen == [
        ("accept", at("24T12:00")), ("assess", at("25T17:30")), ("answer", at("25T17:30")),
        ("serve", datetime(2026, 12, 1, 17, 30, tzinfo=ZONE)),
    ]  # fmt: skip


@pytest.mark.parametrize(("days", "count"), [(3, 3), ("3", 5), (0, 5), (10**6, 5), (None, 5), (True, 5)])
def test_serving_takes_the_days_that_the_category_says_if_they_can_be(uow, days, count):
    entry = {**MANIFEST["items"]["5.3.d"], "days": days}
    with uow:
        uow.targets.put(target(now=TUESDAY, manifest={**MANIFEST, "items": {"5.3.d": entry}}))
        uow.commit()
    put(uow, accepted())
    items.assess_item(AssessItem(item_id="i1", category="metrology", item="5.3.d", details={"count": 1}), uow)
    about = {"park": "tianan", "request_id": "r1", "item_id": "i1", "target": "metrology"}
    flow.start_service(JobAccepted(event_id="e2", job_id=uow.items.get("i1").job_id, **about), uow)
    assert due(uow).count == count


def test_the_client_has_until_the_survey_ends_and_a_day_for_us_to_notice(uow):
    put(uow, item(stage=Stage.FINISHED, changed_at=TUESDAY))
    flow.note_told(
        ResultTold(
            park="tianan", request_id="r1", event_id="e3", item_id="i1", notice_id="n", survey_id="s", channel="web",
            expires_at=at("30T10:00"),
        ),
        uow,
    )  # fmt: skip
    assert (due(uow).clock, due(uow).at) == ("rate", datetime(2026, 12, 1, 10, 0, tzinfo=ZONE))


def test_an_item_that_ended_has_no_clock(uow):
    put(uow, accepted(), accepted(item_id="i2"))
    items.refuse_item(items.RefuseItem(item_id="i1", reason="x"), uow)
    assert due(uow) is None
    page = clocks.list_clocks(ListClocks(), uow)
    assert [one.item_id for one in page.items] == ["i2"]


# --- warned, overdue


def sounded(uow, *moments):
    for moment in moments:
        uow.now = at(moment)
        clocks.sound_clocks(uow)
    return [
        (event.type(), event.clock, getattr(event, "level", 0), tuple(one.account or one.role for one in event.to))
        for event, _ in uow.said
    ]


@pytest.mark.clause("6.4.1", "7.2.1.a")
def test_it_is_warned_of_and_told_up_the_chain_once_each(uow):
    put(uow, item(opened_at=TUESDAY))
    moments = ("24T11:00", "24T11:30", "24T11:31", "24T12:01", "24T12:02", "24T17:31", "27T10:00")
    assert sounded(uow, *moments) == [
        ("clock_warned", "accept", 0, ("staff",)), ("clock_overdue", "accept", 1, ("staff", "lin")),
    ]  # fmt: skip
    assert uow.items.get("i1").version == 1  # nothing moved
    for name, role, told in (("lin", Role.OPERATOR, 1), ("xu", Role.STAFF, 1), ("wang", Role.OPERATOR, 0)):
        uow.actor = Actor(id=name, role=role, parks=("*",))
        assert sum(clocks.list_clocks(ListClocks(told=True), uow).by_clock.values()) == told


def test_after_days_without_a_timer_it_says_what_there_is_to_say_at_once(uow):
    plans.know_setting(ChainSet(park="tianan", version=2, steps=(LIN, Recipient(role="operator"))), uow)
    put(uow, accepted())
    assert sounded(uow, "30T10:00") == [
        ("clock_overdue", "assess", 1, ("chen", "lin")), ("clock_overdue", "assess", 2, ("operator",)),
    ]  # fmt: skip


def test_the_chain_of_the_day_counts_and_who_is_away_is_named_as_passed_by(uow):
    plans.know_absence(
        AbsenceNoted(
            park="", absence_id="a1", account="lin", name="林站长", parks=("tianan",), since=TUESDAY,
            until=at("26T10:00"),
        ),
        uow,
    )  # fmt: skip
    plans.know_setting(ChainSet(park="tianan", version=2, steps=(LIN, Recipient(role="operator"))), uow)
    put(uow, item(opened_at=TUESDAY))
    assert sounded(uow, "24T12:01")[-1] == ("clock_overdue", "accept", 2, ("staff", "operator"))
    assert uow.said[-1][0].skipped == (LIN,)
    plans.forget_absence(AbsenceEnded(park="", absence_id="a1", account="lin"), uow)
    put(uow, item(item_id="i2", opened_at=TUESDAY))
    assert sounded(uow, "24T12:02")[-1] == ("clock_overdue", "accept", 1, ("staff", "lin"))


def test_an_ending_that_comes_before_the_noting_holds(uow):
    plans.forget_absence(AbsenceEnded(park="", absence_id="a1", account="lin"), uow)
    plans.know_absence(
        AbsenceNoted(
            park="", absence_id="a1", account="lin", name="", parks=(EVERYWHERE,), since=TUESDAY, until=at("30T10:00")
        ),
        uow,
    )
    assert uow.plans.of("tianan").present(LIN, at("25T10:00"))


def test_more_items_than_one_transaction_takes_are_all_looked_at(uow):
    put(uow, *(item(item_id=f"i{n}", opened_at=TUESDAY) for n in range(clocks.ALARMS_AT_ONCE * 2 + 1)))
    sounded(uow, "24T11:30")
    assert uow.types.count("clock_warned") == clocks.ALARMS_AT_ONCE * 2 + 1


# --- changes of the plan


def test_new_hours_move_the_clocks_that_run_and_only_of_that_park(uow):
    put(uow, item(opened_at=TUESDAY), item(item_id="i2", park="juda", opened_at=TUESDAY))
    uow.now = at("24T10:30")
    plans.know_setting(CalendarSet(park="tianan", version=1, week=("10:00-11:00",) * 5 + ("", "")), uow)
    assert (due(uow).at, due(uow, "i2").at) == (at("25T11:00"), at("24T12:00"))
    clocks.sound_clocks(uow)
    assert uow.said == []
    assert sounded(uow, "24T12:01") == [
        ("clock_overdue", "accept", 1, ("staff", "operator")),  # juda has no chain of its own
    ]  # fmt: skip


def test_the_districts_hours_hold_where_a_station_has_none(uow):
    put(uow, item(opened_at=TUESDAY), item(item_id="i2", park="juda", opened_at=TUESDAY))
    plans.know_setting(CalendarSet(park="tianan", version=1, week=ALL_DAY), uow)
    plans.know_setting(CalendarSet(park="", version=1, week=("10:00-11:00",) * 5 + ("", "")), uow)
    assert (due(uow).at, due(uow, "i2").at) == (at("24T12:00"), at("25T11:00"))
    plans.know_setting(CalendarSet(park="tianan", version=2), uow)
    assert due(uow).at == at("25T11:00")


def test_an_older_word_that_comes_late_changes_nothing(uow):
    put(uow, item(opened_at=TUESDAY))
    plans.know_setting(LimitsSet(park="", version=2, limits=(GivenLimit(clock="accept", count=1, unit="hours"),)), uow)
    plans.know_setting(LimitsSet(park="", version=1, limits=(GivenLimit(clock="accept", count=9, unit="hours"),)), uow)
    assert due(uow).at == at("24T11:00")


def test_a_shorter_limit_is_late_at_the_next_look(uow):
    put(uow, item(opened_at=TUESDAY))
    uow.now = at("24T11:00")
    plans.know_setting(
        LimitsSet(park="", version=1, limits=(GivenLimit(clock="accept", count=30, unit="minutes"),)), uow
    )
    assert sounded(uow, "24T11:00")[0][0] == "clock_overdue"


def test_a_published_year_makes_a_deadline_certain(uow):
    eve = datetime(2026, 12, 31, 10, 0, tzinfo=ZONE)
    uow.now = eve
    put(uow, item(stage=Stage.ACCEPTED, changed_at=eve, opened_at=eve))
    before = due(uow)
    assert (before.state, before.at) == ("provisional", datetime(2027, 1, 1, 17, 30, tzinfo=ZONE))
    days = tuple(
        GivenDay(day=f"2027-{day}", working=False, name="假") for day in ("01-01", "01-02", "01-03", "05-01", "10-01")
    )
    plans.know_setting(YearPublished(park="", year=2027, version=1, days=days), uow)
    assert (due(uow).state, due(uow).at) == ("ok", datetime(2027, 1, 4, 17, 30, tzinfo=ZONE))


# --- lists and explanations


def test_the_most_urgent_come_first_and_what_stands_still_last(uow):
    paused = accepted(item_id="i4")
    paused.pause("等", TUESDAY, Actor(id="chen", role=Role.STAFF))
    put(
        uow, accepted(item_id="i1"), item(item_id="i2", opened_at=at("23T09:00")),
        item(item_id="i3", opened_at=at("24T08:00"), park="juda"), paused, accepted(item_id="i5", park="juda"),
    )  # fmt: skip
    uow.now = at("24T10:30")
    page = clocks.list_clocks(ListClocks(), uow)
    assert [(one.item_id, one.due.state) for one in page.items] == [
        ("i2", "late"), ("i3", "soon"), ("i1", "ok"), ("i5", "ok"), ("i4", "paused"),
    ]  # fmt: skip
    assert (page.by_clock, page.by_park, page.late, page.paused) == (
        {"assess": 3, "accept": 2}, {"tianan": 3, "juda": 2}, 1, 1,
    )  # fmt: skip
    first = clocks.list_clocks(ListClocks(limit=2), uow)
    rest = clocks.list_clocks(ListClocks(limit=3, after=first.next), uow)
    assert [one.item_id for one in (*first.items, *rest.items)] == ["i2", "i3", "i1", "i5", "i4"]
    listed = items.list_items(ListItems(order="urgency", open=True), uow)
    assert [one.item_id for one in listed.items] == ["i2", "i3", "i1", "i5", "i4"]
    only = clocks.list_clocks(ListClocks(park="juda", clock="assess"), uow)
    assert [one.item_id for one in only.items] == ["i5"]
    assert (only.by_clock, only.by_park) == ({"assess": 1, "accept": 1}, {"tianan": 2, "juda": 1})


def test_one_sees_the_clocks_of_ones_own_parks(uow):
    put(uow, accepted(), accepted(item_id="i2", park="juda"))
    uow.actor = Actor(id="s", role=Role.STAFF, parks=("juda",))
    page = clocks.list_clocks(ListClocks(), uow)
    assert ([one.item_id for one in page.items], page.by_park) == (["i2"], {"juda": 1})
    uow.actor = Actor(id="c", role=Role.CLIENT, requests=("r1",))
    with pytest.raises(Forbidden):
        clocks.list_clocks(ListClocks(), uow)
    assert clocks.get_clocks(GetClocks(item_id="i1"), uow).clocks
    uow.actor = Actor(id="c", role=Role.CLIENT, requests=("r2",))
    with pytest.raises(Forbidden):
        clocks.get_clocks(GetClocks(item_id="i1"), uow)


def test_every_run_is_explained_step_by_step(uow):
    put(uow, accepted())
    clocks.pause_item(PauseItem(item_id="i1", reason="等企业"), uow)
    uow.now = at("24T15:00")
    clocks.resume_item(ResumeItem(item_id="i1"), uow)
    (view,) = clocks.get_clocks(GetClocks(item_id="i1"), uow).clocks
    assert (view.clock, view.limit, view.count, view.unit, view.state) == ("assess", "district", 1, "days", "ok")
    assert view.due_at == at("26T12:30") + timedelta(hours=1, minutes=30)
    kinds = [(step.kind, step.day, step.minutes) for step in view.steps]
    assert kinds == [
        ("begin", "", 0), ("pause", "", 210), ("day", "2026-11-25", 0), ("close", "", 0),
        ("window", "2026-11-26", 180), ("window", "2026-11-26", 30), ("end", "", 0),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("query", "field"),
    [(ListClocks(limit=0), "limit"), (ListClocks(limit=201), "limit"), (ListClocks(clock="lunch"), "clock")],
)
def test_a_list_that_cannot_be_is_refused(uow, query, field):
    with pytest.raises(Invalid) as refused:
        clocks.list_clocks(query, uow)
    assert field in refused.value.fields


# --- what a change would do


def test_a_preview_says_which_deadlines_would_move_and_changes_nothing(uow):
    put(uow, item(opened_at=TUESDAY), accepted(item_id="i2"), accepted(item_id="i3", park="juda"))
    seen = clocks.preview_clocks(
        PreviewClocks(what="limits", limits=(GivenLimit(clock="accept", count=1, unit="hours"),)), uow
    )
    assert (seen.running, seen.sooner, seen.later) == (3, 1, 0)
    (change,) = seen.examples
    assert (change.item_id, change.before, change.after) == ("i1", at("24T12:00"), at("24T11:00"))
    off = GivenDay(day="2026-11-25", working=False, name="停电检修")
    seen = clocks.preview_clocks(PreviewClocks(what="calendar", park="tianan", days=(off,)), uow)
    assert (seen.running, seen.sooner, seen.later) == (2, 0, 1)
    assert due(uow, "i2").at == at("25T17:30")


def test_a_preview_refuses_what_setting_it_would_refuse(uow):
    for query in (
        PreviewClocks(what="calendar", park="tianan", week=("x",) * 7), PreviewClocks(what="calendar"),
        PreviewClocks(what="year", year=2027), PreviewClocks(what="chain"),
        PreviewClocks(what="limits", limits=(GivenLimit(clock="lunch", count=1, unit="hours"),)),
    ):  # fmt: skip
        with pytest.raises(Invalid):
            clocks.preview_clocks(query, uow)
    uow.actor = Actor(id="o", role=Role.OPERATOR, parks=("juda",))
    with pytest.raises(Forbidden):
        clocks.preview_clocks(PreviewClocks(what="calendar", park="tianan"), uow)
