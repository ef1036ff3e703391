"""The register of organizations: only right entries, all told, nothing personal on the bus."""

from dataclasses import replace
from types import SimpleNamespace

import pytest

from services.providers.domain.organizations import LIFE, Status
from services.providers.handlers import organizations
from shared.access import EVERYWHERE, Actor, Role
from shared.contracts.feedback import ComplaintConfirmed
from shared.contracts.providers import (
    ExcludeOrganization,
    GetOrganization,
    ImportOrganizations,
    ListOrganizations,
    PutOrganization,
    ResumeOrganization,
    SuspendOrganization,
)
from shared.contracts.station import StationOpened
from shared.errors import Forbidden, IllegalMove, Invalid, NotFound
from shared.wire import dump
from tests.builders import given_organization, qualification
from tests.register import FakeRegister

PLUGINS = SimpleNamespace(letters={"5.3.a", "5.3.d", "5.4.b"})
STATION = {"official_name": "x", "park_name": "x", "short": "x", "district": "x"}


@pytest.fixture
def uow():
    work = FakeRegister()
    for park in ("tianan", "shawan"):
        organizations.know_park(StationOpened(park=park, **STATION), work)
    return work


def put(uow, fresh=False, **given):
    return organizations.put_organization(
        PutOrganization(organization=given_organization(**given), fresh=fresh), PLUGINS, uow
    )


def test_an_entry_is_kept_told_once_and_counted(uow):
    assert put(uow).version == 1
    assert put(uow).version == 1
    assert put(uow, capacity=4).version == 2
    assert [(event.version, event.capacity) for event, _ in uow.said] == [(1, 3), (2, 4)]


@pytest.mark.parametrize(
    ("outcome", "severity", "safety", "kept_out"),
    [
        ("confirmed", "high", False, True),
        ("confirmed", "low", True, True),
        ("confirmed", "medium", False, False),
        ("partly", "high", True, False),
    ],
)
def test_a_grave_complaint_that_was_right_keeps_it_out_of_offers(uow, outcome, severity, safety, kept_out):
    put(uow)
    said = ComplaintConfirmed(
        park="tianan", complaint_id="c", number="投诉2026-0001", outcome=outcome, severity=severity, safety=safety,
        organization="M01",
    )  # fmt: skip
    organizations.hear_complaint(said, uow)
    organizations.hear_complaint(said, uow)
    view = organizations.get_organization(GetOrganization(code="M01"), uow)
    assert (bool(view.excluded), view.version) == (kept_out, 1 + kept_out)


def test_nothing_personal_is_said(uow):
    put(uow, contact_name="张三", phone="13900000000", email="name@example.com")
    (event,) = (event for event, _ in uow.said)
    assert not {"张三", "13900000000", "name@example.com"} & set(map(str, dump(event).values()))


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"code": "metrology"}, "code"),
        ({"code": "M"}, "code"),
        ({"name": " "}, "name"),
        ({"items": ()}, "items"),
        ({"items": ("5.3.z",)}, "items.0"),
        ({"items": ("nonsense",)}, "items.0"),
        ({"parks": ()}, "parks"),
        ({"parks": ("mars",)}, "parks.0"),
        ({"parks": ("tianan", "mars")}, "parks.1"),
        ({"desks": ("mars",)}, "desks.0"),
        ({"desks": ("shawan",)}, "desks.0"),
        ({"capacity": 0}, "capacity"),
        ({"joined_on": "yesterday"}, "joined_on"),
        ({"joined_on": "20250101"}, "joined_on"),
        ({"distance": "moon"}, "distance"),
        ({"price": "free"}, "price"),
        ({"phone": "nobody"}, "phone"),
        ({"email": "nobody"}, "email"),
        ({"qualifications": (qualification(expires_on="2028-13-01"),)}, "qualifications.0.expires_on"),
        ({"qualifications": (qualification(scope=""),)}, "qualifications.0.scope"),
        ({"qualifications": (qualification(items=("5.4.b",)),)}, "qualifications.0.items.0"),
    ],
)
def test_a_wrong_field_is_named_and_nothing_changes(uow, given, field):
    with pytest.raises(Invalid) as refused:
        put(uow, **given)
    assert list(refused.value.fields) == [f"organization.{field}"]
    assert uow.organizations.all() == []
    assert uow.said == []


def test_an_item_of_a_clause_that_is_not_known_here_is_not_judged(uow):
    put(uow, items=("5.10.a",), qualifications=(qualification(),))


def test_a_fresh_entry_never_overwrites(uow):
    put(uow, fresh=True)
    with pytest.raises(Invalid) as refused:
        put(uow, fresh=True, capacity=9)
    assert list(refused.value.fields) == ["organization.code"]
    assert uow.organizations.get("M01").given.capacity == 3


@pytest.mark.parametrize("state", list(Status))
@pytest.mark.parametrize("trigger", LIFE.triggers)
def test_exactly_the_rows_of_the_table_are_legal(state, trigger):
    legal = {(move.source, move.trigger): move.target for move in LIFE}
    if (state, trigger) in legal:
        assert LIFE.move(state, trigger) == legal[state, trigger]
    else:
        with pytest.raises(IllegalMove):
            LIFE.move(state, trigger)


