"""Which parts a dossier must have, and how what is missing is asked for, by name."""

from datetime import timedelta

import pytest

from services.archive.handlers import dossiers, grants, ledger
from shared.access import Actor
from shared.contracts.archive import (
    AmendDossier,
    GetDossier,
    KeepDossierPrint,
    ListDossiers,
    OpenDossier,
    SupplyDossierPart,
)
from shared.errors import Forbidden, IllegalMove, Invalid, NotFound, Unavailable
from tests.builders import NOON
from tests.unit.archive.fakes import FakeArchive
from tests.unit.archive.stories import CHEN, Told, life, told

LATER = timedelta(days=2)


def actor(role, park="*"):
    return Actor(id=role, role=role, parks=(park,) if role not in ("client", "public") else ())


@pytest.fixture
def work():
    return FakeArchive(now=NOON + timedelta(hours=2))


def state(work, item_id="itianan1", request_id="rtianan1"):
    return dossiers.get_dossier(GetDossier(item_id=item_id, request_id=request_id), work)


def hear(work):
    """What archive said comes back to it, as everything does."""
    known = {line.event_id for line in work.ledger.lines}
    for event, _ in work.said:
        if event.event_id not in known:
            data = {k: v for k, v in vars(event).items() if k not in ("event_id", "occurred_at", "park", "actor")}
            ledger.record([told(event.key(), event.event_id, event.occurred_at, event.park, CHEN, **data)], work)


def opened(work, item_id="itianan1"):
    """As its client opens it."""
    before, work.actor = work.actor, Actor(id="c", role="client", requests=(item_id.replace("i", "r", 1),))
    try:
        return grants.open_dossier(OpenDossier(item_id=item_id), work)
    finally:
        work.actor = before


def without(kind, **changes):
    """A life in which one event is missing, or says otherwise."""
    return [
        Told(one.key, {**one.body, **changes} if changes else {**one.body}) if one.key.endswith(kind) else one
        for one in life()
        if changes or not one.key.endswith(kind)
    ]


def closed_without(kind, **changes):
    events = without(kind, **changes)
    evidence = [one.body["event_id"] for one in events[:-1]]
    return [*events[:-1], Told(events[-1].key, {**events[-1].body, "evidence": evidence})]


@pytest.mark.clause("7.2.3.1")
def test_a_self_served_item_is_filed_with_all_six_parts(work):
    ledger.record(life(), work)
    dossiers.seal_dossiers(work)
    found = opened(work)
    assert not found.by_organization
    assert [(part.part, part.there, part.needed) for part in found.parts] == [
        (name, True, True) for name in ("application", "agreement", "result", "staff", "fees", "evaluation")
    ]
    assert found.missing == ()
    assert found.sealed.file_number == "tianan档2026-0001"


@pytest.mark.clause("7.2.3.1")
@pytest.mark.parametrize(
    ("kind", "changes", "missing"),
    [
        ("item_assessed", {}, ["agreement"]),
        ("service_finished", {"result": {}}, ["result"]),
        ("service_finished", {"served_by": ""}, ["staff"]),
        ("survey_answered", {}, ["evaluation"]),
    ],
)
def test_what_is_missing_is_asked_for_by_name_and_holds_up_the_filing(work, kind, changes, missing):
    ledger.record(closed_without(kind, **changes), work)
    for _ in range(2):
        dossiers.seal_dossiers(work)
        work.now += LATER
    assert [(event.type(), list(event.missing)) for event, _ in work.said] == [("dossier_parts_asked", missing)]
    assert list(state(work).missing) == missing
    hear(work)
    command = SupplyDossierPart(item_id="itianan1", request_id="rtianan1", part=missing[0], text="补记的内容")
    dossiers.supply_dossier_part(command, work)
    hear(work)
    dossiers.seal_dossiers(work)
    assert work.types[-1] == "dossier_sealed"
    (part,) = [part for part in opened(work).parts if part.part == missing[0]]
    assert part.content["supplied"]["text"] == "补记的内容"
    with pytest.raises(IllegalMove):
        dossiers.supply_dossier_part(command, work)


@pytest.mark.clause("7.2.3.1")
def test_an_item_served_by_an_organization_needs_application_result_and_evaluation(work):
    events = life()
    offered = told(
        "dispatch.job_offered", "eo", NOON + timedelta(minutes=35), request_id="rtianan1", item_id="itianan1",
        target="M01", category="metrology",
    )  # fmt: skip
    events = closed_without("service_finished", served_by="")
    ledger.record([*events[:4], offered, *events[4:]], work)
    dossiers.seal_dossiers(work)
    assert work.types == ["dossier_sealed"]
    found = opened(work)
    assert found.by_organization
    assert [part.part for part in found.parts if part.needed] == ["application", "result", "evaluation"]


def test_no_answer_is_an_evaluation_of_its_own(work):
    events = life()
    lapsed = told(
        "feedback.survey_lapsed", events[6].body["event_id"], NOON + timedelta(hours=1), request_id="rtianan1",
        item_id="itianan1", survey_id="s", reason="expired",
    )  # fmt: skip
    ledger.record([*events[:6], lapsed, events[7]], work)
    dossiers.seal_dossiers(work)
    assert work.types == ["dossier_sealed"]
    assert opened(work).parts[-1].content["score"] is None


