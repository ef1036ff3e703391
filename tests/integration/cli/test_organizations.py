"""`nqi organizations`: a table is looked over, refused by cell, taken in, and listed."""

from services.gateway.register_sheet import workbook
from shared.contracts.station import StationView
from shared.wire import load
from tests.builders import given_organization, qualification
from tests.flow.district import staff_password
from tests.integration.cli.test_cli import nqi


def test_a_table_of_organizations_is_taken_in_whole_or_not_at_all(running, public, tmp_path):
    password = staff_password(running, "op.cli", role="operator")
    stations = [load(StationView, one) for one in public.get("/stations")["stations"]]

    def send(*more, status=0, **changed):
        one = given_organization(code="CLI-1", items=("5.7.c",), parks=("juda",), qualifications=(paper,), **changed)
        file = tmp_path / "organizations.xlsx"
        file.write_bytes(workbook([one], stations, []))
        account = ("--account", "op.cli", "--password", password)
        return nqi(running, "organizations", "import", str(file), *account, *more, status=status)

    paper = qualification(items=("5.7.c",))
    said = send(capacity=0, status=1)
    assert "机构!F2: " in said
    assert "nothing was changed" in said
    assert "created 1: CLI-1" in send("--preview")
    assert "created 1: CLI-1" in send()
    assert "unchanged 1: CLI-1" in send()
    assert "changed 1: CLI-1" in send(capacity=4)
    listed = nqi(running, "organizations", "list", "--account", "op.cli", "--password", password)
    assert "CLI-1" in listed
    assert "5.7.c" in listed
