"""The register of organizations on its pages, by API, and as a workbook, without scripts."""

from dataclasses import replace

import pytest

from services.gateway.register_sheet import workbook
from shared.contracts.providers import (
    ExcludeOrganization,
    GetOrganization,
    ImportOrganizations,
    ListOrganizations,
    OrganizationList,
    OrganizationsImported,
    OrganizationView,
    PutOrganization,
    ResumeOrganization,
    SuspendOrganization,
)
from shared.errors import Invalid
from tests.builders import given_organization
from tests.integration.gateway.reading import hidden, text_of
from tests.integration.gateway.samples import TIANAN

ENTRY = given_organization()
ONE = OrganizationView(organization=ENTRY, version=1, status="active", allowed=("suspend",))
BOOK = workbook([ENTRY], (TIANAN,), [])
IMPORTED = OrganizationsImported(created=("M01",), changed=(), unchanged=())
FILE = {"file": ("机构.xlsx", BOOK)}


@pytest.fixture
def database_url() -> str:
    """SQLite: nothing here depends on the database."""
    return ""


@pytest.fixture
def desk(told):
    told.sign_in("zhou", role="operator", parks=("*",))
    told.bus.answers |= {ListOrganizations: OrganizationList(organizations=(ONE,)), GetOrganization: ONE}
    return told


def post(station, path, page, **data):
    return station.client.post(path, data={"csrf": hidden(page, "csrf"), "key": "1", **data})


def last(station, kind):
    return station.bus.of(kind)[-1].message


def test_the_register_is_listed_with_what_expires(desk):
    said = text_of(desk.client.get("/desk/organizations?park=tianan&search=M01"))
    assert "示例机构M01" in said
    assert "2028年6月30日" in said
    assert (last(desk, ListOrganizations).park, last(desk, ListOrganizations).search) == ("tianan", "M01")


def test_an_entry_is_made_by_hand_with_a_line_more_for_each_certificate(desk):
    page = desk.client.get("/desk/organizations/new")
    given = {
        "code": "M09", "name": "示例机构", "items": ["5.3.b"], "parks": ["tianan"], "capacity": "3", "papers": "1",
        "joined_on": "2026-11-24", "distance": "near", "price": "low", "scope.0": "压力", "number.0": "L1",
        "issuer.0": "示例认可机构", "expires_on.0": "2028-01-01", "items.0": "5.3.b", "industries": "软件，电子",
    }  # fmt: skip
    more = post(desk, "/desk/organizations/new", page, **given, row="1")
    assert more.status_code == 200
    assert 'name="scope.1"' in more.text
    assert not desk.bus.of(PutOrganization)
    desk.bus.answers[PutOrganization] = ONE
    done = post(desk, "/desk/organizations/new", page, **given)
    assert done.headers["location"] == "/desk/organizations/M09?said=new"
    asked = last(desk, PutOrganization)
    assert asked.fresh
    assert (asked.organization.qualifications[0].items, asked.organization.industries) == (("5.3.b",), ("软件", "电子"))


def test_what_is_wrong_with_an_entry_stands_at_its_field_and_nothing_is_lost(desk):
    desk.bus.answers[PutOrganization] = Invalid(
        "请检查填写的内容", fields={"organization.qualifications.0.expires_on": "请写成 2026-11-30 这样"}
    )
    page = desk.client.get("/desk/organizations/M01/edit")
    refused = post(
        desk, "/desk/organizations/M01/edit", page, name="改过的", capacity="2", papers="1", **{"scope.0": "压力"},
    )  # fmt: skip
    assert refused.status_code == 422
    assert 'id="e-expires_on-0"' in refused.text
    assert 'value="改过的"' in refused.text
    assert 'value="压力"' in refused.text


@pytest.mark.parametrize(
    ("step", "kind", "reason"),
    [
        ("suspend", SuspendOrganization, "搬迁"), ("resume", ResumeOrganization, ""),
        ("exclude", ExcludeOrganization, "数据造假"), ("lift", ExcludeOrganization, ""),
    ],
)  # fmt: skip
def test_a_step_states_its_effect_and_is_taken(desk, step, kind, reason):
    desk.bus.answers[kind] = ONE
    page = desk.client.get(f"/desk/organizations/M01/{step}")
    done = post(desk, f"/desk/organizations/M01/{step}", page, reason=reason)
    assert done.headers["location"] == f"/desk/organizations/M01?said={step}"
    assert getattr(last(desk, kind), "reason", "") == reason