def test_suspending_resuming_and_excluding_are_told_with_a_new_version(uow):
    put(uow)
    organizations.suspend_organization(SuspendOrganization(code="M01", reason="搬迁"), uow)
    with pytest.raises(IllegalMove):
        organizations.suspend_organization(SuspendOrganization(code="M01", reason="搬迁"), uow)
    organizations.resume_organization(ResumeOrganization(code="M01"), uow)
    organizations.exclude_organization(ExcludeOrganization(code="M01", reason="投诉处理中"), uow)
    organizations.exclude_organization(ExcludeOrganization(code="M01"), uow)
    told = [(event.version, event.status, event.excluded) for event, _ in uow.said]
    assert told == [
        (1, "active", ""), (2, "suspended", ""), (3, "active", ""), (4, "active", "投诉处理中"), (5, "active", ""),
    ]  # fmt: skip


@pytest.mark.parametrize("reason", ["", " ", "x" * 501])
def test_suspending_needs_a_reason(uow, reason):
    put(uow)
    with pytest.raises(Invalid):
        organizations.suspend_organization(SuspendOrganization(code="M01", reason=reason), uow)
    assert uow.organizations.get("M01").status == "active"


def test_what_is_not_on_the_register_is_not_found(uow):
    with pytest.raises(NotFound):
        organizations.get_organization(GetOrganization(code="M99"), uow)
    with pytest.raises(NotFound):
        organizations.resume_organization(ResumeOrganization(code="M99"), uow)


def bring(uow, *entries, preview=False):
    return organizations.import_organizations(ImportOrganizations(organizations=entries, preview=preview), PLUGINS, uow)


def test_an_import_says_what_it_would_do_and_then_does_it(uow):
    put(uow)
    put(uow, code="M02")
    entries = (given_organization(capacity=9), given_organization(code="M02"), given_organization(code="M03"))
    before = len(uow.said)
    told = bring(uow, *entries, preview=True)
    assert (told.created, told.changed, told.unchanged) == (("M03",), ("M01",), ("M02",))
    assert (len(uow.said), uow.organizations.get("M03")) == (before, None)
    assert bring(uow, *entries) == told
    assert [event.organization for event, _ in uow.said[before:]] == ["M01", "M03"]
    assert bring(uow, *entries).unchanged == ("M01", "M02", "M03")


def test_one_wrong_field_and_nothing_is_imported(uow):
    entries = (given_organization(), given_organization(code="M02", capacity=0), given_organization())
    with pytest.raises(Invalid) as refused:
        bring(uow, *entries)
    assert set(refused.value.fields) == {"organizations.1.capacity", "organizations.2.code"}
    assert uow.organizations.all() == []


def acting(uow, role, **given):
    uow.actor = Actor(id="x", role=role, **given)


def test_an_operator_manages_only_what_serves_its_own_parks(uow):
    put(uow, parks=("shawan",), code="M02")
    put(uow, parks=("tianan", "shawan"), code="M03")
    acting(uow, Role.OPERATOR, parks=("tianan",))
    put(uow)
    for forbidden in ({"parks": ("shawan",)}, {"parks": (EVERYWHERE,)}, {"code": "M02"}, {"code": "M03"}):
        with pytest.raises(Forbidden):
            put(uow, **forbidden)
    with pytest.raises(Forbidden):
        bring(uow, given_organization(code="M02"))
    with pytest.raises(Forbidden):
        organizations.suspend_organization(SuspendOrganization(code="M03", reason="x"), uow)
    acting(uow, Role.OPERATOR)
    with pytest.raises(Forbidden):
        put(uow)


def test_staff_read_the_register_and_change_nothing(uow):
    put(uow)
    acting(uow, Role.STAFF, parks=("tianan",))
    assert organizations.get_organization(GetOrganization(code="M01"), uow).organization.phone == "020-00000001"
    with pytest.raises(Forbidden):
        put(uow, capacity=9)


def test_a_regulator_sees_no_contact(uow):
    put(uow)
    acting(uow, Role.REGULATOR, parks=(EVERYWHERE,))
    (one,) = organizations.list_organizations(ListOrganizations(), uow).organizations
    assert one.organization == replace(given_organization(), contact_name="", phone="", email="")


def test_an_organization_sees_only_itself(uow):
    put(uow)
    put(uow, code="M02")
    acting(uow, Role.ORGANIZATION, organization="M02")
    (one,) = organizations.list_organizations(ListOrganizations(), uow).organizations
    assert one.organization.code == "M02"
    with pytest.raises(Forbidden):
        organizations.get_organization(GetOrganization(code="M01"), uow)


def test_the_list_is_narrowed_by_park_item_status_and_words(uow):
    put(uow, code="M01", parks=("*",))
    put(uow, code="M02", parks=("shawan",), name="沙湾珠宝检测")
    put(uow, code="M03", items=("5.4.b",))
    organizations.suspend_organization(SuspendOrganization(code="M03", reason="x"), uow)

    def codes(**query):
        return [
            one.organization.code
            for one in organizations.list_organizations(ListOrganizations(**query), uow).organizations
        ]

    assert codes() == ["M01", "M02", "M03"]
    assert codes(park="shawan") == ["M01", "M02"]
    assert codes(item="5.4.b") == ["M03"]
    assert codes(status="active") == ["M01", "M02"]
    assert codes(search="珠宝") == ["M02"]
    assert codes(search="m03") == ["M03"]
