"""Whatever is done to ledger, register or files, it is found, and nothing else is."""

import json

import pytest
import sqlalchemy as sa

from services.archive.handlers import dossiers, ledger
from tests.integration.archive.meddling import Meddler
from tests.unit.archive.stories import Told, life

SEED, MUTATIONS = 20261125, 120  # on each database


@pytest.fixture
def filled(archive):
    """Two stations: three sealed dossiers and a due one here, one there."""
    for number, park in ((1, "tianan"), (2, "tianan"), (1, "juda"), (3, "tianan")):
        ledger.record(life(number, park), archive())
        dossiers.seal_dossiers(work := archive())
        ledger.record([Told(one["routing_key"], json.loads(one["body"])) for one in work._said], archive())
    events = life(4)
    ledger.record([*events[:5], *events[6:]], archive())
    return archive


@pytest.mark.clause("6.7", "7.2.3.4")
def test_whatever_is_meddled_with_is_found(filled):
    assert filled.proof().faults == []
    meddler = Meddler(filled, f"{SEED} {filled.engine.dialect.name}")
    missed = []
    for _ in range(MUTATIONS):
        done, found = meddler.meddle()
        if not found:
            missed.append(done)
    assert missed == []
    assert filled.proof().faults == []


def test_the_first_broken_line_of_each_station_is_named(filled):
    with filled.engine.connect() as connection, connection.begin():
        connection.execute(sa.text("UPDATE ledger SET body = body || ' ' WHERE park = 'tianan' AND sequence >= 5"))
        connection.execute(sa.text("DELETE FROM ledger WHERE park = 'juda' AND sequence = 3"))
    found = filled.proof()
    assert {park: broken.sequence for park, broken in found.broken.items()} == {"tianan": 5, "juda": 3}
    assert "tianan: line 5 of the ledger was changed: its content does not give its hash" in map(str, found.faults)


def test_an_interrupted_filing_is_no_fault_and_what_is_nobodys_is(filled):
    ledger.record([life(4)[5]], filled())
    work = filled()
    work.commit = lambda: None  # the process ends before its database hears of it
    dossiers.seal_dossiers(work)
    assert (filled.home / "archive/tianan/2026/tianan2026-0004/bagit.txt").exists()
    assert filled.proof().faults == []
    dossiers.seal_dossiers(filled())
    assert filled.proof().faults == []
    assert filled.proof().sound == 5
    (filled.home / "archive/tianan/2026/tianan2026-0009").mkdir()
    assert [str(f) for f in filled.proof().faults] == [
        "tianan: tianan/2026/tianan2026-0009 stands on the shelf and is not registered"
    ]