def test_fees_are_what_the_result_or_the_terms_say(work):
    ledger.record(life(result={"report": "JZ-1", "fee": 150}), work)
    terms = told(
        "dispatch.terms_agreed", "et", NOON, "juda", request_id="rjuda1", item_id="ijuda1", terms={"price": 800}
    )
    events = life(1, "juda", result={"report": "x"})
    ledger.record([*events, terms], work)
    fees = [state(work, f"i{park}1", f"r{park}1").parts[4].content for park in ("tianan", "juda")]
    assert fees == [{"charged": 150, "basis": "result"}, {"charged": 800, "basis": "terms"}]
    ledger.record(life(2, result={"report": "x"}), work)
    assert state(work, "itianan2", "rtianan2").parts[4].content == {"charged": 0, "basis": "nothing stated"}


@pytest.mark.clause("7.2.3.1")
def test_file_numbers_have_no_gaps_within_a_station_and_year(work):
    for number, park in ((4, "tianan"), (2, "tianan"), (1, "juda")):
        ledger.record(life(number, park), work)
        dossiers.seal_dossiers(work)
    work.now += timedelta(days=60)  # in the next year
    ledger.record(life(7), work)
    dossiers.seal_dossiers(work)
    work.now -= timedelta(days=50)  # a clock that went back
    ledger.record(life(8), work)
    dossiers.seal_dossiers(work)
    assert [event.file_number for event, _ in work.said] == [
        "tianan档2026-0001", "tianan档2026-0002", "juda档2026-0001", "tianan档2027-0001", "tianan档2027-0002",
    ]  # fmt: skip


def test_one_that_lacks_something_does_not_hold_up_the_others(work):
    for number in range(1, 25):
        events = life(number)
        events[4].body["result"] = {}
        ledger.record(events, work)
    dossiers.seal_dossiers(work)
    dossiers.seal_dossiers(work)
    ledger.record(life(25), work)
    dossiers.seal_dossiers(work)
    assert work.types[-1] == "dossier_sealed"


@pytest.mark.clause("7.2.3.1")
def test_corrections_are_additions_and_what_was_sealed_stays(work):
    ledger.record(life(), work)
    command = AmendDossier(item_id="itianan1", text="报告编号应为 JZ-2", reason="录入有误")
    with pytest.raises(IllegalMove):
        dossiers.amend_dossier(command, work)
    dossiers.seal_dossiers(work)
    before = dict(work.shelf.stands)
    dossiers.amend_dossier(command, work)
    hear(work)
    assert [(one.text, one.reason) for one in opened(work).amendments] == [("报告编号应为 JZ-2", "录入有误")]
    assert work.shelf.stands == before
    with pytest.raises(Invalid) as wrong:
        dossiers.amend_dossier(AmendDossier(item_id="itianan1", text=" ", reason="x"), work)
    assert set(wrong.value.fields) == {"text"}


def test_a_dossier_is_printed_once(work):
    ledger.record(life(), work)
    dossiers.seal_dossiers(work)
    for sha256 in ("a" * 64, "b" * 64):
        dossiers.keep_dossier_print(KeepDossierPrint(item_id="itianan1", sha256=sha256, size=9), work)
    assert state(work).print_sha256 == "a" * 64
    assert work.types == ["dossier_sealed", "dossier_printed"]


@pytest.mark.clause("6.7")
def test_a_scheduled_check_finds_what_changed_and_says_so_once(work):
    ledger.record(life(), work)
    dossiers.seal_dossiers(work)
    dossiers.check_dossiers(work)
    assert work.types == ["dossier_sealed"]
    work.now += timedelta(days=31)
    dossiers.check_dossiers(work)
    assert state(work).sealed.checked_at == work.now
    work.shelf.stands["tianan/2026/tianan2026-0001"]["data/fees.json"] = b"{}"
    for _ in range(2):
        work.now += timedelta(days=31)
        dossiers.check_dossiers(work)
    assert work.types == ["dossier_sealed", "dossier_flawed"]
    with pytest.raises(Unavailable):
        opened(work)
    assert state(work).sealed.flaws == ("is not what was sealed: data/fees.json was changed",)


def test_only_those_of_the_station_read_and_keep_a_dossier(work):
    ledger.record(life(), work)
    with pytest.raises(NotFound):
        state(work, "other")
    for who in (*map(actor, ("organization", "public", "client")), actor("staff", park="juda")):
        work.actor = who
        with pytest.raises(Forbidden):
            state(work)
    work.actor = actor("regulator", park="tianan")
    assert state(work).park == "tianan"
    with pytest.raises(Forbidden):
        dossiers.amend_dossier(AmendDossier(item_id="itianan1", text="x", reason="x"), work)
    with pytest.raises(Invalid):
        dossiers.list_dossiers(ListDossiers(limit=0), work)
