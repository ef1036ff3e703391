"""A dossier's whole life on both databases: asked for what it lacks, sealed, amended, checked, granted, opened."""

import json
from datetime import timedelta

import pytest
import sqlalchemy as sa

from services.archive.handlers import dossiers, grants, ledger, search
from shared.access import Actor
from shared.contracts.archive import (
    AmendDossier,
    AskDossierAccess,
    DecideDossierAccess,
    GetDossier,
    KeepDossierPrint,
    ListDossiers,
    ListGrants,
    OpenDossier,
    SearchDossiers,
    SupplyDossierPart,
)
from shared.errors import Forbidden, NotFound
from tests.unit.archive.stories import Told, life

CHEN = Actor(id="chen", role="staff", name="陈专员", parks=("tianan",))
LI = Actor(id="li", role="operator", name="李主任", parks=("tianan",))


@pytest.fixture
def run(archive):
    """Runs a handler in a transaction of its own, and lets the archive hear what it said."""
    count = iter(range(100))

    def run(handler, message=None, actor=CHEN, kind=None):
        kind = kind or ("clock" if message is None else "command")
        work = archive(kind, actor, id=f"c{next(count)}", digest="d") if kind == "command" else archive(kind, actor)
        answer = handler(work) if message is None else handler(message, work)
        if said := [Told(one["routing_key"], json.loads(one["body"])) for one in getattr(work, "_said", ())]:
            ledger.record(said, archive())
        return answer

    return run


@pytest.mark.clause("6.7", "7.2.3.1", "7.2.3.4")
def test_from_what_it_lacks_to_its_opening(archive, run):
    events = life()
    events[4].body["result"] = {}
    ledger.record(events, archive())
    run(dossiers.seal_dossiers)
    assert run(dossiers.get_dossier, GetDossier(item_id="itianan1"), kind="query").missing == ("result",)
    run(
        dossiers.supply_dossier_part,
        SupplyDossierPart(item_id="itianan1", request_id="rtianan1", part="result", text="报告 JZ-1 已交企业"),
    )
    archive.now += timedelta(minutes=1)
    run(dossiers.seal_dossiers)
    (filed,) = run(dossiers.list_dossiers, ListDossiers(), kind="query").dossiers
    assert filed.file_number == "tianan档2026-0001"
    run(dossiers.amend_dossier, AmendDossier(item_id="itianan1", text="编号应为 JZ-2", reason="录入有误"))
    for sha256 in ("a" * 64, "b" * 64):
        run(dossiers.keep_dossier_print, KeepDossierPrint(item_id="itianan1", sha256=sha256, size=9))

    asked = run(grants.ask_dossier_access, AskDossierAccess(item_id="itianan1", why="核对", days=7))
    with pytest.raises(Forbidden):
        run(grants.open_dossier, OpenDossier(item_id="itianan1"))
    run(grants.decide_dossier_access, DecideDossierAccess(grant_id=asked.grant_id, grant=True), LI)
    opened = run(grants.open_dossier, OpenDossier(item_id="itianan1"))
    assert opened.print_sha256 == "a" * 64
    assert [one.text for one in opened.amendments] == ["编号应为 JZ-2"]
    assert opened.grant.decided_by == "李主任"
    assert [one.state for one in run(grants.list_grants, ListGrants(item_id="itianan1"), LI, "query").grants] == [
        "granted"
    ]
    with pytest.raises(NotFound):
        run(grants.decide_dossier_access, DecideDossierAccess(grant_id="other", grant=True), LI)

    archive.now += timedelta(days=40)
    run(dossiers.check_dossiers)
    assert run(dossiers.get_dossier, GetDossier(item_id="itianan1"), kind="query").sealed.checked_at == archive.now
    assert archive.proof().faults == []


def test_what_was_sealed_before_there_was_a_search_is_found_too(archive, run):
    ledger.record(life(), archive())
    run(dossiers.seal_dossiers)
    with archive.engine.connect() as connection, connection.begin():
        if connection.dialect.name == "sqlite":
            gone = (
                "INSERT INTO dossier_words (dossier_words, rowid, words) SELECT 'delete', place, words FROM summaries"
            )
            connection.execute(sa.text(gone))
        connection.execute(sa.text("DELETE FROM summaries"))
        connection.execute(sa.text("UPDATE dossiers SET listed = false"))
    assert run(search.search_dossiers, SearchDossiers(text="卡尺"), kind="query").total == 0
    for _ in range(2):
        run(search.list_sealed)
    assert run(search.search_dossiers, SearchDossiers(text="卡尺"), kind="query").total == 1
