"""Lists of visits: what a line must hold, what is the same need, and that each is registered once."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from services.intake.domain.visits import LIFE, MOST_ROWS, Checking, Stage, Visits, day_of, mark_of
from services.intake.handlers import visits
from shared.access import Actor, Role
from shared.contracts.intake import (
    AddVisits,
    ConfirmVisits,
    DropVisits,
    GetVisits,
    ListVisitLists,
    RequestReceived,
    VisitRow,
)
from shared.errors import Forbidden, IllegalMove, Invalid, NotFound
from tests.builders import NOON
from tests.system import PUBLIC, STAFF
from tests.unit.intake.fakes import FakeIntake

COLUMNS = {"date": "A", "place": "B", "company": "D", "text": "H"}
LIST = "l1"


def row(number=2, **given):
    said = {"date": "2026-11-20", "place": "3 栋 501", "by": "陈专员", "company": "示例企业N10", "text": "想培训"}
    return VisitRow(row=number, **{**said, **given})


@pytest.fixture
def work():
    return FakeIntake(actor=STAFF, now=NOON)


def add(work, *rows, list_id=LIST, last=True, park="tianan"):
    given = {"list_id": list_id, "park": park, "file_name": "11月.xlsx", "columns": COLUMNS}
    return visits.add_visits(AddVisits(**given, rows=rows, last=last), work)


def lines(work, list_id=LIST, **query):
    return visits.get_visits(GetVisits(list_id=list_id, **query), work).lines


def run(work, list_id=LIST):
    visits.confirm_visits(ConfirmVisits(list_id=list_id), work)
    visits.take_some_in(work)
    return visits.get_visits(GetVisits(list_id=list_id), work)


def requests(work):
    return [event for event, _ in work.said if isinstance(event, RequestReceived)]


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("2026-11-20", date(2026, 11, 20)), ("2026/1/2", date(2026, 1, 2)), ("2026年11月20日", date(2026, 11, 20)),
        ("2026. 11. 20", date(2026, 11, 20)), (" 2026-11-20 ", date(2026, 11, 20)),
        ("", None), ("2026-02-30", None), ("11-20", None), ("昨天", None), ("20261120", None),
    ],
)  # fmt: skip
def test_a_day_is_read_as_people_write_it(text, day):
    assert day_of(text) == day


@pytest.mark.parametrize(
    ("change", "column"),
    [
        ({"date": ""}, "date"), ({"date": "2026-13-01"}, "date"), ({"date": "2026-11-25"}, "date"),
        ({"date": "2020-01-01"}, "date"), ({"place": ""}, "place"), ({"place": "x" * 201}, "place"),
        ({"by": "x" * 201}, "by"), ({"company": " "}, "company"), ({"text": ""}, "text"),
        ({"text": "字" * 5001}, "text"),
        ({"phone": "打前台"}, "phone"), ({"credit_code": "123"}, "credit_code"),
        ({"category": "No Such"}, "category"), ({"wrong": {"text": "这一格是公式，请改成文字"}}, "text"),
    ],
)  # fmt: skip
def test_what_is_wrong_with_a_line_is_named_by_column(work, change, column):
    add(work, row(**change))
    (line,) = lines(work)
    assert (line.state, set(line.wrong)) == ("wrong", {column})
    assert line.given is not None


def test_everything_wrong_with_a_line_is_said_at_once(work):
    add(work, row(date="x", place="", company="", text="", phone="x"))
    assert set(lines(work)[0].wrong) == {"date", "place", "company", "text", "phone"}


def test_a_visit_of_today_is_not_in_the_future(work):
    add(work, row(date="2026-11-24"))
    assert lines(work)[0].state == "good"


@pytest.mark.clause("6.2.a")
def test_each_good_line_becomes_a_request_with_who_where_and_when(work):
    first, second, wrong = (
        row(2, phone="13900000000", category="c1", item="5.1.c"),
        row(3, text="另一件", by=""),
        row(4),
    )
    told = add(work, first, second, replace(wrong, text=""))
    assert (told.state, told.rows, told.good, told.wrong) == ("preview", 3, 2, 1)
    assert requests(work) == []
    page = run(work)
    assert (page.list.state, page.list.taken, page.list.good, page.list.wrong) == ("done", 2, 0, 1)
    first, second = requests(work)
    assert (first.channel, first.category, first.item, first.on_behalf) == ("visit", "c1", "5.1.c", True)
    assert (first.occasion.by, first.occasion.place) == ("陈专员", "3 栋 501")
    assert first.occasion.at.date() == date(2026, 11, 20)
    assert second.occasion.by == STAFF.name
    assert [line.number for line in page.lines] == ["天安2026-0001", "天安2026-0002", ""]
    kept = work.requests.get(first.request_id)
    assert (kept.contact.phone, kept.reference) == ("13900000000", "11月.xlsx H2")
    assert page.lines[0].given is None


def test_whoever_confirms_writes_the_needs_down(work):
    add(work, row())
    work.actor = Actor(id="lin", role=Role.STAFF, name="林专员", parks=("tianan",))
    visits.confirm_visits(ConfirmVisits(list_id=LIST), work)
    work.actor = Actor(id="intake", role=Role.SYSTEM, parks=("*",))
    visits.take_some_in(work)
    assert requests(work)[0].actor.id == "lin"


def test_the_same_file_again_registers_nothing_again(work):
    add(work, row(2), row(3, text="另一件"))
    run(work)
    told = add(work, row(2), row(3, text=" 另一件 ", contact_name="王工"), row(4, text="新的一件"), list_id="l2")
    assert (told.known, told.good) == (2, 1)
    assert [line.number for line in lines(work, "l2")] == ["天安2026-0001", "天安2026-0002", ""]
    run(work, "l2")
    assert len(requests(work)) == 3


def test_two_lists_confirmed_at_once_register_a_need_once(work):
    add(work, row())
    add(work, row(), list_id="l2")
    for one in (LIST, "l2"):
        visits.confirm_visits(ConfirmVisits(list_id=one), work)
    visits.take_some_in(work)
    assert len(requests(work)) == 1
    assert {lines(work, one)[0].state for one in (LIST, "l2")} == {"taken", "known"}
    assert {lines(work, one)[0].number for one in (LIST, "l2")} == {"天安2026-0001"}


def test_the_same_need_twice_in_one_file_is_a_mistake_also_across_parts(work):
    add(work, row(2), row(3), last=False)
    add(work, row(4, company=" 示例企业n10 "))
    assert [line.state for line in lines(work)] == ["good", "wrong", "wrong"]


def test_a_line_that_is_wrong_does_not_stand_in_the_way_of_its_like(work):
    add(work, row(2, phone="打前台"), row(3), last=False)
    add(work, row(4, phone="13900000000"))
    assert [line.state for line in lines(work)] == ["wrong", "good", "wrong"]


@pytest.mark.parametrize(
    "change", [{"date": "2026-11-19"}, {"company": "另一家"}, {"text": "另一件"}]
)  # fmt: skip
def test_another_day_company_or_text_is_another_need(work, change):
    checking = Checking(actor=STAFF, now=NOON, zone=work.zone)
    marks = {mark_of(checking.need(one, "tianan")[0]) for one in (row(), row(**change))}
    assert len(marks) == 2
    assert mark_of(checking.need(row(), "juda")[0]) not in marks


def test_a_long_list_is_taken_in_batch_by_batch(work):
    add(work, *(row(n, text=f"第 {n} 件") for n in range(2, 2 + visits.BATCH * 2 + 1)))
    visits.confirm_visits(ConfirmVisits(list_id=LIST), work)
    assert visits.take_visits_in(work)
    found = visits.get_visits(GetVisits(list_id=LIST), work).list
    assert (found.state, found.taken, found.good) == ("running", visits.BATCH, visits.BATCH + 1)
    visits.take_some_in(work)
    assert len(requests(work)) == visits.BATCH * 2 + 1
    assert not visits.take_visits_in(work)


def test_a_line_that_time_has_made_wrong_stays_and_says_so(work):
    add(work, row(date="2026-01-10"))
    visits.confirm_visits(ConfirmVisits(list_id=LIST), work)
    work.now += timedelta(days=100)
    visits.take_some_in(work)
    (line,) = lines(work)
    assert (line.state, set(line.wrong)) == ("wrong", {"date"})
    assert requests(work) == []


def test_a_list_has_its_limit_and_ends_being_read(work):
    add(work, row(), last=False)
    with pytest.raises(Invalid):
        add(work, *(row(n, text=str(n)) for n in range(3, MOST_ROWS + 4)))
    add(work, row(3, text="x"))
    with pytest.raises(IllegalMove):
        add(work, row(4, text="y"))


def test_only_staff_of_the_park_and_only_their_own_list(work):
    add(work, row(), last=False)
    work.actor = Actor(id="lin", role=Role.STAFF, parks=("tianan",))
    with pytest.raises(NotFound):
        add(work, row(3))
    work.actor = Actor(id="he", role=Role.STAFF, parks=("juda",))
    for refused in (lambda: add(work, row(), list_id="l9"), lambda: lines(work), lambda: run(work)):
        with pytest.raises(Forbidden):
            refused()
    assert visits.list_visit_lists(ListVisitLists(), work).lists == ()
    work.actor = PUBLIC
    with pytest.raises(Forbidden):
        visits.list_visit_lists(ListVisitLists(), work)
    with pytest.raises(NotFound):
        lines(work, "nothing")


def test_a_list_is_confirmed_once_and_dropped_only_before(work):
    add(work, row())
    run(work)
    with pytest.raises(IllegalMove):
        visits.confirm_visits(ConfirmVisits(list_id=LIST), work)
    with pytest.raises(IllegalMove):
        visits.drop_visits(DropVisits(list_id=LIST), work)
    add(work, row(text="另一件"), list_id="l2")
    assert visits.drop_visits(DropVisits(list_id="l2"), work).state == "dropped"
    visits.take_some_in(work)
    assert len(requests(work)) == 1
    assert [one.list_id for one in visits.list_visit_lists(ListVisitLists(), work).lists] == [LIST]


@pytest.mark.parametrize("stage", Stage)
@pytest.mark.parametrize("move", ["read", "confirm", "drop", "finish"])
def test_exactly_the_tables_moves_are_legal(stage, move):
    one = Visits(list_id="l", park="p", file_name="f", columns={}, added_by=STAFF, added_at=NOON, stage=stage)
    act = {"confirm": lambda: one.confirm(STAFF)}.get(move, getattr(one, move))
    if move in LIFE.allows(stage):
        act()
        assert one.stage == LIFE.move(stage, move)
    else:
        with pytest.raises(IllegalMove):
            act()


def test_what_lines_say_is_forgotten_in_time(work):
    add(work, row(), row(3, text=""))
    run(work)
    add(work, row(text="没有确认"), list_id="l2")
    work.now += timedelta(days=2)
    visits.forget_visits(work)
    assert lines(work)[1].given is not None
    assert visits.get_visits(GetVisits(list_id="l2"), work).list.state == "dropped"
    assert lines(work, "l2")[0].given is None
    work.now += timedelta(days=30)
    visits.forget_visits(work)
    assert lines(work)[1].given is None
