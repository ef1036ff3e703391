"""A sealed dossier opens only with a grant that another person gave, and every opening is told."""

from datetime import timedelta

import pytest

from services.archive.handlers import dossiers, grants, ledger
from shared.access import Actor, Role
from shared.contracts.archive import (
    AskDossierAccess,
    DecideDossierAccess,
    GetDossier,
    ListGrants,
    OpenDossier,
)
from shared.errors import Forbidden, IllegalMove, Invalid, NotFound
from tests.builders import NOON
from tests.unit.archive.fakes import FakeArchive
from tests.unit.archive.stories import life

CHEN = Actor(id="chen", role="staff", name="陈专员", parks=("tianan",))
LI = Actor(id="li", role="operator", name="李主任", parks=("tianan",))
ASK = AskDossierAccess(item_id="itianan1", why="核对报告编号", days=7)
OPEN = OpenDossier(item_id="itianan1")


@pytest.fixture
def work():
    made = FakeArchive(now=NOON + timedelta(hours=2))
    ledger.record(life(), made)
    dossiers.seal_dossiers(made)
    made.said.clear()
    return made


def by(work, actor):
    work.actor = actor
    return work


def granted(work, who=CHEN):
    asked = grants.ask_dossier_access(ASK, by(work, who))
    return grants.decide_dossier_access(DecideDossierAccess(grant_id=asked.grant_id, grant=True), by(work, LI))


@pytest.mark.clause("6.7", "7.2.3.4")
def test_without_a_grant_nobody_who_works_here_opens_a_sealed_dossier(work):
    for role in ("staff", "operator", "regulator", "admin"):
        with pytest.raises(Forbidden):
            grants.open_dossier(OPEN, by(work, Actor(id=role, role=role, parks=("*",))))
        shown = dossiers.get_dossier(GetDossier(item_id="itianan1"), work)
        assert (shown.opened, shown.parts, shown.entries, shown.amendments) == (False, (), (), ())
    assert work.types == []


@pytest.mark.clause("6.7", "7.2.3.4")
def test_a_grant_says_who_why_which_until_when_and_by_whom_and_each_opening_is_told(work):
    grant = granted(work)
    assert (grant.by_name, grant.why, grant.file_number, grant.decided_by) == (
        "陈专员", "核对报告编号", "tianan档2026-0001", "李主任",
    )  # fmt: skip
    assert grant.until == work.now + timedelta(days=7)
    opened = grants.open_dossier(OPEN, by(work, CHEN))
    grants.open_dossier(OpenDossier(item_id="itianan1", how="export"), work)
    assert opened.opened
    assert opened.parts[0].content["text"] == "卡尺要校准"
    assert work.types == ["dossier_access_asked", "dossier_access_decided", "dossier_opened", "dossier_opened"]
    assert [(event.how, event.grant_id) for event, _ in work.said[2:]] == [
        ("view", grant.grant_id), ("export", grant.grant_id),
    ]  # fmt: skip
    assert work.said[2][0].actor.id == "chen"


@pytest.mark.clause("7.2.3.4")
def test_a_grant_is_of_one_person_and_ends(work):
    granted(work)
    with pytest.raises(Forbidden):
        grants.open_dossier(OPEN, by(work, Actor(id="wang", role="staff", parks=("tianan",))))
    with pytest.raises(IllegalMove):
        grants.ask_dossier_access(ASK, by(work, CHEN))
    work.now += timedelta(days=7)
    with pytest.raises(Forbidden):
        grants.open_dossier(OPEN, work)
    assert grants.list_grants(ListGrants(), work).grants[0].state == "over"
    assert grants.ask_dossier_access(ASK, work).state == "asked"


def test_nobody_decides_about_their_own_wish_or_twice(work):
    asked = grants.ask_dossier_access(ASK, by(work, LI))
    command = DecideDossierAccess(grant_id=asked.grant_id, grant=True)
    with pytest.raises(Forbidden):
        grants.decide_dossier_access(command, work)
    for who in (CHEN, Actor(id="x", role="operator", parks=("juda",)), Actor(id="x", role="regulator", parks=("*",))):
        with pytest.raises(Forbidden):
            grants.decide_dossier_access(command, by(work, who))
    refusal = DecideDossierAccess(grant_id=asked.grant_id, grant=False)
    boss = Actor(id="boss", role="admin", name="王主管")
    with pytest.raises(Invalid):
        grants.decide_dossier_access(refusal, by(work, boss))
    refused = grants.decide_dossier_access(
        DecideDossierAccess(grant_id=asked.grant_id, grant=False, reason="用不着"), work
    )
    assert (refused.state, refused.reason, refused.until) == ("refused", "用不着", None)
    with pytest.raises(IllegalMove):
        grants.decide_dossier_access(command, work)
    with pytest.raises(Forbidden):
        grants.open_dossier(OPEN, by(work, LI))


@pytest.mark.clause("6.7")
def test_a_client_opens_its_own_and_no_other_and_it_is_told(work):
    own = Actor(id="c", role="client", requests=("rtianan1",))
    assert grants.open_dossier(OpenDossier(item_id="itianan1", how="export"), by(work, own)).opened
    assert [(event.how, event.grant_id) for event, _ in work.said] == [("export", "")]
    for role in Role:
        other = Actor(id="x", role=role, requests=("r9",), parks=("juda",), organization="M01")
        if role != Role.ADMIN:
            with pytest.raises(Forbidden):
                grants.open_dossier(OPEN, by(work, other))


def test_what_is_asked_for_is_checked(work):
    for wrong in ({"why": " "}, {"days": 0}, {"days": 31}):
        with pytest.raises(Invalid):
            grants.ask_dossier_access(AskDossierAccess(**{**vars(ASK), **wrong}), by(work, CHEN))
    with pytest.raises(NotFound):
        grants.ask_dossier_access(AskDossierAccess(item_id="other", why="x"), work)
    with pytest.raises(Invalid):
        grants.open_dossier(OpenDossier(item_id="itianan1", how="copy"), work)
    ledger.record(life(2), work)
    with pytest.raises(IllegalMove):
        grants.ask_dossier_access(AskDossierAccess(item_id="itianan2", why="x"), work)


def test_who_decides_sees_all_wishes_others_their_own(work):
    grants.ask_dossier_access(ASK, by(work, CHEN))
    wang = Actor(id="wang", role="staff", parks=("tianan",))
    assert grants.list_grants(ListGrants(), by(work, wang)).grants == ()
    assert len(grants.list_grants(ListGrants(asked=True), by(work, LI)).grants) == 1
    assert grants.list_grants(ListGrants(), by(work, Actor(id="x", role="operator", parks=("juda",)))).grants == ()