def test_a_workbook_is_looked_over_first_and_taken_in_when_it_is_confirmed(desk):
    desk.bus.answers[ImportOrganizations] = IMPORTED
    page = desk.client.get("/desk/organizations/import")
    csrf = hidden(page, "csrf")
    seen = desk.client.post("/desk/organizations/import", data={"csrf": csrf, "key": "1"}, files=FILE)
    assert "请看一遍，确认后才登记" in text_of(seen)
    assert last(desk, ImportOrganizations).preview
    done = post(desk, "/desk/organizations/import", seen, kept=hidden(seen, "kept"))
    assert done.headers["location"] == "/desk/organizations?said=imported"
    asked = last(desk, ImportOrganizations)
    assert (asked.preview, asked.organizations) == (False, (ENTRY,))


def test_mistakes_are_listed_by_cell_and_nothing_can_be_confirmed(desk):
    desk.bus.answers[ImportOrganizations] = Invalid(
        "请检查填写的内容", fields={"organizations.0.capacity": "写 1 到 1000 的整数"}
    )
    page = desk.client.get("/desk/organizations/import")
    data = {"csrf": hidden(page, "csrf"), "key": "1"}
    seen = desk.client.post("/desk/organizations/import", data=data, files=FILE)
    assert seen.status_code == 422
    assert "机构!F2 写 1 到 1000 的整数" in text_of(seen)
    assert 'name="kept"' not in seen.text
    seen = desk.client.post("/desk/organizations/import", data=data, files={"file": ("x.xlsx", b"no")})
    assert "这不是能读的 XLSX 文件" in text_of(seen)


def test_a_forged_list_is_not_taken_in(desk):
    page = desk.client.get("/desk/organizations/import")
    answer = post(desk, "/desk/organizations/import", page, kept="W10.forged")
    assert "请把文件再传一次" in text_of(answer)
    assert not desk.bus.of(ImportOrganizations)


def test_staff_read_the_register_and_change_nothing(told):
    told.sign_in()
    told.bus.answers |= {ListOrganizations: OrganizationList(organizations=(ONE,)), GetOrganization: ONE}
    assert "登记一家" not in text_of(told.client.get("/desk/organizations"))
    for path in ("new", "import", "M01/edit", "M01/suspend"):
        assert told.client.get(f"/desk/organizations/{path}").status_code == 403


def test_the_template_and_the_register_are_workbooks(desk):
    for name in ("template", "register"):
        answer = desk.client.get(f"/desk/organizations/{name}.xlsx")
        assert answer.content[:2] == b"PK"


# --- by API


@pytest.fixture
def api(told):
    session = told.sign_in("zhou", role="operator", parks=("*",))
    told.client.cookies.clear()
    told.headers = {"authorization": f"Bearer {session['token']}"}
    return told


def test_a_workbook_is_taken_in_by_api_or_told_what_is_wrong_by_cell(api):
    wrong = Invalid("请检查填写的内容", fields={"organizations.0.qualifications.0.scope": "请填写这一项"})
    api.bus.answers[ImportOrganizations] = [wrong, IMPORTED]

    def send(**query):
        return api.client.post("/api/v1/organizations.xlsx", files=FILE, headers=api.headers, params=query).json()

    assert send() == {"mistakes": [{"cell": "资质!C2", "text": "请填写这一项"}], "imported": None}
    assert send(preview="true")["imported"]["created"] == ["M01"]
    assert last(api, ImportOrganizations).preview


def test_an_entry_is_changed_by_api(api):
    api.bus.answers |= {GetOrganization: ONE, PutOrganization: replace(ONE, version=2)}
    body = {
        "code": "M01", "name": "改过的", "items": ["5.3.d"], "parks": ["tianan"], "capacity": 3,
        "joined_on": "2025-01-01",
    }  # fmt: skip
    answer = api.client.post("/api/v1/organizations/M01", json=body, headers=api.headers)
    assert (answer.status_code, answer.json()["version"]) == (200, 2)
    assert not last(api, PutOrganization).fresh
