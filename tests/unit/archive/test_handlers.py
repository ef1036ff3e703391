"""What happened is written down once, in order, and filed when it is whole."""

from datetime import timedelta

import pytest

from services.archive.domain.proof import prove
from services.archive.handlers import dossiers, ledger
from shared.contracts.archive import GetTimeline
from shared.errors import Invalid
from tests.builders import NOON
from tests.unit.archive.fakes import FakeArchive
from tests.unit.archive.stories import Told, life


@pytest.fixture
def work():
    return FakeArchive(now=NOON + timedelta(hours=2))


def faults(work, **later):
    return [str(fault) for fault in prove(work.ledger, work.dossiers, work.shelf, work.now + timedelta(**later)).faults]


@pytest.mark.clause("6.7")
def test_an_event_that_comes_twice_is_written_once(work):
    events = life()
    ledger.record([*events, events[3]], work)
    ledger.record(events, work)
    assert [line.sequence for line in work.ledger.lines] == list(range(1, 9))
    assert faults(work) == []


def test_what_claims_an_events_id_and_says_something_else_is_refused(work):
    events = life()
    ledger.record(events, work)
    forged = Told(events[6].key, {**events[6].body, "score": 1})
    with pytest.raises(Invalid):
        ledger.record([forged], work)
    with pytest.raises(Invalid):
        ledger.record([*life(2), life(2)[0], Told(life(2)[0].key, {**life(2)[0].body, "text": "x"})], work)
    assert len(work.ledger.lines) == 8


@pytest.mark.clause("6.7")
def test_what_comes_late_is_told_where_it_belongs_and_chained_where_it_came(work):
    events = life()
    ledger.record([*events[:3], *events[4:], events[3]], work)
    told = ledger.get_timeline(GetTimeline(request_id="rtianan1", park="tianan"), work)
    assert [entry.event_id for entry in told.entries] == [event.body["event_id"] for event in events]
    assert [entry.sequence for entry in told.entries] == [1, 2, 3, 8, 4, 5, 6, 7]
    assert faults(work) == []


@pytest.mark.clause("7.2.3.1")
def test_a_dossier_waits_for_every_event_its_closing_names(work):
    events = life()
    ledger.record([*events[:6], events[7]], work)
    dossiers.seal_dossiers(work)
    assert work.types == []
    assert faults(work) == []
    assert faults(work, hours=2) == ["tianan: tianan2026-0001 waits for events that have not come: etianan1.6"]
    ledger.record([events[6]], work)
    work.now += timedelta(minutes=5)
    dossiers.seal_dossiers(work)
    assert work.types == ["dossier_sealed"]
    assert faults(work, hours=2) == []


def test_each_stations_dossiers_make_a_chain_of_their_own(work):
    for number, park in ((1, "tianan"), (1, "juda"), (2, "tianan")):
        ledger.record(life(number, park), work)
        dossiers.seal_dossiers(work)
    first, other, second = (event for event, _ in work.said)
    assert (first.sequence, other.sequence, second.sequence) == (1, 1, 2)
    assert second.previous == first.digest
    assert other.previous == "0" * 64
    assert faults(work) == []
